"""How the program ends, whatever its threads are doing."""

from __future__ import annotations

import atexit
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
        _write_all()
        os._exit(code)
    sys.exit(code)


def end_process(end: SystemExit) -> NoReturn:
    """What a program that has shown a window does last, in place of what Python and C++ do by themselves.

    Python's part is done: threads that must end are waited for, what is registered is run, what people read is written.
    Then C++ would take down Qt, OpenGL's driver and OpenVINO in an order that nobody has chosen, while their own
    threads run: one in eight ends during the start of a comparison was a segmentation fault.

    Args:
        end: as `leave` raised it; raised again where there was no window.
    """
    if "PyQt5.QtWidgets" not in sys.modules or not isinstance(end.code, int | None):
        raise end
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    _write_all()
    os._exit(end.code or 0)


def _write_all() -> None:
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
