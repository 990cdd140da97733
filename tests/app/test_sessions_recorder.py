import threading
from pathlib import Path

import av
import numpy as np
import pytest

from app.sessions import recorder as recorder_module
from app.sessions.info import DroppedFrames
from app.sessions.recorder import Recorder
from app.sessions.session import SessionWriter, load_session
from models.errors import BothhandsError
from tests.fakes import session_info, tracked_frame
from tracking.values import Frame, TrackedFrame

WAIT = 10.0


class SlowDisk:
    """Takes an image and then holds the writing thread until it is freed."""

    def __init__(self) -> None:
        self.busy = threading.Event()
        self.free = threading.Event()
        self.pictures: list[int] = []
        self.hands: list[int] = []
        self.finished_with: DroppedFrames | None = None
        self.aborted = False
        self.room = True

    def append_hands(self, tracked: TrackedFrame) -> None:
        assert tracked.frame.image.size == 0, "hands that wait must not keep their image alive"
        self.hands.append(tracked.frame.index)

    def append_image(self, frame: Frame) -> None:
        self.busy.set()
        assert self.free.wait(WAIT)
        self.pictures.append(frame.index)

    def check_room(self) -> None:
        if not self.room:
            raise BothhandsError("The disk is nearly full.")

    def finish(self, *, dropped: DroppedFrames) -> None:
        self.finished_with = dropped

    def abort(self) -> None:
        self.aborted = True


class FullDisk(SlowDisk):
    def append_image(self, frame: Frame) -> None:
        super().append_image(frame)
        raise BothhandsError("The disk is full.")


def test_everything_that_was_taken_is_written_in_order(tmp_path: Path):
    writer = SessionWriter.create(tmp_path, session_info(), video=True)
    recorder = Recorder(writer)
    taken = [index for index in range(50) if recorder.offer(tracked_frame(index))]
    recorder.stop()
    session = load_session(writer.path)
    assert recorder.error is None
    assert not session.interrupted
    assert session.table["frame"].to_pylist()[::2] == list(range(50)), "hands are kept also where an image is not"
    assert (session.info.frames, session.info.dropped) == (50, 50 - len(taken))
    with av.open(str(session.video)) as video:
        times = [float(picture.pts * picture.time_base) for picture in video.decode(video=0)]
    np.testing.assert_allclose(times, np.array(taken) / 30, atol=6e-4)


def test_a_slow_disk_costs_images_but_never_waits():
    disk = SlowDisk()
    recorder = Recorder(disk, queue_size=3)
    assert recorder.offer(tracked_frame(0))
    assert disk.busy.wait(WAIT)  # the first is being written, so that the queue is empty
    assert [recorder.offer(tracked_frame(index)) for index in range(1, 8)] == [True] * 3 + [False] * 4
    assert (recorder.dropped, recorder.waiting) == (4, 3)
    disk.free.set()
    recorder.stop()
    assert disk.pictures == [0, 1, 2, 3]
    assert disk.hands == list(range(8))
    assert disk.finished_with == DroppedFrames(not_written=4)
    assert recorder.error is None


def test_images_come_at_their_own_rate_and_every_one_is_counted(tmp_path: Path):
    writer = SessionWriter.create(tmp_path, session_info(), video=True)
    recorder = Recorder(writer)
    for index in (100, 101, 102, 105, 106, 107):  # 103 and 104 were replaced before they were read
        recorder.offer_image(tracked_frame(index).frame)
    recorder.miss_image(108)
    recorder.offer_image(tracked_frame(109).frame)
    for index in (101, 106):  # the tracker is late
        recorder.offer_hands(tracked_frame(index))
    recorder.stop()
    session = load_session(writer.path)
    assert session.table["frame"].to_pylist() == [1, 1, 6, 6]
    assert (session.info.frames, session.info.tracked, session.info.dropped) == (10, 2, 3)
    assert session.info.dropped_by == DroppedFrames(not_delivered=2, not_written=1)
    assert not session.every_frame_tracked
    with av.open(str(session.video)) as video:
        times = [float(picture.pts * picture.time_base) for picture in video.decode(video=0)]
    np.testing.assert_allclose(times, np.array([0, 1, 2, 5, 6, 7, 9]) / 30, atol=6e-4)


