"""Measures how long the window's event loop stands still: while it does, nothing is painted and no click is taken."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

logger = logging.getLogger(__name__)

LIMIT_NS = 50_000_000
"""A stall that is longer is one that a person may see."""
_LOOK_SECONDS = 0.02
"""How often it is looked whether the loop stands still now; less than the limit, so that each stall is seen."""
ELSEWHERE = "no code of ours (the machine was busy)"
_APP = (__package__ or "").rpartition(".")[0]
_ROOT = _APP.removesuffix("app")
"""In front of the rooms' names, where they are parts of a package."""
_OURS = tuple(f"{_ROOT}{room}." for room in ("app", "models", "render", "tracking"))
_RUNS_THE_LOOP = {(f"{_APP}.window.application", name) for name in ("run", "run_replay")}


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

    Args:
        thread: its identity, as `threading.get_ident` gives it.
    """
    return innermost(sys._current_frames().get(thread))


def innermost(frame: FrameType | None) -> str:
    """The innermost function of ours in a stack, and which one the event loop called for it.

    Args:
        frame: the top of the stack; what lies below the function that runs the event loop does not count.
    """
    names: list[str] = []
    while frame is not None:
        module, function = str(frame.f_globals.get("__name__", "")), frame.f_code.co_qualname
        if (module, function) in _RUNS_THE_LOOP:
            break
        if module.startswith(_OURS):
            names.append(f"{module.removeprefix(_ROOT)}.{function}")
        frame = frame.f_back
    if not names:
        return ELSEWHERE
    return names[0] if len(names) == 1 else f"{names[0]}, called by {names[-1]}"
