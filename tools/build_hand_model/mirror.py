"""The left hand: the right one seen in a mirror across x = 0."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

_POINT = np.array([-1.0, 1.0, 1.0])
_AXIS = np.array([1.0, -1.0, -1.0])
"""A rotation vector is axial: mirrored across x it keeps x and turns the others round."""


def mirrored(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays of a right hand, or of its twin, for the left one."""
    # Pose correctives are driven by R - I, whose entry (a, b) changes sign with both axes.
    features = np.tile(np.outer(_POINT, _POINT).ravel(), 15)
    changes = {
        "v_template": lambda array: array * _POINT,
        "f": lambda array: array[:, ::-1],
        "shapedirs": lambda array: array * _POINT[:, None],
        "posedirs": lambda array: array * _POINT[:, None] * features,
        "hands_mean": lambda array: array * np.tile(_AXIS, 15),
        "hands_components": lambda array: array * np.tile(_AXIS, 15),
        "flexion_axes": lambda array: array * _AXIS,
    }
    return {key: changes.get(key, np.copy)(array) for key, array in arrays.items()}
