"""A network that OpenVINO has compiled, as what runs a network; nothing here loads torch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.runtime.openvino import ov
from models.runtime.static_network import StaticNetwork


class OpenVinoRunner:
    """A compiled network on the processor.

    Args:
        parts: as `models.runtime.fastest` gives them; see `StaticNetwork`.
    """

    name = "openvino"

    def __init__(self, parts: Sequence[ov.CompiledModel]) -> None:
        self._network = StaticNetwork(*parts)

    def __call__(self, batch: np.ndarray) -> list[np.ndarray]:
        """See `Runner`."""
        # Bytes become floats on their way in: the network's own layers for that take five times as long.
        self._network.input[...] = batch
        return self._network.infer()
