"""Rotated square regions of an image that hold one upright hand each: what the landmark network looks at.

The rules (which points, how much larger, how far shifted) are MediaPipe's, because its landmark network was trained on
regions made this way: https://arxiv.org/abs/2006.10214, section 2, and the graphs `palm_detection_detection_to_roi` and
`hand_landmark_landmarks_to_roi` of https://github.com/google-ai-edge/mediapipe.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from models.values import WRIST

_PALM_SCALE = 2.6
_PALM_SHIFT = -0.5
_LANDMARK_SCALE = 2.0
_LANDMARK_SHIFT = -0.1

_PALM_WRIST, _PALM_MIDDLE_BASE = 0, 2
_STABLE_LANDMARKS = (0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18)
"""Wrist and the two lower joints of each finger: unlike the tips, they move little when fingers bend."""
_BASE_WEIGHTS = ((5, 0.25), (9, 0.5), (13, 0.25))
"""Index, middle and ring base; their weighted mean and the wrist give the hand's direction."""


@dataclass(frozen=True)
class Region:
    """A rotated square.

    Attributes:
        x, y: centre, frame px.
        side: length of a side, frame px.
        rotation: radians, clockwise as seen in the image; 0 is a hand with its fingers up.
    """

    x: float
    y: float
    side: float
    rotation: float

    def to_frame(self, size: int) -> np.ndarray:
        """(2, 3) affine from px of a square crop of this size to frame px.

        As in MediaPipe, crop px 0 lies on the region's edge (not half a px inside it) and `size` on the opposite one.
        """
        scale = self.side / size
        cos, sin = math.cos(self.rotation) * scale, math.sin(self.rotation) * scale
        half = size / 2.0
        return np.array(
            [[cos, -sin, self.x - half * (cos - sin)], [sin, cos, self.y - half * (sin + cos)]], dtype=np.float64
        )


def region_from_palm(box: np.ndarray, keypoints: np.ndarray) -> Region:
    """Region around the hand that a palm belongs to.

    Args:
        box: x0, y0, x1, y1 around the palm, frame px.
        keypoints: (7, 2) frame px, wrist first, base of the middle finger third.
    """
    rotation = _uprighting_rotation(keypoints[_PALM_WRIST], keypoints[_PALM_MIDDLE_BASE])
    x0, y0, x1, y1 = (float(edge) for edge in box)
    return _expand((x0 + x1) / 2.0, (y0 + y1) / 2.0, x1 - x0, y1 - y0, rotation, scale=_PALM_SCALE, shift=_PALM_SHIFT)


def region_from_landmarks(landmarks: np.ndarray) -> Region:
    """Region in which a hand is expected that had these landmarks one frame ago.

    Args:
        landmarks: (21, 2) frame px.
    """
    base = sum(weight * landmarks[joint] for joint, weight in _BASE_WEIGHTS)
    rotation = _uprighting_rotation(landmarks[WRIST], np.asarray(base))
    cos, sin = math.cos(rotation), math.sin(rotation)
    upright = landmarks[list(_STABLE_LANDMARKS)] @ np.array([[cos, -sin], [sin, cos]])
    low, high = upright.min(axis=0), upright.max(axis=0)
    x, y = (float(value) for value in (low + high) / 2.0)
    width, height = (float(value) for value in high - low)
    return _expand(
        x * cos - y * sin, x * sin + y * cos, width, height, rotation, scale=_LANDMARK_SCALE, shift=_LANDMARK_SHIFT
    )


def _uprighting_rotation(wrist: np.ndarray, fingers: np.ndarray) -> float:
    """Rotation in (-pi, pi] of a region in which the direction from wrist to fingers points up."""
    dx, dy = float(fingers[0] - wrist[0]), float(fingers[1] - wrist[1])
    return math.atan2(dx, -dy)


def _expand(x: float, y: float, width: float, height: float, rotation: float, *, scale: float, shift: float) -> Region:
    """Square over a rotated box: moved along the hand by `shift` box heights, then `scale` times the longer side."""
    return Region(
        x=x - height * shift * math.sin(rotation),
        y=y + height * shift * math.cos(rotation),
        side=max(width, height, 1.0) * scale,
        rotation=rotation,
    )
