"""Captured graphs without a card: what a capture would record is recorded on the CPU, and replayed from buffers alone.

A fake stands in for `torch.cuda`: while it captures, every operation is noted with its tensors; its replay runs them
again, in place, and nothing of Python's. So a network whose result depends on anything but the input's buffer, that
asks for a number on the way or brings one along, and a runner that forgets a copy are found out here.
"""

from contextlib import contextmanager, nullcontext

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from models.eanet.config import LIGHT
from models.eanet.network import EANet
from models.eanet.runtime import RuntimeNetwork as EANetRuntime
from models.hand_model import load_hand_models
from models.lwa_hand.reconstructor import create_network
from models.lwa_hand.runtime import RuntimeNetwork as LwaHandRuntime
from models.runtime.torch_module import CudaGraphRunner, EagerRunner

NOT_CAPTURED = {"_local_scalar_dense", "nonzero", "masked_select", "lift_fresh", "is_nonzero", "equal"}
"""They wait for the device, or bring memory of the host along."""


class Recorder(TorchDispatchMode):
    """Notes operations."""

    def __init__(self, calls: list) -> None:
        super().__init__()
        self._calls = calls

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        self._calls.append((func, args, kwargs or {}, out))
        return out


class FakeGraph:
    def __init__(self) -> None:
        self.calls: list = []

    def replay(self) -> None:
        for func, args, kwargs, out in self.calls:
            made = zip(tensors(out), tensors(func(*args, **kwargs)), strict=True)
            # What an operation changed, or looks at in another way, is its input's memory and has been dealt with.
            held = {memory(tensor) for tensor in tensors((args, kwargs))}
            for old, fresh in made:
                if memory(old) not in held:
                    old.copy_(fresh)


def tensors(values) -> list[torch.Tensor]:
    return [value for value in tree_leaves(values) if isinstance(value, torch.Tensor)]


def memory(tensor: torch.Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


class FakeStream:
    synchronised = 0

    def __init__(self, device=None) -> None:
        pass

    def wait_stream(self, stream) -> None:
        pass

    def synchronize(self) -> None:
        FakeStream.synchronised += 1


@pytest.fixture
def fake_cuda(monkeypatch):
    """The CPU in a card's place: what is pinned or moved there is a copy."""

    @contextmanager
    def capture(graph, stream=None):
        with Recorder(graph.calls):
            yield

    moved = torch.Tensor.to
    monkeypatch.setattr(torch.cuda, "Stream", FakeStream)
    monkeypatch.setattr(torch.cuda, "current_stream", FakeStream)
    monkeypatch.setattr(torch.cuda, "stream", nullcontext)
    monkeypatch.setattr(torch.cuda, "device", nullcontext)
    monkeypatch.setattr(torch.cuda, "CUDAGraph", FakeGraph)
    monkeypatch.setattr(torch.cuda, "graph", capture)
    monkeypatch.setattr(torch.Tensor, "pin_memory", torch.Tensor.clone)
    monkeypatch.setattr(
        torch.Tensor, "to", lambda self, *args: moved(self, *args).clone() if args == ("cpu",) else moved(self, *args)
    )
    monkeypatch.setattr(FakeStream, "synchronised", 0)


def lwa_hand() -> torch.nn.Module:
    models = load_hand_models()
    return LwaHandRuntime(create_network(models), models).eval()


def eanet_light() -> torch.nn.Module:
    torch.manual_seed(0)
    return EANetRuntime(EANet(LIGHT)).eval()


@pytest.mark.parametrize("make", [lwa_hand, eanet_light])
def test_a_captured_network_depends_on_nothing_but_its_input(fake_cuda, make):
    network = make()
    random = np.random.default_rng(0)
    pictures = [random.integers(0, 256, (1, 256, 256, 3), dtype=np.uint8) for _ in range(2)]
    runner, eager = CudaGraphRunner(network, pictures[0], "cpu", torch.float32), EagerRunner(network)
    names = {func._schema.name.removeprefix("aten::") for func, *_ in runner._graph.calls}  # type: ignore[attr-defined]
    assert not names & NOT_CAPTURED
    # Warm-up may wait as often as it likes.
    FakeStream.synchronised = 0
    for number, picture in enumerate(pictures, 1):
        found = [output.copy() for output in runner(picture)]
        assert FakeStream.synchronised == number
        for own, expected in zip(found, eager(picture), strict=True):
            np.testing.assert_allclose(own, expected, rtol=1e-3, atol=1e-4)
