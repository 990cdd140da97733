"""Small loops over a hand's joints that numba compiles: in numpy such few numbers cost as much as thousands.

Each stands in for the function of its name in `models.rotations`, `models.fitting` or `models.hand_model`, which use it
where it is loaded: see `models.runtime.compiled`.
"""

from __future__ import annotations

import math

import numpy as np
from numba import float64, int64, njit, types

_VECTOR = types.Array(float64, 1, "C", readonly=True)
_VECTORS = types.Array(float64, 2, "C", readonly=True)
_MATRICES = types.Array(float64, 3, "C", readonly=True)
_NUMBERS = types.Array(int64, 1, "C", readonly=True)
_KEPT = {"cache": True, "nogil": True, "error_model": "numpy"}


@njit([(_VECTORS,)], **_KEPT)
def exp_with_jacobian(vectors):
    """Rotation matrices and left Jacobians (N, 3, 3) of vectors (N, 3)."""
    turns, lefts = np.empty((len(vectors), 3, 3)), np.empty((len(vectors), 3, 3))
    for n in range(len(vectors)):
        x, y, z = vectors[n, 0], vectors[n, 1], vectors[n, 2]
        square = x * x + y * y + z * z
        if square < 1e-6:
            first, second = 1.0 - square / 6.0, 0.5 - square / 24.0
            third = 1.0 / 6.0 - square / 120.0
        else:
            angle = math.sqrt(square)
            sine, cosine = math.sin(angle), math.cos(angle)
            first, second, third = sine / angle, (1.0 - cosine) / square, (angle - sine) / (square * angle)
        for row in range(3):
            for column in range(3):
                squared = vectors[n, row] * vectors[n, column] - (square if row == column else 0.0)
                one = 1.0 if row == column else 0.0
                turns[n, row, column] = one + second * squared
                lefts[n, row, column] = one + third * squared
        for row, column, entry in ((1, 0, z), (0, 2, y), (2, 1, x)):
            turns[n, row, column] += first * entry
            turns[n, column, row] -= first * entry
            lefts[n, row, column] += second * entry
            lefts[n, column, row] -= second * entry
    return turns, lefts


@njit([(_MATRICES,)], **_KEPT)
def log_rotations(matrices):
    """Vectors (N, 3) of rotation matrices (N, 3, 3), less than half a turn."""
    vectors = np.empty((len(matrices), 3))
    for n in range(len(matrices)):
        matrix = matrices[n]
        x, y, z = matrix[2, 1] - matrix[1, 2], matrix[0, 2] - matrix[2, 0], matrix[1, 0] - matrix[0, 1]
        sine = 0.5 * math.sqrt(x * x + y * y + z * z)
        cosine = 0.5 * (matrix[0, 0] + matrix[1, 1] + matrix[2, 2] - 1.0)
        scale = 0.5 * (math.atan2(sine, cosine) / sine if sine > 1e-9 else 1.0)
        vectors[n, 0], vectors[n, 1], vectors[n, 2] = scale * x, scale * y, scale * z
    return vectors


@njit(
    [(_MATRICES, _VECTORS, _VECTOR, _NUMBERS)],
    **_KEPT,
)
def pose_skeleton(local, rest, translation, parents):
    """Pose joints that follow their parents in their order.

    Args:
        local: (J, 3, 3) rotations relative to the parent.
        rest: (J, 3) joints at rest.
        translation: (3,).
        parents: (J,), the first's does not count.

    Returns:
        Transforms (J, 3, 4) from the rest frame, and places (J, 3) of the joints.
    """
    transforms, places = np.empty((len(rest), 3, 4)), np.empty((len(rest), 3))
    for joint in range(len(rest)):
        parent = parents[joint]
        for row in range(3):
            for column in range(3):
                if joint == 0:
                    transforms[joint, row, column] = local[joint, row, column]
                else:
                    turned = 0.0
                    for k in range(3):
                        turned += transforms[parent, row, k] * local[joint, k, column]
                    transforms[joint, row, column] = turned
            if joint == 0:
                places[joint, row] = rest[joint, row] + translation[row]
            else:
                places[joint, row] = places[parent, row]
                for k in range(3):
                    places[joint, row] += transforms[parent, row, k] * (rest[joint, k] - rest[parent, k])
            transforms[joint, row, 3] = places[joint, row]
            for k in range(3):
                transforms[joint, row, 3] -= transforms[joint, row, k] * rest[joint, k]
    return transforms, places
