"""Milliseconds by stage of one frame."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stages:
    """Times what is done under a stage's name; one that is entered twice adds up."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Time a block."""
        start = time.perf_counter_ns()
        yield
        spent = (time.perf_counter_ns() - start) * 1e-6
        self.milliseconds[name] = self.milliseconds.get(name, 0.0) + spent
