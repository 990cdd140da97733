"""Rotations as the network writes them, and how to compare rotation vectors; logarithms are in `models.rotations`."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

_LEAST_ANGLE = 1e-3
"""Radians; smaller turns have no other way round worth comparing."""


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
    # Without `dim` torch.cross takes the first axis of three entries: the batch's, in a batch of three.
    third = torch.cross(first, second, dim=-1)
    return torch.stack([first, second, third], dim=-1)


def nearest_equivalent(vectors: Tensor, target: Tensor) -> Tensor:
    """The rotation vector of the same rotation that lies nearest to another vector.

    The logarithm jumps where its angle passes pi. A distance between vectors does not, when the same rotation turned
    the other way round, v - 2 pi v / |v|, may be compared instead.

    Args:
        vectors: (..., 3) radians, angles in [0, pi].
        target: (..., 3) radians.

    Returns:
        (..., 3).
    """
    square = (vectors * vectors).sum(dim=-1, keepdim=True)
    small = square < _LEAST_ANGLE**2
    angle = torch.where(small, torch.ones_like(square), square).sqrt()
    other = vectors * (1.0 - 2.0 * math.pi / angle)
    nearer = (other - target).square().sum(-1, keepdim=True) < (vectors - target).square().sum(-1, keepdim=True)
    return torch.where(nearer & ~small, other, vectors)
