"""What is known of two models that are compared over the same frames."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from app.live.values import HandState, RenderedFrame, hand_states
from models.values import Side
from tracking.values import TrackedFrame

_MOST = 30
"""Frames over which the milliseconds are taken: about a second, enough to be read and few enough to follow a change."""


@dataclass(frozen=True)
class SideFigures:
    """One of the two models.

    Attributes:
        model: its name, "" before it has made a frame.
        hands: that it sees in the newest frame.
        milliseconds: that it takes for a frame, the median over the last ones, drawing not counted; None where unknown.
    """

    model: str = ""
    hands: Mapping[Side, HandState] = field(default_factory=dict)
    milliseconds: float | None = None


class SideBySide:
    """Collects the figures; told the frames by whoever owns it."""

    def __init__(self) -> None:
        self._first, self._second = _Collected(), _Collected()

    def add(self, rendered: RenderedFrame) -> None:
        """Enter a frame that has been drawn; one without a second model's hands says nothing of the second."""
        self._first.add(rendered.tracked)
        if rendered.beside is not None:
            self._second.add(rendered.beside.tracked)

    def restart(self) -> None:
        """A comparison begins."""
        self._first, self._second = _Collected(), _Collected()

    @property
    def sides(self) -> tuple[SideFigures, SideFigures]:
        """Of the running model and of the second one."""
        return self._first.figures, self._second.figures


class _Collected:
    """Of one model; another one begins anew."""

    def __init__(self) -> None:
        self._model = ""
        self._hands: Mapping[Side, HandState] = {}
        self._spent: deque[float] = deque(maxlen=_MOST)

    def add(self, tracked: TrackedFrame) -> None:
        if tracked.model != self._model:
            self._model = tracked.model
            self._spent.clear()
        self._hands = hand_states(tracked)
        if tracked.milliseconds:
            self._spent.append(sum(tracked.milliseconds.values()))

    @property
    def figures(self) -> SideFigures:
        return SideFigures(self._model, self._hands, median(self._spent) if self._spent else None)
