"""What a detector accepts as an image."""

from __future__ import annotations

import numpy as np

from models.errors import BothhandsError

_LONGEST_SIDE = 32_766
"""OpenCV's warps address pixels with 16 bits."""


def checked_image(image: np.ndarray) -> np.ndarray:
    """The image itself, with contiguous rows where it had none.

    Raises:
        BothhandsError: not (H, W, 3) uint8, empty, or too large.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise BothhandsError(
            f"An image of shape {image.shape} and type {image.dtype} cannot be searched for hands; "
            "convert it to RGB with 8 bits per channel."
        )
    height, width = image.shape[:2]
    if not (0 < height <= _LONGEST_SIDE and 0 < width <= _LONGEST_SIDE):
        raise BothhandsError(
            f"An image of {width} x {height} px cannot be searched for hands; "
            f"its sides must have 1 to {_LONGEST_SIDE} px, so scale or crop it."
        )
    return np.ascontiguousarray(image)
