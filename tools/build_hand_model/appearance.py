"""Where the twin's skin differs from its base tone: palm, redder places, nails."""

from __future__ import annotations

import numpy as np

from build_hand_model.mesh import vertex_normals

_JOINT_SPREAD = 0.007
_TIP_SPREAD = 0.009
_KNUCKLE_OFFSET = np.array([0.0, 0.006, 0.0])
"""From a joint to the skin over it, metres."""


def palm_mask(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(V,) 0 on the back of the hand to 1 on the palm, metres in, MANO's frame (palm -y)."""
    facing = -vertex_normals(vertices, faces)[:, 1]
    mask = _smooth_step(facing, -0.15, 0.55)
    return _average_neighbours(mask, faces, rounds=2)


def redness_mask(
    vertices: np.ndarray, faces: np.ndarray, joints: np.ndarray, tips: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """(V,) 0..1: knuckles seen from the back, and finger tips."""
    back = _smooth_step(vertex_normals(vertices, faces)[:, 1], 0.0, 0.6)
    knuckles = np.linalg.norm(vertices[:, None] - joints[1:] - _KNUCKLE_OFFSET, axis=-1).min(1)
    on_finger = weights[:, 3::3]
    ends = (on_finger * np.exp(-(np.linalg.norm(vertices[:, None] - tips, axis=-1) ** 2) / _TIP_SPREAD**2)).sum(1)
    return np.clip(0.7 * back * np.exp(-((knuckles / _JOINT_SPREAD) ** 2)) + ends, 0.0, 1.0)


def _smooth_step(values: np.ndarray, low: float, high: float) -> np.ndarray:
    fraction = np.clip((values - low) / (high - low), 0.0, 1.0)
    return fraction * fraction * (3.0 - 2.0 * fraction)


def _average_neighbours(values: np.ndarray, faces: np.ndarray, rounds: int) -> np.ndarray:
    for _ in range(rounds):
        total, count = values.copy(), np.ones_like(values)
        for first, second in ((0, 1), (1, 2), (2, 0)):
            np.add.at(total, faces[:, first], values[faces[:, second]])
            np.add.at(count, faces[:, first], 1.0)
        values = total / count
    return values
