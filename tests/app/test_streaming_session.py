"""Streams of a live session and of `process`, end to end."""

import json
import sys
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest
from live_fakes import PATIENCE, FakeCamera, FakeParts, texts
from running_sessions import fed, next_image, running
from websockets.sync.client import connect

from app.live import LiveSession
from app.outputs.streaming.addresses import Address
from app.outputs.streaming.settings import chosen_streams, given_streams, stream_settings
from app.outputs.streaming.websocket import WebSocketOutput
from app.settings import Settings, SettingsStore
from models.errors import BothhandsError
from tests.command_line import call
from tests.fakes import numbered_image, write_video


@pytest.fixture
def session(parts: FakeParts, camera: FakeCamera) -> Iterator[LiveSession]:
    """With a camera that is open."""
    with running(parts) as begun:
        camera.feed()
        next_image(begun)
        yield begun


def test_a_session_streams_what_it_tracks_until_it_is_told_to_stop(session, camera, monkeypatch):
    # Any port that is free, which nobody can take in between.
    monkeypatch.setattr("app.outputs.streaming.factory.parse_address", lambda text: Address("127.0.0.1", 0))
    session.start_stream("websocket", "9000")
    session._streams.wait_open()
    status = session.streams["websocket"]
    assert status.state == "on"
    with connect(status.address) as client:
        camera.feed()
        message = json.loads(client.recv(timeout=PATIENCE))
    assert list(message["hands"]) == ["right"]
    session.stop_stream("websocket")
    session.close()
    assert session.streams["websocket"].state == "off"
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("bothhands")]


def test_a_stream_that_cannot_begin_is_one_message_and_tracking_goes_on(session, camera):
    taken = WebSocketOutput(Address("127.0.0.1", 0))
    taken.open()
    try:
        session.start_stream("websocket", taken.address.removeprefix("ws://"))
        session.start_stream("vmc", "nonsense")
        with pytest.raises(BothhandsError):
            session._streams.wait_open()
    finally:
        taken.close()
    fed(session, camera)
    said = texts(session.messages())
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
