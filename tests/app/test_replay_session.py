"""The thread behind the replay window: what is asked for last is what is shown."""

import errno
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from live_fakes import PATIENCE, FakeRenderer, our_threads, wait
from replay_fakes import FakeTracker, record, short_session, tracked

from app.live.framing import Framing, Zoom
from app.replay import rerun
from app.replay.clip import Clip, open_clip
from app.replay.replay_session import ReplaySession
from app.replay.rerun import RunCancelled
from app.replay.values import RECORDED, ReplayFrame
from app.replay.video_images import ImageReader
from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.values import SIDES
from render.protocol import OverlayStyle
from tests.fakes import number_of

COUNT = 15


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now_ns = 0

    def __call__(self) -> int:
        return self.now_ns


class Replay:
    """A running replay session and what it is made of."""

    def __init__(self, clip: Clip, **arguments: Any) -> None:
        self.renderer: FakeRenderer | None = None
        self.clock = Clock()
        style = OverlayStyle(view="none")
        create = arguments.pop("create_renderer", self._create)
        self.session = ReplaySession(clip, create, style=style, clock=self.clock, **arguments)
        self._told = threading.Event()
        self._post = self.session._board.post
        self.session._board.post = self._note  # type: ignore[method-assign]
        self.session.start()

    def _create(self, faces: Any) -> FakeRenderer:
        self.renderer = FakeRenderer()
        return self.renderer

    def until(self, wanted: Callable[[ReplayFrame], bool]) -> ReplayFrame:
        """The first image of the kind that is waited for."""
        while True:
            picture = self.session.newest(PATIENCE)
            assert picture is not None, "the image that the test waits for did not come"
            if wanted(picture):
                return picture

    def number(self, number: int) -> ReplayFrame:
        return self.until(lambda picture: picture.number == number)

    def move(self, milliseconds: float) -> None:
        """Let time pass, and the thread notice."""
        self.clock.now_ns += round(milliseconds * 1e6)
        with self.session._changed:
            self.session._changed.notify_all()

    def message(self) -> str:
        """Text of the next message."""
        wait(self._told)
        self._told.clear()
        return "\n".join(message.text for message in self.session.messages())

    def _note(self, severity: Any, text: str) -> None:
        self._post(severity, text)
        self._told.set()


def wait_for_cancel(cancelled: Any) -> None:
    """Until the run that asks is told to stop."""
    wait(cancelled.__self__)


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    return open_clip(short_session(tmp_path, COUNT)[0])


@pytest.fixture
def start(clip: Clip) -> Iterator[Callable[..., Replay]]:
    """Makes replay sessions, and closes them at the end."""
    made: list[Replay] = []

    def begin(of: Clip = clip, **arguments: Any) -> Replay:
        made.append(Replay(of, **arguments))
        return made[-1]

    yield begin
    for replay in made:
        replay.session.close()
        assert replay.renderer is None or replay.renderer.closed.is_set()
        assert replay.renderer is None or len(replay.renderer.threads) == 1
    assert our_threads() == []


def test_it_begins_with_the_first_image(start, clip: Clip):
    replay = start()
    picture = replay.number(0)
    assert number_of(picture.image) == 0
    assert picture.captured_ns == clip.times_ns[0]
    assert picture.hands.keys() == {RECORDED}
    status = replay.session.status
    assert (status.position, status.count, status.playing, dict(status.runs)) == (
        0, COUNT, False, {RECORDED: "landmark-fit"},
    )  # fmt: skip


def test_any_image_can_be_asked_for(start):
    replay = start()
    for number in (7, 3, 14, 0):
        replay.session.seek(number)
        assert number_of(replay.number(number).image) == number
        assert replay.session.status.position == number


def test_steps_and_skips(start):
    replay = start()
    replay.session.step(1)
    replay.number(1)
    replay.session.step(-1)
    replay.number(0)
    replay.session.skip(0.2)
    replay.until(lambda picture: picture.number in (5, 6))
    replay.session.skip(-9.0)
    replay.number(0)


def test_playing_follows_the_clock(start, clip: Clip):
    replay = start()
    replay.number(0)
    replay.session.toggle()
    assert replay.session.status.playing
    replay.move((clip.times_ns[4] - clip.times_ns[0]) * 1e-6)
    replay.number(4)
    replay.session.toggle()
    replay.move(1000)
    assert (replay.session.status.position, replay.session.status.playing) == (4, False)


def test_speed_and_loop(start, clip: Clip):
    replay = start()
    replay.session.set_speed(2.0)
    replay.session.set_loop(True)
    replay.session.toggle()
    replay.move((clip.times_ns[6] - clip.times_ns[0]) * 0.5e-6)
    replay.number(6)
    replay.session.seek(COUNT - 1)
    replay.number(COUNT - 1)
    replay.move(40)
    assert replay.until(lambda picture: picture.number < 5).number < 5
    assert replay.session.status.loop


