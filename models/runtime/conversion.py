"""Turns torch modules into OpenVINO's networks, in a process of its own.

torch's exporter imports torch's compilers, and with them triton where it is installed, as it is with PyPI's torch for
Linux. triton brings an LLVM whose names collide with those of Mesa's: a process that draws and converts crashes. A
process of its own has more to it: it is gone when it is done, with the memory that the exporter never gives back, and
it can be stopped at any moment, which a thread that is inside the exporter cannot.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import BothhandsError

if TYPE_CHECKING:
    import torch

    Job = tuple[torch.nn.Module, Sequence[torch.Tensor], Path]
    """Module in eval mode, inputs whose shapes become the network's, and the .xml to write, with a .bin beside it."""

_START = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    f"from {__package__}.converter import main; main(sys.stdin.buffer)"
)


class ConversionStopped(Exception):  # noqa: N818 - nothing went wrong
    """Somebody called `stop_conversions`: the program ends."""


class _Converter:
    """One process that converts.

    Attributes:
        stopped: whether it was told to end before it was done.
    """

    def __init__(self) -> None:
        self.stopped = False
        # torch asks who the user is, which fails for a number without a name; the exporter's caches are not used.
        environment = {"LOGNAME": "bothhands", **os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
            # Ctrl+C in a terminal is for the program, which ends this process itself.
            start_new_session=True,
        )

    def convert(self, jobs: Sequence[Job]) -> tuple[int, str]:
        """Exit code and what was said on stderr."""
        said: list[bytes] = []
        assert self._process.stdin is not None
        assert self._process.stderr is not None
        listener = threading.Thread(target=lambda pipe=self._process.stderr: said.append(pipe.read()), daemon=True)
        listener.start()
        # Where the pipe breaks the process ended early, and its exit code tells.
        with contextlib.suppress(BrokenPipeError), self._process.stdin as pipe:
            pickle.dump(sys.path, pipe)
            pickle.dump(list(jobs), pipe)
        code = self._process.wait()
        listener.join()
        return code, b"".join(said).decode(errors="replace")

    def stop(self) -> None:
        self.stopped = True
        self._process.kill()

    def end(self) -> None:
        """Kill and wait."""
        self._process.kill()
        self._process.wait()


_lock = threading.Lock()
_running: set[_Converter] = set()


def convert(jobs: Sequence[Job]) -> None:
    """Write networks, all in one process, as starting it takes longer than most conversions.

    Raises:
        BothhandsError: a module cannot be converted, or a file cannot be written.
        ConversionStopped: by `stop_conversions`.
    """
    with _lock:
        converter = _Converter()
        _running.add(converter)
    try:
        code, said = converter.convert(jobs)
    finally:
        converter.end()  # also where a module cannot be pickled, or where Ctrl+C came
        with _lock:
            _running.discard(converter)
    if converter.stopped:
        raise ConversionStopped
    if code or not all(path.is_file() and path.with_suffix(".bin").is_file() for _, _, path in jobs):
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        raise BothhandsError(f"The network cannot be converted ({lines[-1] if lines else f'exit code {code}'}).")


def converting() -> bool:
    """Whether a network is being converted now, which happens once for each network and machine."""
    return bool(_running)


def stop_conversions() -> None:
    """End what is being converted; whoever waits for it gets a `ConversionStopped`."""
    with _lock:
        for converter in _running:
            converter.stop()
