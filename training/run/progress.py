"""How weights move through a run: the learning rate, what stays as it is, the average that is kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from models.errors import BothhandsError

if TYPE_CHECKING:
    from training.config import TrainConfig

_LOWEST = 0.01
"""Of the learning rate, where the cosine ends."""


def learning_rate(config: TrainConfig, step: int) -> float:
    """At a step, before the factors of stage and parameters."""
    return rate_at(config, step, step / config.steps)


def rate_at(config: TrainConfig, step: int, part: float) -> float:
    """The same where another part of the run than its steps tell is done: a run that ends by the clock."""
    rise = min((step + 1) / config.warm_up, 1.0) if config.warm_up else 1.0
    if config.schedule == "steps":
        return config.learning_rate * rise * 0.1 ** sum(part >= fall for fall in config.falls)
    cosine = 0.5 * (1.0 + math.cos(math.pi * part))
    return config.learning_rate * rise * (_LOWEST + (1.0 - _LOWEST) * cosine)


def freeze(network: nn.Module, starts: Sequence[str]) -> list[nn.Module]:
    """Take these parameters out of training; returns the modules that have no others, whose batch norms stay, too."""
    network.requires_grad_(True)
    for parameter in parameters_of(network, starts):
        parameter.requires_grad_(False)
    return [
        module
        for module in network.modules()
        if (own := list(module.parameters())) and not any(parameter.requires_grad for parameter in own)
    ]


def parameters_of(network: nn.Module, starts: Sequence[str]) -> list[nn.Parameter]:
    """Parameters whose names begin so.

    Raises:
        BothhandsError: none begins like one of these.
    """
    named = dict(network.named_parameters())
    for start in starts:
        if not any(name.startswith(start) for name in named):
            raise BothhandsError(f"frozen names {start!r}, but no parameter begins so; one is {next(iter(named))!r}.")
    return [parameter for name, parameter in named.items() if name.startswith(tuple(starts))]


def averaging(decay: float) -> Callable[[Sequence[Tensor], Sequence[Tensor], Tensor | int], None]:
    """Exponential average that forgets faster at first, when what it holds is a beginner's weights."""

    @torch.no_grad()
    def average(kept: Sequence[Tensor], new: Sequence[Tensor], count: Tensor | int) -> None:
        own = min(decay, (1.0 + float(count)) / (10.0 + float(count)))
        for old, fresh in zip(kept, new, strict=True):
            old.lerp_(fresh, 1.0 - own) if old.is_floating_point() else old.copy_(fresh)

    return average
