"""What cameras and network streams have in common: a thread that drains them, and reconnection."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from models.sentences import said, say
from tracking.mailbox import Mailbox
from tracking.sources.protocol import SourceError
from tracking.sources.watch import ImageWatch
from tracking.values import Frame

RECONNECT_DELAYS = (0.5, 1.0, 2.0, 5.0)
"""Seconds before each attempt to reconnect; the last one repeats."""

_CLOSE_PATIENCE = 2.0  # seconds; a driver may hold the thread longer, which then cleans up by itself


class StreamEndedError(SourceError):
    """What was taken for a live source has come to its end, and would only begin again."""


class Connection(Protocol):
    """An open camera or stream. Used by one thread at a time.

    Attributes:
        size: width, height in px.
        fps: nominal frames per second, None where unknown.
    """

    size: tuple[int, int]
    fps: float | None

    def grab(self) -> tuple[int, np.ndarray]:
        """Wait for the next image.

        Returns:
            Monotonic nanoseconds right after the image arrived, and the image, (H, W, 3) uint8 RGB.

        Raises:
            SourceError: nothing comes any more.
            StreamEndedError: and nothing new would.
        """
        ...

    def close(self) -> None:
        """Release the device."""
        ...


class LiveSource:
    """A `FrameSource` that keeps up with its device: frames that nobody reads in time are dropped.

    A daemon thread drains the connection, so that no driver queue adds latency, and keeps the newest frame. When the
    device goes away the thread tries to connect again, for as long as the source is open. After that frames may have
    another size.
    """

    live = True
    independent = False
    ended_early = False
    frame_count: int | None = None

    def __init__(
        self,
        name: str,
        connect: Callable[[], Connection],
        on_notice: Callable[[str], None] | None = None,
        reconnect_delays: Sequence[float] = RECONNECT_DELAYS,
    ) -> None:
        """Connect and start to drain.

        Args:
            name: what a person calls the device.
            connect: opens the device; raises `SourceError` where it cannot.
            on_notice: gets one sentence when the device goes away and when it is back, when its image freezes or is
                black; called in the draining thread.
            reconnect_delays: seconds to wait before each attempt to reconnect; the last one repeats.

        Raises:
            SourceError: the first connection failed.
        """
        self.name = name
        self._connect = connect
        self._notice = on_notice or (lambda text: None)
        self._delays = reconnect_delays
        self._stop = threading.Event()
        self._mailbox: Mailbox[Frame] = Mailbox()
        self._watch = ImageWatch(name, self._notice)
        self._failure: Exception | None = None
        connection = connect()
        self.size = connection.size
        self.fps = connection.fps
        self._thread = threading.Thread(target=self._run, args=(connection,), name=f"capture {name}", daemon=True)
        self._thread.start()

    def keep_unread(self, count: int) -> None:
        """See `BufferingSource`."""
        self._mailbox.keep(count)

    @property
    def dropped(self) -> int:
        """Frames that were replaced by newer ones before anybody read them."""
        return self._mailbox.overwritten

    def read(self) -> Frame | None:
        """The newest frame not read yet (see `keep_unread`), waiting for it; None after `close` and at the end, if any.

        Raises:
            SourceError: the capturing thread broke in a way that reconnecting does not fix.
        """
        frame = self._mailbox.take()
        if frame is None and self._failure is not None:
            raise SourceError(
                say("Reading {name} failed: {reason}; open it again.", name=self.name, reason=said(self._failure))
            ) from self._failure
        return frame

    def close(self) -> None:
        """Stop draining, release the device, wake a blocked `read`."""
        self._stop.set()
        self._mailbox.close()
        if threading.current_thread() is not self._thread:
            self._thread.join(_CLOSE_PATIENCE)

    def _run(self, connection: Connection) -> None:
        index = 0
        live: Connection | None = connection
        try:
            while live is not None:
                try:
                    index = self._drain(live, index)
                except StreamEndedError as end:
                    self._notice(str(end))
                    return
                finally:
                    live.close()
                live = None if self._stop.is_set() else self._reconnect()
        except Exception as error:  # noqa: BLE001 - crosses to the reading thread, which raises it
            self._failure = error
        finally:
            self._mailbox.close()

    def _drain(self, connection: Connection, index: int) -> int:
        """Fill the mailbox until the device goes away or the source is closed; returns the next index."""
        while not self._stop.is_set():
            try:
                captured_ns, image = connection.grab()
            except StreamEndedError:
                raise
            except SourceError:
                break
            image.flags.writeable = False
            self._watch.see(image, captured_ns)
            self._mailbox.put(Frame(index, captured_ns, image))
            index += 1
        return index

    def _reconnect(self) -> Connection | None:
        """A new connection, however long it takes; None when the source was closed meanwhile."""
        self._notice(say("{name} stopped delivering images; trying to reconnect.", name=self.name))
        attempt = 0
        while not self._stop.wait(self._delays[min(attempt, len(self._delays) - 1)]):
            attempt += 1
            try:
                connection = self._connect()
            except SourceError:
                continue
            before, self.size, self.fps = self.size, connection.size, connection.fps
            self._watch.start_over()
            if self.size == before:
                self._notice(say("{name} is back.", name=self.name))
            else:
                width, height = self.size
                back = say("{name} is back, now with {width}x{height}.", name=self.name, width=width, height=height)
                self._notice(back)
            return connection
        return None


def now_ns() -> int:
    """Monotonic nanoseconds, the clock of `Frame.captured_ns` for live sources."""
    return time.perf_counter_ns()
