"""When a video's images were taken, and what else was of the same moment."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from av.container import InputContainer

from app.sessions.checks import MOST_NS
from app.sessions.video import ORIGIN_KEY
from models.sentences import say
from tracking.pauses import LONGEST_PAUSE_NS, SHORTENED_NS, taken_away

TOLERANCE_NS = 2_000_000
"""Older recordings count in whole milliseconds, and an image that fell on one that was taken came one later."""
GAP_SECONDS = 0.15
"""Time without a hand beyond which it counts as gone: what it did in between is not made up."""
_GAP_STEPS = 2.5
"""The same in usual steps, for sources slower than that."""


@dataclass(frozen=True, eq=False)
class MediaTime:
    """Time as it is played: pauses in which the source gave no image for long are shortened.

    Attributes:
        after_ns: (G,) int64 rising: when images went on after each such pause.
        taken_ns: (G,) int64 rising: how much is taken away from then on.
    """

    after_ns: np.ndarray
    taken_ns: np.ndarray

    @classmethod
    def of(cls, moments_ns: np.ndarray) -> MediaTime:
        """For a recording.

        Args:
            moments_ns: (M,) int64 rising: when frames were taken; not all of them, but of each ten seconds one.
        """
        taken = taken_away(np.diff(moments_ns))
        long = np.flatnonzero(taken)
        return cls(moments_ns[long + 1], np.cumsum(taken[long]))

    def at(self, captured_ns: np.ndarray) -> np.ndarray:
        """(N,) int64 capture times as they are played."""
        taken = np.concatenate([np.zeros(1, np.int64), self.taken_ns])
        return captured_ns - taken[np.searchsorted(self.after_ns, captured_ns, "right")]

    def note(self) -> str:
        """What was shortened, as a sentence; "" where nothing was."""
        if not len(self.after_ns):
            return ""
        count = len(self.after_ns)
        longest, seconds = LONGEST_PAUSE_NS // SHORTENED_NS, float(self.taken_ns[-1] * 1e-9 + count)
        if count == 1:
            return say(
                "A pause of more than {longest} s in which the source gave no frame ({seconds:.0f} s in all) is "
                "shortened to 1 s.",
                longest=longest,
                seconds=seconds,
            )
        return say(
            "{count} pauses of more than {longest} s in which the source gave no frame ({seconds:.0f} s in all) are "
            "shortened to 1 s each.",
            count=count,
            longest=longest,
            seconds=seconds,
        )


def origin_of(container: InputContainer) -> int | None:
    """`captured_ns` of a video's first image; None where the file does not say."""
    origin = container.metadata.get(ORIGIN_KEY, "")
    number = int(origin) if re.fullmatch("-?[0-9]{1,20}", origin) else MOST_NS
    return number if abs(number) < MOST_NS else None


def gaps(seconds: np.ndarray) -> np.ndarray:
    """(N-1,) bool: after which rows of one hand it was gone.

    Args:
        seconds: (N,) rising.
    """
    steps = np.diff(seconds)
    return steps > max(GAP_SECONDS, _GAP_STEPS * float(np.median(steps))) if len(steps) else steps > 0


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


def one_each(times_ns: np.ndarray, captured_ns: np.ndarray) -> np.ndarray:
    """As `nearest`, of moments that rise: of two that one time is nearest to, the later belongs to the one behind it.

    So each image of a video whose frames followed one another faster than its clock counts keeps its own hands.

    Args:
        times_ns: (P,) int64 rising, at least one.
        captured_ns: (N,) int64 rising.

    Returns:
        (N,) numbers of times, each at most once; -1 where none is within the tolerance.
    """
    numbers = nearest(times_ns, captured_ns)
    found = numbers[numbers >= 0]
    if np.all(np.diff(found) > 0):
        return numbers
    last = -1
    for place, number in enumerate(numbers.tolist()):
        if number < 0:
            continue
        taken = max(number, last + 1)
        near = taken < len(times_ns) and abs(int(times_ns[taken]) - int(captured_ns[place])) <= TOLERANCE_NS
        numbers[place] = taken if near else -1
        last = taken if near else last
    return numbers


def exact(times_ns: np.ndarray, captured_ns: np.ndarray) -> np.ndarray:
    """(P,) int64: a video's times, which are rounded, and exactly those at which hands were found.

    Args:
        times_ns: (P,) int64 rising: of its images.
        captured_ns: (N,) int64 rising: at which hands were found.
    """
    numbers = one_each(times_ns, captured_ns)
    times = times_ns.copy()
    times[numbers[numbers >= 0]] = captured_ns[numbers >= 0]
    return times if np.all(np.diff(times) > 0) else times_ns
