"""Measuring the shape of a person's hands: both are held open for two seconds, and what the fits say is averaged."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.fitting.calibration import LARGEST_SHAPE
from models.values import FINGERS, MIDDLE_KNUCKLE, SIDES, WRIST, HandReconstruction
from tracking.gestures import HandShape as HandFlexion
from tracking.values import TrackedFrame

CALIBRATION_SECONDS = 2.0
Missing = Literal["both hands", "open", "turned", "whole", "apart", "still"]
"""What a frame lacks, named by what is wanted: both hands measured, open, turned to the camera, whole in the image,
apart and still."""
_FEWEST_FRAMES = 8
"""A slow machine sees few frames in two seconds, and a mean of very few is none."""
_LONGEST_STEP_NS = 500_000_000
"""Time between two frames that counts; a longer one is a gap in which nobody knows what the hands did."""
_STILL_NS = 150_000_000
"""Over how long movement is measured: from frame to frame it would be the jitter of the joints."""
_STILL = 0.8
"""Palms a second that the joints may move on the screen."""
_STRAIGHT = 60.0
"""Degrees in all joints of a finger together, up to which it is stretched; the thumb may lie as it likes."""
_MOST_TURNED = 50.0
"""Degrees between the palm's (or back's) direction and the line of sight: bones that point at the camera look short."""
_FAR_OUT = 2.5
"""Estimates so many times farther from the median than half of all are left out of the mean."""


@dataclass(frozen=True)
class MeasuredShape:
    """What a calibration comes to.

    Attributes:
        shape: (10,) standard deviations of the hand model that was fitted.
        frames: that it is a mean of.
    """

    shape: tuple[float, ...]
    frames: int


class HandCalibration:
    """Is shown tracked frames, in whose fits the shape is free, until it has seen open hands for two seconds.

    Seconds add up: a frame in which something is missing stops the time and loses nothing.

    Attributes:
        missing: what the newest frame lacks, None where it counts; "both hands" before the first.
        result: the shape, None until there were enough frames.
    """

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Begin anew."""
        self.missing: Missing | None = "both hands"
        self.result: MeasuredShape | None = None
        self._seconds = 0.0
        self._shapes: list[np.ndarray] = []
        self._last_ns: int | None = None
        self._past: deque[tuple[int, np.ndarray]] = deque()

    @property
    def progress(self) -> float:
        """How much of it is done, 0 to 1; 1 only with a result."""
        if self.result is not None:
            return 1.0
        return min(self._seconds / CALIBRATION_SECONDS, len(self._shapes) / _FEWEST_FRAMES, 0.99)

    def update(self, tracked: TrackedFrame) -> None:
        """Enter the next frame; none counts any more once there is a result."""
        if self.result is not None:
            return
        now, last = tracked.frame.captured_ns, self._last_ns
        if last is not None and not 0 < now - last <= _LONGEST_STEP_NS:
            self._past.clear()  # a clip begins again, or the camera paused
            last = None
        self._last_ns = now
        self.missing = self._look(tracked, now)
        if self.missing is not None:
            return
        shape = np.mean([tracked.raw[side].shape for side in SIDES], axis=0, dtype=np.float64)
        if not (np.isfinite(shape).all() and np.abs(shape).max() <= LARGEST_SHAPE):
            return
        self._shapes.append(shape)
        self._seconds += 0.0 if last is None else (now - last) * 1e-9
        if self._seconds >= CALIBRATION_SECONDS and len(self._shapes) >= _FEWEST_FRAMES:
            mean = robust_mean(np.stack(self._shapes))
            self.result = MeasuredShape(tuple(float(number) for number in mean), len(self._shapes))

    def _look(self, tracked: TrackedFrame, now: int) -> Missing | None:
        hands = tracked.hands.hands
        if not all(side in hands and side in tracked.raw and side not in tracked.predicted for side in SIDES):
            self._past.clear()
            return "both hands"
        both = [hands[side] for side in SIDES]
        places = np.stack([np.asarray(hand.joints_px, np.float64) for hand in both])
        moved = self._speed(places, now)
        if not all(_is_open(hand) for hand in both):
            return "open"
        if any(_turned_away(hand) > _MOST_TURNED for hand in both):
            return "turned"
        size = np.array([tracked.intrinsics.width, tracked.intrinsics.height])
        if (places < 0).any() or (places > size - 1).any():
            return "whole"
        if _boxes_meet(places):
            return "apart"
        return None if moved is not None and moved <= _STILL else "still"

    def _speed(self, places: np.ndarray, now: int) -> float | None:
        """Of the faster hand, palms a second; None where it is not known yet.

        Args:
            places: (2, 21, 2) px.
            now: of the frame, ns.
        """
        self._past.append((now, places))
        while len(self._past) > 1 and now - self._past[1][0] >= _STILL_NS:
            self._past.popleft()
        since, before = self._past[0]
        if now - since < _STILL_NS:
            return None
        palms = np.maximum(np.linalg.norm(places[:, MIDDLE_KNUCKLE] - places[:, WRIST], axis=-1), 1.0)
        way = np.linalg.norm(places - before, axis=-1).mean(axis=-1)
        return float((way / palms).max() / ((now - since) * 1e-9))


def robust_mean(shapes: np.ndarray) -> np.ndarray:
    """(10,) mean of the shapes (N, 10) that lie near their median: a few frames that were fitted badly do not count."""
    off = np.linalg.norm(shapes - np.median(shapes, axis=0), axis=1)
    return shapes[off <= _FAR_OUT * np.median(off) + 1e-9].mean(axis=0)


def _is_open(hand: HandReconstruction) -> bool:
    flexion = HandFlexion.of(hand.joints).flexion
    return all(flexion[finger] <= _STRAIGHT for finger in FINGERS if finger != "thumb")


def _turned_away(hand: HandReconstruction) -> float:
    """Degrees between the line of sight and the palm's direction, or its back's: 0 faces the camera, 90 is edge-on."""
    joints = np.asarray(hand.joints, np.float64)
    normal = np.cross(joints[FINGERS["index"][0]] - joints[WRIST], joints[FINGERS["little"][0]] - joints[WRIST])
    sight = joints.mean(axis=0)
    length = float(np.linalg.norm(normal) * np.linalg.norm(sight))
    return float(np.degrees(np.arccos(np.clip(abs(normal @ sight) / length, 0.0, 1.0)))) if length > 0 else 90.0


def _boxes_meet(places: Sequence[np.ndarray] | np.ndarray) -> bool:
    """Whether the boxes around the hands' joints (2, 21, 2) overlap in the image."""
    (low, high), (other_low, other_high) = ((each.min(axis=0), each.max(axis=0)) for each in places)
    return bool((low <= other_high).all() and (other_low <= high).all())
