"""Modules are converted in a process of their own: what that is for, and what goes wrong there."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
import torch

from models.errors import BothhandsError
from models.runtime import conversion
from models.runtime.conversion import ConversionStopped, convert, stop_conversions

ROOT = Path(__file__).parents[2]
COMPILERS = ("triton", "torch._dynamo", "torch._inductor", "torch.utils.flop_counter", "numba", "llvmlite", "jaxlib")
CONVERT = f"""
import sys, torch
from models.runtime.fastest import compile_where_faster
from models.runtime.openvino import convert_missing
networks, example = [torch.nn.Linear(3, size).eval() for size in (2, 4)], [torch.zeros(1, 3)]
convert_missing([(network, example, "f32") for network in networks])
compile_where_faster(networks[0], example, [])
print([name for name in {COMPILERS} if name in sys.modules])
"""


class Stubborn(torch.nn.Module):
    """Cannot be exported: what it does depends on the values."""

    def forward(self, values):
        return values if values.sum() > 0 else values.mT


def test_a_process_that_converts_several_modules_at_once_loads_no_compiler(tmp_path):
    environment = {"XDG_CACHE_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", CONVERT], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr
    converted = (tmp_path / "bothhands" / "openvino" / "converted").iterdir()
    assert sorted(path.suffix for path in converted if path.suffix != ".crc32") == [".bin", ".bin", ".xml", ".xml"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "place"), [(Stubborn(), "network.xml"), (torch.nn.Linear(3, 3), "file/network.xml")]
)
def test_what_cannot_be_converted_or_written_is_said_in_one_line(tmp_path, module, place):
    (tmp_path / "file").touch()
    with pytest.raises(BothhandsError, match=r"^The network cannot be converted \(.+\)\.$"):
        convert([(module.eval(), [torch.ones(3, 3)], tmp_path / place)])


@pytest.mark.parametrize(
    ("process", "reason"),
    [
        ("raise RuntimeError('first line\\nthe last one\\n \\n')", "the last one"),
        ("raise SystemExit(3)", "exit code 3"),
        ("", "exit code 0"),  # and nothing written
    ],
)
def test_a_conversion_that_fails_is_said_in_one_line(tmp_path, monkeypatch, process, reason):
    monkeypatch.setattr(conversion, "_START", process)
    with pytest.raises(BothhandsError) as caught:
        convert([(torch.nn.Linear(3, 3), [torch.ones(3, 3)], tmp_path / "network.xml")])
    assert str(caught.value) == f"The network cannot be converted ({reason})."


def test_a_conversion_can_be_stopped_at_any_moment(tmp_path, monkeypatch):
    # A process that never ends, so that it is certain to be stopped in the middle.
    monkeypatch.setattr(conversion, "_START", "import signal; signal.pause()")
    outcome: list[BaseException] = []

    def work() -> None:
        try:
            convert([(torch.nn.Linear(3, 3), [torch.zeros(1, 3)], tmp_path / "network.xml")])
        except ConversionStopped as stopped:
            outcome.append(stopped)

    thread = threading.Thread(target=work)
    thread.start()
    while not conversion._running:
        assert thread.is_alive()
        threading.Event().wait(0.001)
    stop_conversions()
    thread.join(20)
    assert not thread.is_alive()
    assert len(outcome) == 1
    assert not conversion._running


def test_a_module_that_cannot_be_sent_leaves_no_process_behind(tmp_path):
    module = torch.nn.Linear(3, 3)
    module.hook = lambda: None  # type: ignore[assignment]
    with pytest.raises((AttributeError, TypeError)):
        convert([(module, [torch.zeros(1, 3)], tmp_path / "network.xml")])
    assert not conversion._running
