"""What moves the weights: AdamW, and Muon for the matrices between a network's first and last layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.optim import AdamW, Optimizer

from training.tasks.protocol import Task

if TYPE_CHECKING:
    from training.config import TrainConfig

_LEAST = 16
"""Rows and columns below which orthogonalising a matrix says little."""
_STEPS, _QUINTIC = 5, (3.4445, -4.7750, 2.0315)
"""Newton-Schulz iterations and their coefficients, from https://kellerjordan.github.io/posts/muon/."""
_ADAMS = 0.2
"""Root mean square of AdamW's steps in units of the learning rate, which Muon's are given, so that one rate serves both
(https://arxiv.org/abs/2502.16982, section 2.2)."""


def orthogonalised(matrices: Tensor) -> Tensor:
    """Nearly the orthogonal factors U V^T of matrices U S V^T: all singular values between .7 and 1.2.

    Args:
        matrices: (..., M, N).
    """
    wide = matrices.shape[-2] <= matrices.shape[-1]
    x = matrices if wide else matrices.mT
    x = x / x.norm(dim=(-2, -1), keepdim=True).clamp_min(1e-7)
    first, second, third = _QUINTIC
    for _ in range(_STEPS):
        square = x @ x.mT
        x = first * x + (second * square + third * square @ square) @ x
    return x if wide else x.mT


class Muon(Optimizer):
    """Momentum whose steps are orthogonalised: all directions of a layer learn at one rate, rare ones too.

    torch's own takes plain matrices alone; this one also takes stacks of them, and the kernels of convolutions as
    matrices of one row for each output.

    Args:
        groups: as of any optimiser.
        lr: of AdamW; see `_ADAMS`.
        momentum: Nesterov's.
        dtype: in which matrices are orthogonalised; bfloat16 does where it is faster.
    """

    def __init__(
        self, groups: list[dict[str, Any]], lr: float, momentum: float = 0.95, dtype: torch.dtype = torch.float32
    ) -> None:
        super().__init__(groups, {"lr": lr, "momentum": momentum})
        self._dtype = dtype

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Move every parameter that has a gradient; those of one shape together, which a GPU needs to be busy."""
        assert closure is None
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[nn.Parameter]] = {}
            for parameter in group["params"]:
                if parameter.grad is not None:
                    by_shape.setdefault(parameter.shape, []).append(parameter)
            for parameters in by_shape.values():
                self._move(parameters, group["lr"], group["momentum"])

    def _move(self, parameters: list[nn.Parameter], rate: float, momentum: float) -> None:
        averages: list[Tensor] = []
        gradients: list[Tensor] = []
        for parameter in parameters:
            state = self.state[parameter]
            if not state:
                state["average"] = torch.zeros_like(parameter)
            averages.append(state["average"])
            assert parameter.grad is not None
            gradients.append(parameter.grad)
        new, old = torch.stack(gradients), torch.stack(averages)
        old = old.lerp(new, 1.0 - momentum)
        for average, moved in zip(averages, old.unbind(), strict=True):
            average.copy_(moved)
        ahead = new.lerp(old, momentum)
        steps = orthogonalised((ahead.flatten(2) if ahead.ndim == 5 else ahead).to(self._dtype))
        size = max(steps.shape[-2:]) ** 0.5
        for parameter, move in zip(parameters, steps.reshape(ahead.shape).unbind(), strict=True):
            parameter.add_(move, alpha=-rate * _ADAMS * size)


def create_optimisers(config: TrainConfig, task: Task) -> list[Optimizer]:
    """Optimisers of a run; each of their groups has a `rate`, a factor on the run's learning rate."""
    names = {id(parameter): name for name, parameter in task.network.named_parameters()}
    steady: list[dict[str, Any]] = []
    turned: list[dict[str, Any]] = []
    for group in task.parameter_groups():
        trained = [parameter for parameter in group.parameters if parameter.requires_grad]
        matrices = [
            parameter
            for parameter in trained
            if config.optimiser == "muon" and _is_inner_matrix(names[id(parameter)], parameter, task.outer)
        ]
        held = set(map(id, matrices))
        others = [parameter for parameter in trained if id(parameter) not in held]
        for groups, parameters in ((steady, others), (turned, matrices)):
            if parameters:
                groups.append({"params": parameters, "rate": group.rate})
    optimisers: list[Optimizer] = []
    if steady:
        optimisers.append(AdamW(steady, lr=config.learning_rate, betas=config.betas, weight_decay=config.weight_decay))
    if turned:
        dtype = torch.bfloat16 if config.precision == "bf16" else torch.float32
        optimisers.append(Muon(turned, config.learning_rate, dtype=dtype))
    return optimisers


def _is_inner_matrix(name: str, parameter: nn.Parameter, outer: Sequence[str]) -> bool:
    if parameter.ndim < 2 or not name.endswith("weight") or name.startswith(tuple(outer)):
        return False
    rows, columns = (len(parameter), parameter[0].numel()) if parameter.ndim == 4 else parameter.shape[-2:]
    return min(rows, columns) >= _LEAST
