import threading
from pathlib import Path

from app.sessions.recorder import Recorder
from app.sessions.session import SessionWriter, load_session
from models.errors import BothhandsError
from tests.fakes import session_info, tracked_frame
from tracking.values import TrackedFrame

WAIT = 10.0


class SlowDisk:
    """Takes a frame and then holds the writing thread until it is freed."""

    def __init__(self) -> None:
        self.busy = threading.Event()
        self.free = threading.Event()
        self.written: list[int] = []
        self.finished_with: int | None = None

    def append(self, tracked: TrackedFrame) -> None:
        self.busy.set()
        assert self.free.wait(WAIT)
        self.written.append(tracked.frame.index)

    def finish(self, *, dropped: int = 0) -> None:
        self.finished_with = dropped


class FullDisk(SlowDisk):
    def append(self, tracked: TrackedFrame) -> None:
        super().append(tracked)
        raise BothhandsError("The disk is full.")


def test_everything_that_was_taken_is_written_in_order(tmp_path: Path):
    writer = SessionWriter.create(tmp_path, session_info(), video=True)
    recorder = Recorder(writer)
    taken = [index for index in range(50) if recorder.offer(tracked_frame(index))]
    recorder.stop()
    session = load_session(writer.path)
    assert recorder.error is None
    assert not session.interrupted
    assert session.table["frame"].to_pylist()[::2] == taken
    assert (session.info.frames, session.info.dropped) == (len(taken), 50 - len(taken))


def test_a_slow_disk_costs_frames_but_never_waits():
    disk = SlowDisk()
    recorder = Recorder(disk, queue_size=3)
    assert recorder.offer(tracked_frame(0))
    assert disk.busy.wait(WAIT)  # the first is being written, so that the queue is empty
    assert [recorder.offer(tracked_frame(index)) for index in range(1, 8)] == [True] * 3 + [False] * 4
    assert recorder.dropped == 4
    disk.free.set()
    recorder.stop()
    assert disk.written == [0, 1, 2, 3]
    assert disk.finished_with == 4


def test_frames_are_taken_again_when_the_disk_has_caught_up():
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
    assert disk.written == [0, 1, 3]
    assert recorder.dropped == 1


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
