"""Pictures of what a network in training says."""

from __future__ import annotations

import cv2
import numpy as np

from models.values import FINGERS, SIDES, WRIST, Side
from training.examples import Batch
from training.tasks.protocol import Prediction

_COLOURS: dict[Side, tuple[int, int, int]] = {"left": (60, 170, 255), "right": (255, 140, 30)}
_SHOWN = 0.5
_SHIFT = 4


def prediction_sheet(batch: Batch, prediction: Prediction, columns: int = 8) -> np.ndarray:
    """The pictures of a batch in rows with the predicted skeletons of hands that are said to be there.

    Returns:
        (H, W, 3) uint8 RGB.
    """
    pictures = [image.copy() for image in batch.image.cpu().numpy()]
    points = prediction.joints_2d.float().cpu().numpy()
    presence = prediction.presence.float().cpu().numpy()
    for picture, hands, sure in zip(pictures, points, presence, strict=True):
        for side, hand, score in zip(SIDES, hands, sure, strict=True):
            if score > _SHOWN:
                _draw(picture, (hand + 1.0) * (len(picture) / 2.0) - 0.5, _COLOURS[side])
    pictures += [np.zeros_like(pictures[0])] * (-len(pictures) % columns)
    rows = [np.concatenate(pictures[start : start + columns], axis=1) for start in range(0, len(pictures), columns)]
    return np.concatenate(rows)


def _draw(picture: np.ndarray, joints_px: np.ndarray, colour: tuple[int, int, int]) -> None:
    limit = 4.0 * len(picture)
    points = np.rint(np.clip(joints_px, -limit, limit) * (1 << _SHIFT)).astype(int).tolist()
    for chain in FINGERS.values():
        for start, end in zip((WRIST, *chain), chain, strict=False):
            cv2.line(picture, points[start], points[end], colour, 1, cv2.LINE_AA, _SHIFT)
