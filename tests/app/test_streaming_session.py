"""Streams of a live session and of `process`, end to end."""

import json
import sys
import threading
from types import SimpleNamespace

import numpy as np
import pytest
from live_fakes import FakeCamera, FakeParts, texts
from websockets.sync.client import connect

from app.live import LiveSession
from app.outputs.streaming.addresses import Address
from app.outputs.streaming.settings import chosen_streams, given_streams, stream_settings
from app.outputs.streaming.websocket import WebSocketOutput
from app.settings import Settings, SettingsStore
from models.errors import BothhandsError
from models.registry import list_models, model_card
from tests.command_line import call
from tests.fakes import numbered_image, write_video

PATIENCE = 5.0


@pytest.fixture(autouse=True, scope="module")
def _cards_are_read():
    """The first reading imports torch, which on a busy machine takes longer than a session waits at its end."""
    for name in list_models():
        model_card(name)


@pytest.fixture
def camera():
    return FakeCamera()


@pytest.fixture
def running(camera):
    """A session with a camera that is open, and what it streams."""
    parts = FakeParts(sources={"cam": camera})
    session = LiveSession(Settings(source="cam"), parts.factories())
    session.start()
    while session._tracking.starting:
        threading.Event().wait(0.001)
    camera.feed()
    assert session.newest(PATIENCE) is not None
    yield session
    session.close()


def test_a_session_streams_what_it_tracks_until_it_is_told_to_stop(running, camera, monkeypatch):
    # Any port that is free, which nobody can take in between.
    monkeypatch.setattr("app.outputs.streaming.factory.parse_address", lambda text: Address("127.0.0.1", 0))
    running.start_stream("websocket", "9000")
    running._streams.wait_open()
    status = running.streams["websocket"]
    assert status.state == "on"
    with connect(status.address) as client:
        camera.feed()
        message = json.loads(client.recv(timeout=PATIENCE))
    assert list(message["hands"]) == ["right"]
    running.stop_stream("websocket")
    running.close()
    assert running.streams["websocket"].state == "off"
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("bothhands")]


def test_a_stream_that_cannot_begin_is_one_message_and_tracking_goes_on(running, camera):
    taken = WebSocketOutput(Address("127.0.0.1", 0))
    taken.open()
    try:
        running.start_stream("websocket", taken.address.removeprefix("ws://"))
        running.start_stream("vmc", "nonsense")
        with pytest.raises(BothhandsError):
            running._streams.wait_open()
    finally:
        taken.close()
    camera.feed()
    assert running.newest(PATIENCE) is not None
    said = texts(running.messages())
    assert said.count("choose another port") == 1
    assert said.count("HOST:PORT") == 1


def test_streams_are_off_unless_they_were_asked_for():
    assert chosen_streams(Settings()) == []


def test_what_the_command_line_names_runs_beside_what_was_left_running(tmp_path):
    store = SettingsStore.load(tmp_path / "settings.json")
    store.change(osc=True)
    store.save()
    values = stream_settings(given_streams(["39539", "10.0.0.2:39540"], None, None, False))
    now = SettingsStore.load(tmp_path / "settings.json", **values)
    assert chosen_streams(now.current) == [
        ("vmc", "127.0.0.1:39539, 10.0.0.2:39540"),
        ("osc", "127.0.0.1:9000"),
    ]
    now.save()
    assert chosen_streams(SettingsStore.load(tmp_path / "settings.json").current) == [("osc", "127.0.0.1:9000")]


@pytest.fixture
def clip(tmp_path):
    return write_video(tmp_path / "clip.mp4", [numbered_image(number) for number in range(5)])


def test_process_shows_the_overlay_on_a_virtual_camera(monkeypatch, tmp_path, clip):
    pictures: list[np.ndarray] = []

    class Camera:
        device = "/dev/video9"

        def __init__(self, width, height, fps, fmt):
            self.width, self.height = width, height

        def send(self, picture):
            pictures.append(picture)

        def close(self):
            self.closed = True

    module = SimpleNamespace(Camera=Camera, PixelFormat=SimpleNamespace(RGB="rgb"))
    monkeypatch.setitem(sys.modules, "pyvirtualcam", module)
    assert call(monkeypatch, "process", clip, "--out", tmp_path / "out", "--virtual-camera") == 0
    assert pictures
    assert pictures[-1].shape == (48, 64, 3)


def test_process_refuses_streams_that_cannot_run_and_writes_nothing(monkeypatch, capsys, tmp_path, clip):
    taken = WebSocketOutput(Address("127.0.0.1", 0))
    taken.open()
    cases = [
        (["--websocket", taken.address.removeprefix("ws://")], "choose another port"),
        (["--vmc", "localhost"], "HOST:PORT"),
        (["--osc", "no-such-host.invalid:9000"], "no-such-host.invalid"),
        (["--virtual-camera", "--no-video"], "leave out --no-video"),
    ]
    try:
        for options, named in cases:
            assert call(monkeypatch, "process", clip, "--out", tmp_path / "out", *options) == 2, options
            said = " ".join(capsys.readouterr().err.split())
            assert said.count(named) == 1, (options, said)
            assert said.startswith("bothhands: ")
            assert not (tmp_path / "out").exists()
    finally:
        taken.close()
