"""The webcam, and the crop that the app would take from its image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.values import Intrinsics

FILL = (0.64, 0.80)
"""Part of the crop's side that the longer side of the joints' box takes, as the app's crops do."""
_CENTRE_JITTER = 0.04
"""The app's crop lies where the hands were a frame ago: its centre is off by up to so much of its side."""
_FRAMES = ((640, 480), (640, 360), (960, 540), (1280, 720), (1920, 1080))
_FOV = (48.0, 84.0)
"""Horizontal, degrees: from laptop cameras to wide ones."""


@dataclass(frozen=True)
class View:
    """A crop of a frame.

    Attributes:
        intrinsics: of the crop.
        source_px: side of the crop in frame px; below the crop's own size the image is blown up.
        frame: x0, y0, x1, y1: edges of the frame in crop px; what is outside is black.
    """

    intrinsics: Intrinsics
    source_px: float
    frame: tuple[float, float, float, float]

    @property
    def black(self) -> float:
        """Share of the crop that lies outside the frame."""
        size = self.intrinsics.width
        left, top, right, bottom = np.clip(np.array(self.frame) + 0.5, 0.0, size)
        return 1.0 - float((right - left) * (bottom - top)) / size**2


def random_frame(rng: np.random.Generator) -> Intrinsics:
    """Some webcam."""
    width, height = _FRAMES[rng.integers(len(_FRAMES))]
    return Intrinsics.from_fov(width, height, rng.uniform(*_FOV))


def crop_around(points: np.ndarray, frame: Intrinsics, size: int, rng: np.random.Generator) -> View:
    """The square around points (N, 3), metres, camera frame.

    Pixels are points: the middle of the crop, (size - 1) / 2, is the middle of the square in the frame.
    """
    seen = frame.project(points)
    low, high = seen.min(axis=0), seen.max(axis=0)
    side = float((high - low).max()) / rng.uniform(*FILL)
    centre = (low + high) / 2.0 + rng.uniform(-_CENTRE_JITTER, _CENTRE_JITTER, 2) * side
    scale, middle = size / side, (size - 1) / 2.0

    def to_crop(x: float, y: float) -> tuple[float, float]:
        return (x - centre[0]) * scale + middle, (y - centre[1]) * scale + middle

    cx, cy = to_crop(frame.cx, frame.cy)
    intrinsics = Intrinsics(frame.fx * scale, frame.fy * scale, cx, cy, size, size)
    corners = (*to_crop(-0.5, -0.5), *to_crop(frame.width - 0.5, frame.height - 0.5))
    return View(intrinsics, side, corners)
