"""What a made clip is, and when its hands are together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

import cv2
import numpy as np

from models.values import Side
from training.data.samples import SEGMENT_BIT

WIDTH, HEIGHT = 640, 480
SQUARE = 640
"""Side of the square layers that hands are drawn in; the frame is their middle rows."""
FPS = 30.0
_APART, _WAY, _TOGETHER = 12, 27, 30
FRAMES = 2 * (_APART + _WAY) + _TOGETHER
"""Apart, on the way, together, on the way back, apart."""
_TOUCHING_PX = 7
"""Silhouettes that are nearer than half of this touch."""


class ClipFrame(NamedTuple):
    """One image of a clip.

    Attributes:
        image: (480, 640, 3) uint8 RGB.
        joints_px: true joints (21, 2) by side, frame px.
        touching: whether the hands' silhouettes touch or overlap.
    """

    image: np.ndarray
    joints_px: Mapping[Side, np.ndarray]
    touching: bool


class ClipMaker(Protocol):
    """Makes clips by number; the same number gives the same frames."""

    name: str

    def meeting(self, number: int) -> Iterator[ClipFrame]:
        """`FRAMES` images of two hands that meet."""
        ...

    def still(self, number: int, frames: int) -> Iterator[ClipFrame]:
        """One hand that does not move, with fresh noise in each image."""
        ...


def togetherness() -> np.ndarray:
    """(FRAMES,) from 0, apart, to 1, as near as these hands come; speed changes smoothly."""
    way = np.linspace(0.0, 1.0, _WAY + 2)[1:-1]
    way = way * way * (3.0 - 2.0 * way)
    return np.concatenate([np.zeros(_APART), way, np.ones(_TOGETHER), way[::-1], np.zeros(_APART)])


def sway(rng: np.random.Generator, amplitudes: np.ndarray, frames: int = FRAMES) -> np.ndarray:
    """(frames, D) slow movement about zero, as hands in the air are never still.

    Args:
        rng: for speeds and phases.
        amplitudes: (D,) of each coordinate.
        frames: how many.
    """
    seconds = np.arange(frames)[:, None] / FPS
    turns = rng.uniform(0.15, 0.45, len(amplitudes)) * seconds + rng.uniform(0.0, 1.0, len(amplitudes))
    return amplitudes * np.sin(2.0 * np.pi * turns)


def rows_of_frame(square: np.ndarray) -> np.ndarray:
    """The frame's part of a square image."""
    top = (SQUARE - HEIGHT) // 2
    return square[top : top + HEIGHT]


def are_touching(segmentation: np.ndarray) -> bool:
    """Whether two silhouettes of a segmentation (see `Sample.segmentation`) touch or overlap."""
    left, right = (((segmentation & SEGMENT_BIT[side]) > 0).astype(np.uint8) for side in ("left", "right"))
    return bool((cv2.dilate(left, np.ones((_TOUCHING_PX, _TOUCHING_PX), np.uint8)) & right).any())
