"""Hands marked by eye in frames of clips and folders: the file and what it says."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import BothhandsError
from models.plain_files import open_file
from models.values import MIDDLE_KNUCKLE, OTHER_SIDE, SIDES, WRIST, Side

POINT_JOINTS: Mapping[str, int] = {
    "wrist": WRIST,
    "middle_knuckle": MIDDLE_KNUCKLE,
    "thumb_tip": 4,
    "index_tip": 8,
    "middle_tip": 12,
    "little_tip": 20,
}
"""Joint (of the 21) that each annotated point is."""


@dataclass(frozen=True, eq=False)
class AnnotatedHand:
    """One hand of one frame.

    Attributes:
        side: as it looks, the person's own.
        box: (4,) x0, y0, x1, y1 around it, frame px.
        points: (2,) frame px by name of `POINT_JOINTS`; hidden ones are left out.
    """

    side: Side
    box: np.ndarray
    points: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def size(self) -> float:
        """Longer side of its box, px."""
        return float(max(self.box[2] - self.box[0], self.box[3] - self.box[1]))


def load_annotations(path: Path) -> dict[str, tuple[AnnotatedHand, ...]]:
    """Annotated hands by frame: the path of an image below the folder of frames, or the number of a clip's frame.

    Raises:
        BothhandsError: the file cannot be read or does not hold annotations; the text names frame and entry.
    """
    try:
        with open_file(path) as file:
            content = json.loads(file.read().decode("utf-8"))
    except OSError as error:
        raise BothhandsError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:
        raise BothhandsError(f"{path} is not a JSON file of annotated frames.") from error
    frames = content.get("frames") if isinstance(content, dict) else None
    if not isinstance(frames, dict) or not frames:
        raise BothhandsError(f'{path} holds no annotated frames: it needs an object "frames" with hands by frame.')
    return {name: _hands(path, name, hands) for name, hands in frames.items()}


def mirrored(hands: Iterable[AnnotatedHand], width: int) -> tuple[AnnotatedHand, ...]:
    """The hands of a frame's mirror image, in which a left hand is a right one.

    Args:
        hands: of the frame.
        width: of the frame, px.
    """

    def turned(x: float) -> float:
        return width - 1 - x

    return tuple(
        AnnotatedHand(
            OTHER_SIDE[hand.side],
            np.array([turned(hand.box[2]), hand.box[1], turned(hand.box[0]), hand.box[3]]),
            {name: np.array([turned(place[0]), place[1]]) for name, place in hand.points.items()},
        )
        for hand in hands
    )


def moved(hands: Iterable[AnnotatedHand], affine: np.ndarray) -> tuple[AnnotatedHand, ...]:
    """The hands of a frame that was turned, scaled or shifted. A turned hand keeps its box but for its size, though the
    upright box around it would be larger: errors are measured by it.

    Args:
        hands: of the frame.
        affine: (2, 3) from its px to those of the frame that was made.
    """
    linear, shift = affine[:, :2], affine[:, 2]
    scale = math.sqrt(abs(float(np.linalg.det(linear))))

    def box(hand: AnnotatedHand) -> np.ndarray:
        middle, half = linear @ (hand.box[:2] + hand.box[2:]) / 2.0 + shift, (hand.box[2:] - hand.box[:2]) * scale / 2.0
        return np.concatenate([middle - half, middle + half])

    return tuple(
        AnnotatedHand(hand.side, box(hand), {name: linear @ place + shift for name, place in hand.points.items()})
        for hand in hands
    )


def _hands(path: Path, frame: str, hands: Any) -> tuple[AnnotatedHand, ...]:
    if not isinstance(hands, list):
        raise BothhandsError(f"{path}: frame {frame!r} needs a list of hands.")
    return tuple(_hand(path, frame, hand) for hand in hands)


def _hand(path: Path, frame: str, hand: Any) -> AnnotatedHand:
    where = f"{path}: frame {frame!r}"
    if not isinstance(hand, dict) or hand.get("side") not in SIDES:
        side = hand.get("side") if isinstance(hand, dict) else hand
        raise BothhandsError(f"{where} has a hand of side {side!r}; sides are left and right.")
    box = _numbers(hand.get("box"), 4)
    if box is None or box[2] <= box[0] or box[3] <= box[1]:
        raise BothhandsError(f'{where} has a hand whose "box" is not x0, y0, x1, y1 in px.')
    points = hand.get("points", {})
    if not isinstance(points, dict) or not set(points) <= set(POINT_JOINTS):
        raise BothhandsError(f"{where} has points of other names than {', '.join(POINT_JOINTS)}.")
    places = {name: _numbers(place, 2) for name, place in points.items() if place is not None}
    if any(place is None for place in places.values()):
        raise BothhandsError(f"{where} has a point that is not x, y in px; hidden points are null.")
    return AnnotatedHand(hand["side"], box, {name: place for name, place in places.items() if place is not None})


def _numbers(values: Any, count: int) -> np.ndarray | None:
    if not isinstance(values, list) or len(values) != count:
        return None
    if not all(isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v) for v in values):
        return None
    return np.array(values, np.float64)
