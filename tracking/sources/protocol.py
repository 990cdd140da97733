"""What the rest of the program asks of a source of frames."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from models.errors import BothhandsError
from models.sentences import say
from tracking.values import Frame


class SourceError(BothhandsError):
    """A source cannot be opened or read; the text names it, the cause and what helps."""


LARGEST_SIDE = 16384
"""Images with a longer side, px, are refused: beyond it, damaged headers are likelier than cameras."""
LARGEST_PIXELS = 1 << 27
"""Images of more pixels are refused: a few kilobytes can stand for gigabytes of one colour."""


def check_size(width: int, height: int, name: str) -> None:
    """Refuse an image size that cannot be meant.

    Raises:
        SourceError: a side is zero or longer than `LARGEST_SIDE`, or there are more than `LARGEST_PIXELS`.
    """
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE and width * height <= LARGEST_PIXELS):
        raise SourceError(
            say(
                "{name} has images of {width}x{height}; up to {side} px a side and {millions} million in all "
                "can be read: scale it down.",
                name=name,
                width=width,
                height=height,
                side=LARGEST_SIDE,
                millions=LARGEST_PIXELS // 10**6,
            )
        )


class FrameSource(Protocol):
    """Frames in order.

    Attributes:
        name: what a person calls it ("camera 0 (HD Webcam)", a file name).
        frame_count: frames in all, None where unknown (cameras, streams).
        live: True where frames that are not read in time are dropped (cameras); files are read in lockstep.
        independent: True where each image stands alone (a folder of images).
    """

    name: str
    frame_count: int | None
    live: bool
    independent: bool

    @property
    def size(self) -> tuple[int, int]:
        """Width, height in px; frames may have other sizes (images of a folder, a camera that was reconnected)."""
        ...

    @property
    def fps(self) -> float | None:
        """Nominal frames per second, None where it has none."""
        ...

    @property
    def ended_early(self) -> bool:
        """True once a file has ended before the end that it announces (a download that was cut off)."""
        ...

    def read(self) -> Frame | None:
        """Next frame (live: the newest not read yet, waiting for it), or None at the end or after `close`.

        Raises:
            SourceError: the source broke and cannot recover.
        """
        ...

    def close(self) -> None:
        """Release the device or file; wakes a blocked `read`."""
        ...


@runtime_checkable
class BufferingSource(Protocol):
    """A live source that can give every frame, not the newest alone, to who reads as fast as they come."""

    def keep_unread(self, count: int) -> None:
        """Keep so many frames that were not read yet, the newest ones; `read` gives the oldest of them first."""
        ...
