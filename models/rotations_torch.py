"""`models.rotations` in torch, with gradients."""

from __future__ import annotations

import torch

from models.rotations import SMALL_SQUARE


def exp_so3_torch(vectors: torch.Tensor) -> torch.Tensor:
    """`exp_so3` with gradients, finite everywhere, at zero too."""
    square = (vectors * vectors).sum(-1)
    small = square < SMALL_SQUARE
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
    small = square < SMALL_SQUARE
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
