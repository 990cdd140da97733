"""What runs a network, and what it calculates in; nothing here loads torch or OpenVINO."""

from __future__ import annotations

from typing import Literal, Protocol, TypeAlias

import numpy as np

Precision: TypeAlias = Literal["f32", "bf16", "f16"]


class Runner(Protocol):
    """Runs a network of one input."""

    name: str

    def __call__(self, batch: np.ndarray) -> list[np.ndarray]:
        """The network's outputs for an input of the example's shape; valid until the next call."""
        ...
