"""What tasks share."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from models.errors import BothhandsError
from models.places import notes_file
from models.weights_version import VERSION_NOTE, WEIGHTS_VERSION
from training.tasks.protocol import ParameterGroup

W = TypeVar("W")
T = TypeVar("T")


def changed_weights(weights: W, changes: Mapping[str, float]) -> W:
    """A dataclass of loss weights with a run's changes.

    Raises:
        BothhandsError: no such term.
    """
    try:
        return replace(weights, **changes)  # type: ignore[type-var]
    except TypeError as error:
        names = ", ".join(weights.__dataclass_fields__)  # type: ignore[attr-defined]
        raise BothhandsError(f"loss_weights names a term that this network lacks; its terms are {names}.") from error


def grouped_by_rate(network: nn.Module, rate_of: Callable[[str], float]) -> list[ParameterGroup]:
    """All parameters of a network, those together that share a factor on the learning rate, which their names tell."""
    groups: dict[float, list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        groups.setdefault(rate_of(name), []).append(parameter)
    return [ParameterGroup(parameters, rate) for rate, parameters in groups.items()]


def floats(value: T) -> T:
    """The same nest of named tuples with tensors in single precision: losses are computed in it."""
    if isinstance(value, Tensor):
        return value.float()  # type: ignore[return-value]
    assert isinstance(value, tuple)
    parts = map(floats, value)
    return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)  # type: ignore[return-value]


def in_single_precision(device: torch.device) -> torch.autocast:
    """Within it, matrix products of the hand model are not rounded to bfloat16, which moves vertices by .4 mm."""
    return torch.autocast(device.type, enabled=False)


def write_card(weights: Path, sha256: str, notes: Mapping[str, Any]) -> None:
    """Write what the model's card says of its weights beside them."""
    text = json.dumps({VERSION_NOTE: WEIGHTS_VERSION, "sha256": sha256, **notes}, indent=2, ensure_ascii=False) + "\n"
    notes_file(weights).write_text(text, encoding="utf-8")
