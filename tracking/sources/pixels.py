"""Whatever a camera or a file calls an image, as the eight-bit RGB that everything else works on."""

from __future__ import annotations

import cv2
import numpy as np


def to_rgb(image: np.ndarray, *, bgr: bool = False, bits: int | None = None) -> np.ndarray:
    """Bring an image to RGB.

    Args:
        image: (H, W) or (H, W, C). One channel is grey, two are luma with chroma in turn (YUYV, what cameras send
            raw), three are colours, of four the last is left out. Integers of any width, booleans, or floats from 0
            to 1 (or to 255, where one is greater than 1).
        bgr: colours come in OpenCV's order.
        bits: that integers wider than eight bits really use; None for all of them.

    Returns:
        (H, W, 3) uint8 RGB.

    Raises:
        ValueError: no image: another number of axes or channels, empty, or no numbers.
    """
    if image.ndim == 2:
        image = image[..., None]
    if image.ndim != 3 or image.size == 0 or not 1 <= image.shape[2] <= 4:
        raise ValueError(f"an array of shape {image.shape} is no image")
    eight = _to_eight_bits(image, bits)
    channels = eight.shape[2]
    if channels == 2 and eight.shape[1] % 2 == 0:
        return cv2.cvtColor(np.ascontiguousarray(eight), cv2.COLOR_YUV2RGB_YUY2)
    if channels <= 2:
        return cv2.cvtColor(np.ascontiguousarray(eight[..., 0]), cv2.COLOR_GRAY2RGB)
    colours = np.ascontiguousarray(eight[..., :3])
    return cv2.cvtColor(colours, cv2.COLOR_BGR2RGB) if bgr else colours


def bits_used(image: np.ndarray) -> int:
    """How many bits the greatest value of an integer image needs, at least eight."""
    return max(8, int(image.max(initial=0)).bit_length())


def _to_eight_bits(image: np.ndarray, bits: int | None) -> np.ndarray:
    kind = image.dtype.kind
    if image.dtype == np.uint8:
        return image
    if kind == "b":
        return image.astype(np.uint8) * 255
    if kind == "u":
        shift = max(0, (bits or 8 * image.dtype.itemsize) - 8)
        return np.minimum(image >> shift, 255).astype(np.uint8)
    if kind == "i":
        # Signed ones hold what sensors count, which is never below zero; their width says nothing of their range.
        positive = np.maximum(image, 0)
        return np.minimum(positive >> (max(bits or 0, bits_used(positive)) - 8), 255).astype(np.uint8)
    if kind == "f":
        finite = np.nan_to_num(image.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
        top = float(finite.max(initial=0.0))
        scale = 255.0 if top <= 1.0 else 1.0 if top <= 255.0 else 255.0 / top
        return np.rint(np.clip(finite * scale, 0.0, 255.0)).astype(np.uint8)
    raise ValueError(f"values of kind {image.dtype} are no image")
