"""Converted torch modules on disk, under names of which the same means the same network.

Exporting a module takes seconds and leaves some megabytes behind each time; reading what was exported before takes and
leaves next to nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from models.errors import BothhandsError
from models.runtime.conversion import convert
from models.runtime.seals import drop, seal
from models.sentences import say

if TYPE_CHECKING:
    from models.runtime.conversion import Job

MOST_KEPT = 8
"""Converted networks on disk; the ones that were not used for longest go first."""


def fingerprint(module: torch.nn.Module, example: Sequence[torch.Tensor], salt: str) -> str:
    """A hash of everything that a converted module depends on: sources, structure, settings, weights and input shapes.

    Args:
        module: to be converted.
        example: its inputs.
        salt: versions of what converts it.
    """
    digest = hashlib.sha256(f"{salt} torch {torch.__version__} {module!r}".encode())
    for tensor in example:
        digest.update(f"{tuple(tensor.shape)} {tensor.dtype}".encode())
    for source in sorted(_sources(module)):
        digest.update(source.read_bytes())
    for name, part in module.named_modules():
        for key, value in sorted({**vars(part), **part._parameters, **part._buffers}.items()):
            if isinstance(value, torch.Tensor):
                value = value.detach().cpu().contiguous().numpy()
            if isinstance(value, np.ndarray):
                digest.update(f"{name}.{key} {value.shape} {value.dtype}".encode())
                digest.update(np.ascontiguousarray(value).data)
            elif isinstance(value, bool | int | float | str | tuple):
                digest.update(f"{name}.{key} {value!r}".encode())
    return digest.hexdigest()[:32]


def _sources(module: torch.nn.Module) -> set[Path]:
    """Python files beside those that define the module's parts, torch's own left out."""
    own = {type(part).__module__ for part in module.modules() if type(part).__module__.split(".")[0] != "torch"}
    files = {inspect.getsourcefile(sys.modules[name]) for name in own if name in sys.modules}
    return {path for file in files if file for path in Path(file).parent.glob("*.py")}


def keep(jobs: Sequence[Job]) -> None:
    """Convert modules into the files that they are read from; whoever reads meanwhile sees a whole file or none.

    Raises:
        BothhandsError: it fails, or a file cannot be written.
        ConversionStopped: see `models.runtime.conversion`.
    """
    if not jobs:
        return
    unfinished = [path.with_name(f"{path.stem}-{os.getpid()}.xml") for _, _, path in jobs]
    try:
        for path in unfinished:
            path.parent.mkdir(exist_ok=True)
        convert([(module, example, path) for (module, example, _), path in zip(jobs, unfinished, strict=True)])
        for written, (_, _, path) in zip(unfinished, jobs, strict=True):
            for suffix in (".bin", ".xml"):
                written.with_suffix(suffix).replace(path.with_suffix(suffix))
                seal(path.with_suffix(suffix))
            keep_newest(path.parent)
    except OSError as error:
        raise BothhandsError(
            say("{path} cannot be written ({reason}).", path=error.filename, reason=error.strerror)
        ) from error
    finally:
        for path in unfinished:
            for leftover in (path, path.with_suffix(".bin")):
                with contextlib.suppress(OSError):
                    leftover.unlink(missing_ok=True)


def keep_newest(folder: Path) -> None:
    """Delete converted networks beyond `MOST_KEPT`."""
    networks = sorted(folder.glob("*.xml"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in networks[MOST_KEPT:]:
        drop(old)
        drop(old.with_suffix(".bin"))
