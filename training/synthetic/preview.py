"""Contact sheets: samples side by side, with their labels drawn."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from training.data.samples import SEGMENT_BIT, Sample
from training.run.sheets import HAND_COLOURS, draw_hand, tiled


def contact_sheet(samples: Sequence[Sample], columns: int, labelled: bool = True) -> np.ndarray:
    """Images in rows, (H, W, 3) uint8 RGB; with labels: skeletons and outlines, left blue and right orange."""
    return tiled([draw_labels(sample) if labelled else sample.image for sample in samples], columns)


def draw_labels(sample: Sample) -> np.ndarray:
    """A sample's image with what is known of it."""
    picture = sample.image.copy()
    for side, hand in sample.hands.items():
        if sample.segmentation is not None:
            covered = (sample.segmentation & SEGMENT_BIT[side] > 0).astype(np.uint8)
            outlines, _ = cv2.findContours(covered, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
            cv2.drawContours(picture, outlines, -1, HAND_COLOURS[side], 1)
        draw_hand(picture, hand.joints_px, side, dots=True)
    return picture
