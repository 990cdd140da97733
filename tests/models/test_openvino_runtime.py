"""Reading, compiling and caching networks."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from models.errors import BothhandsError
from models.runtime import conversion, converted
from models.runtime import openvino as runtime
from models.runtime.openvino import (
    compile_network,
    compile_parts,
    read_network,
    scale_bytes,
    supports,
)
from models.runtime.parts import TwoParts
from models.runtime.static_network import StaticNetwork
from tests.models.small_networks import convert_here, small_network


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    """Nothing that was kept before."""
    convert_here(monkeypatch, tmp_path)
    return tmp_path


def run(compiled, values):
    network = StaticNetwork(compiled)
    network.input[:] = values
    return network.infer()[0].copy()


def test_torch_module_gives_what_torch_gives():
    module = small_network()
    values = torch.randn(2, 3, 6, 6)
    compiled = compile_network(module, example=[values])
    assert list(compiled.input(0).shape) == [2, 3, 6, 6]
    with torch.inference_mode():
        np.testing.assert_allclose(run(compiled, values.numpy()), module(values).numpy(), atol=1e-5)


@pytest.mark.slow
def test_a_caller_under_autocast_changes_no_network(monkeypatch):
    monkeypatch.setattr(converted, "convert", conversion.convert)
    module, values = small_network(), torch.randn(2, 3, 6, 6)
    with torch.autocast("cpu", torch.bfloat16):
        compiled = compile_network(module, example=[values])
    with torch.inference_mode():
        np.testing.assert_allclose(run(compiled, values.numpy()), module(values).numpy(), atol=1e-5)


def test_torch_module_without_example_is_refused():
    with pytest.raises(ValueError, match="example"):
        read_network(small_network())


def test_model_can_be_changed_before_it_is_compiled():
    values = torch.rand(1, 3, 6, 6)
    model = read_network(small_network(), [values])
    assert read_network(model) is model
    plain = run(compile_network(small_network(), example=[values]), np.round(values.numpy() * 255) / np.float32(255))
    scaled = run(compile_network(scale_bytes(model)), np.round(values.numpy() * 255).astype(np.uint8))
    np.testing.assert_allclose(scaled, plain, atol=1e-5)


def test_outputs_follow_the_buffer():
    network = StaticNetwork(compile_network(small_network(), example=[torch.zeros(1, 3, 6, 6)]))
    first = network.infer()[0].copy()
    network.input[...] = 1.0
    assert not np.allclose(network.infer()[0], first)


@pytest.mark.parametrize("precision", ["f16", "bf16"])
def test_precisions_do_not_share_what_is_cached(own_cache, precision):
    example = [torch.randn(1, 3, 6, 6)]
    exact = run(compile_network(small_network(), example=example), example[0].numpy())
    for _ in range(2):  # compiled, then from the cache
        half = run(compile_network(small_network(), example=example, precision=precision), example[0].numpy())
        if supports(precision):
            assert 0.0 < abs(half - exact).max() < 0.05
        else:
            np.testing.assert_array_equal(half, exact)
    assert (own_cache / "f32").is_dir()
    assert (own_cache / precision).is_dir() == supports(precision)


def cut_short(data: bytes) -> bytes:
    return data[:100]


def with_zeros(data: bytes) -> bytes:
    """As a power cut leaves a file whose length reached the disk before all of it did."""
    fifth = len(data) // 5
    return data[:fifth] + bytes(fifth) + data[2 * fifth :]


@pytest.mark.parametrize("damage", [cut_short, with_zeros])
@pytest.mark.parametrize("kind", ["*.blob", "*.bin", "*"])
def test_damaged_cache_is_made_anew(own_cache, kind, damage):
    example = [torch.randn(1, 3, 6, 6)]
    before = run(compile_network(small_network(), example=example), example[0].numpy())
    kept = [path for path in own_cache.rglob(kind) if path.is_file()]
    assert kept
    for path in kept:
        path.write_bytes(damage(path.read_bytes()))
    if kind == "*.bin":  # or what was compiled of it is taken
        for blob in own_cache.rglob("*.blob"):
            blob.unlink()
    for _ in range(2):
        after = run(compile_network(small_network(), example=example), example[0].numpy())
        np.testing.assert_array_equal(after, before)


def test_what_was_not_damaged_is_not_made_anew(own_cache):
    example = [torch.randn(1, 3, 6, 6)]
    compile_network(small_network(), example=example)
    kept = {path: path.stat().st_ino for path in own_cache.rglob("*") if path.is_file()}
    compile_network(small_network(), example=example)
    assert {path: path.stat().st_ino for path in own_cache.rglob("*") if path.is_file()} == kept


def doubles() -> runtime.ov.Model:
    """A network that was never a torch module: nothing is converted."""
    from openvino import opset13 as ops  # after `models.runtime.openvino`, which keeps it from reporting its import

    values = ops.parameter([1, 3], np.float32)
    return runtime.network_of([ops.result(ops.multiply(values, np.float32(2.0)))], [values])


def test_threads_are_limited():
    assert compile_network(doubles(), threads=1).get_property("INFERENCE_NUM_THREADS") == 1
    free = compile_network(doubles()).get_property("INFERENCE_NUM_THREADS")
    assert 1 <= free <= runtime.MOST_THREADS


@pytest.mark.parametrize(
    ("cores", "told", "expected"),
    [(2, None, 2), (64, None, runtime.MOST_THREADS), (8, "3", 3), (2, "3", 2), (8, "0", runtime.MOST_THREADS)],
)
def test_threads_are_those_that_the_process_may_use(monkeypatch, cores, told, expected):
    """Of processes side by side each is told its share."""
    monkeypatch.setattr(runtime.os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if told is not None:
        monkeypatch.setenv("OMP_NUM_THREADS", told)

    class Core:
        def compile_model(self, model, device, config):
            return config["INFERENCE_NUM_THREADS"]

    monkeypatch.setattr(runtime, "_core", Core)
    assert compile_network(doubles()) == expected


@pytest.mark.parametrize("content", [None, b"not a network"])
def test_missing_and_damaged_files_are_named(tmp_path, content):
    path = tmp_path / "palms.tflite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BothhandsError, match=r"palms\.tflite"):
        compile_network(path)


def test_nothing_is_reported_to_the_makers():
    code = "import sys, models.runtime.openvino; print([m for m in sys.modules if m.startswith('openvino_telemetry.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


class Scaled(torch.nn.Module):
    """A setting that is no tensor, and a weight."""

    def __init__(self, factor: float, weight: float) -> None:
        super().__init__()
        self.factor = factor
        self.weight = torch.nn.Parameter(torch.tensor([weight]))

    def forward(self, values):
        return values * self.factor * self.weight


def scaled(factor: float, weight: float) -> np.ndarray:
    network = runtime.compile_network(Scaled(factor, weight).eval(), example=[torch.ones(1, 3)])
    return network(np.ones((1, 3), np.float32))[0]


def test_a_converted_module_is_read_from_disk_and_any_change_makes_another(own_cache, monkeypatch):
    assert scaled(2.0, 3.0)[0, 0] == pytest.approx(6.0)
    monkeypatch.setattr(runtime, "_keep", lambda jobs: pytest.fail("converted again"))
    assert scaled(2.0, 3.0)[0, 0] == pytest.approx(6.0)
    monkeypatch.setattr(runtime, "_keep", converted.keep)
    assert scaled(5.0, 3.0)[0, 0] == pytest.approx(15.0)
    assert scaled(2.0, 7.0)[0, 0] == pytest.approx(14.0)
    assert len(list((own_cache / "converted").glob("*.xml"))) == 3


def test_a_damaged_converted_module_is_made_anew(own_cache):
    scaled(2.0, 3.0)
    for path in (own_cache / "converted").iterdir():
        path.write_bytes(path.read_bytes()[:20])
    assert scaled(2.0, 3.0)[0, 0] == pytest.approx(6.0)


def test_where_nothing_can_be_kept_networks_are_converted_all_the_same(own_cache):
    (own_cache / "converted").touch()
    assert scaled(2.0, 3.0)[0, 0] == pytest.approx(6.0)


def test_old_converted_modules_make_room(own_cache, monkeypatch):
    monkeypatch.setattr("models.runtime.converted.MOST_KEPT", 2)
    for weight in range(4):
        scaled(2.0, float(weight))
    assert len(list((own_cache / "converted").iterdir())) == 8  # two networks, two files each and their seals


class Start(torch.nn.Module):
    def forward(self, x):
        return x + 1.0, 2.0 * x


class Rest(torch.nn.Module):
    def forward(self, one_more, twice):
        return (twice - one_more,)


def test_bfloat16_leaves_the_start_of_two_parts_in_single_precision(monkeypatch):
    asked = []

    def compile_as(module, *, example, precision="f32"):
        asked.append((type(module), precision))
        return compile_network(module, example=example)

    monkeypatch.setattr(runtime, "compile_network", compile_as)
    values = torch.randn(2, 3)
    for precision, kinds in (
        ("bf16", [(Start, "f32"), (Rest, "bf16")]),
        ("f16", [(TwoParts, "f16")]),
        ("f32", [(TwoParts, "f32")]),
    ):
        network = StaticNetwork(*compile_parts(TwoParts(Start(), Rest()).eval(), [values], precision))
        assert asked == kinds
        asked.clear()
        for scale in (1.0, 3.0):  # what is read the second time is what was written the second time
            network.input[...] = scale * values.numpy()
            np.testing.assert_allclose(network.infer()[0], scale * values.numpy() - 1.0, atol=1e-6)
