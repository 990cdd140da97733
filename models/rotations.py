"""Rotations as vectors and matrices: the exponential and logarithm of SO(3), batched, in numpy and torch.

A rotation vector is axis times angle, radians. Formulas after Sola, Deray and Atchuthan, "A micro Lie theory"
(https://arxiv.org/abs/1812.01537), appendix B; the logarithm goes through the unit quaternion, whose largest entry is
found first (Shepperd, "Quaternion from rotation matrix", 1978), so that it is accurate at 0 and at pi alike.
"""

from __future__ import annotations

import numpy as np
import torch

from models.runtime.compiled import ready

_SMALL_SQUARE = 1e-6
"""Squared angle below which sin(x) / x and the like are taken from their series, exact to 1e-15 there."""


def exp_so3(vectors: np.ndarray) -> np.ndarray:
    """Rotation matrices (..., 3, 3) of rotation vectors (..., 3), in the vectors' floating type."""
    if vectors.dtype == np.float64 and (compiled := ready("models.compiled_rotations")):
        turns, _ = compiled.exp_with_jacobian(np.ascontiguousarray(vectors).reshape(-1, 3))
        return turns.reshape(*vectors.shape, 3)
    square = np.einsum("...i,...i->...", vectors, vectors)
    small = square < _SMALL_SQUARE
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
    return log_so3_torch(torch.from_numpy(np.ascontiguousarray(matrices))).numpy()


def exp_so3_torch(vectors: torch.Tensor) -> torch.Tensor:
    """`exp_so3` with gradients, finite everywhere, at zero too."""
    square = (vectors * vectors).sum(-1)
    small = square < _SMALL_SQUARE
    # The branch that is not taken must not divide by zero either, or its gradient is not a number.
    angle = torch.where(small, torch.ones_like(square), square).sqrt()
    first = torch.where(small, 1.0 - square / 6.0, angle.sin() / angle)
    second = torch.where(small, 0.5 - square / 24.0, (1.0 - angle.cos()) / (angle * angle))
    x, y, z = vectors.unbind(-1)
    cosine = 1.0 - second * square
    xy, xz, yz = second * x * y, second * x * z, second * y * z
    rx, ry, rz = first * x, first * y, first * z
    rows = [
        *(cosine + second * x * x, xy - rz, xz + ry),
        *(xy + rz, cosine + second * y * y, yz - rx),
        *(xz - ry, yz + rx, cosine + second * z * z),
    ]
    return torch.stack(rows, dim=-1).unflatten(-1, (3, 3))


def log_so3_torch(matrices: torch.Tensor) -> torch.Tensor:
    """`log_so3` with gradients, finite everywhere but at pi."""
    quaternion = _quaternion(matrices)
    real, imaginary = quaternion[..., 0], quaternion[..., 1:]
    square = (imaginary * imaginary).sum(-1)
    small = square < _SMALL_SQUARE
    sine = torch.where(small, torch.ones_like(square), square).sqrt()
    # angle / sin(angle / 2); for a small angle real is near 1 and atan(s / c) = s / c - (s / c)^3 / 3.
    safe_real = torch.where(small, real, torch.ones_like(real))
    scale = torch.where(
        small, 2.0 / safe_real * (1.0 - square / (3.0 * safe_real**2)), 2.0 * torch.atan2(sine, real) / sine
    )
    return imaginary * scale[..., None]


def _quaternion(matrices: torch.Tensor) -> torch.Tensor:
    """Unit quaternions (..., 4), real part first and not negative, of rotation matrices."""
    flat = matrices.flatten(-2).unbind(-1)
    m00, m01, m02, m10, m11, m12, m20, m21, m22 = flat
    # Row k is 4 q_k q: every row is the quaternion, and the one with the largest diagonal is the best conditioned.
    rows = torch.stack(
        [
            torch.stack([1.0 + m00 + m11 + m22, m21 - m12, m02 - m20, m10 - m01], dim=-1),
            torch.stack([m21 - m12, 1.0 + m00 - m11 - m22, m01 + m10, m02 + m20], dim=-1),
            torch.stack([m02 - m20, m01 + m10, 1.0 - m00 + m11 - m22, m12 + m21], dim=-1),
            torch.stack([m10 - m01, m02 + m20, m12 + m21, 1.0 - m00 - m11 + m22], dim=-1),
        ],
        dim=-2,
    )
    best = rows.diagonal(dim1=-2, dim2=-1).argmax(-1)
    row = rows.gather(-2, best[..., None, None].expand(*best.shape, 1, 4)).squeeze(-2)
    row = row / row.norm(dim=-1, keepdim=True)
    return torch.where(row[..., :1] < 0.0, -row, row)
