"""What is done with one frame, and the milliseconds that each stage takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

Stage = Literal["detect", "crop", "reconstruct", "smooth"]
"""What the tracker does with a frame, in this order; `crop` only where a network is shown crops."""
RENDER = "render"
"""What comes after it, in another thread: the hands are drawn."""


class Stages:
    """Times what is done under a stage's name; one that is entered twice adds up."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: Stage) -> Iterator[None]:
        """Time a block."""
        start = time.perf_counter_ns()
        yield
        spent = (time.perf_counter_ns() - start) * 1e-6
        self.milliseconds[name] = self.milliseconds.get(name, 0.0) + spent
