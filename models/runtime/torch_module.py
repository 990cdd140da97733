"""A torch module as an app runs it: compiled by OpenVINO on the CPU, a captured graph on CUDA, else eager.

A runner is made, used and closed by one thread. Its inputs and outputs are numpy arrays of one fixed shape.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from models.errors import BothhandsError
from models.runtime.runner import Precision, Runner

_log = logging.getLogger(__name__)
_WARM_UP_RUNS = 3

_DTYPES: Mapping[Precision, torch.dtype] = {"f32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16}


class EagerRunner:
    """Torch as it is: the fallback, and the reference that the others are compared with.

    Args:
        module: in eval mode.
        device: a torch device.
    """

    name = "torch"

    def __init__(self, module: nn.Module, device: str = "cpu") -> None:
        self._module = module.to(device)
        self._device = device

    @torch.inference_mode()
    def __call__(self, batch: np.ndarray) -> list[np.ndarray]:
        """See `Runner`."""
        # torch warns of arrays that may not be written to, as crops are.
        outputs = self._module(torch.from_numpy(np.require(batch, requirements="W")).to(self._device))
        return [output.float().cpu().numpy() for output in outputs]


class CudaGraphRunner:
    """One captured CUDA graph, pinned buffers on both ends, one synchronisation a call.

    Args:
        module: in eval mode; a copy of it is made.
        example: input whose shape is captured.
        device: "cuda:N".
        dtype: what the network computes in; integer inputs stay as they are.
    """

    name = "cuda-graph"

    def __init__(self, module: nn.Module, example: np.ndarray, device: str, dtype: torch.dtype = torch.float16) -> None:
        self._module = copy.deepcopy(module).to(device, dtype)
        self._stream = torch.cuda.Stream(device)
        self._host_in = torch.from_numpy(example.copy()).pin_memory()
        self._input = self._host_in.to(device)
        with torch.inference_mode(), torch.cuda.device(device):
            self._stream.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(self._stream):
                for _ in range(_WARM_UP_RUNS):
                    self._module(self._input)
            torch.cuda.current_stream().wait_stream(self._stream)
            self._graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self._graph, stream=self._stream):
                self._outputs: Sequence[Tensor] = [output.float() for output in self._module(self._input)]
        self._host_out = [torch.empty_like(output, device="cpu").pin_memory() for output in self._outputs]

    def replay(self) -> None:
        """Run the network once more over what its input holds, in the caller's stream; waits for nothing."""
        self._graph.replay()

    @torch.inference_mode()
    def __call__(self, batch: np.ndarray) -> list[np.ndarray]:
        """See `Runner`."""
        self._host_in.copy_(torch.from_numpy(batch))
        with torch.cuda.stream(self._stream):
            self._input.copy_(self._host_in, non_blocking=True)
            self._graph.replay()
            for host, output in zip(self._host_out, self._outputs, strict=True):
                host.copy_(output, non_blocking=True)
        self._stream.synchronize()
        return [host.numpy() for host in self._host_out]


def float_example(example: np.ndarray) -> Tensor:
    """An input as the network that `OpenVinoRunner` runs is compiled for it: floats, whatever an image consists of."""
    return torch.tensor(example, dtype=torch.float32)


def graph_dtype(precisions: Sequence[Precision]) -> torch.dtype:
    """What a captured graph computes in, of the half precisions that its network bears."""
    return _DTYPES[precisions[0] if precisions else "f32"]


def create_runner(module: nn.Module, example: np.ndarray, device: str, precisions: Sequence[Precision] = ()) -> Runner:
    """The fastest way to run a module that works here; what does not work is logged and replaced by eager torch.

    Args:
        module: in eval mode, of one input and several outputs.
        example: an input; its shape is the only one that the runner takes.
        device: "cpu" or "cuda:N".
        precisions: half precisions that the module bears, the most exact one first. CUDA takes that, a CPU whichever
            is fastest there, see `models.runtime.fastest`.
    """
    if device.startswith("cuda"):
        try:
            return CudaGraphRunner(module, example, device, graph_dtype(precisions))
        except RuntimeError as error:
            _log.warning("No CUDA graph of this network (%s); it runs in eager torch.", error)
        return EagerRunner(module, device)
    try:
        # OpenVINO takes a second to import, which a machine with CUDA need not wait for.
        from models.runtime.fastest import compile_where_faster
        from models.runtime.openvino_runner import OpenVinoRunner

        return OpenVinoRunner(compile_where_faster(module, [float_example(example)], precisions))
    except (BothhandsError, RuntimeError) as error:
        _log.warning("OpenVINO cannot run this network (%s); it runs in eager torch.", error)
    return EagerRunner(module, device)
