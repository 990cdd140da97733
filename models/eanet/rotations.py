"""Rotations as the network writes them: 6D to matrices to axis-angle vectors, with gradients everywhere."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

_TINY = 1e-6


def matrix_from_6d(values: Tensor) -> Tensor:
    """Rotation matrices by Gram-Schmidt (Zhou et al., https://arxiv.org/abs/1812.07035).

    The public code interleaves: elements 0, 2, 4 are the first column, 1, 3, 5 the second.

    Args:
        values: (..., 6).

    Returns:
        (..., 3, 3).
    """
    columns = values.unflatten(-1, (3, 2))
    first = F.normalize(columns[..., 0], dim=-1)
    second = columns[..., 1] - (first * columns[..., 1]).sum(dim=-1, keepdim=True) * first
    second = F.normalize(second, dim=-1)
    # Without `dim` torch.cross would take the batch for the vectors' axis wherever it has three entries.
    third = torch.cross(first, second, dim=-1)
    return torch.stack([first, second, third], dim=-1)


def quaternion_from_matrix(matrix: Tensor) -> Tensor:
    """Unit quaternions w, x, y, z with w >= 0, exact for every angle.

    Of the four ways to write a quaternion by one of its elements, the largest element's is taken (Shepperd,
    https://doi.org/10.2514/3.55767b): its square root is never near zero, so that gradients are finite.

    Args:
        matrix: (..., 3, 3) rotations.

    Returns:
        (..., 4).
    """
    m = matrix
    xx, yy, zz = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    wx, wy, wz = m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]
    xy, xz, yz = m[..., 0, 1] + m[..., 1, 0], m[..., 0, 2] + m[..., 2, 0], m[..., 1, 2] + m[..., 2, 1]
    # Row i is 4 q_i q.
    rows = torch.stack(
        [
            torch.stack([1 + xx + yy + zz, wx, wy, wz], dim=-1),
            torch.stack([wx, 1 + xx - yy - zz, xy, xz], dim=-1),
            torch.stack([wy, xy, 1 - xx + yy - zz, yz], dim=-1),
            torch.stack([wz, xz, yz, 1 - xx - yy + zz], dim=-1),
        ],
        dim=-2,
    )
    largest = torch.diagonal(rows, dim1=-2, dim2=-1).argmax(dim=-1)
    row = rows.gather(-2, largest[..., None, None].expand(*largest.shape, 1, 4)).squeeze(-2)
    quaternion = F.normalize(row, dim=-1)
    return torch.where(quaternion[..., :1] < 0, -quaternion, quaternion)


def axis_angle_from_matrix(matrix: Tensor) -> Tensor:
    """Principal logarithm: rotation vectors of angles in [0, pi], with finite gradients at both ends.

    Args:
        matrix: (..., 3, 3) rotations.

    Returns:
        (..., 3) radians.
    """
    quaternion = quaternion_from_matrix(matrix)
    w, vector = quaternion[..., :1], quaternion[..., 1:]
    square = (vector * vector).sum(dim=-1, keepdim=True)
    small = square < _TINY**2
    # The branch that `where` does not take must have a finite gradient too.
    sine = torch.where(small, torch.ones_like(square), square).sqrt()
    return vector * torch.where(small, 2.0 / w.clamp_min(0.5), 2.0 * torch.atan2(sine, w) / sine)


def matrix_from_axis_angle(vectors: Tensor) -> Tensor:
    """Rodrigues' formula, with finite gradients at 0.

    Args:
        vectors: (..., 3) radians.

    Returns:
        (..., 3, 3).
    """
    square = (vectors * vectors).sum(dim=-1)[..., None, None]
    small = square < _TINY**2
    angle = torch.where(small, torch.ones_like(square), square).sqrt()
    first = torch.where(small, 1.0 - square / 6.0, angle.sin() / angle)
    second = torch.where(small, 0.5 - square / 24.0, (1.0 - angle.cos()) / angle**2)
    x, y, z = vectors.unbind(dim=-1)
    zero = torch.zeros_like(x)
    cross = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], dim=-1).unflatten(-1, (3, 3))
    identity = torch.eye(3, dtype=vectors.dtype, device=vectors.device)
    return identity + first * cross + second * (cross @ cross)


def nearest_equivalent(vectors: Tensor, target: Tensor) -> Tensor:
    """The rotation vector of the same rotation that lies nearest to another vector.

    The logarithm jumps from pi to -pi; a distance between vectors does not when the other turn round the same axis,
    v - 2 pi v / |v|, may be compared instead.

    Args:
        vectors: (..., 3) radians, angles in [0, pi].
        target: (..., 3) radians.

    Returns:
        (..., 3).
    """
    angle = vectors.norm(dim=-1, keepdim=True)
    other = vectors * (1.0 - 2.0 * math.pi / angle.clamp_min(1e-3))
    nearer = (other - target).norm(dim=-1, keepdim=True) < (vectors - target).norm(dim=-1, keepdim=True)
    return torch.where(nearer & (angle > 1e-3), other, vectors)
