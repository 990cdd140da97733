"""Which precision a network is made in: the one that was measured to be fastest, and from then on the same."""

from dataclasses import dataclass, field

import numpy as np
import pytest
import torch

from models.runtime import fastest
from models.runtime import openvino as runtime
from models.runtime.fastest import compile_fastest, compile_where_faster
from models.runtime.openvino import compile_network, read_network, split
from models.runtime.static_network import StaticNetwork
from tests.models.small_networks import convert_here, small_network

EXAMPLE = [torch.zeros(1, 3, 6, 6)]


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    """Nothing that was kept before."""
    convert_here(monkeypatch, tmp_path)
    return tmp_path


@dataclass
class Chosen:
    measured: list[list[str]] = field(default_factory=list)
    winner: int = -1


@pytest.fixture
def chosen(monkeypatch):
    """What is measured, in order; the last of each comparison wins unless `winner` says otherwise."""

    made = Chosen()

    def fastest_of(compiled):
        made.measured.append([parts[0] for parts in compiled])
        return made.winner % len(compiled)

    monkeypatch.setattr(fastest, "supports", lambda precision: True)
    monkeypatch.setattr(fastest, "_may_win", lambda precision: True)
    monkeypatch.setattr(fastest, "_fastest", fastest_of)
    return made


def named(precision):
    return [precision]


def test_all_that_a_network_bears_is_measured_beside_float32(chosen):
    assert compile_fastest(named, ["f16", "bf16"], "one") == ("bf16", ["bf16"])
    assert chosen.measured == [["f32", "f16", "bf16"]]


def test_float32_is_kept_where_nothing_is_faster(chosen):
    chosen.winner = 0
    assert compile_fastest(named, ["f16", "bf16"], "one") == ("f32", ["f32"])


def test_the_answer_is_kept_for_this_network_and_machine_alone(chosen, monkeypatch):
    made = []

    def compile_as(precision):
        made.append(precision)
        return [precision]

    assert compile_fastest(compile_as, ["f16"], "one") == ("f16", ["f16"])
    made.clear()
    assert compile_fastest(compile_as, ["f16"], "one") == ("f16", ["f16"])
    assert made == ["f16"]  # neither made in both nor measured
    assert len(chosen.measured) == 1
    compile_fastest(compile_as, ["f16"], "another")
    monkeypatch.setattr(fastest, "describe", lambda: "another processor")
    compile_fastest(compile_as, ["f16"], "one")
    monkeypatch.setattr(fastest, "usable_cores", lambda: 3)
    compile_fastest(compile_as, ["f16"], "one")
    assert len(chosen.measured) == 4


def test_what_cannot_win_is_neither_made_nor_measured(chosen, monkeypatch):
    monkeypatch.setattr(fastest, "_may_win", lambda precision: precision != "f16")
    prepared = []
    assert compile_fastest(named, ["f16", "bf16"], "one", prepared.append)[0] == "bf16"
    assert prepared == [["f32", "bf16"]]
    assert chosen.measured == [["f32", "bf16"]]
    monkeypatch.setattr(fastest, "_may_win", lambda precision: precision == "f32")
    assert compile_fastest(named, ["f16", "bf16"], "another") == ("f32", ["f32"])
    assert len(chosen.measured) == 1


def test_a_note_that_says_nothing_is_written_anew(chosen, own_cache):
    compile_fastest(named, ["f16"], "one")
    (note,) = (own_cache / "fastest").iterdir()
    note.write_text("f8")
    assert compile_fastest(named, ["f16"], "one") == ("f16", ["f16"])
    assert note.read_text() == "f16"


def test_a_few_layers_tell_what_may_win(monkeypatch):
    asked = []

    def compile_as(model, *, precision):
        asked.append((precision, [list(port.shape) for port in model.inputs]))
        return compile_network(model)

    fastest._may_win.cache_clear()
    monkeypatch.setattr(fastest, "compile_network", compile_as)
    monkeypatch.setattr(fastest, "_fastest", lambda compiled: 1)
    assert fastest._may_win("f32")
    assert asked == []
    assert fastest._may_win("bf16")
    assert asked == [("f32", [[1, 64, 28, 28]]), ("bf16", [[1, 64, 28, 28]])]
    monkeypatch.setattr(fastest, "_fastest", lambda compiled: 0)
    assert not fastest._may_win("f16")
    fastest._may_win.cache_clear()


def test_a_torch_module_is_made_in_the_fastest(chosen, monkeypatch):
    monkeypatch.setattr(runtime, "compile_network", lambda module, *, example, precision: precision)
    assert compile_where_faster(small_network(), EXAMPLE, ["f16"]) == ["f16"]
    assert chosen.measured == [["f32", "f16"]]
    assert compile_where_faster(small_network(), [torch.zeros(2, 3, 6, 6)], ["f16"]) == ["f16"]
    assert len(chosen.measured) == 2


def test_what_a_processor_does_not_calculate_in_is_not_measured(monkeypatch):
    monkeypatch.setattr(fastest, "supports", lambda precision: False)
    monkeypatch.setattr(fastest, "_fastest", lambda networks: pytest.fail("measured"))
    (only,) = compile_where_faster(small_network(), EXAMPLE, ["f16", "bf16"])
    image = np.random.default_rng(0).normal(size=(1, 3, 6, 6)).astype(np.float32)
    with torch.inference_mode():
        expected = small_network()(torch.from_numpy(image)).numpy()
    np.testing.assert_allclose(only(image)[0], expected, atol=1e-5)


def test_the_network_that_answers_soonest_is_the_fastest(monkeypatch):
    clock = [0.0]

    class Network:
        def __init__(self, *seconds) -> None:
            self.seconds = iter(seconds)
            self.input = np.zeros(1)

        def infer(self) -> None:
            clock[0] += next(self.seconds)

    monkeypatch.setattr(fastest, "StaticNetwork", Network)
    monkeypatch.setattr(fastest.time, "perf_counter", lambda: clock[0])
    runs = fastest._COMPARED_RUNS
    # One that is slow the first time, when it is still being read, may be the fastest all the same.
    assert fastest._fastest([[2.0] * runs, [9.0] + [1.0] * (runs - 1)]) == 1
    assert fastest._fastest([[2.0] * runs, [1.0] + [3.0] * (runs - 1)]) == 0
    # A less exact one is not taken for next to nothing.
    assert fastest._fastest([[2.0] * runs, [1.9] * runs]) == 0
    assert fastest._fastest([[2.0] * runs, [1.5] * runs, [1.4] * runs]) == 1


def test_parts_of_a_network_give_what_the_whole_gives():
    image = np.random.default_rng(0).normal(size=(1, 3, 6, 6)).astype(np.float32)
    whole = compile_network(small_network(), example=EXAMPLE)(image)[0]
    model = read_network(small_network(), EXAMPLE)
    (end,) = [node.output(0) for node in model.get_ordered_ops() if node.get_type_name() == "Relu"]
    parts = split(model, [end])
    assert [len(part.inputs) for part in parts] == [1, 1]
    networks = [StaticNetwork(*[compile_network(part) for part in parts]) for _ in range(2)]
    for sign, network in zip((1.0, -1.0), networks, strict=True):
        network.input[...] = sign * image
        network.start()
    first, second = StaticNetwork.finish(networks)
    np.testing.assert_allclose(first[0], whole, atol=1e-6)
    assert not np.allclose(second[0], whole)
    np.testing.assert_array_equal(networks[0].infer()[0], first[0])
    assert StaticNetwork.finish([]) == []
