"""Feeds the running outputs, each in a thread of its own, without ever holding up the tracker."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from app.outputs.streaming.output import Output, OutputError, StreamKind
from models.errors import BothhandsError
from models.sentences import said, say
from tracking.mailbox import Mailbox
from tracking.values import TrackedFrame

logger = logging.getLogger(__name__)

StreamState = Literal["opening", "on", "failing", "failed", "off"]
"""`failing`: frames are lost, and it goes on trying; `failed`: it has ended."""


@dataclass(frozen=True)
class StreamStatus:
    """What one output is doing.

    Attributes:
        state: see `StreamState`.
        address: where it goes to, or where clients find it.
        detail: what else there is to say, "" for nothing.
        told: a failure was reported, so that it need not be told again.
    """

    state: StreamState
    address: str
    detail: str = ""
    told: bool = False


class StreamHub:
    """The running outputs, at most one of a kind. All methods may be called from any thread.

    Args:
        report: gets one sentence for each failure; called from the outputs' threads.
    """

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._lock = threading.Lock()
        self._streams: Mapping[StreamKind, _Stream] = {}
        self._closed = False

    def start(self, output: Output, *, watched: bool = False) -> None:
        """Let an output begin, in place of a running one of its kind; does not wait.

        Args:
            output: that begins.
            watched: a person looks at its status: where it cannot begin, that alone says so.
        """
        with self._lock:
            if self._closed:
                return
            before = self._streams.get(output.kind)
            stream = _Stream(output, self._report, before, watched)
            self._streams = {**self._streams, output.kind: stream}
            if before is not None:
                before.end()
            stream.start()

    def stop(self, kind: StreamKind) -> None:
        """End an output; does not wait."""
        with self._lock:
            stream = self._streams.get(kind)
        if stream is not None:
            stream.end()

    def offer(self, tracked: TrackedFrame) -> None:
        """The newest hands, for the outputs that send them. Never waits."""
        self._put(tracked, drawn=False)

    def offer_drawn(self, tracked: TrackedFrame) -> None:
        """The newest frame, hands drawn into its image, for the outputs that show images. Never waits."""
        self._put(tracked, drawn=True)

    @property
    def shows_images(self) -> bool:
        """Whether an output takes drawn frames."""
        return any(stream.output.drawn and stream.running for stream in self._streams.values())

    @property
    def status(self) -> Mapping[StreamKind, StreamStatus]:
        """Of every output that was ever started, by kind."""
        return {kind: stream.status for kind, stream in self._streams.items()}

    def wait_open(self) -> None:
        """Wait until all outputs have begun.

        Raises:
            BothhandsError: one could not.
        """
        for stream in self._streams.values():
            stream.opened.wait()
            if stream.error is not None:
                raise stream.error

    def close(self, timeout: float | None = None) -> None:
        """End all outputs and wait for them."""
        with self._lock:
            self._closed = True
        for stream in self._streams.values():
            stream.end()
        for stream in self._streams.values():
            stream.join(timeout)

    def _put(self, tracked: TrackedFrame, drawn: bool) -> None:
        for stream in self._streams.values():
            if stream.output.drawn == drawn:
                stream.frames.put(tracked)


class _Stream:
    """One output and its thread."""

    def __init__(self, output: Output, report: Callable[[str], None], after: _Stream | None, watched: bool) -> None:
        self.output = output
        self.frames: Mailbox[TrackedFrame] = Mailbox()
        self.opened = threading.Event()
        self.error: BothhandsError | None = None
        self._report = report
        self._after = after
        self._state: StreamState = "opening"
        self._watched = watched
        self._told = False
        self._thread = threading.Thread(target=self._run, name=f"bothhands-stream-{output.kind}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self.frames.close()

    def join(self, timeout: float | None) -> None:
        self._thread.join(timeout)

    @property
    def running(self) -> bool:
        return not self._ending and self._state in ("opening", "on", "failing")

    @property
    def _ending(self) -> bool:
        """Whether it was told to end, which may take a moment."""
        return self.frames.closed and self._state != "failed"

    @property
    def status(self) -> StreamStatus:
        state: StreamState = "off" if self._ending else self._state
        detail = said(self.error) if self.error is not None else self.output.detail if state == "on" else ""
        return StreamStatus(state, self.output.address, detail, self._told)

    def _run(self) -> None:
        if self._after is not None:  # two cannot have one port
            self._after.join(None)
            self._after = None
        try:
            self.output.open()
            if self.output.works:
                self._begun()
            self.opened.set()
            while (tracked := self.frames.take()) is not None:
                self._send(tracked)
            self._state = "off"
        except Exception as error:  # noqa: BLE001 - reported
            self._fail(error)
        finally:
            self.frames.close()
            self.opened.set()
            self._close()

    def _send(self, tracked: TrackedFrame) -> None:
        try:
            self.output.send(tracked)
        except OSError as error:
            if self._state != "failing":
                self._report(
                    say(
                        "Streaming by {kind} to {address} loses frames: {reason}; it goes on when that is fixed.",
                        kind=self.output.kind,
                        address=self.output.address,
                        reason=error.strerror or str(error),
                    )
                )
            self._state = "failing"
        else:
            self._begun()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, BothhandsError):
            self.error = error
        else:
            logger.exception("streaming by %s failed", self.output.kind)
            self.error = OutputError(
                say(
                    "Streaming by {kind} failed: {error}: {reason}. The log says more.",
                    kind=self.output.kind,
                    error=type(error).__name__,
                    reason=said(error),
                )
            )
        self._told = not self._watched
        self._state = "failed"
        if self._told:
            self._report(said(self.error))

    def _begun(self) -> None:
        self._state = "on"
        self._watched = False  # what goes wrong from now on comes as a surprise

    def _close(self) -> None:
        try:
            self.output.close()
        except Exception:
            logger.exception("closing the %s output failed", self.output.kind)
