"""One look at one hand, before it is decided which hand it is."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

_LEAST_PROBABILITY = 1e-3


@dataclass(frozen=True, eq=False)
class HandReading:
    """What a landmark network says of one region of an image.

    Attributes:
        presence: probability that there is a hand, 0..1.
        left: probability that it is the person's left hand, 0..1.
        landmarks: (21, 2) float32, frame px.
        world_landmarks: (21, 3) float32, metres, origin near the hand's centre, camera axes.
    """

    presence: float
    left: float
    landmarks: np.ndarray
    world_landmarks: np.ndarray

    @functools.cached_property
    def pixels_per_metre(self) -> float:
        """How large the hand is in the image, whatever its pose: landmarks in px over world landmarks in metres."""
        return math.sqrt(_spread(self.landmarks) / max(_spread(self.world_landmarks[:, :2]), 1e-9))


def _spread(points: np.ndarray) -> float:
    """Sum of the squared distances of points (N, 2) from their middle."""
    points = points.astype(np.float64)
    middle = points.sum(axis=0) / len(points)
    return float(np.vdot(points, points) - len(points) * np.vdot(middle, middle))


def left_odds(reading: HandReading, most: float) -> float:
    """Log odds of "left" of one answer, limited to +-`most`."""
    left = min(max(reading.left, _LEAST_PROBABILITY), 1.0 - _LEAST_PROBABILITY)
    return min(max(math.log(left / (1.0 - left)), -most), most)


def scale_ratio(reading: HandReading, other: HandReading) -> float:
    """How many times larger one of two hands is in the image than the other; at least 1."""
    first, second = reading.pixels_per_metre, other.pixels_per_metre
    return max(first, second) / max(min(first, second), 1e-9)


def hand_size(landmarks: np.ndarray) -> float:
    """Longer side of the box around landmarks (N, 2), at least 1 px."""
    return float(max((landmarks.max(axis=0) - landmarks.min(axis=0)).max(), 1.0))


def mean_distance(points: np.ndarray, others: np.ndarray) -> float:
    """Mean distance between corresponding points (N, 2), px."""
    return float(np.linalg.norm(points - others, axis=1).mean())
