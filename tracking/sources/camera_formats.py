"""The modes that a camera has, as Linux' driver lists them."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable, Iterator

from tracking.sources.camera_mode import CameraMode
from tracking.sources.protocol import LARGEST_SIDE, SourceError
from tracking.sources.v4l2 import ioctl, opened

# Of linux/videodev2.h; the sizes of the structures are part of the numbers.
_FORMATS, _SIZES, _INTERVALS = 0xC0405602, 0xC02C564A, 0xC034564B
_FORMAT_FORM, _SIZE_FORM, _INTERVAL_FORM = "=III32sI16x", "=III24s8x", "=IIIII24s8x"
_CAPTURE = 1
_DISCRETE = 1
_MOST = 64
"""Entries of a list; a driver that never says that it is at its end is not asked for ever."""
_READABLE = ("MJPG", "JPEG", "YUYV", "UYVY", "NV12", "YU12", "YV12", "RGB3", "BGR3", "GREY", "Y16")
"""Pixel formats of which OpenCV makes images, the compressed ones first, which go through USB 2 at full rate."""
_USUAL_SIZES = ((3840, 2160), (1920, 1080), (1280, 720), (1280, 960), (800, 600), (640, 480), (640, 360))
_SMALLEST_SIDE = 240
"""Px; hands in smaller images are too small."""
_USUAL_RATES = (60.0, 30.0, 15.0)
_USUAL_RATE = 30.0


def offered_modes(device: str) -> tuple[CameraMode, ...]:
    """The modes that a camera's driver lists: of each pixel format and size the highest rate, and 30 a second where
    that is more. Compressed formats come first, and large images; none on other systems than Linux.

    Args:
        device: its path, as `camera_identity` gives it.
    """
    if not sys.platform.startswith("linux"):
        return ()
    try:
        with opened(device) as file:
            formats = [letters for letters in _formats(file) if letters in _READABLE]
            return tuple(
                mode
                for letters in sorted(formats, key=_READABLE.index)
                for size in sorted(_sizes(file, letters), key=lambda size: -size[0] * size[1])
                for mode in _modes(letters, size, tuple(_rates(file, letters, size)))
            )
    except SourceError:  # it is no device file, or gone; opening it for its images says so
        return ()


def _modes(letters: str, size: tuple[int, int], rates: tuple[float, ...]) -> Iterator[CameraMode]:
    fastest = max(rates, default=None)
    if fastest is None:
        yield CameraMode(*size, pixel_format=letters)
        return
    # 29.97 is 30 to a person, and is asked for as the driver has it.
    usual = next((rate for rate in rates if abs(rate - _USUAL_RATE) < 1.0), None)
    if usual is not None and fastest > usual:
        yield CameraMode(*size, usual, letters)
    yield CameraMode(*size, fastest, letters)


def _formats(file: int) -> Iterator[str]:
    for content in _listed(file, _FORMATS, lambda index: struct.pack(_FORMAT_FORM, index, _CAPTURE, 0, b"", 0)):
        number = struct.unpack(_FORMAT_FORM, content)[4]
        yield (number & 0x7FFFFFFF).to_bytes(4, "little").decode("ascii", "replace").rstrip(" \0")


def _sizes(file: int, letters: str) -> Iterator[tuple[int, int]]:
    for content in _listed(file, _SIZES, lambda index: struct.pack(_SIZE_FORM, index, _number(letters), 0, b"")):
        _, _, kind, union = struct.unpack(_SIZE_FORM, content)
        least_width, width, step, least_height, height, step_down = struct.unpack("=6I", union)
        if kind == _DISCRETE:
            width, height = struct.unpack_from("=II", union)
            sizes = [(width, height)]
        else:  # a range, of which the usual ones are offered
            sizes = [
                (wide, high)
                for wide, high in _USUAL_SIZES
                if least_width <= wide <= width
                and least_height <= high <= height
                and (wide - least_width) % max(step, 1) == (high - least_height) % max(step_down, 1) == 0
            ]
        yield from (size for size in sizes if min(size) >= _SMALLEST_SIDE and max(size) <= LARGEST_SIDE)
        if kind != _DISCRETE:
            return


def _rates(file: int, letters: str, size: tuple[int, int]) -> Iterator[float]:
    def asked(index: int) -> bytes:
        return struct.pack(_INTERVAL_FORM, index, _number(letters), *size, 0, b"")

    for content in _listed(file, _INTERVALS, asked):
        kind, union = struct.unpack(_INTERVAL_FORM, content)[4:]
        shortest, shortest_of, longest, longest_of = struct.unpack_from("=4I", union)
        if kind == _DISCRETE:
            if shortest:
                yield round(shortest_of / shortest, 3)
            continue
        if shortest and longest:
            slowest, fastest = longest_of / longest, shortest_of / shortest
            yield from (rate for rate in _USUAL_RATES if slowest <= rate <= fastest)
        return


def _listed(file: int, request: int, asked: Callable[[int], bytes]) -> Iterator[bytes]:
    """What a driver lists, until it says that there is no more."""
    for index in range(_MOST):
        try:
            yield ioctl(file, request, asked(index))
        except OSError:
            return


def _number(letters: str) -> int:
    return int.from_bytes(letters.ljust(4).encode("ascii"), "little")
