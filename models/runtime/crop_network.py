"""A network that looks at one square crop at a time, as the app runs it."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.errors import BothhandsError
from models.runtime.network_files import NetworkFiles
from models.runtime.runner import Precision, Runner

if TYPE_CHECKING:
    import torch
    from torch import nn

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NetworkSource:
    """Where a network comes from.

    Attributes:
        module: makes it in torch, in eval mode; takes (1, size, size, 3) uint8 RGB. Called where a file does not serve.
        files: the same network as OpenVINO's own files, which a processor runs without torch; None where it has none.
    """

    module: Callable[[], nn.Module]
    files: NetworkFiles | None = None


class CropNetwork:
    """Base of the reconstructors that run a network: compiles it when it is first needed, and lets it go.

    Args:
        source: of the network.
        size: side of the crop, px.
        device: "cpu" or "cuda:N".
        precisions: half precisions that the network bears, see `create_runner`.
    """

    def __init__(self, source: NetworkSource, size: int, device: str, precisions: Sequence[Precision]) -> None:
        self._source = source
        self._example = np.zeros((1, size, size, 3), np.uint8)
        self._device = device
        self._precisions = precisions
        self._runner: Runner | None = None

    @functools.cached_property
    def module(self) -> nn.Module:
        """The network in torch, which is loaded for it."""
        return self._source.module()

    @property
    def graph_dtype(self) -> torch.dtype:
        """What it computes in on a GPU."""
        from models.runtime.torch_module import graph_dtype

        return graph_dtype(self._precisions)

    def reset(self) -> None:
        """Nothing is carried from one crop to the next."""

    def warm_up(self) -> None:
        """Compile the network and run it once."""
        self._runner = self._from_files() or self._converted()
        self._runner(self._example)

    def close(self) -> None:
        """Release the compiled network."""
        self._runner = None

    def runners(self) -> tuple[Runner, Runner]:
        """What runs the network, and eager torch over the same weights to compare it with."""
        from models.runtime.torch_module import EagerRunner

        return self._ready(), EagerRunner(self.module, self._device)

    def _from_files(self) -> Runner | None:
        if self._source.files is None or self._device != "cpu":
            return None
        try:
            from models.runtime.fastest import compile_files
            from models.runtime.openvino_runner import OpenVinoRunner

            return OpenVinoRunner(compile_files(self._source.files, self._precisions))
        except (BothhandsError, RuntimeError) as error:  # an OpenVINO that cannot read what another one wrote
            _log.warning("The network's own files cannot be used (%s); it is converted from its weights.", error)
            return None

    def _converted(self) -> Runner:
        from models.runtime.torch_module import create_runner

        return create_runner(self.module, self._example, self._device, self._precisions)

    def _look(self, image: np.ndarray) -> list[np.ndarray]:
        """The network's outputs for one crop (size, size, 3), without the batch axis."""
        return [output[0] for output in self._ready()(image[None])]

    def _ready(self) -> Runner:
        if self._runner is None:
            self.warm_up()
            assert self._runner is not None
        return self._runner
