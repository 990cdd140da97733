"""What readers say of a hand, as observations with their uncertainties."""

from __future__ import annotations

import numpy as np

from models.fitting.solver import PIXEL_SIGMA, WORLD_SIGMA, box_px, observe
from models.values import HandObservation, Intrinsics

NETWORK_PIXELS, NETWORK_METRES = 0.03, np.array([0.007, 0.007, 0.010])
"""Of the joints of a reconstruction network: by what fits held-out hands best. The errors themselves are larger, but
most of them all joints of a hand share."""
_LEAST_RATIO, _MOST_RATIO = 0.5, 3.0
"""Of one joint's expected error to those of the whole hand, as far as a network is believed in it."""


def landmark_observation(
    landmarks: np.ndarray, world_landmarks: np.ndarray, presence: float, left_odds: float, intrinsics: Intrinsics
) -> HandObservation:
    """What MediaPipe's landmark network says of a hand.

    World landmarks are turned from the hand's viewing ray to the camera's axes: the network sees each hand as if it
    stood straight ahead of the camera.

    Args:
        landmarks: (21, 2) frame px.
        world_landmarks: (21, 3) metres, any origin.
        presence: 0..1.
        left_odds: log odds that it is the left hand.
        intrinsics: of the frame.
    """
    seen = observe(landmarks[None], world_landmarks[None], intrinsics)
    sigma_2d = np.full(21, PIXEL_SIGMA * seen.box_px[0])
    sigma_3d = np.tile(WORLD_SIGMA, (21, 1))
    return HandObservation("landmarks", presence, left_odds, seen.landmarks[0], sigma_2d, seen.world[0], sigma_3d)


def network_observation(
    joints_2d: np.ndarray,
    joints_3d: np.ndarray,
    presence: float,
    left_odds: float = 0.0,
    errors_px: np.ndarray | None = None,
) -> HandObservation:
    """What a reconstruction network says of a hand.

    Args:
        joints_2d: (21, 2) frame px.
        joints_3d: (21, 3) metres, camera axes, any origin.
        presence: 0..1.
        left_odds: log odds that it is the left hand.
        errors_px: (21,) that the network expects of its joints: those of which it expects more count less, beside the
            others of the hand. None: all count the same.
    """
    joints_2d, joints_3d = np.asarray(joints_2d, np.float64), np.asarray(joints_3d, np.float64)
    ratio = np.ones(21) if errors_px is None else _to_typical(np.asarray(errors_px, np.float64))
    sigma_2d = NETWORK_PIXELS * box_px(joints_2d[None])[0] * ratio
    sigma_3d = NETWORK_METRES * ratio[:, None]
    return HandObservation("network", presence, left_odds, joints_2d, sigma_2d, joints_3d, sigma_3d)


def _to_typical(errors_px: np.ndarray) -> np.ndarray:
    """(21,) each error over their geometric mean."""
    ratio = errors_px / np.exp(np.log(np.maximum(errors_px, 1e-6)).mean())
    return np.clip(ratio, _LEAST_RATIO, _MOST_RATIO)
