"""Modules of loops that numba compiles, beside a running program.

Compiling takes half a minute of a core, loading what was compiled half a second. So a module is compiled in a process
of its own, at low priority, which leaves its code in the cache folder; it takes nothing of a running program, not even
the interpreter's lock, and may be ended at any moment. Then the module is imported, in a thread, which finds its code
in the cache. Until then, and where it never comes to that (no numba, no folder to write to), `ready` gives None and
callers do the same in numpy.

Nothing is compiled or loaded unless somebody asks, so a program that does not ask, such as a test, has one way of
computing from beginning to end.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import importlib.util
import logging
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from models.errors import BothhandsError
from models.user_folders import cache_folder

logger = logging.getLogger(__name__)

_VARIABLE = "NUMBA_CACHE_DIR"
_START = "import os, sys; hasattr(os, 'nice') and os.nice(10); sys.path[:] = {path!r}; import {module}"

_lock = threading.Lock()
_loading: dict[str, threading.Lock] = {}
"""By module, held by whoever loads it: a second one waits for what the first compiles, and for nothing else. A renderer
that waited for the solver's half minute would leave the image standing."""
_ready: dict[str, ModuleType] = {}
_problem: str | None = None
_processes: set[subprocess.Popen[bytes]] = set()
_killed: set[subprocess.Popen[bytes]] = set()


class _CannotCompileError(Exception):
    """Why not, in half a sentence."""


class _StoppedError(Exception):
    """Somebody called `stop_compiling`."""


def ready(module: str) -> ModuleType | None:
    """A module whose code is compiled and loaded, by its full name; None where it is not, or not yet."""
    return _ready.get(module)


def problem() -> str | None:
    """Why nothing can be compiled here, in half a sentence; None where nothing is known against it."""
    return _problem


def load(modules: Sequence[str], compiling: bool) -> bool:
    """Make modules `ready`, in this thread. What is in the way becomes the `problem`, and is logged once.

    Args:
        modules: full names. Importing one compiles its functions, or takes them from numba's cache on the disk.
        compiling: whether to compile those that are not in the cache; otherwise they are passed over.

    Returns:
        Whether all are ready.
    """
    global _problem
    try:
        for name in modules:
            if name in _ready:
                continue
            with _lock:
                own = _loading.setdefault(name, threading.Lock())
            with own:
                if name in _ready:
                    continue
                folder = _cache()
                if compiling or _stamp(folder, name).exists():
                    _ready[name] = _loaded(folder, name)
    except _StoppedError:
        logger.info("The program ends before its code is compiled.")
    except (_CannotCompileError, OSError) as error:  # no process can be started, a file went away
        _problem = str(error)
        logger.info("The slower way of computing is used, because %s.", error)
    return all(name in _ready for name in modules)


def load_beside(modules: Sequence[str]) -> threading.Thread:
    """`load`, compiling what must be, in a thread that is started here."""
    thread = threading.Thread(target=load, args=(modules, True), name="bothhands-compiled", daemon=True)
    thread.start()
    return thread


def stop_compiling() -> None:
    """End what is being compiled: the program ends."""
    with _lock:
        _killed.update(_processes)
        for process in _processes:
            process.kill()


def _cache() -> Path:
    """Numba's folder, which it is told."""
    try:
        import numba
    except Exception as error:  # a broken installation raises anything, SystemError and OSError included
        raise _CannotCompileError(f"numba cannot be loaded ({error})") from error
    try:
        # A folder of our own in either, as what is in it may be deleted.
        chosen = os.environ.get(_VARIABLE)
        folder = Path(chosen, "bothhands") if chosen else cache_folder() / "compiled"
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".{os.getpid()}"
        probe.touch()
        probe.unlink()
    except (OSError, BothhandsError) as error:
        raise _CannotCompileError(f"compiled code cannot be kept ({error})") from error
    numba.config.CACHE_DIR = str(folder)  # pyright: ignore[reportAttributeAccessIssue] - made at run time
    return folder


def _stamp(folder: Path, name: str) -> Path:
    """A file that is there once a module was compiled by this Python and numba, for this processor."""
    import llvmlite.binding
    import numba

    found = importlib.util.find_spec(name)
    assert found is not None
    assert found.origin is not None
    source = Path(found.origin)
    about = source.stat()
    parts = (source, about.st_mtime_ns, about.st_size, sys.version, numba.__version__)
    # numba's cache goes by these two as well: several machines may share a home folder.
    processor = llvmlite.binding.get_host_cpu_name(), llvmlite.binding.get_host_cpu_features().flatten()
    return folder / f"{name}-{hashlib.sha256(repr((parts, processor)).encode()).hexdigest()[:16]}.compiled"


def _loaded(folder: Path, name: str) -> ModuleType:
    stamp = _stamp(folder, name)
    if not stamp.exists():
        _compile(folder, name, stamp)
    try:
        return importlib.import_module(name)
    except Exception:  # numba and pickle raise anything about a damaged cache
        logger.warning("The compiled code in %s is damaged, and made anew.", folder)
        logger.debug("What was raised:", exc_info=True)
    shutil.rmtree(folder, ignore_errors=True)
    _compile(folder, name, stamp)
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise _CannotCompileError(f"{name} cannot be loaded ({error})") from error


def _compile(folder: Path, name: str, stamp: Path) -> None:
    command = [sys.executable, "-c", _START.format(path=sys.path, module=name)]
    with _lock:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, _VARIABLE: str(folder)},
            start_new_session=True,  # Ctrl+C in a terminal is for the program, which ends this process itself
        )
        _processes.add(process)
    try:
        _, said = process.communicate()
    finally:
        with contextlib.suppress(OSError):
            process.kill()
        with _lock:
            _processes.discard(process)
            stopped = process in _killed
            _killed.discard(process)
    if stopped:
        raise _StoppedError
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines()
        raise _CannotCompileError(f"{name} cannot be compiled ({lines[-1] if lines else process.returncode})")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stamp.touch()
    except OSError as error:
        raise _CannotCompileError(f"compiled code cannot be kept ({error})") from error