def test_images_are_taken_again_when_the_disk_has_caught_up():
    disk = SlowDisk()
    recorder = Recorder(disk, queue_size=1)
    recorder.offer(tracked_frame(0))
    assert disk.busy.wait(WAIT)
    recorder.offer(tracked_frame(1))
    assert not recorder.offer(tracked_frame(2))
    disk.busy.clear()
    disk.free.set()
    assert disk.busy.wait(WAIT)  # it has begun with the next one
    assert recorder.offer(tracked_frame(3))
    recorder.stop()
    assert disk.pictures == [0, 1, 3]
    assert recorder.dropped == 1


def test_hands_are_written_before_images_that_wait():
    disk = SlowDisk()
    recorder = Recorder(disk)
    recorder.offer(tracked_frame(0))
    assert disk.busy.wait(WAIT)
    for index in range(1, 6):
        recorder.offer(tracked_frame(index))
    hands_by_image: list[int] = []
    append = disk.append_image
    disk.append_image = lambda frame: (hands_by_image.append(len(disk.hands)), append(frame))[-1]  # type: ignore[method-assign]
    disk.free.set()
    recorder.stop()
    assert hands_by_image == [6] * 5


def test_a_disk_that_falls_behind_for_good_ends_it_cleanly():
    disk = SlowDisk()
    recorder = Recorder(disk, queue_size=2)
    recorder.offer(tracked_frame(0))
    assert disk.busy.wait(WAIT)
    offers = 1
    frame = tracked_frame(1)
    while recorder.error is None:
        recorder.offer(frame)
        offers += 1
        assert offers <= 300, "half of ten seconds is enough"
    assert "too slow: 151 of the last 154 frames" in str(recorder.error)
    assert not recorder.offer(frame)
    disk.free.set()
    recorder.stop()
    assert disk.finished_with == DroppedFrames(not_written=152)  # what was taken is written and the session completed
    assert len(disk.pictures) == 3
    assert not disk.aborted


def test_hands_that_wait_are_bounded_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(recorder_module, "_MOST_HANDS", 5)
    disk = SlowDisk()
    recorder = Recorder(disk)
    recorder.offer(tracked_frame(0))
    assert disk.busy.wait(WAIT)
    assert [recorder.offer(tracked_frame(index)) for index in range(1, 8)] == [True] * 5 + [False] * 2
    disk.free.set()
    recorder.stop()
    assert disk.hands == disk.pictures == list(range(6))


def test_a_disk_that_is_nearly_full_ends_it_and_completes_the_session():
    disk = SlowDisk()
    disk.room = False
    disk.free.set()
    recorder = Recorder(disk)
    recorder.offer(tracked_frame(0))
    recorder.stop()
    assert str(recorder.error) == "The disk is nearly full."
    assert disk.finished_with == DroppedFrames()
    assert disk.hands == disk.pictures == [0]


def test_a_full_disk_ends_it_and_says_why():
    disk = FullDisk()
    recorder = Recorder(disk, queue_size=4)
    for index in range(3):
        assert recorder.offer(tracked_frame(index))
    assert disk.busy.wait(WAIT)
    disk.free.set()
    recorder.stop()
    assert str(recorder.error) == "The disk is full."
    assert recorder.dropped == 2  # those that waited behind the one that failed
    assert disk.finished_with is None
    assert disk.aborted
    assert not recorder.offer(tracked_frame(9))


def test_stopping_twice_finishes_once():
    disk = SlowDisk()
    disk.free.set()
    recorder = Recorder(disk)
    recorder.stop()
    disk.finished_with = None
    recorder.stop()
    assert disk.finished_with is None
    assert recorder.error is None
