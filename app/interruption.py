"""Requests to end, other than Ctrl+C, treated as Ctrl+C is: what was begun is completed or removed."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

CTRL_C = 130
"""Exit code of every command that was stopped by Ctrl+C: 128 and the signal's number, as shells have it."""
_requests = 0


def requests() -> int:
    """How often a person or the system has asked this process to stop.

    Each of them raised KeyboardInterrupt, wherever the main thread was. A library that was called back just then may
    have dropped the exception, or have failed of it in its own way; so those who work ask again between two steps.
    """
    return _requests


def ask_to_stop(number: int, frame: FrameType | None) -> NoReturn:
    """Handle a signal: count it and raise KeyboardInterrupt."""
    global _requests
    _requests += 1
    raise KeyboardInterrupt


class Interruption:
    """How a command was asked to end.

    Attributes:
        exit_code: 128 and the number of the signal.
    """

    def __init__(self) -> None:
        self.exit_code = CTRL_C


@contextlib.contextmanager
def interruptible() -> Iterator[Interruption]:
    """Let SIGTERM (a system that shuts down) and SIGHUP (a terminal that was closed) raise KeyboardInterrupt.

    Once only: while what was begun is completed, further ones are ignored. In other threads than the main one, where
    Python lets nobody handle signals, nothing is changed.
    """
    interruption = Interruption()

    def stop(number: int, frame: FrameType | None) -> None:
        interruption.exit_code = 128 + number
        for each in handled:
            signal.signal(each, signal.SIG_IGN)
        ask_to_stop(number, frame)

    handled = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    if threading.current_thread() is not threading.main_thread():
        yield interruption
        return
    # One that is ignored stays so: nohup wants that.
    handled = [number for number in handled if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, stop) for number in handled}
    try:
        yield interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
