"""Two hands do not lie in each other: balls along their bones, and how deep those of one are in those of the other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.values import FINGERS, MIDDLE_KNUCKLE, WRIST

CONTACT_SIGMA = 3e-3
"""Metres of depth that count as one standard deviation: readings of hands that hold each other may contradict it."""
GIVES_WAY = 4e-3
"""Metres by which flesh gives way, and bones may lie beside where the model has them."""
NEAR = 0.25
"""Metres between the middle knuckles of two hands, beyond which they cannot touch."""
MOST = 24
"""Pairs of balls that are taken, the deepest ones."""
_FINGER_RADII = 1e-3 * np.array([[11.0, 9.0, 7.5], [8.5, 7.5, 6.5], [8.5, 7.5, 6.5], [8.0, 7.0, 6.0], [7.0, 6.0, 5.5]])
_PALM_RADIUS = 11.5e-3


def _balls() -> tuple[np.ndarray, np.ndarray]:
    """(K, 21) shares of the joints that make the middle of each ball, and (K,) radii, metres."""
    shares: list[np.ndarray] = []
    radii: list[float] = []

    def put(start: int, end: int, along: float, radius: float) -> None:
        share = np.zeros(21)
        share[start], share[end] = 1.0 - along, along
        shares.append(share)
        radii.append(radius)

    for finger, joints in enumerate(FINGERS.values()):
        for bone in range(3):
            for along in (0.25, 0.75):
                put(joints[bone], joints[bone + 1], along, float(_FINGER_RADII[finger, bone]))
        if finger:
            for along in (0.35, 0.7, 1.0):
                put(WRIST, joints[0], along, _PALM_RADIUS)
    return np.array(shares), np.array(radii)


SHARES, RADII = _balls()
REACHES = RADII[:, None] + RADII - GIVES_WAY


class Overlaps(NamedTuple):
    """Pairs of balls, one of each hand, that lie in each other.

    Attributes:
        first: (K,) ball of the first hand.
        second: (K,) ball of the second.
        direction: (K, 3) from the second to the first, length one.
        depth: (K,) metres more than flesh gives way.
    """

    first: np.ndarray
    second: np.ndarray
    direction: np.ndarray
    depth: np.ndarray


def overlaps(joints: np.ndarray) -> Overlaps | None:
    """Where two hands with joints (2, 21, 3) lie in each other; None where nowhere."""
    if np.sum((joints[0, MIDDLE_KNUCKLE] - joints[1, MIDDLE_KNUCKLE]) ** 2) > NEAR**2:
        return None
    balls = SHARES @ joints
    apart = balls[0, :, None] - balls[1]
    distance = np.sqrt(np.sum(apart * apart, axis=-1))
    depths = REACHES - distance
    first, second = np.nonzero(depths > 0.0)
    if not len(first):
        return None
    if len(first) > MOST:
        deepest = np.argsort(-depths[first, second], kind="stable")[:MOST]
        first, second = first[deepest], second[deepest]
    direction = apart[first, second] / np.maximum(distance[first, second], 1e-9)[:, None]
    return Overlaps(first, second, direction, depths[first, second])