def test_of_many_wishes_the_last_is_met(start, monkeypatch: pytest.MonkeyPatch):
    replay = start()
    replay.number(0)
    busy, free = threading.Event(), threading.Event()
    show, shown = replay.session._show, []

    def slowly(reader: Any, painter: Any, number: int, view: Any) -> None:
        shown.append(number)
        busy.set()
        wait(free)
        show(reader, painter, number, view)

    monkeypatch.setattr(replay.session, "_show", slowly)
    replay.session.seek(1)
    wait(busy)
    for number in range(2, 12):
        replay.session.seek(number)
    free.set()
    replay.number(11)
    assert shown == [1, 11]


def test_hands_have_the_screens_pixels_where_images_are_framed(start, monkeypatch: pytest.MonkeyPatch):
    reads: list[int] = []
    read = ImageReader.read
    monkeypatch.setattr(ImageReader, "read", lambda reader, number: reads.append(number) or read(reader, number))
    replay = start()
    plain = replay.number(0).image
    replay.session.set_style(OverlayStyle(view="skeleton"))
    assert not np.array_equal(replay.number(0).image, plain), "drawn into the image, where nobody says how it lies"
    layers = {}
    for mirrored in (False, True):
        replay.session.set_framing(Framing.of((64, 48), (256, 192), Zoom(), mirrored))
        picture = replay.number(0)
        np.testing.assert_array_equal(picture.image, plain)
        layers[mirrored] = picture.layers
        for layer in picture.layers:
            assert layer.pixels.shape[1] == pytest.approx(layer.width * 4.0), "four px for one of the image"
            assert layer.pixels.any()
    for straight, turned in zip(layers[False], layers[True], strict=True):
        np.testing.assert_array_equal(turned.pixels, straight.pixels[:, ::-1])
    assert reads == [0], "the image that stands there is decoded once"
    replay.session.seek(1)
    assert replay.number(1).layers
    assert reads == [0, 1]
    replay.session.set_framing(None)
    assert replay.number(1).layers is None


def test_a_session_without_images_shows_its_hands_alone(start, tmp_path: Path):
    path, frames = short_session(tmp_path / "blind", video=False)
    replay = start(open_clip(path))
    picture = replay.number(0)
    assert picture.image.shape == (48, 64, 3)
    assert picture.hands[RECORDED].hands.keys() == {"left", "right"}
    assert "has no video" in replay.message()
    assert replay.session.status.count == sum(bool(frame.hands.hands) for frame in frames)


def test_without_opengl_hands_are_skeletons(start, clip: Clip):
    def fail(faces: Any) -> Any:
        raise BothhandsError("OpenGL does not work here.")

    replay = start(create_renderer=fail)
    plain = replay.number(0).image
    replay.session.set_style(OverlayStyle(view="mesh"))
    drawn = replay.until(lambda picture: not np.array_equal(picture.image, plain)).image
    assert drawn.shape == plain.shape
    assert "OpenGL does not work here" in replay.message()


def test_a_image_that_cannot_be_read_pauses_and_is_told(start, clip: Clip):
    video = clip.session.path / "video.mkv"
    video.write_bytes(video.read_bytes()[:900])  # while it is open in the window: a disk that was pulled out
    replay = start()
    replay.session.seek(9)
    replay.session.toggle()
    assert "cannot be read" in replay.message()
    while replay.session.status.playing:  # the message may be of the jump, and the frame after it fails as well
        threading.Event().wait(0.001)


def test_a_folder_that_is_deleted_is_called_that(start, clip: Clip):
    replay = start()
    replay.number(0)
    shutil.rmtree(clip.session.path)
    replay.session.seek(3)
    assert f"{clip.session.path}, was deleted or moved while it was replayed" in replay.message()
    with pytest.raises(BothhandsError, match="was deleted or moved: no run"):
        rerun.check_there(clip)


def test_a_disk_that_is_pulled_out_is_told_and_ends_nothing(start, clip: Clip, monkeypatch: pytest.MonkeyPatch):
    """Of its folders the system does not even say whether they are there."""
    replay = start()
    replay.number(0)
    status = os.stat

    def gone(path: Any, **options: Any) -> os.stat_result:
        if Path(path) == clip.session.path:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return status(path, **options)

    with monkeypatch.context() as pulled:
        pulled.setattr(os, "stat", gone)
        replay.session.seek(3)
        assert f"{clip.session.path}, was deleted or moved while it was replayed" in replay.message()
        with pytest.raises(BothhandsError, match="was deleted or moved: no run"):
            rerun.check_there(clip)
    replay.session.seek(5)
    replay.number(5)


