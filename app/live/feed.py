"""Capture: one thread that reads one source."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from app.leaving import THREAD_PREFIX
from app.live.playback import GapCloser, Pacer
from app.live.statistics import SECOND_NS
from tracking.sources.protocol import FrameSource
from tracking.values import Frame

logger = logging.getLogger(__name__)

STILL_NS = 2 * SECOND_NS
"""How long each picture of a folder of independent ones is shown."""
_DEFAULT_FPS = 30.0

Clock = Callable[[], int]


@dataclass(frozen=True)
class OpenedSource:
    """A source that works.

    Attributes:
        source: the open source.
        spec: what opens it again.
        again: opens the very same source once more at its end; None where the end is the end.
        mirrored: the source shows everything mirrored, and is turned back.
    """

    source: FrameSource
    spec: str
    again: Callable[[], OpenedSource] | None = None
    mirrored: bool = False


@dataclass(frozen=True, eq=False)
class FedFrame:
    """A frame on its way to the tracker.

    Attributes:
        frame: index and time rise without end, also where a clip starts over; long gaps in a clip's time are shortened.
        captured_ns: when it was grabbed (files: handed out), on the session's clock.
        take: changes with every source and every new round of a clip: nothing is carried over from one to the next.
        independent: the picture stands alone.
        live: it comes from a camera or a stream, and the next one comes whatever becomes of it.
        done: to be called when the frame was tracked and recorded; a file hands out no other one before.
    """

    frame: Frame
    captured_ns: int
    take: object
    independent: bool
    done: Callable[[], None]
    live: bool = False


class FeedListener(Protocol):
    """What a feed tells, in its own thread."""

    def opened(self, feed: Feed, opened: OpenedSource) -> bool:
        """The source works; False where it is not wanted any more."""
        ...

    def deliver(self, feed: Feed, fed: FedFrame) -> None:
        """A frame."""
        ...

    def ended(self, feed: Feed) -> None:
        """The source has no more frames."""
        ...

    def failed(self, feed: Feed, error: Exception) -> None:
        """The source could not be opened, or broke."""
        ...


class Feed:
    """Opens a source in a thread of its own and reads it to its end.

    Live sources are read as fast as they deliver. Files are read in lockstep: the next frame, decoded meanwhile, is
    handed out when the last one is done, and not before its time.

    Args:
        spec: what was asked for, None where the choice is left to `open_source`.
        open_source: opens the source; called once, as it may choose among several.
        listener: is told.
        clock: steady nanoseconds, the one by which live sources stamp their frames.
        after: a feed that is ended before this one opens (two cannot have one camera).
    """

    def __init__(
        self,
        spec: str | None,
        open_source: Callable[[], OpenedSource],
        listener: FeedListener,
        clock: Clock,
        after: Feed | None = None,
    ) -> None:
        self.spec = spec
        self._open_source = open_source
        self._listener = listener
        self._clock = clock
        self._after = after
        self._lock = threading.Lock()
        self._source: FrameSource | None = None
        self._closing = threading.Event()
        self._slot = threading.Semaphore(1)
        self._thread = threading.Thread(target=self._run, name=f"{THREAD_PREFIX}capture", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End soon, also out of a live source's blocked read. May be called from any thread and more than once."""
        self._closing.set()
        self._slot.release()
        with self._lock:
            live = self._source is not None and self._source.live
        if live:  # a file is closed by the thread that may be decoding it
            self._release()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end; whether it came."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            if self._after is not None:
                self._after.close()
                self._after.join()
                self._after = None
            opened = self._open(self._open_source)
            if opened is not None and self._listener.opened(self, opened):
                self._read(opened)
        except Exception as error:
            if not self._closing.is_set():
                logger.exception("reading a source failed")
                self._listener.failed(self, error)
        finally:
            self._release()

    def _open(self, open_source: Callable[[], OpenedSource]) -> OpenedSource | None:
        """The source, or None where `close` was called meanwhile."""
        opened = open_source()
        with self._lock:
            if not self._closing.is_set():
                self._source = opened.source
                return opened
        opened.source.close()
        return None

    def _release(self) -> None:
        with self._lock:
            source, self._source = self._source, None
        if source is not None:
            source.close()

    def _read(self, opened: OpenedSource) -> None:
        if opened.source.live:
            self._read_live(opened.source)
            return
        timeline = _Timeline(self._clock())
        current: OpenedSource | None = opened
        while current is not None:
            self._read_file(current.source, timeline)
            if self._closing.is_set():
                return
            if opened.again is None:
                break
            self._release()
            timeline.start_over()
            current = self._open(opened.again)
        self._slot.acquire()  # the last frame is done
        if not self._closing.is_set():
            self._listener.ended(self)

    def _read_live(self, source: FrameSource) -> None:
        while not self._closing.is_set():
            frame = source.read()
            if frame is None:
                if not self._closing.is_set():
                    self._listener.ended(self)
                return
            self._listener.deliver(self, FedFrame(frame, frame.captured_ns, self, False, _nothing, live=True))

    def _read_file(self, source: FrameSource, timeline: _Timeline) -> None:
        pacer, gaps = Pacer(), GapCloser()
        take = object()
        step = STILL_NS if source.independent else round(SECOND_NS / (source.fps or _DEFAULT_FPS))
        read = 0
        while (frame := source.read()) is not None:
            presentation_ns = read * step if source.independent else gaps.place(frame.captured_ns)
            read += 1
            self._slot.acquire()
            if self._closing.wait(pacer.wait_ns(presentation_ns, self._clock()) * 1e-9):
                return
            placed = timeline.place(frame, presentation_ns, step)
            fed = FedFrame(placed, self._clock(), take, source.independent, self._slot.release)
            self._listener.deliver(self, fed)


class _Timeline:
    """Indices and times that go on rising where a clip starts over."""

    def __init__(self, start_ns: int) -> None:
        self._index, self._time_ns = 0, start_ns
        self._next_index, self._next_ns = 0, start_ns

    def start_over(self) -> None:
        self._index, self._time_ns = self._next_index, self._next_ns

    def place(self, frame: Frame, presentation_ns: int, step_ns: int) -> Frame:
        placed = replace(frame, index=self._index + frame.index, captured_ns=self._time_ns + presentation_ns)
        self._next_index, self._next_ns = placed.index + 1, placed.captured_ns + step_ns
        return placed


def _nothing() -> None:
    """A live source waits for nobody."""
