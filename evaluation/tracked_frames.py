"""Tracked hands scored against hands marked by eye.

A hand is *right* where a tracked hand of its side lies on it: the mean error of the annotated points is below a quarter
of the annotated box's longer side. *Wrong side*: one lies on it, but is called by the other side. *Extra*: a tracked
hand that lies on no annotated one. *Both*: a frame of two annotated hands in which both are right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from evaluation.annotations import POINT_JOINTS, AnnotatedHand
from models.values import Side
from tracking.values import TrackedFrame

RIGHT_BELOW = 0.25


@dataclass(frozen=True)
class TrackingScore:
    """Metrics over annotated frames; a rate of nothing is not a number.

    Attributes:
        frames, hands, pairs: annotated frames, hands in them, and frames with two hands.
        right, wrong_side: parts of the hands.
        both: part of the pairs.
        extra: tracked hands that lie on no annotated one, a frame.
        error: mean over right hands, normalised by the hand's box.
        error_apart, error_touching: the same of hands whose boxes do not, and do overlap another's.
        found_by: part of the right hands that each reader saw; "predicted" where none did.
    """

    frames: int
    hands: int
    pairs: int
    right: float
    wrong_side: float
    both: float
    extra: float
    error: float
    error_apart: float
    error_touching: float
    found_by: Mapping[str, float] = field(default_factory=dict)


def point_error(joints_px: np.ndarray, hand: AnnotatedHand) -> float:
    """Mean distance of tracked joints (21, 2) from a hand's annotated points, normalised by its box.

    A hand of which only the box is known is compared by the middles of both boxes.
    """
    if hand.points:
        errors = [np.linalg.norm(joints_px[POINT_JOINTS[name]] - place) for name, place in hand.points.items()]
        return float(np.mean(errors)) / hand.size
    middle = (joints_px.min(axis=0) + joints_px.max(axis=0)) / 2.0
    return float(np.linalg.norm(middle - (hand.box[:2] + hand.box[2:]) / 2.0)) / hand.size


class TrackingTally:
    """Collects frames and gives their `TrackingScore`."""

    def __init__(self) -> None:
        self._frames = self._pairs = self._both = self._wrong_side = self._extra = self._hands = 0
        self._errors: list[tuple[float, bool]] = []
        self._found_by: Counter[str] = Counter()

    def add(self, annotated: Iterable[AnnotatedHand], seen: TrackedFrame) -> None:
        """One frame and what was tracked in it."""
        hands = list(annotated)
        tracked: dict[Side, np.ndarray] = {side: hand.joints_px for side, hand in seen.hands.hands.items()}
        used: set[Side] = set()
        right = 0
        for hand in hands:
            errors: dict[Side, float] = {side: point_error(joints, hand) for side, joints in tracked.items()}
            if errors.get(hand.side, np.inf) < RIGHT_BELOW:
                right += 1
                used.add(hand.side)
                self._errors.append((errors[hand.side], _touches_another(hand, hands)))
                self._found_by[seen.readers.get(hand.side, "predicted")] += 1
                continue
            on_it: set[Side] = set()
            on_it.update(side for side, error in errors.items() if error < RIGHT_BELOW)
            self._wrong_side += bool(on_it)
            used |= on_it
        self._extra += sum(
            side not in used and all(point_error(joints, hand) > RIGHT_BELOW for hand in hands)
            for side, joints in tracked.items()
        )
        self._frames += 1
        self._hands += len(hands)
        if len(hands) == 2:
            self._pairs += 1
            self._both += right == 2

    def score(self) -> TrackingScore:
        """Of all frames so far."""
        right = len(self._errors)
        return TrackingScore(
            frames=self._frames,
            hands=self._hands,
            pairs=self._pairs,
            right=_rate(right, self._hands),
            wrong_side=_rate(self._wrong_side, self._hands),
            both=_rate(self._both, self._pairs),
            extra=_rate(self._extra, self._frames),
            error=_mean([error for error, _ in self._errors]),
            error_apart=_mean([error for error, touching in self._errors if not touching]),
            error_touching=_mean([error for error, touching in self._errors if touching]),
            found_by={name: count / right for name, count in sorted(self._found_by.items())},
        )


def _touches_another(hand: AnnotatedHand, hands: Iterable[AnnotatedHand]) -> bool:
    return any(
        other is not hand and bool((hand.box[:2] < other.box[2:]).all() and (other.box[:2] < hand.box[2:]).all())
        for other in hands
    )


def _rate(count: int, total: int) -> float:
    return count / total if total else float("nan")


def _mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else float("nan")
