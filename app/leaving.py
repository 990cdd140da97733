"""How the program ends, whatever its threads are doing."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from typing import NoReturn

from models.runtime.compiled import stop_compiling
from models.runtime.conversion import stop_conversions

THREAD_PREFIX = "bothhands-"
"""Begins the names of all threads of a session, for debuggers and logs."""


def threads_left() -> list[threading.Thread]:
    """Threads of sessions that have not ended."""
    return [thread for thread in threading.enumerate() if thread.name.startswith(THREAD_PREFIX)]


def leave(code: int) -> NoReturn:
    """End the program, also where threads are inside a driver or a compiler and cannot be asked to end.

    Python ends such threads when they come back to it while it shuts down, by unwinding their stacks through C++ code
    that does not expect it: the program aborts. So where any is left, nothing is shut down but what people read.
    """
    if threads_left():
        stop_conversions()
        stop_compiling()
        logging.shutdown()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                stream.flush()
        os._exit(code)
    sys.exit(code)
