"""Runs the command line in forks of a process that has imported everything, so that hundreds of runs take minutes.

As a program (`python -m tests.faults.runner`) it answers each line of its input, a `Call` as JSON, with one line, a
`Result`. `Runner` is the other end.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
HANG_SECONDS = 20.0
"""Of a machine that has nothing else to do; see `patience`."""
_IMPORTED = (
    *("numpy", "torch", "cv2", "av", "pyarrow", "pydantic", "scipy.sparse", "rich.progress", "trimesh", "safetensors"),
    *("app.cli", "app.processing", "app.evaluation", "app.doctor", "app.bench", "app.weights", "app.archives.archive"),
    *("app.outputs.export", "app.replay.clip", "app.sessions.listing", "app.sessions.recovery", "app.settings"),
    *("training.labelling", "training.data.synthesize", "training.config", "tracking.tracker", "models.landmark_fit"),
)
"""Nothing that starts threads: a fork has none of them."""


class Call(NamedTuple):
    """A command line.

    Attributes:
        arguments: after `main.py`; surrogates are bytes that are no UTF-8.
        folder: in which it runs; `out` in it takes what is printed, and `weights` what would be installed.
        environment: to be changed; None takes a variable away.
        seconds: that it may take.
    """

    arguments: list[str]
    folder: str
    environment: dict[str, str | None]
    seconds: float


class Result(NamedTuple):
    """How it ended: exit code, negative for a signal; None where it was ended after its time."""

    code: int | None
    printed: str
    seconds: float

    def problem(self, allowed: tuple[int, ...]) -> str | None:
        """What is wrong with that; None where nothing is."""
        if self.code is None:
            return f"hangs ({self.seconds:.0f} s)"
        if self.code < 0:
            return f"ends by signal {-self.code}"
        if "Traceback (most recent call last)" in self.printed:
            return f"traceback: {self.printed.strip().splitlines()[-1]}"
        if self.code not in allowed:
            return f"exit code {self.code}: {self.printed.strip()[-300:]}"
        if self.code == 2 and not self.printed.strip():
            return "exit code 2 without a word"
        return None


def patience(seconds: float = HANG_SECONDS) -> float:
    """So many seconds of a machine to itself, on this one as it is."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


class Runner:
    """The process that forks; begun when it is first asked, and anew where something has ended it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, call: Call) -> Result:
        """Run one command line."""
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.runner"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(call).encode() + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the runner has ended over {call.arguments}"
        return Result(*json.loads(line))

    def close(self) -> None:
        """End it."""
        if self._process is not None:
            assert self._process.stdin is not None
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
            self._process.wait()


def _run(call: Call) -> Result:
    printed = Path(call.folder) / "out"
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        _become(call, printed)
    ended, status = 0, 0
    while not ended and time.monotonic() - start < call.seconds:
        time.sleep(0.02)
        ended, status = os.waitpid(child, os.WNOHANG)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)  # with the processes that it began
    if not ended:
        os.waitpid(child, 0)
    text = printed.read_bytes().decode("utf-8", "replace") if printed.exists() else ""
    code = os.waitstatus_to_exitcode(status) if ended else None
    return Result(code, text[-20_000:], time.monotonic() - start)


def _become(call: Call, printed: Path) -> None:
    """Run the command line in this process, which does not come back."""
    os.setsid()
    os.chdir(call.folder)
    output = os.open(printed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for name, value in call.environment.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
    sys.argv = ["main.py", *call.arguments]
    code = 1
    try:
        _keep_the_weights(Path(call.folder))
        _measure_one_model()
        from app.cli import main

        main()
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:  # noqa: BLE001 - a traceback is what is looked for
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _keep_the_weights(folder: Path) -> None:
    """What `weights install` takes for the app's own weights lies in a folder of the test."""
    if sys.argv[1:3] != ["weights", "install"]:
        return
    from models import places

    places.installed_weights = lambda name: folder / "weights" / name


def _measure_one_model() -> None:
    """`bench` reads its source as it does, and then takes a minute for each of the larger models."""
    if sys.argv[1] == "bench":
        from app import bench

        bench.list_models = lambda: ["landmark-fit"]
        bench.measure_start = lambda *_: {}


def main() -> None:
    """Answer until the input ends."""
    import importlib

    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    for name in _IMPORTED:
        importlib.import_module(name)
    for line in sys.stdin.buffer:
        answers.write(json.dumps(_run(Call(*json.loads(line)))).encode() + b"\n")


if __name__ == "__main__":
    main()
