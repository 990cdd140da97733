"""Work on files of unknown origin, done by a process of its own, whose crash takes nothing with it."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar, cast

from models.errors import BothhandsError
from models.sentences import say

PATIENCE_SECONDS = 300.0
T = TypeVar("T")


def call_isolated(work: Callable[..., T], *arguments: Any, what: str, patience: float = PATIENCE_SECONDS) -> T:
    """Call a function in a child process and wait for it.

    Args:
        work: a function that other processes can import; what it returns can be pickled.
        arguments: for it; can be pickled.
        what: what it reads, as messages call it.
        patience: seconds after which it is ended.

    Returns:
        What it returned. What it raised is raised here.

    Raises:
        BothhandsError: the process crashed, or did not come to its end.
    """
    # Not forked: a window has threads and a GL context, which a fork would not have.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, work, arguments), name="bothhands-reader", daemon=True)
    try:
        process.start()
        theirs.close()  # so that the end of the process is the end of the connection
        try:
            answer: tuple[bool, Any] = ours.recv() if ours.poll(patience) else (False, _too_long(what, patience))
        except (EOFError, OSError):
            process.join()
            answer = (False, _crashed(what, process.exitcode or 0))
    finally:
        if process.pid is not None:
            process.kill()
            process.join()
        ours.close()
    succeeded, value = answer
    if not succeeded:
        raise value
    return cast(T, value)


def _work(pipe: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which ends its children
    try:
        answer = (True, work(*arguments))
    except Exception as error:  # noqa: BLE001 - crosses to the process that waits for it
        answer = (False, error)
    pipe.send(answer)


def _crashed(what: str, code: int) -> BothhandsError:
    how = signal.Signals(-code).name if -code in signal.valid_signals() else say("exit code {code}", code=code)
    return BothhandsError(
        say("{what} is damaged in a way that crashes what reads it ({how}); it was not opened.", what=what, how=how)
    )


def _too_long(what: str, patience: float) -> BothhandsError:
    return BothhandsError(
        say("{what} could not be read within {patience:.0f} s; it was not opened.", what=what, patience=patience)
    )
