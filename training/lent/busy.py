"""How busy a device is kept: what it waits for its next batch, against the time of the whole loop."""

from __future__ import annotations

import time
from collections import deque

import torch

_Moment = float | torch.cuda.Event


class BusyShare:
    """The share of the time in which a device does not wait for the loop.

    On a GPU, which makes its batches itself, by events in its own queue: from the end of a step to the beginning of the
    next one it has nothing to do. Elsewhere the loop's processor waits while a batch is made.

    Args:
        device: that trains.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._cuda = device.type == "cuda"
        self._ends: deque[_Moment] = deque(maxlen=1)
        self._pending: deque[tuple[_Moment, _Moment, _Moment]] = deque()
        self._waiting_since: _Moment | None = None
        self._working_since: _Moment | None = None
        self.waited = 0.0
        """Seconds without work."""
        self.worked = 0.0
        """Seconds with work."""

    def fetching(self) -> None:
        """The loop turns to the next batch."""
        now = self._now()
        if self._cuda:
            self._waiting_since, self._working_since = (self._ends[0] if self._ends else now), now
        else:
            self._waiting_since = now

    def stepping(self) -> None:
        """The batch is there, or queued, and the step begins."""
        if not self._cuda:
            self._working_since = self._now()

    def done(self) -> None:
        """The step is over, or queued."""
        end = self._now()
        assert self._waiting_since is not None
        assert self._working_since is not None
        self._pending.append((self._waiting_since, self._working_since, end))
        self._ends.append(end)

    def share(self) -> float:
        """Of all steps that are over, 0 to 1; 1 where none is."""
        while self._pending:
            before, start, end = self._pending[0]
            if isinstance(end, torch.cuda.Event) and not end.query():
                break
            self._pending.popleft()
            self.waited += _seconds(before, start)
            self.worked += _seconds(start, end)
        whole = self.waited + self.worked
        return self.worked / whole if whole > 0.0 else 1.0

    def utilisation(self) -> float | None:
        """Share of the last moments in which the GPU's own counter saw it work; None where nothing counts."""
        if not self._cuda:
            return None
        try:
            return torch.cuda.utilization(self._device) / 100.0
        except Exception:  # noqa: BLE001 - no driver library, no package for it, no permission: then not
            return None

    def _now(self) -> _Moment:
        if not self._cuda:
            return time.perf_counter()
        event = torch.cuda.Event(enable_timing=True)
        event.record()
        return event


def _seconds(start: _Moment, end: _Moment) -> float:
    if isinstance(start, torch.cuda.Event) and isinstance(end, torch.cuda.Event):
        return start.elapsed_time(end) / 1000.0
    assert isinstance(start, float)
    assert isinstance(end, float)
    return end - start
