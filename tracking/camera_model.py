"""Camera intrinsics: as a value, from a file, from a field of view, and for another image size."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from models.errors import BothhandsError
from models.sentences import say
from models.values import Intrinsics
from tracking.camera_file import read_document

_FORMS = "either fx, fy, cx, cy, width and height, or OpenCV's camera_matrix, image_width and image_height"
_WIDEST = 1 << 16
"""Pixels across that an image can have."""
Camera = Callable[[int, int], Intrinsics]
"""Width and height of an image to its intrinsics."""
Angle = Literal["horizontal", "vertical", "diagonal"]
"""Across what of the image a field of view is measured."""
Number = Annotated[float, Field(allow_inf_nan=False)]


@dataclass(frozen=True)
class KnownCamera:
    """Intrinsics that compare by value, for settings and session.json.

    Attributes:
        fx, fy: focal lengths, px.
        cx, cy: principal point, frame px.
        width, height: image size for which the above hold, px.

    Raises:
        ValueError: no camera has them.
    """

    fx: Number
    fy: Number
    cx: Number
    cy: Number
    width: int
    height: int

    def __post_init__(self) -> None:
        if not possible(self.fx, self.fy, self.cx, self.cy, self.width, self.height):
            raise ValueError("no camera has these intrinsics")

    @classmethod
    def of(cls, intrinsics: Intrinsics) -> KnownCamera:
        """The same numbers."""
        fx, fy, cx, cy = float(intrinsics.fx), float(intrinsics.fy), float(intrinsics.cx), float(intrinsics.cy)
        return cls(fx, fy, cx, cy, intrinsics.width, intrinsics.height)

    @property
    def intrinsics(self) -> Intrinsics:
        """The same numbers."""
        return Intrinsics(self.fx, self.fy, self.cx, self.cy, self.width, self.height)


def camera_from(fov: float | None = None, camera_file: Path | None = None, known: KnownCamera | None = None) -> Camera:
    """The camera that is known best: calibrated, else a calibration file, else a horizontal field of view in degrees,
    else an assumed one.

    Raises:
        BothhandsError: the file cannot be read; on a call, the image's shape is not that of the calibration.
    """
    if known is not None or camera_file is not None:
        calibrated = known.intrinsics if known is not None else load_intrinsics(camera_file)  # type: ignore[arg-type]
        return lambda width, height: scale_intrinsics(calibrated, width, height)
    if fov is not None:
        return lambda width, height: Intrinsics.from_fov(width, height, fov)
    return Intrinsics.assumed


def from_angle(width: int, height: int, degrees: float, across: Angle) -> Intrinsics:
    """Square pixels, principal point in the middle, and this field of view.

    Args:
        width: of the image, px.
        height: of the image, px.
        degrees: more than 0 and less than 180.
        across: the image's width, its height, or its diagonal, which data sheets mostly name.
    """
    length = {"horizontal": width, "vertical": height, "diagonal": math.hypot(width, height)}[across]
    focal = length / (2.0 * math.tan(math.radians(degrees) / 2.0))
    return Intrinsics(focal, focal, (width - 1) / 2.0, (height - 1) / 2.0, width, height)


def angle_of(intrinsics: Intrinsics, across: Angle) -> float:
    """Field of view, degrees; the opposite of `from_angle`."""
    length = {
        "horizontal": intrinsics.width / intrinsics.fx,
        "vertical": intrinsics.height / intrinsics.fy,
        "diagonal": math.hypot(intrinsics.width / intrinsics.fx, intrinsics.height / intrinsics.fy),
    }[across]
    return 2.0 * math.degrees(math.atan(length / 2.0))


def possible(fx: float, fy: float, cx: float, cy: float, width: float, height: float) -> bool:
    """Whether a camera can have these intrinsics: finite, in front of it, the axis through its image."""
    return (
        all(math.isfinite(number) for number in (fx, fy, cx, cy, width, height))
        and min(fx, fy) > 0
        and min(width, height) >= 1
        and max(width, height) <= _WIDEST
        and -0.5 <= cx <= width - 0.5
        and -0.5 <= cy <= height - 0.5
    )


def load_intrinsics(path: Path) -> Intrinsics:
    """Read intrinsics from JSON, YAML or XML.

    The file holds either the numbers by name (fx, fy, cx, cy, width, height), or what OpenCV's calibration writes
    (camera_matrix, image_width, image_height; https://docs.opencv.org/4.x/d4/d94/tutorial_camera_calibration.html),
    also in the form that ROS gives it. Lens distortion is not modelled: coefficients in the file are not used.

    Raises:
        BothhandsError: the file cannot be read, lacks a number, or has one that no camera can have.
    """
    document = read_document(path)
    numbers = _named(document) or _calibrated(document)
    if numbers is None:
        raise BothhandsError(say("The camera file {path} lacks intrinsics: it needs {forms}.", path=path, forms=_FORMS))
    fx, fy, cx, cy, width, height = numbers
    if not possible(fx, fy, cx, cy, width, height):
        raise BothhandsError(
            say(
                "The camera file {path} has intrinsics that no camera has: fx {fx:g}, fy {fy:g} must be "
                "positive and cx {cx:g}, cy {cy:g} lie in the image of {width:g}x{height:g}.",
                path=path,
                fx=fx,
                fy=fy,
                cx=cx,
                cy=cy,
                width=width,
                height=height,
            )
        )
    return Intrinsics(fx, fy, cx, cy, round(width), round(height))


def scale_intrinsics(intrinsics: Intrinsics, width: int, height: int) -> Intrinsics:
    """The same camera with its image scaled to another size.

    Exact for pixel coordinates that are 0 in the centre of the first pixel: its edge at -0.5 stays where it is.

    Args:
        intrinsics: of the size that the calibration was made with.
        width: image width wanted, px.
        height: image height wanted, px.

    Raises:
        BothhandsError: the other size has another shape by more than rounding to whole pixels explains, so that it
            cannot be the same image scaled.
    """
    if not of_one_shape((intrinsics.width, intrinsics.height), (width, height)):
        raise BothhandsError(
            say(
                "The camera's calibration is for images of {width}x{height}, which cannot be scaled to "
                "{width2}x{height2}: calibrate at a size of the same shape, or leave --camera out and "
                "give --fov.",
                width=intrinsics.width,
                height=intrinsics.height,
                width2=width,
                height2=height,
            )
        )
    by_x = width / intrinsics.width
    by_y = height / intrinsics.height
    return Intrinsics(
        intrinsics.fx * by_x,
        intrinsics.fy * by_y,
        (intrinsics.cx + 0.5) * by_x - 0.5,
        (intrinsics.cy + 0.5) * by_y - 0.5,
        width,
        height,
    )


def of_one_shape(size: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether images of these widths and heights, px, can be one image scaled, but for rounding to whole pixels."""
    (width, height), (wanted_width, wanted_height) = size, other
    by_x, by_y = wanted_width / width, wanted_height / height
    return abs(width * by_y - wanted_width) < 1.0 or abs(height * by_x - wanted_height) < 1.0


def _named(document: Mapping[str, Any]) -> list[float] | None:
    return _numbers([document.get(name) for name in ("fx", "fy", "cx", "cy", "width", "height")])


def _calibrated(document: Mapping[str, Any]) -> list[float] | None:
    """What is read of a 3x3 matrix, as OpenCV or ROS writes it, and of the image's size."""
    matrix = document.get("camera_matrix")
    data = matrix.get("data") if isinstance(matrix, dict) else None
    if isinstance(data, str):  # XML has no lists
        data = data.split()
    if not isinstance(data, list) or len(data) != 9:
        return None
    fx, _, cx, _, fy, cy = data[:6]
    return _numbers([fx, fy, cx, cy, document.get("image_width"), document.get("image_height")])


def _numbers(values: Sequence[Any]) -> list[float] | None:
    """All of them, or nothing; text that is a number is one, as YAML and XML leave it."""
    try:
        return None if any(isinstance(value, bool) for value in values) else [float(value) for value in values]
    except (TypeError, ValueError, OverflowError):
        return None
