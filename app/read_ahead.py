"""Decodes a file's frames beside whoever works on them, a few ahead."""

from __future__ import annotations

import threading
from collections import deque

from tracking.sources.protocol import FrameSource
from tracking.values import Frame

MOST_FRAMES = 4
MOST_BYTES = 64 << 20
"""Of the frames that wait; one may always, however large it is."""
_LISTEN_SECONDS = 0.5
"""A thread that waits longer than this does not hear of Ctrl+C on every system."""
_LEAVE_SECONDS = 1.0


class ReadAhead:
    """A thread that reads a source. Used by one other thread, and as a context; the source stays the caller's.

    Args:
        source: read in lockstep. A live one must not be read ahead: its frames would be old when they are worked on.
    """

    def __init__(self, source: FrameSource) -> None:
        self._source = source
        self._waiting: deque[Frame] = deque()
        self._changed = threading.Condition()
        self._left = False  # nobody reads any more
        self._ended = False  # nothing comes any more
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="read-ahead", daemon=True)

    def __enter__(self) -> ReadAhead:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        """Stop reading. A source that is inside a read, as of a network, is left to its `close`."""
        with self._changed:
            self._left = True
            self._waiting.clear()
            self._changed.notify_all()
        self._thread.join(_LEAVE_SECONDS)

    def read(self) -> Frame | None:
        """The next frame, None at the end.

        Raises:
            SourceError: as the source's `read`, when all frames before it were read.
        """
        with self._changed:
            while not (self._waiting or self._ended):
                self._changed.wait(_LISTEN_SECONDS)
            if self._waiting:
                frame = self._waiting.popleft()
                self._changed.notify_all()
                return frame
            error, self._error = self._error, None
        if error is not None:
            raise error
        return None

    def _run(self) -> None:
        try:
            while (frame := self._source.read()) is not None:
                with self._changed:
                    while not (self._left or self._has_room(frame)):
                        self._changed.wait()
                    if self._left:
                        return
                    self._waiting.append(frame)
                    self._changed.notify_all()
        except BaseException as error:  # noqa: BLE001 - raised again where it is read
            self._error = error
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _has_room(self, frame: Frame) -> bool:
        if not self._waiting:
            return True
        waiting = sum(other.image.nbytes for other in self._waiting)
        return len(self._waiting) < MOST_FRAMES and waiting + frame.image.nbytes <= MOST_BYTES
