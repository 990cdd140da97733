"""What commands share: the terminal, progress, checks of what was typed, and Ctrl+C."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable
from typing import TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.interruption import ask_to_stop, requests
from app.terminal import PlainConsole, printable
from models.errors import BothhandsError

T = TypeVar("T")
out = PlainConsole()


def catch_ctrl_c() -> None:
    """Ctrl+C raises KeyboardInterrupt from now on: work begins that is to be ended in order.

    Before, it ends the program at once, as `bothhands.__main__` says: libraries are imported, some of which take an
    exception in the midst of it for their own failure. Where something else was made of it, that stays.
    """
    if signal.getsignal(signal.SIGINT) in (signal.SIG_DFL, signal.default_int_handler):
        signal.signal(signal.SIGINT, ask_to_stop)


def with_progress(title: str, work: Callable[[Callable[..., None]], T]) -> T:
    """Run `work` with a progress bar on stderr; it is given a function (done, total, text=None) to call.

    The bar appears with the first call, so that what fails before it has begun is one sentence and nothing else.

    Raises:
        KeyboardInterrupt: it was asked to stop, also where a library made something else of that, or nothing.
    """
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=PlainConsole(stderr=True))
    task = progress.add_task(title, total=None)

    before = requests()

    def tick(done: int, total: int | None, text: str | None = None) -> None:
        if requests() > before:
            raise KeyboardInterrupt
        progress.start()
        progress.update(task, completed=done, total=total, description=None if text is None else printable(text))

    catch_ctrl_c()
    try:
        return work(tick)
    except BothhandsError:
        raise
    except Exception as error:
        if requests() > before:
            raise KeyboardInterrupt from error
        raise
    finally:
        if progress.live.is_started:  # else it would print an empty line
            progress.stop()


def choice(option: str, value: str, allowed: tuple[T, ...]) -> T:
    """The value as one of those that an option takes.

    Raises:
        BothhandsError: it is none of them; the text names them.
    """
    for known in allowed:
        if known == value:
            return known
    raise BothhandsError(f"{option} cannot be {value!r}; choose one of: {', '.join(map(str, allowed))}.")


def print_json(value: object) -> None:
    """For programs that read what a command prints."""
    sys.stdout.write(json.dumps(value, indent=2) + "\n")


def shortened(name: str) -> str:
    """A name that fits into a sentence."""
    return f"{name[:60]}…{name[-20:]}" if len(name) > 100 else name
