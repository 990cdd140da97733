"""Size, rate and pixel format of a camera's images, and how they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from models.errors import BothhandsError
from models.sentences import Sentence, joined, say
from tracking.sources.protocol import LARGEST_SIDE

DRIVERS_CHOICE = "driver"
"""What is written for a mode in which nothing is asked for."""
LARGEST_RATE = 1000.0
"""Images a second; no webcam has more."""
_WRITTEN = re.compile(
    r"(?:(?P<width>\d{1,6})x(?P<height>\d{1,6}))?(?:@(?P<fps>\d{1,4}(?:\.\d{1,3})?))?(?::(?P<format>[a-z0-9]{3,4}))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class CameraMode:
    """What to ask a camera for, or what it gives; None is the driver's choice, or not known.

    Attributes:
        width, height: image size, px; both or neither.
        fps: images a second.
        pixel_format: four letters (a FOURCC) in which images come over the cable: "MJPG", "YUYV". Compressed ones go
            through USB 2 at full rate, raw ones above 640x480 do not.
    """

    width: int | None = None
    height: int | None = None
    fps: float | None = None
    pixel_format: str | None = None

    @property
    def size(self) -> tuple[int, int] | None:
        """Width, height in px."""
        return None if self.width is None or self.height is None else (self.width, self.height)

    def __str__(self) -> str:
        """As `read_mode` takes it."""
        size = "" if self.size is None else f"{self.width}x{self.height}"
        rate = "" if self.fps is None else f"@{round(self.fps, 3):g}"
        coding = "" if self.pixel_format is None else f":{self.pixel_format}"
        return f"{size}{rate}{coding}" or DRIVERS_CHOICE


USUAL_MODE = CameraMode(1280, 720, 30.0, "MJPG")
"""What is asked of a camera for which nothing was chosen."""


def read_mode(text: str) -> CameraMode:
    """The mode that is written as SIZE@RATE:FORMAT, of which every part may be left out.

    Args:
        text: "1280x720@30:MJPG", "1920x1080", "@60", ":YUYV", or "driver" for nothing of all that.

    Raises:
        BothhandsError: it is written otherwise, or no camera can have such a mode.
    """
    text = text.strip()
    if text.lower() == DRIVERS_CHOICE:
        return CameraMode()
    parts = _WRITTEN.fullmatch(text)
    if not text or parts is None:
        raise BothhandsError(
            say(
                "{text} is no camera mode; write size, rate and pixel format as 1280x720@30:MJPG, any of them alone as "
                "1280x720, @30 or :MJPG, or driver.",
                text=repr(text[:40]),
            )
        )
    width, height = (None if parts[side] is None else int(parts[side]) for side in ("width", "height"))
    fps = None if parts["fps"] is None else float(parts["fps"])
    if any(side is not None and not 0 < side <= LARGEST_SIDE for side in (width, height)) or (
        fps is not None and not 0 < fps <= LARGEST_RATE
    ):
        raise BothhandsError(
            say(
                "No camera has the mode {text}; a side is 1 to {side} px, and the rate up to {rate:g} a second.",
                text=text,
                side=LARGEST_SIDE,
                rate=LARGEST_RATE,
            )
        )
    return CameraMode(width, height, fps, None if parts["format"] is None else parts["format"].upper())


def mode_text(mode: CameraMode) -> Sentence:
    """A mode as a person reads it: "1280x720, 30/s, MJPG"."""
    size = "" if mode.size is None else f"{mode.width}x{mode.height}"
    rate = "" if mode.fps is None else say("{rate:.3g}/s", rate=mode.fps)
    return joined(size, rate, mode.pixel_format or "", between=", ") or say("the driver's choice")


@runtime_checkable
class ModalSource(Protocol):
    """A source that was asked for a mode, and says which one it gives."""

    @property
    def asked(self) -> CameraMode | None:
        """What it was asked for; None where it is no camera."""
        ...

    @property
    def mode(self) -> CameraMode | None:
        """What it gives, as far as the driver says; None where it is no camera."""
        ...

    @property
    def modes(self) -> Sequence[CameraMode]:
        """Those that its driver lists; none where it lists none."""
        ...
