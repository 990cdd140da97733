"""Capture: one thread that reads one source."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from app.leaving import THREAD_PREFIX
from app.live.playback import Clock, GapCloser
from app.live.player import Player
from app.live.statistics import SECOND_NS
from tracking.sources.protocol import BufferingSource, FrameSource
from tracking.values import Frame

STILL_NS = 2 * SECOND_NS
"""How long each image of a folder of independent ones is shown."""
_DEFAULT_FPS = 30.0
_MOST_UNREAD = 30
"""Frames of a live source that wait at most, where this thread does not come to run for a moment: a recording has them
all. The tracker gets the newest, whatever waits here."""


@dataclass(frozen=True)
class OpenedSource:
    """A source that works.

    Attributes:
        source: the open source.
        spec: what opens it again.
        identity: what its calibration is remembered by, see `app.cameras`.
        reopen: opens the very same source from its beginning; None where it has none (cameras).
        loop: start over at the end.
        mirrored: the source shows everything mirrored, and is turned back.
    """

    source: FrameSource
    spec: str
    identity: str
    reopen: Callable[[], OpenedSource] | None = None
    loop: bool = False
    mirrored: bool = False


@dataclass(frozen=True, eq=False)
class FedFrame:
    """A frame on its way to the tracker.

    Attributes:
        frame: index and time rise without end, also where a clip starts over; long gaps in a clip's time are shortened.
        captured_ns: when it was grabbed (files: handed out), on the session's clock.
        feed: that it comes from.
        take: changes with every source and every new round of a clip: nothing is carried over from one to the next.
        independent: the image stands alone.
        live: it comes from a camera or a stream, and the next one comes whatever becomes of it.
        done: to be called when the frame was tracked and recorded; a file hands out no other one before.
    """

    frame: Frame
    captured_ns: int
    feed: Feed
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
        """A live source has no more frames, or a clip is at its end, where it stays until a person goes elsewhere."""
        ...

    def moved(self, feed: Feed) -> None:
        """A clip goes on at another place."""
        ...

    def failed(self, feed: Feed, error: Exception) -> None:
        """The source could not be opened, or broke."""
        ...


class Feed:
    """Opens a source in a thread of its own and reads it to its end.

    Live sources are read as fast as they deliver. Files are read in lockstep: the next frame, decoded meanwhile, is
    handed out when the last one is done, and not before its time. To go back, a file is read again from its beginning.

    Attributes:
        player: pauses and moves a file; None before one is open, and for live sources.
        camera: what the source's calibration is remembered by, "" until it is open; its listener sets it.

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
        self.player: Player | None = None
        self.camera = ""
        self._thread = threading.Thread(target=self._run, name=f"{THREAD_PREFIX}capture", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End soon, also out of a live source's blocked read. May be called from any thread and more than once."""
        self._closing.set()
        self._slot.release()
        if self.player is not None:
            self.player.close()
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
        except Exception as error:  # noqa: BLE001 - told and logged
            if not self._closing.is_set():
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
        step_ns = STILL_NS if opened.source.independent else round(SECOND_NS / (opened.source.fps or _DEFAULT_FPS))
        self.player = Player(opened.source.frame_count, step_ns, opened.loop, self._clock)
        if not self._closing.is_set():
            _FileReading(self, opened, self.player, step_ns).run()

    def _read_live(self, source: FrameSource) -> None:
        if isinstance(source, BufferingSource):
            source.keep_unread(_MOST_UNREAD)
        while not self._closing.is_set():
            frame = source.read()
            if frame is None:
                if not self._closing.is_set():
                    self._listener.ended(self)
                return
            self._listener.deliver(self, FedFrame(frame, frame.captured_ns, self, self, False, _nothing, live=True))

    # For the reading of files.

    @property
    def closing(self) -> bool:
        """Whether it is to end."""
        return self._closing.is_set()

    def reopened(self, opened: OpenedSource) -> FrameSource | None:
        """The source from its beginning, or None where `close` was called meanwhile."""
        assert opened.reopen is not None, "files can be read again"
        self._release()
        again = self._open(opened.reopen)
        return None if again is None else again.source

    def acquire_slot(self) -> None:
        """Wait until the last frame is done."""
        self._slot.acquire()

    def hand_out(self, frame: Frame, take: object, independent: bool) -> None:
        """Give a frame to the listener, which is to release the slot when it is done."""
        self._listener.deliver(self, FedFrame(frame, self._clock(), self, take, independent, self._slot.release))

    def tell_moved(self) -> None:
        """The file goes on at another place."""
        self._listener.moved(self)

    def tell_ended(self) -> None:
        """The file is at its end."""
        self._listener.ended(self)

    def now_ns(self) -> int:
        """The session's clock."""
        return self._clock()


class _FileReading:
    """One file, read as a person wants it."""

    def __init__(self, feed: Feed, opened: OpenedSource, player: Player, step_ns: int) -> None:
        self._feed = feed
        self._opened = opened
        self._player = player
        self._step_ns = step_ns
        self._source = opened.source
        self._timeline = _Timeline(feed.now_ns())
        self._held = False
        self._begin()

    def run(self) -> None:
        """Hand out frames until the feed is closed."""
        while not self._feed.closing:
            wanted = self._player.take_wanted()
            if wanted is not None:
                self._feed.tell_moved()
                self._go_to(wanted)
            elif self._frame is None:
                self._finish_round()
            else:
                self._hand_out(self._frame)

    def _begin(self) -> None:
        self._gaps, self._take, self._read = GapCloser(), object(), 0
        self._next()

    def _next(self) -> None:
        self._frame = self._source.read()
        if self._frame is not None:
            independent = self._source.independent
            self._due_ns = self._read * self._step_ns if independent else self._gaps.place(self._frame.captured_ns)
            self._read += 1

    def _start_over(self) -> None:
        source = self._feed.reopened(self._opened)
        if source is not None:
            self._source = source
            self._timeline.start_over()
            self._begin()

    def _go_to(self, wanted: int) -> None:
        """The frame that is handed out next is the wanted one, or the last one before it where that is not there."""
        if self._frame is None or wanted < self._frame.index:
            self._start_over()
        self._take = object()
        while self._frame is not None and self._frame.index < wanted and not self._player.interrupted:
            before = self._frame, self._due_ns
            self._next()
            if self._frame is None:
                self._frame, self._due_ns = before
                return

    def _hand_out(self, frame: Frame) -> None:
        self._acquire()
        if self._feed.closing or not self._player.wait_until_due(self._due_ns):
            return
        self._held = False
        self._player.shown(frame.index, self._due_ns)
        placed = self._timeline.place(frame, self._due_ns, self._step_ns)
        self._feed.hand_out(placed, self._take, self._source.independent)
        self._next()

    def _finish_round(self) -> None:
        if self._player.loop:
            self._start_over()
            return
        self._acquire()  # the last frame is done
        if not self._feed.closing:
            self._feed.tell_ended()
            self._player.wait_at_end()

    def _acquire(self) -> None:
        if not self._held:
            self._feed.acquire_slot()
            self._held = True


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
