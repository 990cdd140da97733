"""Where MediaPipe's landmarks lie on a hand model: beside its joints."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from models.fitting.chain import Chain
from models.registry import HandModels
from models.values import SIDES, Side

_TIP_INSET = 0.003
"""Metres: a fingertip is marked within the nail, before the vertex at the finger's very end."""


def uncalibrated_points(hand_models: HandModels) -> Mapping[Side, np.ndarray]:
    """On the joints, and a little before the ends of the fingers: where a calibration starts.

    Returns:
        (21, 3) metres beside each joint, by side; see `Chain.marks`.
    """
    chain = Chain.of(hand_models)
    marks = np.zeros((2, 21, 3))
    ends = chain.offsets[:, :, 3]
    marks[:, 4::4] = -_TIP_INSET * ends / np.linalg.norm(ends, axis=-1, keepdims=True)
    return dict(zip(SIDES, marks, strict=True))


def landmark_points(hand_models: HandModels) -> Mapping[Side, np.ndarray]:
    """(21, 3) metres beside each joint, by side; see `Chain.marks`."""
    return uncalibrated_points(hand_models)
