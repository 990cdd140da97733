"""Images and silhouettes of one sample under a transform, by OpenCV."""

from __future__ import annotations

import cv2
import numpy as np

from models.values import SIDES
from training.data.examples import MASK_STRIDE, Transform
from training.data.samples import SEGMENT_BIT


def warp_image(image: np.ndarray, transform: Transform) -> np.ndarray:
    """An image (H, W, 3) uint8 as (S, S, 3)."""
    if len(image) == transform.size and np.array_equal(transform.affine, np.eye(2, 3)):
        return image
    shrink = 1.0 / np.sqrt(abs(np.linalg.det(transform.affine[:, :2])))
    if shrink > 1.5:
        # A bilinear warp looks at four pixels only.
        image = cv2.GaussianBlur(image, (0, 0), 0.35 * float(shrink))
    border = cv2.BORDER_REPLICATE if transform.fill is None else cv2.BORDER_CONSTANT
    return cv2.warpAffine(
        np.ascontiguousarray(image),
        transform.affine.astype(np.float64),
        (transform.size, transform.size),
        flags=cv2.INTER_LINEAR,
        borderMode=border,
        borderValue=transform.fill or (0, 0, 0),
    )


def warp_masks(segmentation: np.ndarray, transform: Transform) -> np.ndarray:
    """Covered part of each cell, by each hand, (2, S / 8, S / 8), of a segmentation (H, W)."""
    layers = np.stack([(segmentation & SEGMENT_BIT[side]) > 0 for side in SIDES], axis=-1).astype(np.uint8) * 255
    size = transform.size
    warped = cv2.warpAffine(layers, transform.affine.astype(np.float64), (size, size), flags=cv2.INTER_LINEAR)
    cells = cv2.resize(warped, (size // MASK_STRIDE,) * 2, interpolation=cv2.INTER_AREA)
    return cells.transpose(2, 0, 1) / np.float32(255.0)
