"""When a video's pictures were taken, and what else was of the same moment."""

from __future__ import annotations

import re

import numpy as np
from av.container import InputContainer

from app.sessions.checks import MOST_NS
from app.sessions.video import ORIGIN_KEY

TOLERANCE_NS = 2_000_000
"""A video's times are whole milliseconds, and a picture that falls on one taken already comes one later."""


def origin_of(container: InputContainer) -> int | None:
    """`captured_ns` of a video's first picture; None where the file does not say."""
    origin = container.metadata.get(ORIGIN_KEY, "")
    number = int(origin) if re.fullmatch("-?[0-9]{1,20}", origin) else MOST_NS
    return number if abs(number) < MOST_NS else None


def nearest(times_ns: np.ndarray, captured_ns: np.ndarray) -> np.ndarray:
    """Which of the times each moment belongs to.

    Args:
        times_ns: (P,) int64 rising, at least one.
        captured_ns: (N,) int64.

    Returns:
        (N,) numbers of times, the earlier one where two are as near; -1 where none is within the tolerance.
    """
    after = np.clip(np.searchsorted(times_ns, captured_ns), 1, max(1, len(times_ns) - 1))
    after = np.minimum(after, len(times_ns) - 1)
    before = np.maximum(after - 1, 0)
    closer_before = captured_ns - times_ns[before] <= times_ns[after] - captured_ns
    numbers = np.where(closer_before, before, after)
    return np.where(np.abs(times_ns[numbers] - captured_ns) <= TOLERANCE_NS, numbers, -1)
