"""OpenVINO: one way to read, compile and cache a network for the CPU.

Importing `openvino` reports the import to an analytics service unless its telemetry package is missing; this module
makes it look missing, so that a program that looks through a webcam sends nothing. Everything that needs OpenVINO
imports it through here.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import itertools
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from models.errors import BothhandsError
from models.runtime.conversion import convert
from models.runtime.runner import Precision
from models.user_folders import cache_folder

sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # None makes its import fail: a stub steps in

try:
    import openvino as ov
except ImportError as error:
    raise BothhandsError(
        f"OpenVINO cannot be loaded ({error}); install it with `pip install openvino`, or choose what runs without it."
    ) from error

if TYPE_CHECKING:
    import torch

    from models.runtime.conversion import Job
    from models.runtime.network_files import NetworkFiles

Piece: TypeAlias = "tuple[torch.nn.Module, Sequence[torch.Tensor], Precision]"
_log = logging.getLogger(__name__)

_COMPARED_RUNS = 15
"""Of either precision, in turns."""
MOST_THREADS = 4
"""The networks here are small: beyond this, threads wait for each other longer than they work."""


def read_network(
    source: str | Path | ov.Model | torch.nn.Module, example: Sequence[torch.Tensor] | None = None
) -> ov.Model:
    """A network that OpenVINO can change (batch size, preprocessing) and compile.

    Args:
        source: file that OpenVINO reads as it is (.tflite, .onnx, .xml), a torch module in eval mode, or a model
            that was read before, which is returned unchanged.
        example: inputs that the torch module is traced with; their shapes become the model's fixed shapes.

    Raises:
        BothhandsError: the file is missing or damaged.
    """
    if isinstance(source, ov.Model):
        return source
    if isinstance(source, str | Path):
        try:
            return _core().read_model(str(source))
        except RuntimeError as error:
            raise BothhandsError(
                f"The network {source} cannot be read ({_last_line(error)}); the file is missing or damaged, "
                "reinstall the package it came with."
            ) from error
    if example is None:
        raise ValueError("a torch module is exported with an example of its inputs: give one")
    return _read_converted(source, example)


def compile_network(
    source: str | Path | ov.Model | torch.nn.Module,
    *,
    example: Sequence[torch.Tensor] | None = None,
    precision: Precision = "f32",
    threads: int | None = None,
    streams: int = 1,
) -> ov.CompiledModel:
    """A network ready for low-latency inference on the CPU.

    What the compiler makes is kept in the user's cache folder, which makes later starts about three times faster.

    Args:
        source: as `read_network` takes it.
        example: as `read_network` takes it.
        precision: what to calculate in where the processor has instructions for it; elsewhere float32. Half precisions
            save about half the time; bf16 keeps only 8 bits of mantissa.
        threads: at most this many; None takes `usable_threads()`.
        streams: requests that are worked on at once, each by an equal part of the threads.

    Raises:
        BothhandsError: the file is missing or damaged.
    """
    native = precision if supports(precision) else "f32"
    config: dict[str, object] = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": native,
        "INFERENCE_NUM_THREADS": threads or usable_threads(),
        "NUM_STREAMS": streams,
        # Threads bound to cores wait for whoever works there too, such as the renderer: measured, up to twice the time.
        "ENABLE_CPU_PINNING": False,
    }
    if (folder := _cache_folder()) is not None:
        # One folder per precision: OpenVINO 2026.4 takes what it cached for f32 when it is asked for f16.
        config["CACHE_DIR"] = str(folder / native)
    return _core().compile_model(read_network(source, example), "CPU", config)


def compile_parts(
    module: torch.nn.Module, example: Sequence[torch.Tensor], precision: Precision
) -> list[ov.CompiledModel]:
    """A torch module for `StaticNetwork`: in one part, or in two where bf16 is asked for and it is `TwoParts`.

    Args:
        module: in eval mode.
        example: as `read_network` takes it.
        precision: as `compile_network` takes it.
    """
    pieces = _pieces(module, example, precision)
    if len(pieces) == 1:
        return [compile_network(module, example=example, precision=precision)]
    _convert_missing(pieces)
    return [compile_network(part, example=inputs, precision=own) for part, inputs, own in pieces]


def _pieces(module: torch.nn.Module, example: Sequence[torch.Tensor], precision: Precision) -> list[Piece]:
    """What `compile_parts` compiles, each with its inputs and precision."""
    import torch

    from models.runtime.parts import TwoParts  # imports torch

    if precision != "bf16" or not isinstance(module, TwoParts):
        return [(module, example, precision)]
    # Without the caller's autocast: what lies between would be bfloat16, which numpy has no type for.
    with torch.no_grad(), torch.autocast("cpu", enabled=False):
        between = module.start(*example)
    return [(module.start, example, "f32"), (module.rest, between, precision)]


def compile_where_faster(
    module: torch.nn.Module, example: Sequence[torch.Tensor], precision: Precision
) -> list[ov.CompiledModel]:
    """A network that calculates in a half precision if that is faster here, else in float32.

    What a processor says of itself does not tell: some have instructions for float16 that save less than the
    conversions cost. So both are measured, once for each network and processor; the answer is kept in the user's cache
    folder.

    Args:
        module: in eval mode.
        example: as `read_network` takes it.
        precision: to compare with float32.

    Returns:
        As `compile_parts` does.
    """
    if precision == "f32" or not supports(precision):
        return compile_parts(module, example, "f32")
    choices: tuple[Precision, Precision] = (precision, "f32")

    def compile_as(choice: Precision) -> list[ov.CompiledModel]:
        return compile_parts(module, example, choice)

    def prepare() -> None:
        _convert_missing([piece for choice in choices for piece in _pieces(module, example, choice)])

    return _compile_fastest(compile_as, choices, _note_of_fastest(module, example, precision), prepare)


def compile_files(files: NetworkFiles, precision: Precision) -> list[ov.CompiledModel]:
    """A network that lies there as OpenVINO's own files, ready as `compile_where_faster` makes one of a torch module.

    Args:
        files: see there.
        precision: to compare with float32.

    Raises:
        BothhandsError: a file cannot be read.
    """

    def compile_as(choice: Precision) -> list[ov.CompiledModel]:
        parts = [read_network(path) for path in files.parts]
        if choice != "bf16":
            return [compile_network(joined(parts), precision=choice)]
        own: list[Precision] = [*["f32" for _ in parts[1:]], choice]
        return [compile_network(part, precision=each) for part, each in zip(parts, own, strict=True)]

    if precision == "f32" or not supports(precision):
        return compile_as("f32")
    cache = _cache_folder()
    about = hashlib.sha256(f"{files.weights} {_situation(precision)}".encode()).hexdigest()[:32]
    note = None if cache is None else cache / "fastest" / f"{about}.txt"
    return _compile_fastest(compile_as, (precision, "f32"), note)


def joined(parts: Sequence[ov.Model]) -> ov.Model:
    """Networks of which each reads what the one before gives, as one; the parts cannot be used afterwards."""
    whole, *others = parts
    for part in others:
        for given, taken in zip(whole.outputs, part.inputs, strict=True):
            taken.replace(given.get_node().input_value(0))
        whole = ov.Model(part.outputs, whole.get_parameters())  # pyright: ignore[reportGeneralTypeIssues]
    return whole


def _compile_fastest(
    compile_as: Callable[[Precision], list[ov.CompiledModel]],
    choices: Sequence[Precision],
    note: Path | None,
    prepare: Callable[[], None] = lambda: None,
) -> list[ov.CompiledModel]:
    """The network in whichever precision answers soonest here.

    Args:
        compile_as: makes it.
        choices: precisions.
        note: file that keeps the answer; None where there is no place for it.
        prepare: is called before all of them are made.
    """
    for choice in choices:
        if note is not None and note.is_file() and note.read_text(encoding="utf-8") == choice:
            return compile_as(choice)
    prepare()
    compiled = [compile_as(choice) for choice in choices]
    fastest = _fastest(compiled)
    if note is not None:
        with contextlib.suppress(OSError):  # measured again at the next start
            note.parent.mkdir(exist_ok=True)
            note.write_text(choices[fastest], encoding="utf-8")
    return compiled[fastest]


def scale_bytes(model: ov.Model) -> ov.Model:
    """The model with a uint8 input: the division by 255 becomes its first layer, which saves a pass over the pixels."""
    from openvino.preprocess import PrePostProcessor

    preprocessor = PrePostProcessor(model)
    preprocessor.input().tensor().set_element_type(ov.Type.u8)
    preprocessor.input().preprocess().convert_element_type(ov.Type.f32).scale(255.0)
    return preprocessor.build()


class StaticNetwork:
    """Compiled networks of fixed shapes, one reading what the one before gives.

    Args:
        parts: the first with one input, the others with as many as the one before has outputs.

    Attributes:
        input: a buffer in the shape and type of the first one's input; fill it in place, then call `infer`.
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
        return [tensor.data for tensor in self._requests[-1].output_tensors]


