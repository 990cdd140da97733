"""Checks that name what was expected and what came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from models.errors import BothhandsError
from models.sentences import say
from models.values import Crop


class _Shaped(Protocol):
    @property
    def shape(self) -> Sequence[int]: ...


def check_shape(array: _Shaped, expected: Sequence[int | str], name: str) -> dict[str, int]:
    """Check a tensor's or an array's shape; letters bind to one size wherever they occur.

    Args:
        array: anything with a shape.
        expected: a size per axis, or a letter for "any size, the same wherever this letter stands".
        name: what the array is called in the message.

    Returns:
        The sizes that the letters were bound to.

    Raises:
        ValueError: the shape does not fit; the text gives the expected and the actual one.
    """
    shape = tuple(array.shape)
    bound: dict[str, int] = {}
    fits = len(shape) == len(expected) and all(
        size == (bound.setdefault(wanted, size) if isinstance(wanted, str) else wanted)
        for size, wanted in zip(shape, expected, strict=False)
    )
    if not fits:
        wanted = ", ".join(str(part) for part in expected)
        raise ValueError(f"{name} must have shape ({wanted}), not ({', '.join(map(str, shape))})")
    return bound


def check_crop(crop: Crop, size: int, reader: str) -> None:
    """Check that a network can read a crop and place what it sees.

    Args:
        crop: what it is given.
        size: side of the square that it reads, px.
        reader: the network's name in the message.

    Raises:
        BothhandsError: the image is not (size, size, 3) uint8, or its place or camera are not numbers.
    """
    if crop.image.shape != (size, size, 3) or crop.image.dtype != np.uint8:
        raise BothhandsError(
            say(
                "{reader} reads crops of {size} x {size} bytes RGB, not {dtype} {names}; crop the hands "
                "as `tracking.cropper` does.",
                reader=reader,
                size=size,
                dtype=crop.image.dtype,
                names="x".join(map(str, crop.image.shape)),
            )
        )
    if not np.isfinite(crop.frame_to_crop).all() or abs(np.linalg.det(crop.frame_to_crop[:, :2])) < 1e-9:
        raise BothhandsError(say("A crop's place in the frame is not a number; look at what cut it out of the image."))
    camera = crop.intrinsics
    if not np.isfinite([camera.fx, camera.fy, camera.cx, camera.cy]).all() or min(camera.fx, camera.fy) <= 0:
        raise BothhandsError(
            say("The camera's intrinsics are not numbers that a camera has; give --fov or another --camera.")
        )