def test_a_long_pause_is_passed_over_and_told(start, tmp_path: Path):
    models = load_hand_models()
    frames = [tracked(number, models) for number in range(4)]
    later = [
        replace(each, frame=replace(each.frame, captured_ns=each.frame.captured_ns + 3600 * 10**9))
        for each in frames[2:]
    ]
    replay = start(open_clip(record(tmp_path / "jump", frames[:2] + later)))
    replay.number(0)
    assert "is shortened to 1 s" in replay.message()
    assert replay.session.status.length < 2


def test_the_model_of_each_image_is_told(start, tmp_path: Path):
    models = load_hand_models()
    frames = [replace(tracked(n, models, SIDES if n < 3 else ()), model="m" if n else "landmark-fit") for n in range(4)]
    replay = start(open_clip(record(tmp_path / "switched", frames)))
    assert [replay.number(0).models[RECORDED], replay.session.status.runs[RECORDED]] == [
        "landmark-fit",
        "landmark-fit, m",
    ]
    replay.session.seek(2)
    assert replay.number(2).models[RECORDED] == "m"
    replay.session.seek(3)
    assert replay.number(3).models[RECORDED] == ""


# Runs.


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch, clip: Clip) -> FakeTracker:
    made = FakeTracker(clip.hand_models)
    monkeypatch.setattr(rerun, "_tracker", lambda clip, model, device, cameras: made)
    return made


def test_a_run_is_shown_beside_the_recording(start, tracker: FakeTracker):
    replay = start()
    replay.session.seek(1)
    replay.number(1)
    replay.session.run_model("landmark-fit")
    both = replay.until(lambda picture: len(picture.hands) == 2)
    assert both.number == 1  # the same image twice
    assert both.beside is not None
    np.testing.assert_array_equal(both.image, both.beside.image)
    replay.session.set_style(OverlayStyle(view="skeleton"))
    replay.session.set_framing(Framing.of((64, 48), (256, 192), Zoom(), False))
    crisp = replay.until(lambda picture: bool(picture.layers))
    assert crisp.beside is not None
    assert crisp.beside.layers
    assert not np.array_equal(crisp.beside.layers[0].pixels, crisp.layers[0].pixels), "each its own hands"
    recorded, again = (both.hands[name].hands["left"].vertices for name in (RECORDED, "landmark-fit"))
    assert np.abs(recorded - again).max() > 0.01
    status = replay.session.status
    assert (status.shown, status.compared, status.running) == (RECORDED, "landmark-fit", None)
    assert "ran over the whole session (15 frames)" in replay.message()
    replay.session.show_run("landmark-fit")
    replay.session.compare_with(None)
    alone = replay.until(lambda picture: picture.hands.keys() == {"landmark-fit"})
    assert alone.beside is None


def test_stored_runs_are_there_at_the_next_opening(start, tracker: FakeTracker, clip: Clip):
    rerun.run_model(clip, "landmark-fit")
    (clip.session.path / "runs" / "broken.arrows").write_bytes(b"?")
    replay = start()
    replay.number(0)
    assert list(replay.session.status.runs) == [RECORDED, "landmark-fit"]
    assert "broken.arrows is not a journal" in replay.message()
    with pytest.raises(KeyError):
        replay.session.show_run("broken")


def test_a_run_tells_how_far_it_is_and_can_be_cancelled(start, clip: Clip):
    begun = threading.Event()

    def run(clip: Clip, model: str, *, device: str, progress: Any, cancelled: Any) -> str:
        progress(3, COUNT)
        begun.set()
        wait_for_cancel(cancelled)
        raise RunCancelled

    replay = start(run=run)
    replay.session.run_model("lwa-hand")
    wait(begun)
    running = replay.session.status.running
    assert running is not None
    assert (running.model, running.done, running.total) == ("lwa-hand", 3, COUNT)
    replay.session.run_model("eanet")  # one at a time
    replay.session.cancel_run()
    assert "run of lwa-hand was cancelled" in replay.message()
    assert replay.session.status.running is None
    assert list(replay.session.status.runs) == [RECORDED]


def test_a_run_that_fails_is_told(start):
    def run(*arguments: Any, **named: Any) -> str:
        raise BothhandsError("There are no weights for lwa-hand.")

    replay = start(run=run)
    replay.session.run_model("lwa-hand")
    assert replay.message() == "There are no weights for lwa-hand."
    assert replay.session.status.running is None


def test_closing_stops_a_run(start):
    begun, ended = threading.Event(), threading.Event()

    def run(clip: Clip, model: str, *, device: str, progress: Any, cancelled: Any) -> str:
        begun.set()
        wait_for_cancel(cancelled)
        ended.set()
        raise RunCancelled

    replay = start(run=run)
    replay.session.run_model("lwa-hand")
    wait(begun)
    replay.session.close()
    assert ended.is_set()
    replay.session.close()  # twice is once
