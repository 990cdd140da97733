"""Reads files in a process of its own, where what kills it is seen as a signal and what hangs is ended.

As a program (`python -m tests.fuzz.worker`) it answers each line of its input, a reader and a folder, with one line.
`Worker` is the other end.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
CPU_SECONDS = 1.0
"""Of the process for one file: time on the wall is that of a busy machine."""
_HANGS = 20.0
"""Seconds on the wall after which a read counts as hanging: what waits takes no processor time."""


class Answer(NamedTuple):
    """How a read ended.

    Attributes:
        outcome: "value", "sentence" (an error that is documented), "traceback", "signal", "hang" or "slow".
        text: the sentence, traceback or signal.
    """

    outcome: str
    text: str = ""

    @property
    def fine(self) -> bool:
        """A value or one sentence."""
        return self.outcome in ("value", "sentence")


class Worker:
    """The process; begun when it is first asked, and anew after it has died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, reader: str, folder: Path) -> Answer:
        """Let it read what lies in a folder."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps([reader, str(folder)]).encode() + b"\n")
            process.stdin.flush()
        except BrokenPipeError:
            return self._died()
        if not select.select([process.stdout], [], [], _HANGS)[0]:
            self.close()
            return Answer("hang", f"no answer within {_HANGS:.0f} s")
        line = process.stdout.readline()
        return Answer(*json.loads(line)) if line else self._died()

    def warm(self, reader: str) -> None:
        """Let it import what a reader needs, which is no part of reading a file."""
        if self.read(reader, Path("/nowhere")).outcome in ("signal", "hang"):
            self.close()

    def close(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                with contextlib.suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]
            self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.fuzz.worker"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )
        return self._process

    def _died(self) -> Answer:
        assert self._process is not None
        code = self._process.wait()
        self.close()
        return Answer("signal", f"the process ended with {code}")


def _limit_memory() -> None:
    """A file that asks for all memory gets none, instead of the machine's."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (24 << 30, 24 << 30))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(name: str, folder: Path) -> Answer:
    from models.errors import BothhandsError
    from tests.fuzz.readers import DOCUMENTED, READERS

    start = time.process_time()
    try:
        READERS[name](folder)
        answer = Answer("value")
    except (BothhandsError, *DOCUMENTED.get(name, ())) as error:
        text = str(error)
        answer = Answer("sentence", text) if text and "\n" not in text else Answer("traceback", f"no sentence: {text}")
    except Exception:  # noqa: BLE001 - what else there may be is what is looked for
        return Answer("traceback", traceback.format_exc())
    used = time.process_time() - start
    return answer if used < CPU_SECONDS or folder == Path("/nowhere") else Answer("slow", f"{used:.1f} s of processor")


def main() -> None:
    """Answer until the input ends."""
    _limit_memory()
    # What libraries print must not get in between the answers.
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    for line in sys.stdin.buffer:
        name, folder = json.loads(line)
        answers.write(json.dumps(_read(name, Path(folder))).encode("utf-8", "replace") + b"\n")


if __name__ == "__main__":
    main()
