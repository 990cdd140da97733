"""Camera intrinsics from a file, and for another picture size."""

from __future__ import annotations

import math
from pathlib import Path

import cv2

from models.errors import BothhandsError
from models.values import Intrinsics

_FORMS = "either fx, fy, cx, cy, width and height, or OpenCV's camera_matrix, image_width and image_height"


def load_intrinsics(path: Path) -> Intrinsics:
    """Read intrinsics from JSON, YAML or XML.

    The file holds either the numbers by name (fx, fy, cx, cy, width, height), or what OpenCV's calibration writes
    (camera_matrix, image_width, image_height; https://docs.opencv.org/4.x/d4/d94/tutorial_camera_calibration.html),
    also in the form that ROS gives it. Lens distortion is not modelled: coefficients in the file are not used.

    Raises:
        BothhandsError: the file cannot be read, lacks a number, or has one that no camera can have.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BothhandsError(f"The camera file {path} cannot be read: {getattr(error, 'strerror', error)}.") from error
    if not text.lstrip().startswith(("{", "<", "%YAML")):
        # OpenCV wants this header, which other programs leave out.
        text = "%YAML:1.0\n---\n" + text.removeprefix("---\n")
    try:
        storage = cv2.FileStorage(text.lstrip(), cv2.FILE_STORAGE_READ | cv2.FILE_STORAGE_MEMORY)
        numbers = _named(storage) or _calibrated(storage)
        storage.release()
    except (cv2.error, SystemError) as error:
        raise BothhandsError(f"The camera file {path} is not JSON, YAML or XML that OpenCV can read.") from error
    if numbers is None:
        raise BothhandsError(f"The camera file {path} lacks intrinsics: it needs {_FORMS}.")
    fx, fy, cx, cy, width, height = numbers
    possible = (
        all(math.isfinite(number) for number in numbers)
        and min(fx, fy) > 0
        and min(width, height) >= 1
        and -0.5 <= cx <= width - 0.5
        and -0.5 <= cy <= height - 0.5
    )
    if not possible:
        raise BothhandsError(
            f"The camera file {path} has intrinsics that no camera has: fx {fx:g}, fy {fy:g} must be positive and "
            f"cx {cx:g}, cy {cy:g} lie in the picture of {width:g}x{height:g}."
        )
    return Intrinsics(fx, fy, cx, cy, round(width), round(height))


def scale_intrinsics(intrinsics: Intrinsics, width: int, height: int) -> Intrinsics:
    """The same camera with its picture scaled to another size.

    Exact for pixel coordinates that are 0 in the centre of the first pixel: its edge at -0.5 stays where it is.

    Args:
        intrinsics: of the size that the calibration was made with.
        width: picture width wanted, px.
        height: picture height wanted, px.

    Raises:
        BothhandsError: the other size has another shape by more than rounding to whole pixels explains, so that it
            cannot be the same picture scaled.
    """
    by_x = width / intrinsics.width
    by_y = height / intrinsics.height
    if abs(intrinsics.width * by_y - width) >= 1.0 and abs(intrinsics.height * by_x - height) >= 1.0:
        raise BothhandsError(
            f"The camera file is for pictures of {intrinsics.width}x{intrinsics.height}, which cannot be scaled to "
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


def _named(storage: cv2.FileStorage) -> list[float] | None:
    nodes = [storage.getNode(name) for name in ("fx", "fy", "cx", "cy", "width", "height")]
    return [node.real() for node in nodes] if all(_is_number(node) for node in nodes) else None


def _calibrated(storage: cv2.FileStorage) -> list[float] | None:
    sizes = [storage.getNode(name) for name in ("image_width", "image_height")]
    matrix = _matrix(storage.getNode("camera_matrix"))
    if matrix is None or not all(_is_number(size) for size in sizes):
        return None
    fx, _, cx, _, fy, cy = matrix[:6]
    return [fx, fy, cx, cy, *(size.real() for size in sizes)]


def _matrix(node: cv2.FileNode) -> list[float] | None:
    """The nine numbers of a 3x3 matrix, row by row, as OpenCV or ROS writes it."""
    if node.empty() or not node.isMap():
        return None
    data = node.getNode("data")
    if data.empty() or not data.isSeq() or data.size() != 9:
        return None
    return [data.at(place).real() for place in range(9)]


def _is_number(node: cv2.FileNode) -> bool:
    return not node.empty() and (node.isInt() or node.isReal())
