"""Measures how long the window's event loop stands still: while it does, nothing is painted and no click is taken."""

from __future__ import annotations

import faulthandler
import logging
import re
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

logger = logging.getLogger(__name__)

LIMIT_NS = 50_000_000
"""A stall that is longer is one that a person may see."""
_LOOK_SECONDS = 0.02
"""How often it is looked whether the loop stands still now; less than the limit, so that each stall is seen."""
ELSEWHERE = "no code of ours (the machine was busy)"
_ROOMS = ("app", "models", "render", "tracking")
_RUN_THE_LOOP = ("run", "run_replay")
"""Functions of `_LOOP` below which nothing counts."""
_CALL = re.compile(r'  File "(.*)", line \d+ in (.*)')
_Call = tuple[str, str]
"""A module of ours, as "app.window.theme", or "" of another one; and its function."""


@dataclass(frozen=True)
class Stalls:
    """What was seen so far.

    Attributes:
        count: stalls over the limit.
        worst_ms: the longest, 0 where there was none.
        worst_in: what ran in it.
    """

    count: int = 0
    worst_ms: float = 0.0
    worst_in: str = ""


class StallWatch:
    """Told by the event loop that it turns, and asked by another thread whether it still does.

    A stall is the time by which a beat comes late. What runs in it is asked while it lasts: afterwards nobody knows.
    Each kind of stall, by what ran in it, is logged once.

    Args:
        clock: steady nanoseconds.
        interval_ns: between two beats where nothing is late.
        where: names what the event loop's thread runs now.
    """

    def __init__(self, clock: Callable[[], int], interval_ns: int, where: Callable[[], str]) -> None:
        self._clock = clock
        self._interval_ns = interval_ns
        self._where = where
        self._due_ns: int | None = None
        self._seen_in = ""
        self._kinds: set[str] = set()
        self._stalls = Stalls()

    @property
    def stalls(self) -> Stalls:
        """What was seen so far."""
        return self._stalls

    def beat(self) -> None:
        """The event loop turns. Its thread alone."""
        now = self._clock()
        late = 0 if self._due_ns is None else now - self._due_ns
        seen_in, self._seen_in = self._seen_in or ELSEWHERE, ""
        self._due_ns = now + self._interval_ns
        if late > LIMIT_NS:
            self._note(late * 1e-6, seen_in)

    def look(self) -> None:
        """Note what runs, if the event loop stands still now. Any other thread."""
        due = self._due_ns
        if due is not None and not self._seen_in and self._clock() - due > LIMIT_NS // 2:
            self._seen_in = self._where()

    def _note(self, milliseconds: float, seen_in: str) -> None:
        before = self._stalls
        worst = (before.worst_ms, before.worst_in) if before.worst_ms >= milliseconds else (milliseconds, seen_in)
        self._stalls = Stalls(before.count + 1, *worst)
        if seen_in not in self._kinds:
            self._kinds.add(seen_in)
            # For the log in the window: in a terminal it would be noise about what a person sees anyway.
            logger.info("The window stood still for %.0f ms in %s", milliseconds, seen_in)


class StallSampler:
    """A thread that samples what a watch sees until it is stopped."""

    def __init__(self, watch: StallWatch) -> None:
        self._watch = watch
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bothhands-stalls", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; waits for a moment."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            self._watch.look()


def runs_in(thread: int) -> str:
    """What of our code a thread runs now, as module and function; `ELSEWHERE` where it waits in the event loop.

    Read by `faulthandler`, in one go and without a Python object for any frame. Those of `sys._current_frames` are no
    one's while their function ends: in Python 3.11 a look at one of them ended the whole program.

    Args:
        thread: its identity, as `threading.get_ident` gives it.
    """
    with tempfile.TemporaryFile() as file:
        faulthandler.dump_traceback(file)
        file.seek(0)
        return innermost(_calls(file.read().decode("ascii", "replace"), thread))


def _calls(stacks: str, thread: int) -> list[_Call]:
    """The calls of one thread, the innermost first; none where it has ended.

    Args:
        stacks: of all threads, as `faulthandler` writes them.
        thread: its identity.
    """
    _, _, behind = stacks.partition(f"hread 0x{thread:016x} (")
    own, _, _ = behind.partition("\n\n")
    return [(_module(file), function) for file, function in _CALL.findall(own)]


def _module(file: str) -> str:
    """The name of a module of ours; "" of any other."""
    if not file.startswith(_ROOT):
        return ""
    name = _dotted(file[len(_ROOT) :])
    return name if name.startswith(tuple(f"{room}." for room in _ROOMS)) else ""


def _dotted(file: str) -> str:
    return file.removesuffix(".py").replace("\\", "/").replace("/", ".")


def innermost(calls: Sequence[_Call]) -> str:
    """The innermost function of ours, and which one the event loop called for it.

    Args:
        calls: of a thread, the innermost first; what lies below the function that runs the event loop does not count.
    """
    names: list[str] = []
    for module, function in calls:
        if module == _LOOP and function in _RUN_THE_LOOP:
            break
        if module:
            names.append(f"{module}.{function}")
    if not names:
        return ELSEWHERE
    return names[0] if len(names) == 1 else f"{names[0]}, called by {names[-1]}"


_LOOP = _dotted("app/window/application.py")
_HERE = runs_in.__code__.co_filename
"""As stacks name it, which may be another place than that of the file now."""
_ROOT = str(Path(_HERE).parents[2] / "_").removesuffix("_").encode("ascii", "backslashreplace").decode()
"""What the names of our files begin with, in the letters that `faulthandler` writes."""
