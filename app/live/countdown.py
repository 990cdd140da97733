"""Time to get the hands into place before a recording begins."""

from __future__ import annotations

import math

from app.live.statistics import SECOND_NS

COUNTDOWNS = (0, 3, 5, 10)
"""Seconds that can be chosen."""


class Countdown:
    """Counts down from a number of seconds; told the time by whoever owns it."""

    def __init__(self) -> None:
        self._due_ns: int | None = None

    @property
    def running(self) -> bool:
        """Whether it counts."""
        return self._due_ns is not None

    def start(self, seconds: int, now_ns: int) -> None:
        """Count from now on."""
        self._due_ns = now_ns + seconds * SECOND_NS

    def stop(self) -> None:
        """Count no more."""
        self._due_ns = None

    def left(self, now_ns: int) -> int:
        """Whole seconds that are left, as a person counts them: 3, 2, 1; 0 where it does not run or is over."""
        return 0 if self._due_ns is None else max(0, math.ceil((self._due_ns - now_ns) / SECOND_NS))

    def take_due(self, now_ns: int) -> bool:
        """Whether it has come to its end; true once."""
        if self._due_ns is None or now_ns < self._due_ns:
            return False
        self._due_ns = None
        return True
