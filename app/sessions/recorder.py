"""Records beside a running camera and tracker without ever holding them up."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from app.sessions.info import DroppedFrames
from models.errors import BothhandsError
from models.sentences import say
from tracking.values import Frame, TrackedFrame

QUEUE_SIZE = 24
"""Images that wait at most: 0.8 s of a usual camera, so that less than a second of video is lost by a kill."""
_MOST_HANDS = 1000
"""Frames whose hands wait at most, where the disk hangs; without their image they are small."""
_WATCHED = 300
"""Images over which a disk is judged: ten seconds of a usual camera."""
_NO_IMAGE = np.empty((0, 0, 3), np.uint8)


class FrameSink(Protocol):
    """Where a recorder writes; `SessionWriter` is one."""

    def append_hands(self, tracked: TrackedFrame) -> None:
        """Write the hands of a frame."""
        ...

    def append_image(self, frame: Frame) -> None:
        """Write the image of a frame."""
        ...

    def note(self, kind: str, value: Any, frame: int, captured_ns: int) -> None:
        """Write that a choice changed with a frame."""
        ...

    def check_room(self) -> None:
        """Raise where the disk is nearly full."""
        ...

    def finish(self, *, dropped: DroppedFrames) -> None:
        """Complete the recording."""
        ...

    def abort(self) -> None:
        """Close the recording as it is."""
        ...


@dataclass(frozen=True)
class _Hands:
    """What waits of a frame, and the choices that changed with it."""

    tracked: TrackedFrame
    changes: tuple[tuple[str, Any], ...]


class Recorder:
    """Two bounded queues, hands and images, with one writing thread behind them.

    Images come at the rate of the source, hands of those that the tracker had time for. Frames are counted anew from
    the first one on, so that a hand's frame is its place in the video where no image was dropped. Hands are small and
    are written before any image that waits. When the disk or the encoder is slower than the source, images are
    dropped and counted; memory stays bounded by the queues. When writing fails, the disk is nearly full, or most
    images of ten seconds had to be dropped, recording ends, `error` says why, and what was written is kept.
    """

    def __init__(self, writer: FrameSink, queue_size: int = QUEUE_SIZE) -> None:
        """Start the writing thread, which from now on owns the writer.

        Args:
            writer: where frames go; the thread finishes it after `stop`.
            queue_size: most images that wait.
        """
        self._writer = writer
        self._queue_size = queue_size
        self._hands: deque[_Hands] = deque()
        self._changes: list[tuple[str, Any]] = []
        self._pictures: deque[Frame] = deque()
        self._watched: deque[bool] = deque(maxlen=_WATCHED)
        self._changed = threading.Condition()
        self._stopping = False
        self._not_delivered = self._not_written = 0
        self._first: int | None = None  # index of the first frame, and of the last one, in the source
        self._last = 0
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Frames whose image is not in the video."""
        return self.dropped_by.total

    @property
    def dropped_by(self) -> DroppedFrames:
        """The same by reason."""
        return DroppedFrames(not_delivered=self._not_delivered, not_written=self._not_written)

    @property
    def waiting(self) -> int:
        """Images that are still to be written."""
        return len(self._pictures)

    @property
    def error(self) -> Exception | None:
        """Why recording ended by itself, or could not be finished; None where all is well. Look again after `stop`."""
        return self._error

    def note(self, kind: str, value: Any) -> None:
        """Note that a choice changes with the next tracked frame; see `app.sessions.info.SessionEvent`."""
        with self._changed:
            self._changes.append((kind, value))

    def offer(self, tracked: TrackedFrame) -> bool:
        """Take a frame's image and hands without ever waiting; False where the image was dropped."""
        with self._changed:
            taken = self.offer_image(tracked.frame)
            self.offer_hands(tracked)
            return taken

    def offer_image(self, frame: Frame) -> bool:
        """Take an image without ever waiting; False where it was dropped.

        Args:
            frame: as the source gave it, in its order: a gap in the indices is of frames that it did not deliver.
        """
        with self._changed:
            self._count(frame.index)
            if self._stopping or len(self._hands) >= _MOST_HANDS:
                self._not_written += 1
                return False
            taken = len(self._pictures) < self._queue_size
            if taken:
                self._pictures.append(frame)
                self._changed.notify_all()
            else:
                self._not_written += 1
            self._judge(taken)
            return taken

    def miss_image(self, index: int) -> None:
        """Count a frame whose image was fetched but could not be kept until it could be offered.

        Args:
            index: of the frame in the source.
        """
        with self._changed:
            self._count(index)
            self._not_written += 1

    def offer_hands(self, tracked: TrackedFrame) -> None:
        """Take the hands of a frame without ever waiting; its image is not looked at, and may have come before."""
        frame = tracked.frame
        with self._changed:
            if self._stopping or len(self._hands) >= _MOST_HANDS:
                return
            number = frame.index - (frame.index if self._first is None else self._first)
            bare = replace(tracked, frame=replace(frame, index=number, image=_NO_IMAGE))
            self._hands.append(_Hands(bare, tuple(self._changes)))
            self._changes.clear()
            self._changed.notify_all()

    def stop(self) -> None:
        """Write what was taken, finish the session, and wait for it."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()

    def _count(self, index: int) -> None:
        """Enter a frame of the source: what lies between it and the one before was never fetched."""
        if self._first is None:
            self._first = index
        else:
            self._not_delivered += max(0, index - self._last - 1)
        self._last = index

    def _judge(self, taken: bool) -> None:
        """Give up where a disk falls behind for good: a recording full of holes helps nobody."""
        self._watched.append(taken)
        dropped = self._watched.count(False)
        if 2 * dropped > _WATCHED:
            self._give_up(
                BothhandsError(
                    say(
                        "Recording stopped, because the disk or the encoder is too slow: {dropped} of the last "
                        "{count} frames could not be written. What was recorded is kept; choose a faster disk or a "
                        "smaller frame.",
                        dropped=dropped,
                        count=len(self._watched),
                    )
                )
            )

    def _give_up(self, error: Exception) -> None:
        with self._changed:
            self._error = error
            self._stopping = True

    def _run(self) -> None:
        try:
            while (work := self._take()) is not None:
                hands, picture = work
                self._watch_room()
                for waiting in hands:
                    frame = waiting.tracked.frame
                    for kind, value in waiting.changes:
                        self._writer.note(kind, value, frame.index, frame.captured_ns)
                    self._writer.append_hands(waiting.tracked)
                if picture is not None:
                    self._writer.append_image(picture)
            self._writer.finish(dropped=self.dropped_by)
        except Exception as error:  # noqa: BLE001 - crosses to the thread that asks for it
            self._give_up(error)
            with self._changed:
                self._not_written += len(self._pictures)
                self._pictures.clear()
                self._hands.clear()
            self._writer.abort()

    def _watch_room(self) -> None:
        if self._error is None:
            try:
                self._writer.check_room()
            except BothhandsError as error:
                self._give_up(error)

    def _take(self) -> tuple[list[_Hands], Frame | None] | None:
        """All hands and the oldest image that wait; None when all are written and the recorder was stopped."""
        with self._changed:
            self._changed.wait_for(lambda: self._hands or self._pictures or self._stopping)
            hands = list(self._hands)
            self._hands.clear()
            picture = self._pictures.popleft() if self._pictures else None
            return (hands, picture) if hands or picture is not None else None
