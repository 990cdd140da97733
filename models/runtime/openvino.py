"""OpenVINO: one way to read, compile and cache a network for the CPU.

Importing `openvino` reports the import to an analytics service unless its telemetry package is missing; this module
makes it look missing, so that a program that looks through a webcam sends nothing. Everything that needs OpenVINO
imports it through here.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from models.errors import BothhandsError
from models.extras import repair
from models.runtime.conversion import convert
from models.runtime.runner import Precision
from models.runtime.seals import drop, is_whole, seal
from models.sentences import said, say
from models.user_folders import cache_folder

sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # None makes its import fail: a stub steps in

try:
    import openvino as ov
except ImportError as error:
    raise BothhandsError(
        say(
            "OpenVINO cannot be loaded ({reason}). What helps: {repair}; or choose what runs without it.",
            reason=said(error),
            repair=repair(),
        )
    ) from error

# Tables of types that the module makes when they are first asked for, giving the interpreter's lock away meanwhile: two
# threads that ask at once wait for each other forever. An import is one thread's.
ov.Type.f32.to_dtype()
ov.Type(np.float32)

if TYPE_CHECKING:
    import torch

    from models.runtime.conversion import Job

Piece: TypeAlias = "tuple[torch.nn.Module, Sequence[torch.Tensor], Precision]"
_log = logging.getLogger(__name__)

_COMPILED = "*.blob"
"""What OpenVINO calls the networks that it has compiled, in its folder for them."""
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
                say(
                    "The network {source} cannot be read ({reason}); the file is missing or damaged, "
                    "reinstall the package it came with.",
                    source=source,
                    reason=_last_line(error),
                )
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
    model = read_network(source, example)
    if (cache := network_cache()) is None:
        return _core().compile_model(model, "CPU", config)
    # One folder per precision: OpenVINO 2026.4 takes what it cached for f32 when it is asked for f16.
    folder = cache / native
    for kept in folder.glob(_COMPILED):
        if not is_whole(kept):
            drop(kept)
    compiled = _core().compile_model(model, "CPU", {**config, "CACHE_DIR": str(folder)})
    for kept in folder.glob(_COMPILED):
        if not is_whole(kept):  # it has just been written
            seal(kept)
    return compiled


def compile_parts(
    module: torch.nn.Module, example: Sequence[torch.Tensor], precision: Precision
) -> list[ov.CompiledModel]:
    """A torch module for `StaticNetwork`: in one part, or in two where bf16 is asked for and it is `TwoParts`.

    Args:
        module: in eval mode.
        example: as `read_network` takes it.
        precision: as `compile_network` takes it.
    """
    pieces = pieces_of(module, example, precision)
    if len(pieces) == 1:
        return [compile_network(module, example=example, precision=precision)]
    convert_missing(pieces)
    return [compile_network(part, example=inputs, precision=own) for part, inputs, own in pieces]


def pieces_of(module: torch.nn.Module, example: Sequence[torch.Tensor], precision: Precision) -> list[Piece]:
    """What `compile_parts` compiles, each with its inputs and precision; see there."""
    import torch

    from models.runtime.parts import TwoParts  # imports torch

    if precision != "bf16" or not isinstance(module, TwoParts):
        return [(module, example, precision)]
    # Without the caller's autocast: what lies between would be bfloat16, which numpy has no type for.
    with torch.no_grad(), torch.autocast("cpu", enabled=False):
        between = module.start(*example)
    return [(module.start, example, "f32"), (module.rest, between, precision)]


def network_of(results: Sequence[Any], inputs: Sequence[Any]) -> ov.Model:
    """A network of what it gives and what it takes, as OpenVINO's own constructor makes one."""
    return ov.Model(results, inputs)  # pyright: ignore[reportGeneralTypeIssues] - its stubs mix two classes of the name


def joined(parts: Sequence[ov.Model]) -> ov.Model:
    """Networks of which each reads what the one before gives, as one; the parts cannot be used afterwards."""
    whole, *others = parts
    for part in others:
        for given, taken in zip(whole.outputs, part.inputs, strict=True):
            taken.replace(given.get_node().input_value(0))
        whole = network_of(part.outputs, whole.get_parameters())
    return whole


def split(model: ov.Model, ends: Sequence[ov.Output]) -> list[ov.Model]:
    """A network of one input in parts, of which each reads what the one before gives; it cannot be used afterwards.

    Args:
        model: it.
        ends: of all parts but the last, in order; whatever lies behind one of them reads it, and nothing before it.
    """
    from openvino import opset13 as ops

    parts: list[ov.Model] = []
    inputs = model.get_parameters()
    for end in ends:
        readers = list(end.get_target_inputs())
        following = ops.parameter(list(end.get_shape()), np.dtype(end.get_element_type().to_dtype()))
        for reader in readers:
            reader.replace_source_output(following.output(0))
        parts.append(network_of([ops.result(end)], inputs))
        inputs = [following]
    return [*parts, network_of(model.get_results(), inputs)]


def scale_bytes(model: ov.Model) -> ov.Model:
    """The model with a uint8 input: the division by 255 becomes its first layer, which saves a pass over the pixels."""
    from openvino.preprocess import PrePostProcessor

    preprocessor = PrePostProcessor(model)
    preprocessor.input().tensor().set_element_type(ov.Type.u8)
    preprocessor.input().preprocess().convert_element_type(ov.Type.f32).scale(255.0)
    return preprocessor.build()


def usable_threads() -> int:
    """Threads that a network is given here: one for each core that this process may use, up to `MOST_THREADS`."""
    return min(usable_cores(), MOST_THREADS)


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
    if (cache := network_cache()) is not None:
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
        raise BothhandsError(
            say("There is no folder to convert the network in ({reason}).", reason=error.strerror)
        ) from error


def _read_kept(path: Path) -> ov.Model:
    if not (is_whole(path) and is_whole(path.with_suffix(".bin"))):
        raise RuntimeError(f"{path} is not there, or damaged")
    model = _core().read_model(path)
    with contextlib.suppress(OSError):  # of a folder that can only be read
        path.touch()
    return model


def convert_missing(pieces: Sequence[Piece]) -> None:
    """Put pieces into the cache folder that are not there, all at once; what fails is left to `_read_converted`."""
    if (cache := network_cache()) is not None:
        jobs = [(module, example, _converted_file(cache, module, example)) for module, example, _ in pieces]
        with contextlib.suppress(BothhandsError):
            _keep([job for job in jobs if not job[2].exists()])


def _keep(jobs: Sequence[Job]) -> None:
    from models.runtime.converted import keep  # imports torch

    keep(jobs)


def _converted_file(cache: Path, module: torch.nn.Module, example: Sequence[torch.Tensor]) -> Path:
    from models.runtime.converted import fingerprint

    return cache / "converted" / f"{fingerprint(module, example, f'openvino {ov.__version__}')}.xml"


@functools.cache
def _core() -> ov.Core:
    return ov.Core()


@functools.cache
def network_cache() -> Path | None:
    """Folder in the user's cache for what is made of networks; None where nothing can be kept."""
    try:
        folder = cache_folder() / "openvino"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, BothhandsError):
        return None
    return folder if os.access(folder, os.W_OK) else None


def usable_cores() -> int:
    """Cores that this process may use, or fewer where OMP_NUM_THREADS, the usual word for that, says so: of many
    processes side by side each is told to take its share.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return min(cores, int(asked)) if asked.isdecimal() and int(asked) else cores


def _last_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
