"""Hands that are hard to see in an image as it is: small ones, and those in the dark.

Palm detection sees an image in 192 px and needs hands of a dozen of them (measured: `benchmarks/hard_light.py`), so a
hand that fills a thirtieth of an image is not found in the whole of it, but in a part. The networks learnt from
images in ordinary light.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np

from tracking.detector.palm import Palm
from tracking.hands.readers import LandmarkReader

_SHARES = (0.6, 0.3)
"""Sides of the parts, of the image's longer one."""
_STEP = 0.7
"""Of its side, between a part and the next: a hand on the edge of one is whole in another."""
_BRIGHT = 180.0
"""Value to which the bright parts of a dark image are raised."""
_DARK, _DIM = 60.0, 100.0
"""Images whose bright parts are below the first are raised in full, those above the second not at all; in between
gradually, so that an image on the verge does not flicker."""
_MOST_GAIN = 16.0
_BRIGHT_SHARE = 95.0
_EVERY = 8


class Tile(NamedTuple):
    """A part of an image, px."""

    left: int
    top: int
    right: int
    bottom: int


def tiles(width: int, height: int) -> list[Tile]:
    """Overlapping parts that cover an image of this size, px, the larger ones first."""
    found: list[Tile] = []
    for share in _SHARES:
        side = math.ceil(share * max(width, height))
        found += [
            Tile(left, top, min(left + side, width), min(top + side, height))
            for top in _starts(height, side)
            for left in _starts(width, side)
        ]
    return found


def palms_in(reader: LandmarkReader, image: np.ndarray, tile: Tile, least_score: float) -> list[Palm]:
    """Palms in a part of a (H, W, 3) uint8 image, in px of the whole."""
    part = np.ascontiguousarray(image[tile.top : tile.bottom, tile.left : tile.right])
    start = np.array([tile.left, tile.top])
    return [
        Palm(palm.score, palm.box + np.tile(start, 2), palm.keypoints + start)
        for palm in reader.palms(part, least_score)
    ]


def lit(image: np.ndarray) -> np.ndarray:
    """A (H, W, 3) uint8 image with so much gain that its bright parts are bright; itself where they are."""
    bright = max(_percentile(image[::_EVERY, ::_EVERY], _BRIGHT_SHARE), 1.0)
    if bright >= _DIM:
        return image
    raised = min((_DIM - bright) / (_DIM - _DARK), 1.0)
    gain = min(_BRIGHT / bright, _MOST_GAIN) ** raised
    return cv2.convertScaleAbs(image, alpha=gain)


def _percentile(values: np.ndarray, share: float) -> float:
    """What `numpy.percentile` gives of uint8 values, in a third of its time."""
    upto = np.cumsum(np.bincount(values.ravel(), minlength=256))
    place = share / 100.0 * (values.size - 1)
    low, high = np.searchsorted(upto, [math.floor(place), math.ceil(place)], side="right")
    return float(low + (place - math.floor(place)) * (high - low))


def _starts(length: int, side: int) -> list[int]:
    if length <= side:
        return [0]
    count = math.ceil((length - side) / (_STEP * side)) + 1
    return [round(start) for start in np.linspace(0, length - side, count)]
