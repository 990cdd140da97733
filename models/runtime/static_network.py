"""Compiled networks of fixed shapes with their buffers, which are filled in place."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from models.runtime.openvino import ov


class StaticNetwork:
    """Compiled networks of fixed shapes, one reading what the one before gives.

    Args:
        parts: the first with one input, the others with as many as the one before has outputs.

    Attributes:
        input: a buffer in the shape and type of the first one's input; fill it in place, then call `infer` or `start`.
    """

    input: np.ndarray

    def __init__(self, *parts: ov.CompiledModel) -> None:
        port = parts[0].input(0)
        self.input = np.zeros(tuple(port.shape), port.element_type.to_dtype())
        self._requests = [part.create_infer_request() for part in parts]
        self._requests[0].set_input_tensor(ov.Tensor(self.input, shared_memory=True))
        for before, after in itertools.pairwise(self._requests):
            for place, tensor in enumerate(before.output_tensors):
                after.set_input_tensor(place, tensor)

    def infer(self) -> list[np.ndarray]:
        """The last one's outputs in its order. They are overwritten by the next call."""
        for request in self._requests:
            request.infer()
        return self._outputs()

    def start(self) -> None:
        """Begin; the input must stay as it is until `finish` has returned."""
        self._requests[0].start_async()

    @staticmethod
    def finish(started: Sequence[StaticNetwork]) -> list[list[np.ndarray]]:
        """The outputs of networks that were started, as `infer` gives them.

        All must be the same network: they go through its parts side by side.
        """
        for part in range(len(started[0]._requests) if started else 0):
            for network in started:
                network._requests[part].wait()
                if part + 1 < len(network._requests):
                    network._requests[part + 1].start_async()
        return [network._outputs() for network in started]

    def _outputs(self) -> list[np.ndarray]:
        return [tensor.data for tensor in self._requests[-1].output_tensors]
