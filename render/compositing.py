"""Laying rendered pixels over an image, and colours on their way to the shaders."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np


def blend_over(image: np.ndarray, layer: np.ndarray) -> None:
    """Lay a layer over an image, in place.

    Where the layer is empty (all zero) the image keeps its exact values.

    Args:
        image: (H, W, 3) uint8, or (H, W, 4), premultiplied; a view into a larger image will do.
        layer: (H, W, 4) uint8, colour premultiplied with alpha.
    """
    transparency = cv2.bitwise_not(cv2.extractChannel(layer, 3))
    if image.shape[2] == 3:
        layer = cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB)
    behind = cv2.multiply(image, cv2.merge([transparency] * image.shape[2]), scale=1.0 / 255.0)
    cv2.add(behind, layer, dst=behind)
    image[...] = behind


def linear_from_srgb(colour: Sequence[int]) -> tuple[float, float, float]:
    """Turn sRGB 0..255 into linear light 0..1 (IEC 61966-2-1)."""
    encoded = np.asarray(colour, np.float64) / 255.0
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return float(linear[0]), float(linear[1]), float(linear[2])
