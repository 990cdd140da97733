"""Images of what a network in training says."""

from __future__ import annotations

import numpy as np

from models.values import SIDES
from training.data.examples import Batch
from training.run.sheets import draw_hand, tiled
from training.tasks.protocol import Prediction

_SHOWN = 0.5


def prediction_sheet(batch: Batch, prediction: Prediction, columns: int = 8) -> np.ndarray:
    """The images of a batch in rows with the predicted skeletons of hands that are said to be there.

    Returns:
        (H, W, 3) uint8 RGB.
    """
    pictures = [image.copy() for image in batch.image.cpu().numpy()]
    points = prediction.joints_2d.float().cpu().numpy()
    presence = prediction.presence.float().cpu().numpy()
    for picture, hands, sure in zip(pictures, points, presence, strict=True):
        for side, hand, score in zip(SIDES, hands, sure, strict=True):
            if score > _SHOWN:
                draw_hand(picture, (hand + 1.0) * (len(picture) / 2.0) - 0.5, side)
    return tiled(pictures, columns)
