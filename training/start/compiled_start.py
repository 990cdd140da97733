"""The first stages of LWA-HAND's encoder, compiled, for training in which they stay as they are.

They see the largest maps: eager torch spends a third of a training step in them, of which OpenVINO, which fuses what
torch reads and writes one after the other, leaves a quarter. Its numbers are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from models.feature_attention.encoder import FeatureAttentionEncoder

if TYPE_CHECKING:
    from models.runtime.static_network import StaticNetwork


class _Begin(nn.Module):
    def __init__(self, encoder: FeatureAttentionEncoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, image: Tensor) -> Tensor:
        return FeatureAttentionEncoder.begin(self.encoder, image)


class CompiledStart:
    """Stands in for `FeatureAttentionEncoder.begin`.

    Args:
        encoder: whose first stages do not change any more.
    """

    def __init__(self, encoder: FeatureAttentionEncoder) -> None:
        self._begin = _Begin(encoder).eval()
        self._networks: dict[torch.Size, StaticNetwork] = {}

    def __call__(self, image: Tensor) -> Tensor:
        """See `FeatureAttentionEncoder.begin`; no gradients."""
        from models.runtime.openvino import compile_network
        from models.runtime.static_network import StaticNetwork

        network = self._networks.get(image.shape)
        if network is None:
            network = StaticNetwork(compile_network(self._begin, example=[torch.zeros(image.shape)]))
            self._networks[image.shape] = network
        network.input[...] = image.numpy()
        # The next call overwrites the output; the trainer's maps lie channels last.
        return torch.from_numpy(network.infer()[0]).to(memory_format=torch.channels_last, copy=True)

    def __getstate__(self) -> dict[str, object]:
        """What goes to the process that converts networks: the encoder holds this, and compiled ones cannot go."""
        return {**vars(self), "_networks": {}}


def compile_start(encoder: FeatureAttentionEncoder) -> None:
    """Let an encoder run its first stages compiled from now on; it cannot be copied any more."""
    encoder.begin = CompiledStart(encoder)  # type: ignore[method-assign]


class StillStart:
    """Compiles the first stages of a run's encoder where they stay as they are in all of it, and OpenVINO is there.

    Args:
        encoder: in training.
        prefix: of its parameters' names in the network.
        frozen: starts of the names that are never trained.
    """

    def __init__(self, encoder: FeatureAttentionEncoder, prefix: str, frozen: Sequence[str]) -> None:
        starts = tuple(frozen)
        read = ["tokens", *(f"stem.{name}" for name, _ in encoder.stem.named_parameters())]
        read += [f"stages.{name}" for name, _ in encoder.first_stages.named_parameters()]
        still = all(f"{prefix}{name}".startswith(starts) for name in read)
        self._waiting = encoder if still else None

    def begin(self, device: torch.device) -> None:
        """To be called before each step: until the first one the trainer makes copies of the network."""
        if self._waiting is not None and device.type == "cpu" and find_spec("openvino") is not None:
            compile_start(self._waiting)
            self._waiting = None
