"""Frames that are decoded ahead: all of them, in order, no more than a few; failures come where they belong."""

import threading

import numpy as np
import pytest

from app.read_ahead import MOST_BYTES, MOST_FRAMES, ReadAhead
from tracking.sources.protocol import SourceError
from tracking.values import Frame


class Source:
    """Frames of one size, and what comes after them."""

    name, frame_count, live, independent, ended_early, fps = "clip", None, False, False, False, 30.0

    def __init__(self, count: int, size: tuple[int, int] = (4, 4), error: Exception | None = None) -> None:
        self.count, self.size, self.error = count, size, error
        self.given = 0
        self.read_by: set[str] = set()
        self.waits = threading.Semaphore(0)
        """Told of each frame that is asked for."""

    def read(self) -> Frame | None:
        self.read_by.add(threading.current_thread().name)
        self.waits.release()
        if self.given == self.count:
            if self.error is not None:
                raise self.error
            return None
        self.given += 1
        width, height = self.size
        return Frame(self.given - 1, self.given, np.zeros((height, width, 3), np.uint8))

    def close(self) -> None:
        """Nothing is open."""


def test_all_frames_come_in_their_order_from_another_thread():
    source = Source(50)
    with ReadAhead(source) as ahead:
        indices = [frame.index for frame in iter(ahead.read, None)]
        assert ahead.read() is None
    assert indices == list(range(50))
    assert source.read_by == {"read-ahead"}


def asked_for(source: Source) -> int:
    """Frames that are read while nobody takes them."""
    with ReadAhead(source):
        for _ in range(source.count):
            if not source.waits.acquire(timeout=0.3):
                break
        return source.given


def test_no_more_than_a_few_wait():
    assert asked_for(Source(50)) == MOST_FRAMES + 1  # and one in the hand


def test_of_large_frames_fewer_wait():
    side = int((MOST_BYTES / 3) ** 0.5) // 2 + 200  # three of them are too many
    assert asked_for(Source(10, (side, 2 * side))) <= 3


def test_a_failure_comes_after_the_frames_before_it():
    with ReadAhead(Source(3, error=SourceError("the disk was pulled out"))) as ahead:
        assert [ahead.read().index for _ in range(3)] == [0, 1, 2]  # type: ignore[union-attr]
        with pytest.raises(SourceError, match="pulled out"):
            ahead.read()
        assert ahead.read() is None


def test_leaving_early_ends_the_thread():
    with ReadAhead(Source(50)) as ahead:
        assert ahead.read() is not None
    assert not [thread for thread in threading.enumerate() if thread.name == "read-ahead"]
