"""One rule of what is a pause in time, for all that plays, counts or tells of it."""

from __future__ import annotations

import numpy as np

LONGEST_PAUSE_NS = 10_000_000_000
"""A source that gave no image for longer than this did not film a pause: its clock jumped, or it was away."""
SHORTENED_NS = 1_000_000_000
"""What such a pause becomes where time is played or counted in even steps."""


def is_pause(step_ns: int) -> bool:
    """Whether the time from one image to the next, ns, is such a pause."""
    return step_ns > LONGEST_PAUSE_NS


def taken_away(steps_ns: np.ndarray) -> np.ndarray:
    """(N,) int64 ns that are taken away from (N,) steps from image to image: 0 where a step is no pause."""
    return np.where(steps_ns > LONGEST_PAUSE_NS, steps_ns - SHORTENED_NS, 0)
