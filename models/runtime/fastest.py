"""Networks in whichever precision answers soonest here.

What a processor says of itself does not tell: some calculate in float16 at two thirds of the rate of float32, some at
twice it. So the precisions that a network bears are measured, once for each network and processor; the answer is kept
in the user's cache folder. To compile a network takes up to a second, which a first start should not spend on a
precision that cannot win: a few layers tell which those are.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from models.runtime.openvino import (
    compile_network,
    compile_parts,
    convert_missing,
    describe,
    joined,
    network_cache,
    network_of,
    ov,
    pieces_of,
    read_network,
    supports,
    usable_cores,
)
from models.runtime.runner import Precision
from models.runtime.static_network import StaticNetwork

if TYPE_CHECKING:
    import torch

    from models.runtime.network_files import NetworkFiles

_COMPARED_RUNS = 15
"""Of each precision, in turns."""
_LEAST_GAIN = 0.1
"""Share of the time that a less exact precision must save."""


def compile_where_faster(
    module: torch.nn.Module, example: Sequence[torch.Tensor], precisions: Sequence[Precision]
) -> list[ov.CompiledModel]:
    """A network that calculates in a half precision if that is faster here, else in float32.

    Args:
        module: in eval mode.
        example: as `compile_network` takes it.
        precisions: half precisions that it bears, the most exact one first.

    Returns:
        As `compile_parts` does.
    """
    from models.runtime.converted import fingerprint  # imports torch

    def compile_as(choice: Precision) -> list[ov.CompiledModel]:
        return compile_parts(module, example, choice)

    def prepare(choices: Sequence[Precision]) -> None:
        convert_missing([piece for choice in choices for piece in pieces_of(module, example, choice)])

    return compile_fastest(compile_as, precisions, fingerprint(module, example, "fastest"), prepare)[1]


def compile_files(files: NetworkFiles, precisions: Sequence[Precision]) -> list[ov.CompiledModel]:
    """A network that lies there as OpenVINO's own files, ready as `compile_where_faster` makes one of a torch module.

    Args:
        files: see there.
        precisions: half precisions that it bears, the most exact one first.

    Raises:
        BothhandsError: a file cannot be read.
    """

    def compile_as(choice: Precision) -> list[ov.CompiledModel]:
        parts = [read_network(path) for path in files.parts]
        if choice != "bf16":
            return [compile_network(joined(parts), precision=choice)]
        own: list[Precision] = [*["f32" for _ in parts[1:]], choice]
        return [compile_network(part, precision=each) for part, each in zip(parts, own, strict=True)]

    return compile_fastest(compile_as, precisions, files.weights)[1]


def compile_fastest(
    compile_as: Callable[[Precision], list[ov.CompiledModel]],
    precisions: Sequence[Precision],
    about: str,
    prepare: Callable[[Sequence[Precision]], None] = lambda _: None,
) -> tuple[Precision, list[ov.CompiledModel]]:
    """A network in whichever precision answers soonest here, and that precision.

    Args:
        compile_as: makes it, in parts for `StaticNetwork`.
        precisions: half precisions that it bears, the most exact one first; float32 is compared with those of them
            that this processor has instructions for, and is what is made where it has none.
        about: which network it is, as no other one has it.
        prepare: is called with the precisions that are compared before it is made in them.
    """
    choices: list[Precision] = usable(precisions)
    if len(choices) == 1:
        return choices[0], compile_as(choices[0])
    situation = hashlib.sha256(f"{about} {describe()} {usable_cores()} {' '.join(choices)}".encode()).hexdigest()
    cache = network_cache()
    note = None if cache is None else cache / "fastest" / f"{situation[:32]}.txt"
    for choice in choices:
        if note is not None and note.is_file() and note.read_text(encoding="utf-8") == choice:
            return choice, compile_as(choice)
    choices = [choice for choice in choices if _may_win(choice)]
    prepare(choices)
    compiled = [compile_as(choice) for choice in choices]
    fastest = _fastest(compiled) if len(choices) > 1 else 0
    if note is not None:
        with contextlib.suppress(OSError):  # measured again at the next start
            note.parent.mkdir(exist_ok=True)
            note.write_text(choices[fastest], encoding="utf-8")
    return choices[fastest], compiled[fastest]


def usable(precisions: Sequence[Precision]) -> list[Precision]:
    """float32, then those of some half precisions that this processor calculates in natively."""
    return ["f32", *(precision for precision in precisions if precision != "f32" and supports(precision))]


@functools.cache
def _may_win(precision: Precision) -> bool:
    """Whether pointwise convolutions, which the networks here spend most of their time on, gain by it."""
    if precision == "f32":
        return True
    both: tuple[Precision, Precision] = ("f32", precision)
    return _fastest([[compile_network(_pointwise_layers(), precision=choice)] for choice in both]) == 1


def _pointwise_layers() -> ov.Model:
    """Eight of them between 64 and 256 channels at 28 x 28, as in the middle of a landmark network."""
    from openvino import opset13 as ops

    random = np.random.default_rng(0)
    values = start = ops.parameter([1, 64, 28, 28], np.float32)
    for taken, given in [(64, 256), (256, 64)] * 4:
        weights = random.normal(0.0, taken**-0.5, (given, taken, 1, 1)).astype(np.float32)
        values = ops.convolution(values, weights, [1, 1], [0, 0], [0, 0], [1, 1])
    return network_of([ops.result(values)], [start])


def _fastest(compiled: Sequence[Sequence[ov.CompiledModel]]) -> int:
    """Which of some networks answers soonest, by the median; they take turns, so that other work slows all.

    Args:
        compiled: the most exact one first: a later one must be `_LEAST_GAIN` sooner.
    """
    networks = [StaticNetwork(*parts) for parts in compiled]
    for network in networks:
        network.input[...] = 1  # not what lay in that memory, whose denormal numbers take a hundred times as long
    seconds: list[list[float]] = [[] for _ in networks]
    for _ in range(_COMPARED_RUNS):
        for network, own in zip(networks, seconds, strict=True):
            start = time.perf_counter()
            network.infer()
            own.append(time.perf_counter() - start)
    medians = [float(np.median(own)) for own in seconds]
    fastest = 0
    for network, median in enumerate(medians):
        if median < (1.0 - _LEAST_GAIN) * medians[fastest]:
            fastest = network
    return fastest
