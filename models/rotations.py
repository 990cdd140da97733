"""Rotations as vectors and matrices: the exponential and logarithm of SO(3), batched, in numpy.

`rotations_torch` has them with gradients.

A rotation vector is axis times angle, radians. Formulas after Sola, Deray and Atchuthan, "A micro Lie theory"
(https://arxiv.org/abs/1812.01537), appendix B; the logarithm goes through the unit quaternion, whose largest entry is
found first (Shepperd, "Quaternion from rotation matrix", 1978), so that it is accurate at 0 and at pi alike.
"""

from __future__ import annotations

import numpy as np

from models.runtime.compiled import ready

COMPILED_ROTATIONS = f"{__package__}.compiled_rotations"
"""The same in compiled loops, where `models.runtime.compiled` has loaded them."""
SMALL_SQUARE = 1e-6
"""Squared angle below which sin(x) / x and the like are taken from their series, exact to 1e-15 there."""


def exp_so3(vectors: np.ndarray) -> np.ndarray:
    """Rotation matrices (..., 3, 3) of rotation vectors (..., 3), in the vectors' floating type."""
    if vectors.dtype == np.float64 and (compiled := ready(COMPILED_ROTATIONS)):
        turns, _ = compiled.exp_with_jacobian(np.ascontiguousarray(vectors).reshape(-1, 3))
        return turns.reshape(*vectors.shape, 3)
    square = np.einsum("...i,...i->...", vectors, vectors)
    small = square < SMALL_SQUARE
    angle = np.sqrt(np.where(small, 1.0, square))
    first = np.where(small, 1.0 - square / 6.0, np.sin(angle) / angle)
    second = np.where(small, 0.5 - square / 24.0, (1.0 - np.cos(angle)) / (angle * angle))
    x, y, z = (vectors[..., axis] for axis in range(3))
    cosine = 1.0 - second * square
    matrices = np.empty((*vectors.shape, 3), dtype=vectors.dtype)
    matrices[..., 0, 0] = cosine + second * x * x
    matrices[..., 1, 1] = cosine + second * y * y
    matrices[..., 2, 2] = cosine + second * z * z
    for row, column, across, sign in ((0, 1, z, -1.0), (0, 2, y, 1.0), (1, 2, x, -1.0)):
        symmetric, skew = second * vectors[..., row] * vectors[..., column], sign * first * across
        matrices[..., row, column] = symmetric + skew
        matrices[..., column, row] = symmetric - skew
    return matrices


def log_so3(matrices: np.ndarray) -> np.ndarray:
    """Rotation vectors (..., 3) of rotation matrices (..., 3, 3), angles from 0 to pi.

    At pi itself the axis has two signs; either may come back.
    """
    quaternions = _quaternions(matrices)
    real, imaginary = quaternions[..., 0], quaternions[..., 1:]
    square = np.einsum("...i,...i->...", imaginary, imaginary)
    small = square < SMALL_SQUARE
    sine = np.sqrt(np.where(small, 1.0, square))
    # angle / sin(angle / 2); for a small angle real is near 1 and atan(s / c) = s / c - (s / c)^3 / 3.
    safe_real = np.where(small, real, 1.0)
    near = 2.0 / safe_real * (1.0 - square / (3.0 * safe_real**2))
    scale = np.where(small, near, 2.0 * np.arctan2(sine, real) / sine)
    return (imaginary * scale[..., None]).astype(matrices.dtype, copy=False)


def _quaternions(matrices: np.ndarray) -> np.ndarray:
    """Unit quaternions (..., 4), real part first and not negative, of rotation matrices."""
    m00, m01, m02, m10, m11, m12, m20, m21, m22 = np.moveaxis(matrices.reshape(*matrices.shape[:-2], 9), -1, 0)
    # Row k is 4 q_k q: every row is the quaternion, and the one with the largest diagonal is the best conditioned.
    rows = np.stack(
        [
            np.stack([1.0 + m00 + m11 + m22, m21 - m12, m02 - m20, m10 - m01], axis=-1),
            np.stack([m21 - m12, 1.0 + m00 - m11 - m22, m01 + m10, m02 + m20], axis=-1),
            np.stack([m02 - m20, m01 + m10, 1.0 - m00 + m11 - m22, m12 + m21], axis=-1),
            np.stack([m10 - m01, m02 + m20, m12 + m21, 1.0 - m00 - m11 + m22], axis=-1),
        ],
        axis=-2,
    )
    best = np.diagonal(rows, axis1=-2, axis2=-1).argmax(axis=-1)
    row = np.take_along_axis(rows, best[..., None, None], axis=-2)[..., 0, :]
    row = row / np.linalg.norm(row, axis=-1, keepdims=True)
    return np.where(row[..., :1] < 0.0, -row, row)
