"""What other processes do for test_isolation.py; they import this file, and nothing that takes them long."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

from models.errors import BothhandsError


def add(one: int, other: int) -> int:
    return one + other


def crash(number: int) -> None:
    os.kill(os.getpid(), number)


def complain(sentence: str) -> None:
    raise BothhandsError(sentence)


def wait_for_ever() -> None:
    threading.Event().wait()


def give_what_cannot_be_sent() -> threading.Lock:
    return threading.Lock()


def crash_on(path: Path, mano_dir: Path | None) -> None:
    crash(signal.SIGSEGV)
