"""Contact sheets: samples side by side, with their labels drawn."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from models.values import FINGERS, WRIST, Side
from training.samples import SEGMENT_BIT, Sample

_COLOURS: dict[Side, tuple[int, int, int]] = {"left": (60, 170, 255), "right": (255, 140, 30)}
_SHIFT = 4


def contact_sheet(samples: Sequence[Sample], columns: int, labelled: bool = True) -> np.ndarray:
    """Pictures in rows, (H, W, 3) uint8 RGB; with labels: skeletons and outlines, left blue and right orange."""
    pictures = [draw_labels(sample) if labelled else sample.image for sample in samples]
    blank = np.zeros_like(pictures[0])
    pictures += [blank] * (-len(pictures) % columns)
    rows = [np.concatenate(pictures[start : start + columns], axis=1) for start in range(0, len(pictures), columns)]
    return np.concatenate(rows)


def draw_labels(sample: Sample) -> np.ndarray:
    """A sample's picture with what is known of it."""
    picture = sample.image.copy()
    for side, hand in sample.hands.items():
        colour = _COLOURS[side]
        if sample.segmentation is not None:
            covered = (sample.segmentation & SEGMENT_BIT[side] > 0).astype(np.uint8)
            outlines, _ = cv2.findContours(covered, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
            cv2.drawContours(picture, outlines, -1, colour, 1)
        points = np.rint(hand.joints_px * (1 << _SHIFT)).astype(int).tolist()
        for chain in FINGERS.values():
            for start, end in zip((WRIST, *chain), chain, strict=False):
                cv2.line(picture, points[start], points[end], colour, 1, cv2.LINE_AA, _SHIFT)
        for point in points:
            cv2.circle(picture, point, 2 << _SHIFT, (255, 255, 255), -1, cv2.LINE_AA, _SHIFT)
    return picture
