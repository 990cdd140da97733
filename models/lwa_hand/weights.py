"""Loads weights of LWA-HAND, those that were trained before the network told how sure it is included."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from torch import Tensor

from models.lwa_hand.network import LwaHand
from models.weights_io import load_weights

_LATER = "spread."
"""Beginning of the names of parameters that weights of earlier versions lack."""


def load_network(path: Path, network: LwaHand, *, sha256: str | None = None) -> None:
    """Load a network's weights; of a part that they lack, it keeps what it says of all joints alike.

    Args:
        path: a safetensors file.
        network: to fill.
        sha256: of the file, where it is known.

    Raises:
        BothhandsError: missing, damaged, or of another network.
    """
    load_weights(path, network, sha256=sha256, adapt=partial(_completed, network))


def _completed(network: LwaHand, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    if any(name.startswith(_LATER) for name in tensors):
        return dict(tensors)
    return dict(tensors) | {name: value for name, value in network.state_dict().items() if name.startswith(_LATER)}
