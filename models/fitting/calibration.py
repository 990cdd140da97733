"""The one shape of a person's hands, estimated from what was surely seen and then held."""

from __future__ import annotations

import numpy as np

CALIBRATION_SECONDS = 1.0
"""For how long after the first sight of a hand the shape is estimated; then it is held."""
_LONGEST_STEP = 0.25
"""Seconds: a longer gap counts as this much."""


class ShapeCalibration:
    """Running estimate of the shape.

    Attributes:
        mean: (10,) standard deviations.
    """

    def __init__(self) -> None:
        self.mean = np.zeros(10)
        self._evidence = 0.0
        self._seconds = 0.0
        self._last_ns: int | None = None

    @property
    def held(self) -> bool:
        """Whether the shape is known."""
        return self._seconds >= CALIBRATION_SECONDS

    def update(self, shape: np.ndarray, evidence: float, captured_ns: int) -> None:
        """Take the shape (10,) of one frame into the mean.

        A mean of single estimates rather than one joint estimate: the errors of a reader's joints are alike from frame
        to frame, and evidence added up over frames would follow them far from any real hand.

        Args:
            shape: standard deviations.
            evidence: how much was seen to tell it by; 0 leaves the estimate and its time as they are.
            captured_ns: time of the frame.
        """
        if evidence <= 0.0:
            return
        if self._last_ns is not None:
            self._seconds += min((captured_ns - self._last_ns) * 1e-9, _LONGEST_STEP)
        self._last_ns = captured_ns
        self._evidence += evidence
        self.mean = self.mean + (shape - self.mean) * (evidence / self._evidence)
