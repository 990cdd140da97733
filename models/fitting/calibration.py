"""The one shape of a person's hands: estimated from what was surely seen and then held, or known beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from models.values import MIDDLE_KNUCKLE, WRIST, HandParameters

if TYPE_CHECKING:
    from models.hand_model import HandModel

CALIBRATION_SECONDS = 1.0
"""For how long after the first sight of a hand the shape is estimated; then it is held."""
_LONGEST_STEP = 0.25
"""Seconds: a longer gap counts as this much."""
SHAPE_SIZE = 10
"""Numbers of a shape."""
LARGEST_SHAPE = 5.0
"""Standard deviations, either way: beyond it no hand is found, and a hand model is no hand any more."""


@dataclass(frozen=True)
class ShapeRule:
    """Where a fit takes the shape of the hands from. By default it adapts: it estimates the shape for a second, and
    holds it.

    Attributes:
        held: (10,) standard deviations, of a person whose shape is known: it is held from the first frame on.
        measured: every frame estimates the shape by itself, for a calibration that takes a mean of them; `held` does
            not count meanwhile.
    """

    held: tuple[float, ...] | None = None
    measured: bool = False


@runtime_checkable
class FitsShape(Protocol):
    """A reconstructor that fits hands, and so can be told where to take their shape from."""

    def use_shape(self, rule: ShapeRule) -> None:
        """Take the shape from elsewhere, from the next frame on."""
        ...


def palm_length(model: HandModel, shape: Sequence[float] | np.ndarray) -> float:
    """From the wrist to the middle knuckle of a hand, metres.

    Args:
        model: of either side.
        shape: (10,) standard deviations.
    """
    at_rest = HandParameters(np.zeros((16, 3)), np.asarray(shape, np.float64), np.zeros(3))
    joints = model.mesh(at_rest)[1]
    return float(np.linalg.norm(joints[MIDDLE_KNUCKLE] - joints[WRIST]))


class ShapeCalibration:
    """Running estimate of the shape.

    Args:
        rule: where the shape comes from.

    Attributes:
        mean: (10,) standard deviations.
    """

    def __init__(self, rule: ShapeRule | None = None) -> None:
        self._rule = rule or ShapeRule()
        known = None if self._rule.measured else self._rule.held
        self._known = known is not None
        self.mean = np.zeros(SHAPE_SIZE) if known is None else np.array(known, np.float64)
        self._evidence = 0.0
        self._seconds = 0.0
        self._last_ns: int | None = None

    @property
    def held(self) -> bool:
        """Whether the shape is known."""
        return self._known or (self._seconds >= CALIBRATION_SECONDS and not self._rule.measured)

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
