"""What a stream into another program is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Literal

from models.errors import BothhandsError
from tracking.values import TrackedFrame

StreamKind = Literal["vmc", "osc", "websocket", "virtual-camera"]


class OutputError(BothhandsError):
    """An output cannot begin, or cannot go on; the text says why and what helps."""


class Output(ABC):
    """One way out. Opened, used and closed by one thread, which may be held up without holding up anybody else.

    Attributes:
        kind: which protocol.
        drawn: whether it shows images: then the hands are drawn into the frames that it gets.
    """

    kind: StreamKind
    drawn = False

    @property
    def works(self) -> bool:
        """Whether an open output is known to work; one that needs a frame for that does not before it had one."""
        return True

    @property
    @abstractmethod
    def address(self) -> str:
        """Where it goes to, or where clients find it, for people."""

    @property
    def detail(self) -> str:
        """What else there is to say of a running output, "" for nothing. Any thread."""
        return ""

    @abstractmethod
    def open(self) -> None:
        """Begin.

        Raises:
            OutputError: it cannot.
        """

    @abstractmethod
    def send(self, tracked: TrackedFrame) -> None:
        """Let a frame out.

        Raises:
            OutputError: it cannot go on at all.
            OSError: this frame is lost; the next may pass.
        """

    @abstractmethod
    def close(self) -> None:
        """Release what `open` took; called also where that failed, and once."""


class RefusedOutput(Output):
    """Stands for an output that cannot be made: it fails like any other one that cannot begin.

    Args:
        kind: which protocol.
        address: that was asked for.
        reason: one sentence.
    """

    def __init__(self, kind: StreamKind, address: str, reason: str) -> None:
        self.kind = kind
        self._address = address
        self._reason = reason

    @property
    def address(self) -> str:
        """That was asked for."""
        return self._address

    def open(self) -> None:
        """Fail."""
        raise OutputError(self._reason)

    def send(self, tracked: TrackedFrame) -> None:
        """Never called."""

    def close(self) -> None:
        """Nothing is open."""
