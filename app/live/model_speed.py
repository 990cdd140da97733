"""How long each model takes for an image on this machine, measured while it runs."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from statistics import median

from tracking.values import TrackedFrame

_LEAST, _MOST = 60, 240
"""Images with hands before a figure is believed, which takes the first slow ones out, and over which it is taken."""


class ModelSpeeds:
    """Median milliseconds by model, from detection to smoothed hands; drawing is not the model's.

    Only images with a hand count: without one a model has nothing to do.

    Args:
        known: figures of earlier starts, which hold until there are newer ones.
    """

    def __init__(self, known: Mapping[str, float] | None = None) -> None:
        self._known = dict(known or {})
        self._spent: dict[str, deque[float]] = {}

    def add(self, tracked: TrackedFrame) -> None:
        """Enter a tracked image."""
        if tracked.model and tracked.hands.hands and tracked.milliseconds:
            spent = self._spent.setdefault(tracked.model, deque(maxlen=_MOST))
            spent.append(sum(tracked.milliseconds.values()))

    @property
    def milliseconds(self) -> Mapping[str, float]:
        """Model name to milliseconds an image, tenths; those that ran long enough, now or at an earlier start."""
        measured = {model: round(median(spent), 1) for model, spent in self._spent.items() if len(spent) >= _LEAST}
        return {**self._known, **measured}
