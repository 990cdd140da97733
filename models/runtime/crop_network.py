"""A network that looks at one square crop at a time, as the app runs it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from torch import nn

from models.runtime.torch_module import EagerRunner, Precision, Runner, create_runner


class CropNetwork:
    """Base of the reconstructors that run a network: compiles it when it is first needed, and lets it go.

    Args:
        module: in eval mode; takes (1, size, size, 3) uint8 RGB.
        size: side of the crop, px.
        device: "cpu" or "cuda:N".
        precisions: half precisions that the network bears, see `create_runner`.
    """

    def __init__(self, module: nn.Module, size: int, device: str, precisions: Sequence[Precision]) -> None:
        self._module = module
        self._example = np.zeros((1, size, size, 3), np.uint8)
        self._device = device
        self._precisions = precisions
        self._runner: Runner | None = None

    def reset(self) -> None:
        """Nothing is carried from one crop to the next."""

    def warm_up(self) -> None:
        """Compile the network and run it once."""
        self._runner = create_runner(self._module, self._example, self._device, self._precisions)
        self._runner(self._example)

    def close(self) -> None:
        """Release the compiled network."""
        self._runner = None

    def runners(self) -> tuple[Runner, Runner]:
        """What runs the network, and eager torch over the same weights to compare it with."""
        return self._ready(), EagerRunner(self._module, self._device)

    def _look(self, image: np.ndarray) -> list[np.ndarray]:
        """The network's outputs for one crop (size, size, 3), without the batch axis."""
        return [output[0] for output in self._ready()(image[None])]

    def _ready(self) -> Runner:
        if self._runner is None:
            self.warm_up()
            assert self._runner is not None
        return self._runner
