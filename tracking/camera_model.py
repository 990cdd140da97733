"""Camera intrinsics from a file, and for another image size."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.errors import BothhandsError
from models.values import Intrinsics
from tracking.camera_file import read_document

_FORMS = "either fx, fy, cx, cy, width and height, or OpenCV's camera_matrix, image_width and image_height"
_WIDEST = 1 << 16
"""Pixels across that an image can have."""


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
        raise BothhandsError(f"The camera file {path} lacks intrinsics: it needs {_FORMS}.")
    fx, fy, cx, cy, width, height = numbers
    possible = (
        all(math.isfinite(number) for number in numbers)
        and min(fx, fy) > 0
        and min(width, height) >= 1
        and max(width, height) <= _WIDEST
        and -0.5 <= cx <= width - 0.5
        and -0.5 <= cy <= height - 0.5
    )
    if not possible:
        raise BothhandsError(
            f"The camera file {path} has intrinsics that no camera has: fx {fx:g}, fy {fy:g} must be positive and "
            f"cx {cx:g}, cy {cy:g} lie in the image of {width:g}x{height:g}."
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
    by_x = width / intrinsics.width
    by_y = height / intrinsics.height
    if abs(intrinsics.width * by_y - width) >= 1.0 and abs(intrinsics.height * by_x - height) >= 1.0:
        raise BothhandsError(
            f"The camera file is for images of {intrinsics.width}x{intrinsics.height}, which cannot be scaled to "
            f"{width}x{height}: calibrate at a size of the same shape, or leave the file out and give --fov."
        )
    return Intrinsics(
        intrinsics.fx * by_x,
        intrinsics.fy * by_y,
        (intrinsics.cx + 0.5) * by_x - 0.5,
        (intrinsics.cy + 0.5) * by_y - 0.5,
        width,
        height,
    )


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
