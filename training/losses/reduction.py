"""Means over hands that do not depend on how a batch is spread over processes."""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.distributed as dist
from torch import Tensor


def weighted_mean(values: Tensor, weights: Tensor) -> Tensor:
    """Weighted mean of values of the same shape, zero where nothing counts.

    Under `torch.distributed` the weights of all processes are in the denominator, so that the mean over processes,
    which is what distributed training takes of gradients, is the weighted mean over the whole batch.
    """
    total = weights.sum().detach()
    if dist.is_available() and dist.is_initialized():
        dist.all_reduce(total)
        total = total / dist.get_world_size()
    return (values * weights).sum() / total.clamp_min(1e-6)


def weighted_terms(terms: Mapping[str, Tensor], weights: object) -> dict[str, Tensor]:
    """Terms of a loss times their weights, which are this object's attributes of the same names."""
    return {name: getattr(weights, name) * term for name, term in terms.items()}


def world_mean(value: Tensor) -> Tensor:
    """Mean of a detached value over processes."""
    value = value.detach().clone()
    if dist.is_available() and dist.is_initialized():
        dist.all_reduce(value)
        value /= dist.get_world_size()
    return value


def any_process(flag: bool, device: torch.device) -> bool:
    """Whether it holds in any process."""
    return bool(world_mean(torch.tensor(float(flag), device=device)) > 0)
