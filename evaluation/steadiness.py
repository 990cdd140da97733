"""How still tracked hands are when a hand is still, and how far behind when it moves: jitter and lag.

Jitter is the root mean square of what a moving mean of 11 frames leaves of the joints' places, in px of an image 640
wide. Lag is the distance of smoothed joints from those of the same frame before smoothing, as a share of the hand's
box. Both are given for all frames; jitter also for the stillest fifth, lag for the fastest, where each can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from models.registry import HandModels
from models.values import SIDES, Side
from tracking.detector.reading import hand_size
from tracking.values import TrackedFrame

WINDOW = 11
"""Frames of the moving mean."""
_REFERENCE_WIDTH = 640.0
_SHARE = 0.2


@dataclass(frozen=True)
class Steadiness:
    """Figures of all sequences; not a number where there was no hand for `WINDOW` frames on end.

    Attributes:
        jitter_px: of all frames.
        still_jitter_px: of the fifth of the frames in which hands move least.
        lag: of all frames, share of the hand's box.
        fast_lag: of the fifth in which hands move most.
    """

    jitter_px: float
    still_jitter_px: float
    lag: float
    fast_lag: float


@dataclass
class _Run:
    """A hand for as long as it was tracked without a gap.

    Attributes:
        joints: (21, 2) a frame, px of an image 640 wide, smoothed.
        lags: share of the hand's box.
    """

    joints: list[np.ndarray] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)


class SteadinessTally:
    """Takes tracked frames in their order and gives their `Steadiness`.

    Args:
        hand_models: by side, as those of the tracker.
    """

    def __init__(self, hand_models: HandModels) -> None:
        self._models = hand_models
        self._open: dict[Side, _Run] = {}
        self._runs: list[_Run] = []

    def begin(self) -> None:
        """Another sequence begins."""
        self._runs += self._open.values()
        self._open = {}

    def add(self, seen: TrackedFrame) -> None:
        """The next frame of a sequence."""
        scale = _REFERENCE_WIDTH / seen.frame.image.shape[1]
        for side in SIDES:
            if side not in seen.raw or side not in seen.hands.hands:
                if side in self._open:
                    self._runs.append(self._open.pop(side))
                continue
            smoothed = np.asarray(seen.hands.hands[side].joints_px, np.float64)
            raw = seen.intrinsics.project(self._models[side].mesh(seen.raw[side])[1])
            run = self._open.setdefault(side, _Run())
            run.joints.append(smoothed * scale)
            run.lags.append(float(np.linalg.norm(smoothed - raw, axis=1).mean() / hand_size(raw)))

    def figures(self) -> Steadiness:
        """Of all frames so far."""
        squares, jitter_speeds, lags, speeds = [], [], [], []
        for run in [*self._runs, *self._open.values()]:
            joints = np.array(run.joints)
            if len(joints) > 1:
                moved = np.linalg.norm(np.diff(joints, axis=0), axis=2).mean(axis=1)
                lags.append(np.array(run.lags[1:]))
                speeds.append(moved)
                if len(joints) >= WINDOW:
                    squares.append(_high_passed(joints))
                    jitter_speeds.append(np.convolve(moved, np.full(WINDOW - 1, 1.0 / (WINDOW - 1)), "valid"))
        square, jitter_speed = _joined(squares), _joined(jitter_speeds)
        lag, speed = _joined(lags), _joined(speeds)
        return Steadiness(
            jitter_px=_root_mean(square),
            still_jitter_px=_root_mean(square[_least(jitter_speed)]),
            lag=_mean(lag),
            fast_lag=_mean(lag[_least(-speed)]),
        )


def _high_passed(joints: np.ndarray) -> np.ndarray:
    """Mean squared distance (T - 10,) of joints (T, 21, 2) from their moving mean, of frames that have a whole one."""
    sums = np.cumsum(np.concatenate([np.zeros((1, *joints.shape[1:])), joints]), axis=0)
    means = (sums[WINDOW:] - sums[:-WINDOW]) / WINDOW
    middle = joints[WINDOW // 2 : len(joints) - WINDOW // 2]
    return np.sum((middle - means) ** 2, axis=2).mean(axis=1)


def _least(values: np.ndarray) -> np.ndarray:
    """Places of the least fifth, one at least."""
    return np.argsort(values, kind="stable")[: max(int(_SHARE * len(values)), 1)]


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts) if parts else np.zeros(0)


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _root_mean(squares: np.ndarray) -> float:
    return float(np.sqrt(_mean(squares)))
