"""The 21 joints as lines and dots."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import cv2
import numpy as np

from models.values import FINGERS, WRIST, Side
from render.protocol import OverlayStyle

KNUCKLES: tuple[int, ...] = tuple(FINGERS[finger][0] for finger in ("index", "middle", "ring", "little"))
"""First joints of the four fingers, side by side."""
BONES: tuple[tuple[int, int], ...] = (
    *((WRIST, FINGERS[finger][0]) for finger in ("thumb", "index", "little")),
    *pairwise(KNUCKLES),
    *(bone for finger in FINGERS.values() for bone in pairwise(finger)),
)
"""Pairs of joints joined by a line: around the palm and along each finger."""

FRACTION_BITS = 4
"""cv2 takes whole numbers; with this shift they are sixteenths of a pixel, and lines do not jump."""
LINE_SHARE = 0.035
"""Width of a bone as a share of the palm's length."""
OUTLINE = (24, 24, 24)
FARTHEST = 1 << 15
"""Pixels beyond the image up to which joints are drawn; cv2 overflows at larger coordinates."""


def draw_skeleton(image: np.ndarray, joints_px: Mapping[Side, np.ndarray], style: OverlayStyle) -> np.ndarray:
    """Draw both hands' skeletons over an image, or over nothing where that is RGBA and transparent.

    Lines are scaled with the hand, outlined so that they stand out on skin, and lighter towards the fingertips.

    Args:
        image: (H, W, 3) uint8 RGB, or (H, W, 4) RGBA, premultiplied.
        joints_px: (21, 2) by side, frame px; a hand with numbers that are not finite is left out.
        style: colours; `view` and `opacity` are not looked at here.

    Returns:
        A new image of this kind.
    """
    picture = image.copy()
    for side, joints in joints_px.items():
        if np.isfinite(joints).all() and np.abs(joints).max() < FARTHEST:
            _draw_hand(picture, joints, style.colours[side])
    return picture


def margin_px(joints: np.ndarray) -> float:
    """How far a hand's lines and dots reach beyond its joints at most, px.

    Args:
        joints: (21, 2), px.
    """
    width = max(1, round(LINE_SHARE * _palm_length(joints)))
    return 0.5 * (width + 2 * max(1, round(0.4 * width))) + 2.0


def _draw_hand(picture: np.ndarray, joints: np.ndarray, colour: tuple[int, int, int]) -> None:
    points = np.rint(joints * (1 << FRACTION_BITS)).astype(np.int32)
    width = max(1, round(LINE_SHARE * _palm_length(joints)))
    outline = width + 2 * max(1, round(0.4 * width))
    for thickness, tone in ((outline, None), (width, colour)):
        for start, end in BONES:
            shade = OUTLINE if tone is None else _lighter(tone, _place_in_finger(end))
            _line(picture, points[start], points[end], shade, thickness)
    for joint, point in enumerate(points):
        tone = _lighter(colour, _place_in_finger(joint))
        _dot(picture, point, 0.5 * outline + 1.0, OUTLINE)
        _dot(picture, point, 0.5 * outline - 0.25, _lighter(tone, 0.45))


def _palm_length(joints: np.ndarray) -> float:
    """Longest way from the wrist to a knuckle, px: foreshortened fingers do not thin the lines."""
    return float(np.linalg.norm(joints[list(KNUCKLES)] - joints[WRIST], axis=1).max())


def _place_in_finger(joint: int) -> float:
    """0 at the wrist and knuckles to 0.5 at the fingertips."""
    return 0.0 if joint == WRIST else ((joint - 1) % 4) / 6.0


def _lighter(colour: tuple[int, int, int], amount: float) -> tuple[int, int, int]:
    red, green, blue = (round(channel + (255 - channel) * amount) for channel in colour)
    return red, green, blue


def _line(
    picture: np.ndarray, start: np.ndarray, end: np.ndarray, colour: tuple[int, int, int], thickness: int
) -> None:
    cv2.line(
        picture,
        (int(start[0]), int(start[1])),
        (int(end[0]), int(end[1])),
        (*colour, 255),
        thickness,
        cv2.LINE_AA,
        FRACTION_BITS,
    )


def _dot(picture: np.ndarray, centre: np.ndarray, radius: float, colour: tuple[int, int, int]) -> None:
    scaled = max(1, round(radius * (1 << FRACTION_BITS)))
    cv2.circle(
        picture, (int(centre[0]), int(centre[1])), scaled, (*colour, 255), cv2.FILLED, cv2.LINE_AA, FRACTION_BITS
    )
