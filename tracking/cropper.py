"""Square crops of a frame: what a reconstruction network sees, and where that lies in the frame.

Pixels are points: integer coordinates are pixel centres in the frame as in the crop. A crop of `size` px over a square
of side `s` frame px therefore maps its own middle, `(size - 1) / 2`, to the square's, at a scale of `size / s`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from models.values import MIDDLE_KNUCKLE, WRIST

CROP_SIZE = 256
FILL = 0.72
"""Part of the crop's side that the hands' landmarks take; with the flesh around them, hands fill 64 to 80 %."""

_TILT, _LEAST_ARROW = math.radians(40.0), 0.2
"""Hands that lean less are upright; and what a hand points with, as a part of its extent, to point anywhere."""
_SMALLEST_SIDE = 16.0
"""Frame px; a hand smaller than that is enlarged no further."""


def make_crop(
    image: np.ndarray,
    points: np.ndarray | Iterable[np.ndarray],
    size: int = CROP_SIZE,
    fill: float = FILL,
    least_side: float = 0.0,
    turn: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Square around points, zero where it reaches over the frame's edge.

    Args:
        image: (H, W, 3) uint8.
        points: (N, 2) frame px, or several such arrays: landmarks, or the corners of boxes (`box.reshape(2, 2)`).
        size: side of the crop, px.
        fill: the longer side of the box around all points is this part of the crop's.
        least_side: the square is no smaller, frame px.
        turn: how far the crop turns what it shows, radians from x towards y.

    Returns:
        The crop (size, size, 3) uint8, and the affine (2, 3) float32 from frame px to crop px.

    Raises:
        ValueError: no points, or points that are not finite.
    """
    stacked = np.concatenate(
        [np.atleast_2d(group) for group in ([points] if isinstance(points, np.ndarray) else points)]
    )
    if not np.isfinite(stacked).all():
        raise ValueError("points to crop around must be finite")
    rotation = _rotation(turn)
    turned = stacked @ rotation.T
    low, high = turned.min(axis=0), turned.max(axis=0)
    side = max(float((high - low).max()) / fill, least_side, _SMALLEST_SIDE)
    centre_x, centre_y = (low + high) / 2.0 @ rotation
    return _warp(image, float(centre_x), float(centre_y), side, size, rotation)


def crop_hands(
    image: np.ndarray,
    landmarks: Iterable[np.ndarray],
    widen: float = 1.0,
    size: int = CROP_SIZE,
    least_side: float = 0.0,
    turn: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """One crop around all hands in view.

    Args:
        image: (H, W, 3) uint8.
        landmarks: of each, (21, 2) frame px; at least one.
        widen: how much larger than usual the square is, for hands that may have moved since.
        size: side of the crop, px.
        least_side: the square is no smaller, frame px.
        turn: as of `make_crop`.

    Returns:
        As `make_crop`.
    """
    return make_crop(image, landmarks, size, FILL / widen, least_side, turn)


def upright_turn(landmarks: Sequence[np.ndarray], last: float = 0.0) -> float:
    """How far to turn a crop so that its hands point upwards, as in most images that networks learn from.

    Args:
        landmarks: of each hand, (21, 2) frame px.
        last: turn of the crop before, which is kept while the hands point upwards in it by and large, or in different
            directions, or at the camera: turning with every movement would make the answer jitter.

    Returns:
        Radians, in (-pi, pi]; see `make_crop`.
    """
    arrows = np.array([hand[MIDDLE_KNUCKLE] - hand[WRIST] for hand in landmarks], np.float64)
    arrow = arrows.sum(axis=0)
    extent = sum(float(np.ptp(hand, axis=0).max()) for hand in landmarks)
    if float(np.linalg.norm(arrow)) < _LEAST_ARROW * extent:
        return last
    turn = -math.pi / 2.0 - math.atan2(arrow[1], arrow[0])
    return last if abs(_wrapped(turn - last)) < _TILT else _wrapped(turn)


def full_frame_crop(image: np.ndarray, size: int = CROP_SIZE) -> tuple[np.ndarray, np.ndarray]:
    """The whole image (H, W, 3), padded to a square; returns as `make_crop`."""
    height, width = image.shape[:2]
    return _warp(image, (width - 1) / 2.0, (height - 1) / 2.0, float(max(height, width)), size, np.eye(2))


def crop_to_frame(frame_to_crop: np.ndarray) -> np.ndarray:
    """Inverse of a crop's affine: (2, 3) float32 from crop px to frame px."""
    return cv2.invertAffineTransform(frame_to_crop.astype(np.float64)).astype(np.float32)


def _rotation(turn: float) -> np.ndarray:
    cosine, sine = math.cos(turn), math.sin(turn)
    return np.array([[cosine, -sine], [sine, cosine]])


def _wrapped(angle: float) -> float:
    return math.remainder(angle, 2.0 * math.pi)


def _warp(
    image: np.ndarray, x: float, y: float, side: float, size: int, rotation: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    scale = size / side
    linear = scale * rotation
    frame_to_crop = np.column_stack([linear, (size - 1) / 2.0 - linear @ (x, y)])
    # The upright square around a turned one.
    reach = side * float(np.abs(rotation[0]).sum())
    source, frame_to_source = _shrunk(image, x, y, reach, math.floor(1.0 / scale))
    crop = cv2.warpAffine(
        source,
        _compose(frame_to_crop, cv2.invertAffineTransform(frame_to_source)),
        (size, size),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
    )
    return crop, frame_to_crop.astype(np.float32)


def _shrunk(image: np.ndarray, x: float, y: float, side: float, factor: int) -> tuple[np.ndarray, np.ndarray]:
    """The part of the image under the square, shrunk by a whole factor by averaging blocks of pixels.

    A bilinear warp looks at four pixels only; where one crop pixel covers more, it would skip detail and flicker.

    Returns:
        The part, and the affine (2, 3) from frame px to its px.
    """
    identity = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    if factor < 2:
        return np.ascontiguousarray(image), identity
    height, width = image.shape[:2]
    left, top = (max(math.floor(centre - side / 2.0), 0) for centre in (x, y))
    right, bottom = min(math.ceil(x + side / 2.0) + 1, width), min(math.ceil(y + side / 2.0) + 1, height)
    if right <= left or bottom <= top:
        return np.ascontiguousarray(image), identity
    block = np.ascontiguousarray(image[top:bottom, left:right])
    # Whole blocks only: the frame's last rows and columns are repeated where they do not fill one.
    block = cv2.copyMakeBorder(block, 0, (top - bottom) % factor, 0, (left - right) % factor, cv2.BORDER_REPLICATE)
    part = cv2.resize(block, (block.shape[1] // factor, block.shape[0] // factor), interpolation=cv2.INTER_AREA)
    shift = (factor - 1) / 2.0
    frame_to_part = np.array(
        [[1.0 / factor, 0.0, -(left + shift) / factor], [0.0, 1.0 / factor, -(top + shift) / factor]]
    )
    return part, frame_to_part


def _compose(outer: np.ndarray, inner: np.ndarray) -> np.ndarray:
    """The affine (2, 3) that does `inner` first and `outer` then."""
    return np.column_stack([outer[:, :2] @ inner[:, :2], outer[:, :2] @ inner[:, 2] + outer[:, 2]])
