"""Records beside a running tracker without ever holding it up."""

from __future__ import annotations

import threading
from collections import deque
from typing import Protocol

from tracking.values import TrackedFrame


class FrameSink(Protocol):
    """Where a recorder writes; `SessionWriter` is one."""

    def append(self, tracked: TrackedFrame) -> None:
        """Write a frame and its hands."""
        ...

    def finish(self, *, dropped: int = 0) -> None:
        """Complete the recording."""
        ...


class Recorder:
    """A bounded queue with a writing thread behind it.

    When the disk or the encoder is slower than the tracker, frames are dropped and counted; memory stays bounded by
    the queue. When writing fails, recording ends, `error` says why, and what was written is kept.
    """

    def __init__(self, writer: FrameSink, queue_size: int = 64) -> None:
        """Start the writing thread, which from now on owns the writer.

        Args:
            writer: where frames go; the thread finishes it after `stop`.
            queue_size: most frames that wait; the usual one is two seconds of video.
        """
        self._writer = writer
        self._queue_size = queue_size
        self._queue: deque[TrackedFrame] = deque()
        self._changed = threading.Condition()
        self._stopping = False
        self._dropped = 0
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Frames offered that were not taken, or taken and not written."""
        return self._dropped

    @property
    def error(self) -> Exception | None:
        """Why recording ended by itself, or could not be finished; None where all is well. Look again after `stop`."""
        return self._error

    def offer(self, tracked: TrackedFrame) -> bool:
        """Take a frame without ever waiting; False where it was dropped."""
        with self._changed:
            if self._stopping or self._error is not None or len(self._queue) >= self._queue_size:
                self._dropped += 1
                return False
            self._queue.append(tracked)
            self._changed.notify()
            return True

    def stop(self) -> None:
        """Write what was taken, finish the session, and wait for it."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        try:
            while (tracked := self._take()) is not None:
                self._writer.append(tracked)
            self._writer.finish(dropped=self._dropped)
        except Exception as error:  # noqa: BLE001 - crosses to the thread that asks for it
            with self._changed:
                self._error = error
                self._dropped += len(self._queue)
                self._queue.clear()

    def _take(self) -> TrackedFrame | None:
        """The next frame, waiting for it; None when all are written and the recorder was stopped."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._stopping)
            return self._queue.popleft() if self._queue else None
