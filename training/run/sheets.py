"""What sheets of images are made of: hands drawn into images, and images side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

from models.values import FINGERS, WRIST, Side

HAND_COLOURS: dict[Side, tuple[int, int, int]] = {"left": (60, 170, 255), "right": (255, 140, 30)}
_BONES = [bone for chain in FINGERS.values() for bone in pairwise((WRIST, *chain))]
_SHIFT = 4
"""Bits of a pixel's fraction: what cv2 takes are whole numbers."""
_FARTHEST = 4.0
"""Image widths from the image beyond which a point is drawn nearer; cv2 overflows far away."""


def draw_hand(image: np.ndarray, joints_px: np.ndarray, side: Side, dots: bool = False) -> None:
    """Draw the bones of a hand, thin, in the side's colour; those whose ends are not known are left out.

    Args:
        image: (H, W, 3) uint8 RGB, written to.
        joints_px: (21, 2) px; a point that is not known is not a number.
        side: which hand it is.
        dots: whether to mark the points too.
    """
    known = np.isfinite(joints_px).all(axis=1)
    limit = _FARTHEST * image.shape[1]
    near = np.clip(np.where(known[:, None], joints_px, 0.0), -limit, limit)
    points = np.rint(near * (1 << _SHIFT)).astype(int).tolist()
    for start, end in _BONES:
        if known[start] and known[end]:
            cv2.line(image, points[start], points[end], HAND_COLOURS[side], 1, cv2.LINE_AA, _SHIFT)
    if dots:
        for joint in np.flatnonzero(known):
            cv2.circle(image, points[joint], 2 << _SHIFT, (255, 255, 255), -1, cv2.LINE_AA, _SHIFT)


def tiled(pictures: Sequence[np.ndarray], columns: int) -> np.ndarray:
    """Images of one size (H, W, 3) in rows, the last one filled up with black."""
    filled = [*pictures, *[np.zeros_like(pictures[0])] * (-len(pictures) % columns)]
    rows = [np.concatenate(filled[start : start + columns], axis=1) for start in range(0, len(filled), columns)]
    return np.concatenate(rows)
