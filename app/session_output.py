"""Writes a session beside the tracking thread."""

from __future__ import annotations

import queue
import threading

from app.sessions.session import SessionWriter
from tracking.values import Frame, TrackedFrame

QUEUE_SIZE = 8


class SessionOutput:
    """A thread that appends to a session, in order; the writer is its own until `end` returns.

    `put` waits where the thread is behind, so that every frame is written and memory stays bounded.

    Args:
        writer: of the session; stays the caller's to finish or abort.
        last: the frame that it has written last.
    """

    def __init__(self, writer: SessionWriter, last: Frame) -> None:
        self._writer = writer
        self._queue: queue.Queue[TrackedFrame | None] = queue.Queue(QUEUE_SIZE)
        self._error: Exception | None = None
        self._last = last
        self._thread = threading.Thread(target=self._run, name="session-output", daemon=True)
        self._thread.start()

    def put(self, tracked: TrackedFrame) -> None:
        """Hand over a frame.

        Raises:
            BothhandsError: writing failed, of this frame or one before; nothing further is written.
        """
        self.check()
        self._queue.put(tracked)

    def end(self) -> Frame:
        """Wait until all is written that can be; returns the last frame that was. May be called again."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()
        return self._last

    def check(self) -> None:
        """Tell whether writing failed.

        Raises:
            BothhandsError: it did.
        """
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        while (tracked := self._queue.get()) is not None:
            if self._error is not None:  # nobody waits on a full queue
                continue
            try:
                self._writer.append(tracked)
                self._last = tracked.frame
            except Exception as error:  # noqa: BLE001 - raised again in the tracking thread
                self._error = error