class InferRequest:
    """One of the requests that a compiled network of fixed shapes works on at once.

    Attributes:
        input: a buffer in the shape and type of its only input; fill it in place, then call `start`.
    """

    input: np.ndarray

    def __init__(self, compiled: ov.CompiledModel) -> None:
        port = compiled.input(0)
        self.input = np.zeros(tuple(port.shape), port.element_type.to_dtype())
        self._request = compiled.create_infer_request()
        self._request.set_input_tensor(ov.Tensor(self.input, shared_memory=True))

    def start(self) -> None:
        """Begin; the input must stay as it is until `outputs` has returned."""
        self._request.start_async()

    def outputs(self) -> list[np.ndarray]:
        """Wait for the outputs, in the network's order. They are overwritten by the next `start`."""
        self._request.wait()
        return [tensor.data for tensor in self._request.output_tensors]


def usable_threads() -> int:
    """Threads that a network is given here: one for each core that this process may use, up to `MOST_THREADS`."""
    return min(_usable_cores(), MOST_THREADS)


def describe() -> str:
    """OpenVINO's version, the processor and the precisions that it calculates in, for people."""
    precisions = ", ".join(_core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"))
    return f"{ov.__version__.split('-')[0]}, {_core().get_property('CPU', 'FULL_DEVICE_NAME')} ({precisions})"


@functools.cache
def supports(precision: Precision) -> bool:
    """Whether this processor calculates in a precision natively, so that asking for it saves time."""
    if precision == "f16":
        return "FP16" in _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    if precision == "bf16":
        # The capabilities list BF16 also where it is emulated; OpenVINO's own default is bf16 only where it is fast.
        return _core().get_property("CPU", "INFERENCE_PRECISION_HINT") == ov.Type.bf16
    return True


def _read_converted(module: torch.nn.Module, example: Sequence[torch.Tensor]) -> ov.Model:
    """A torch module from the cache folder, where it is put the first time."""
    if (cache := _cache_folder()) is not None:
        path = _converted_file(cache, module, example)
        with contextlib.suppress(RuntimeError):  # not there yet, or damaged
            return _read_kept(path)
        try:
            _keep([(module, example, path)])
            return _read_kept(path)
        except (BothhandsError, RuntimeError) as error:  # a full disk costs time at each start, nothing else
            _log.warning("A converted network cannot be kept in %s: %s", path.parent, error)
    try:
        with tempfile.TemporaryDirectory(prefix="bothhands-", ignore_cleanup_errors=True) as folder:
            path = Path(folder, "network.xml")
            convert([(module, example, path)])
            return _core().read_model(path)
    except OSError as error:
        raise BothhandsError(f"There is no folder to convert the network in ({error.strerror}).") from error


def _read_kept(path: Path) -> ov.Model:
    model = _core().read_model(path)
    with contextlib.suppress(OSError):  # of a folder that can only be read
        path.touch()
    return model


def _convert_missing(pieces: Sequence[Piece]) -> None:
    """Put pieces into the cache folder that are not there, all at once; what fails is left to `_read_converted`."""
    if (cache := _cache_folder()) is not None:
        jobs = [(module, example, _converted_file(cache, module, example)) for module, example, _ in pieces]
        with contextlib.suppress(BothhandsError):
            _keep([job for job in jobs if not job[2].exists()])


def _keep(jobs: Sequence[Job]) -> None:
    from models.runtime.converted import keep  # imports torch

    keep(jobs)


def _converted_file(cache: Path, module: torch.nn.Module, example: Sequence[torch.Tensor]) -> Path:
    from models.runtime.converted import fingerprint

    return cache / "converted" / f"{fingerprint(module, example, f'openvino {ov.__version__}')}.xml"


def _note_of_fastest(module: torch.nn.Module, example: Sequence[torch.Tensor], precision: Precision) -> Path | None:
    from models.runtime.converted import fingerprint  # imports torch

    if (cache := _cache_folder()) is None:
        return None
    return cache / "fastest" / f"{fingerprint(module, example, _situation(precision))}.txt"


def _situation(precision: Precision) -> str:
    """What the fastest precision of a network depends on beside it."""
    return f"{describe()} {_usable_cores()} {precision}"


def _fastest(compiled: Sequence[Sequence[ov.CompiledModel]]) -> int:
    """Which of some networks answers soonest, by the median; they take turns, so that other work slows all."""
    networks = [StaticNetwork(*parts) for parts in compiled]
    seconds: list[list[float]] = [[] for _ in networks]
    for _ in range(_COMPARED_RUNS):
        for network, own in zip(networks, seconds, strict=True):
            start = time.perf_counter()
            network.infer()
            own.append(time.perf_counter() - start)
    medians = [float(np.median(own)) for own in seconds]
    return medians.index(min(medians))


@functools.cache
def _core() -> ov.Core:
    return ov.Core()


@functools.cache
def _cache_folder() -> Path | None:
    try:
        folder = cache_folder() / "openvino"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, BothhandsError):
        return None
    return folder if os.access(folder, os.W_OK) else None


def _usable_cores() -> int:
    """Cores that this process may use, or fewer where OMP_NUM_THREADS, the usual word for that, says so: of many
    processes side by side each is told to take its share.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return min(cores, int(asked)) if asked.isdecimal() and int(asked) else cores


def _last_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
