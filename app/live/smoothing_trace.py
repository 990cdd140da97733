"""What smoothing does to a hand: a number of it as it was measured, beside the same number smoothed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from app.live.statistics import SECOND_NS
from models.fitting.chain import MANO_OF_FINGERS
from models.values import FINGERS, HandParameters, Side
from tracking.values import TrackedFrame

SECONDS = 4.0


@dataclass(frozen=True)
class Quantity:
    """A number of a hand.

    Attributes:
        unit: that it is shown in.
        of: parameters to the number.
    """

    unit: str
    of: Callable[[HandParameters], float]


def _place(axis: int) -> Callable[[HandParameters], float]:
    return lambda parameters: 1000.0 * float(parameters.translation[axis])


def _bend(rows: np.ndarray) -> Callable[[HandParameters], float]:
    return lambda parameters: float(np.degrees(np.linalg.norm(parameters.pose[rows], axis=-1)).sum())


QUANTITIES: Mapping[str, Quantity] = {
    "Wrist, sideways": Quantity("mm", _place(0)),
    "Wrist, up and down": Quantity("mm", _place(1)),
    "Wrist, distance": Quantity("mm", _place(2)),
    **{
        f"{finger.capitalize()}, bent": Quantity("°", _bend(rows))
        for finger, rows in sorted(zip(FINGERS, MANO_OF_FINGERS, strict=True), key=lambda pair: pair[0])
    },
}


@dataclass(frozen=True, eq=False)
class Trace:
    """The last seconds of a number.

    Attributes:
        seconds: (N,) before the newest frame, rising to 0.
        raw: (N,) as it was measured, NaN where the hand was not.
        smoothed: (N,) as it was shown, NaN where there was no hand.
    """

    seconds: np.ndarray
    raw: np.ndarray
    smoothed: np.ndarray

    @property
    def jitter(self) -> tuple[float, float] | None:
        """RMS of the change of speed from frame to frame, measured and smoothed; None where too little is known."""
        both = np.stack([self.raw, self.smoothed])
        change = np.diff(both, 2, axis=1)
        change = change[:, np.isfinite(change).all(axis=0)]
        if change.shape[1] < 5:
            return None
        raw, smoothed = np.sqrt((change**2).mean(axis=1))
        return float(raw), float(smoothed)


class SmoothingTraces:
    """Keeps the last seconds of both hands."""

    def __init__(self) -> None:
        self._frames: deque[tuple[int, Mapping[Side, HandParameters], Mapping[Side, HandParameters]]] = deque()

    def add(self, tracked: TrackedFrame) -> None:
        """Enter a frame; one that is older than the newest begins anew."""
        now = tracked.frame.captured_ns
        if self._frames and now < self._frames[-1][0]:
            self._frames.clear()
        smoothed: dict[Side, HandParameters] = {side: hand.parameters for side, hand in tracked.hands.hands.items()}
        self._frames.append((now, tracked.raw, smoothed))
        while self._frames[0][0] < now - SECONDS * SECOND_NS:
            self._frames.popleft()

    def trace(self, side: Side, quantity: str) -> Trace:
        """Of a hand and one of `QUANTITIES`."""
        of = QUANTITIES[quantity].of

        def column(hands: Mapping[Side, HandParameters]) -> float:
            return of(hands[side]) if side in hands else np.nan

        times = np.array([entry[0] for entry in self._frames], np.float64)
        return Trace(
            (times - times.max(initial=0.0)) / SECOND_NS,
            np.array([column(raw) for _, raw, _ in self._frames], np.float64),
            np.array([column(smoothed) for _, _, smoothed in self._frames], np.float64),
        )
