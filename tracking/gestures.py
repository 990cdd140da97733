"""Gestures of a hand, from the angles between its bones and the places of its fingertips, with hysteresis.

Everything is measured on the hand itself, in degrees and in lengths of the palm (wrist to middle knuckle), so that
neither its size nor its distance matters; only a thumb points up in the image. Each gesture is begun by narrow limits
and kept by wider ones, so that a hand at a limit does not make it flicker, and must last a moment to begin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from models.values import FINGERS, MIDDLE_KNUCKLE, SIDES, WRIST, Side

if TYPE_CHECKING:
    from tracking.values import TrackedFrame

Gesture = Literal["pinch", "fist", "open palm", "point", "thumb up"]
GESTURES: tuple[Gesture, ...] = ("pinch", "fist", "open palm", "point", "thumb up")

BEGIN_NS = 80_000_000
"""How long a gesture must last to begin: two frames or three of a usual camera."""
_UP = np.array([0.0, -1.0, 0.0])


@dataclass(frozen=True)
class HandShape:
    """What gestures are told from.

    Attributes:
        flexion: by finger, degrees in all joints together; 0 is straight. The thumb's leaves its base out.
        pinch: thumb tip to index tip, palms.
        thumb_out: thumb tip to index knuckle, palms.
        thumb_tilt: degrees between the thumb and straight up in the image.
    """

    flexion: Mapping[str, float]
    pinch: float
    thumb_out: float
    thumb_tilt: float

    @classmethod
    def of(cls, joints: np.ndarray) -> HandShape:
        """From (21, 3) joints, metres, camera frame."""
        joints = np.asarray(joints, np.float64)
        palm = max(float(np.linalg.norm(joints[MIDDLE_KNUCKLE] - joints[WRIST])), 1e-6)
        chains = {
            name: joints[list(finger) if name == "thumb" else [WRIST, *finger]] for name, finger in FINGERS.items()
        }
        thumb, index = joints[list(FINGERS["thumb"])], joints[list(FINGERS["index"])]
        return cls(
            {name: float(_bends(chain).sum()) for name, chain in chains.items()},
            float(np.linalg.norm(thumb[-1] - index[-1])) / palm,
            float(np.linalg.norm(thumb[-1] - index[0])) / palm,
            float(_angles(thumb[-1] - thumb[1], _UP)),
        )


@dataclass(frozen=True)
class _Limit:
    """A value that must be small (or, where `most` is False, large) to begin a gesture and to keep it."""

    begin: float
    keep: float
    most: bool = True

    def holds(self, value: float, kept: bool) -> bool:
        limit = self.keep if kept else self.begin
        return value <= limit if self.most else value >= limit


_STRAIGHT = _Limit(50.0, 75.0)
_CURLED = _Limit(150.0, 120.0, most=False)
_LONG = ("index", "middle", "ring", "little")


def _is(gesture: Gesture, shape: HandShape, kept: bool) -> bool:
    """Whether a hand makes a gesture.

    Args:
        gesture: which one.
        shape: of the hand.
        kept: it makes it already, so that the wider limits count.
    """

    def all_are(limit: _Limit, *fingers: str) -> bool:
        return all(limit.holds(shape.flexion[finger], kept) for finger in fingers)

    match gesture:
        case "pinch":  # the index is bent towards the thumb, and not into the palm as in a fist
            return _Limit(0.28, 0.42).holds(shape.pinch, kept) and all_are(_Limit(180.0, 200.0), "index")
        case "thumb up":
            out = _Limit(0.55, 0.45, most=False).holds(shape.thumb_out, kept)
            return out and all_are(_CURLED, *_LONG) and _Limit(35.0, 50.0).holds(shape.thumb_tilt, kept)
        case "fist":
            return all_are(_CURLED, *_LONG) and _Limit(0.5, 0.6).holds(shape.thumb_out, kept)
        case "point":
            return all_are(_STRAIGHT, "index") and all_are(_CURLED, "middle", "ring", "little")
        case "open palm":
            return all_are(_STRAIGHT, *_LONG) and all_are(_Limit(45.0, 65.0), "thumb")


@dataclass
class _Hand:
    gesture: Gesture | None = None
    next: Gesture | None = None
    since_ns: int = 0


@dataclass
class GestureWatch:
    """Follows the gestures of both hands from frame to frame; at most one a hand."""

    _hands: dict[Side, _Hand] = field(default_factory=lambda: {side: _Hand() for side in SIDES})

    def reset(self) -> None:
        """Another take begins: no gesture is kept."""
        self._hands = {side: _Hand() for side in SIDES}

    def update(self, joints: Mapping[Side, np.ndarray], captured_ns: int) -> dict[Side, Gesture]:
        """The gestures that are made in a frame, by side.

        Args:
            joints: (21, 3) metres, camera frame, of the hands that are there. One that is gone makes no gesture.
            captured_ns: of the frame; rising within a take.
        """
        for side, hand in self._hands.items():
            if side in joints:
                _follow(hand, HandShape.of(joints[side]), captured_ns)
            else:
                hand.gesture = hand.next = None
        return {side: hand.gesture for side, hand in self._hands.items() if hand.gesture is not None}


def with_gestures(tracked: TrackedFrame, watch: GestureWatch) -> TrackedFrame:
    """A frame with the gestures of its hands; one that is carried on over a gap keeps what it made."""
    joints: dict[Side, np.ndarray] = {side: hand.joints for side, hand in tracked.hands.hands.items()}
    return replace(tracked, gestures=watch.update(joints, tracked.frame.captured_ns))


def _follow(hand: _Hand, shape: HandShape, captured_ns: int) -> None:
    if hand.gesture is not None and _is(hand.gesture, shape, kept=True):
        hand.next = None
        return
    hand.gesture = None
    made: Gesture | None = next((gesture for gesture in GESTURES if _is(gesture, shape, kept=False)), None)
    if made != hand.next:
        hand.next, hand.since_ns = made, captured_ns
    if made is not None and captured_ns - hand.since_ns >= BEGIN_NS:
        hand.gesture, hand.next = made, None


def _bends(chain: np.ndarray) -> np.ndarray:
    """(N - 2,) degrees by which a chain of (N, 3) points turns at its inner ones."""
    bones = np.diff(chain, axis=0)
    return _angles(bones[:-1], bones[1:])


def _angles(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Degrees between vectors (..., 3), exact also where they are nearly parallel."""
    return np.degrees(np.arctan2(np.linalg.norm(np.cross(one, other), axis=-1), (one * other).sum(axis=-1)))
