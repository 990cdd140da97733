"""Figures over the last seconds, without threads and without Qt."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")

SECOND_NS = 1_000_000_000
WINDOW_NS = 2 * SECOND_NS
"""Over how long figures are taken: long enough to be read, short enough to follow a change."""


class RateMeter:
    """Events per second."""

    def __init__(self) -> None:
        self._times: deque[int] = deque()

    def add(self, now_ns: int) -> None:
        """Count one event."""
        self._times.append(now_ns)
        self._forget(now_ns)

    def rate(self, now_ns: int) -> float:
        """Events per second within the window that ends now; 0 where there were fewer than two."""
        self._forget(now_ns)
        if len(self._times) < 2:
            return 0.0
        return (len(self._times) - 1) * SECOND_NS / (self._times[-1] - self._times[0])

    def _forget(self, now_ns: int) -> None:
        while self._times and self._times[0] < now_ns - WINDOW_NS:
            self._times.popleft()


class AgeMeter:
    """How old images were when they were shown."""

    def __init__(self) -> None:
        self._ages: deque[tuple[int, float]] = deque()

    def add(self, captured_ns: int, shown_ns: int) -> None:
        """Enter one image by the times at which it was captured and shown, on one clock."""
        self._ages.append((shown_ns, (shown_ns - captured_ns) * 1e-6))

    def median_and_p95(self, now_ns: int) -> tuple[float, float] | None:
        """Median and 95th percentile of the age in milliseconds; None where nothing was shown in the window."""
        _forget(self._ages, now_ns)
        if not self._ages:
            return None
        return _median_and_p95([age for _, age in self._ages])


class StageMeter:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self._stages: deque[tuple[int, Mapping[str, float]]] = deque()

    def add(self, milliseconds: Mapping[str, float], now_ns: int) -> None:
        """Enter the stages of one image."""
        self._stages.append((now_ns, milliseconds))

    def medians(self, now_ns: int) -> dict[str, float]:
        """Stage to median, in the order in which the newest image names them."""
        return {stage: median for stage, (median, _) in self.percentiles(now_ns).items()}

    def percentiles(self, now_ns: int) -> dict[str, tuple[float, float]]:
        """Stage to median and 95th percentile, in that order."""
        _forget(self._stages, now_ns)
        if not self._stages:
            return {}
        found = {}
        for stage in self._stages[-1][1]:
            found[stage] = _median_and_p95([entry[stage] for _, entry in self._stages if stage in entry])
        return found


def _median_and_p95(values: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile of at least one value, with straight lines between the values (`numpy.percentile`'s).

    Plain Python: of the hundred values that two seconds have, NumPy takes more than ten times as long, in the window's
    thread.
    """
    ordered = sorted(values)

    def at(share: float) -> float:
        place = share * (len(ordered) - 1)
        low = int(place)
        above = ordered[min(low + 1, len(ordered) - 1)]
        return float(ordered[low] + (place - low) * (above - ordered[low]))

    return at(0.5), at(0.95)


def _forget(entries: deque[tuple[int, T]], now_ns: int) -> None:
    while entries and entries[0][0] < now_ns - WINDOW_NS:
        entries.popleft()


class HandWatch:
    """Tells when no hand has been seen for so long that a hint helps."""

    PATIENCE_NS = 5 * SECOND_NS

    def __init__(self) -> None:
        self._seen_ns: int | None = None

    def update(self, in_view: bool, now_ns: int) -> bool:
        """Enter one image; whether a hint is due."""
        if in_view or self._seen_ns is None:
            self._seen_ns = now_ns
        return now_ns - self._seen_ns >= self.PATIENCE_NS

    def restart(self) -> None:
        """Be patient anew: another source begins."""
        self._seen_ns = None
