"""Hands as capsules: cheap tests for fingers that run through each other, and for hands that meet."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.values import FINGERS, MIDDLE_KNUCKLE, WRIST

_FINGER_RADII = 1e-3 * np.array([[11.0, 9.0, 7.5], [8.5, 7.5, 6.5], [8.5, 7.5, 6.5], [8.0, 7.0, 6.0], [7.0, 6.0, 5.5]])
"""Around the three bones of thumb to little finger, metres: a little less than the flesh, which gives way."""
_PALM_RADIUS = 11.5e-3
_FOREARM_RADIUS, _FOREARM_START, _FOREARM_LENGTH = 23e-3, 8e-3, 0.24
_USUAL_LENGTH = 0.101
"""Wrist to middle knuckle of the mean hand, metres; radii grow with it."""
_SOFTNESS = 4e-3
"""How deep fingers of one hand may press into each other, metres."""

_CHAINS = np.array(list(FINGERS.values()))
_KNUCKLES = _CHAINS[1:, 0]
_STARTS = np.concatenate([_CHAINS[:, :3].ravel(), [WRIST] * 5])
_ENDS = np.concatenate([_CHAINS[:, 1:].ravel(), _KNUCKLES, [FINGERS["thumb"][0]]])
_RADII = np.concatenate([_FINGER_RADII.ravel(), [_PALM_RADIUS] * 5])
_TIPS = 3 * np.arange(5) + 2
"""The capsules of the last bones: shortened, because a capsule ends in a half ball."""


_PADS = (
    # from, to (shares of two joints each), metres towards the palm at both ends, radius
    ((1, 1, 0.0), (1, 2, 0.8), 10e-3, 13e-3),  # thenar
    ((0, 17, 0.2), (0, 17, 1.0), 8e-3, 13e-3),  # hypothenar
    ((0, 9, 0.2), (0, 9, 1.0), 11e-3, 12e-3),  # hollow of the hand
    ((0, 5, 1.0), (0, 17, 1.0), 10e-3, 9e-3),  # below the knuckles
)
"""Flesh of the palm, which lies before the bones."""
_FLESH = 1.5e-3
"""By which another hand stays farther off than the fingers of the same hand do from each other, metres."""


def _self_pairs() -> tuple[np.ndarray, np.ndarray]:
    """Capsules of one hand that may meet: of different fingers, and outer bones with the palm."""
    first, second = np.triu_indices(20, 1)
    finger = np.concatenate([np.repeat(np.arange(5), 3), [-1] * 5])
    outer = np.concatenate([np.tile([False, True, True], 5), [False] * 5])
    fingers_meet = (finger[first] >= 0) & (finger[second] >= 0) & (finger[first] != finger[second])
    palm_met = outer[first] & (finger[second] < 0)
    # The thumb's own base is part of the palm: its outer bones are beside it in every pose.
    beside = (finger[first] == 0) & (second == 19)
    wanted = (fingers_meet | palm_met) & ~beside
    return first[wanted], second[wanted]


_FIRST, _SECOND = _self_pairs()


class Capsules(NamedTuple):
    """Balls swept along segments.

    Attributes:
        starts, ends: (N, 3) metres.
        radii: (N,) metres.
    """

    starts: np.ndarray
    ends: np.ndarray
    radii: np.ndarray

    def moved(self, offset: np.ndarray) -> Capsules:
        """All of them shifted by (3,) metres."""
        return Capsules(self.starts + offset, self.ends + offset, self.radii)


def hand_capsules(joints: np.ndarray) -> Capsules:
    """The 20 capsules of a hand with joints (21, 3): 15 finger bones, then 5 in the palm."""
    scale = float(np.linalg.norm(joints[MIDDLE_KNUCKLE] - joints[WRIST])) / _USUAL_LENGTH
    starts, ends, radii = joints[_STARTS].astype(np.float64), joints[_ENDS].astype(np.float64), _RADII * scale
    bones = ends[_TIPS] - starts[_TIPS]
    ends[_TIPS] -= bones / np.linalg.norm(bones, axis=1, keepdims=True) * radii[_TIPS, None]
    return Capsules(starts, ends, radii)


def arm_capsules(joints: np.ndarray, palm_normal: np.ndarray, forearm: np.ndarray) -> Capsules:
    """A hand's capsules, with those of the palm's flesh and of the forearm: what another hand may meet.

    Args:
        joints: (21, 3) metres.
        palm_normal: (3,) unit, out of the palm.
        forearm: (3,) unit, from the wrist to the elbow.
    """
    hand = hand_capsules(joints)
    scale = hand.radii[0] / _RADII[0]
    starts, ends, radii = [hand.starts], [hand.ends], [hand.radii + _FLESH]
    for start, end, lift, radius in _PADS:
        for (first, second, share), points in ((start, starts), (end, ends)):
            middle = joints[first] + share * (joints[second] - joints[first])
            points.append((middle + lift * scale * palm_normal)[None])
        radii.append(np.array([radius * scale]))
    wrist = joints[WRIST].astype(np.float64)
    starts.append((wrist + _FOREARM_START * forearm)[None])
    ends.append((wrist + _FOREARM_LENGTH * forearm)[None])
    radii.append(np.array([_FOREARM_RADIUS * scale]))
    return Capsules(np.concatenate(starts), np.concatenate(ends), np.concatenate(radii))


def collides_with_itself(joints: np.ndarray) -> bool:
    """Whether fingers (joints (21, 3), metres) run deeper into each other or the palm than flesh gives way."""
    hand = hand_capsules(joints)
    gap = segment_distance(hand.starts[_FIRST], hand.ends[_FIRST], hand.starts[_SECOND], hand.ends[_SECOND])
    return bool((gap < hand.radii[_FIRST] + hand.radii[_SECOND] - _SOFTNESS).any())


def gap_between(first: Capsules, second: Capsules) -> float:
    """Smallest distance between two bodies' surfaces, metres; negative: they overlap by so much."""
    count, other = len(first.radii), len(second.radii)
    a, b = np.repeat(np.arange(count), other), np.tile(np.arange(other), count)
    distance = segment_distance(first.starts[a], first.ends[a], second.starts[b], second.ends[b])
    return float((distance - first.radii[a] - second.radii[b]).min())


def approach(still: Capsules, moving: Capsules, direction: np.ndarray, reach: float, gap: float) -> float | None:
    """How far a body can go before it is within `gap` of another: conservative advancement.

    No point comes nearer by more than the body moves, so steps of the remaining gap can never pass through
    (Mirtich, "Impulse-based dynamic simulation of rigid body systems", 1996, section 2.3).

    Args:
        still: what does not move.
        moving: at the start of its way.
        direction: (3,) unit, the way.
        reach: metres at most.
        gap: metres that remain; negative where flesh may be pressed.

    Returns:
        Metres along the way; None if nothing was met, or if they overlap at the start.
    """
    travelled = 0.0
    for _ in range(40):
        free = gap_between(still, moving.moved(travelled * direction)) - gap
        if free < -1e-4:
            return None
        if free < 3e-4:
            return travelled
        travelled += free
        if travelled > reach:
            return None
    return travelled


def segment_distance(a0: np.ndarray, a1: np.ndarray, b0: np.ndarray, b1: np.ndarray) -> np.ndarray:
    """(N,) smallest distances between segments of some length (Ericson, Real-Time Collision Detection, 5.1.9)."""
    along_a, along_b, between = a1 - a0, b1 - b0, a0 - b0
    aa, bb, ab, ac, bc = (
        np.einsum("ni,ni->n", u, v)
        for u, v in (
            (along_a, along_a),
            (along_b, along_b),
            (along_a, along_b),
            (along_a, between),
            (along_b, between),
        )
    )
    determinant = aa * bb - ab * ab
    parallel = determinant < 1e-12
    on_a = np.where(parallel, 0.0, (ab * bc - ac * bb) / np.where(parallel, 1.0, determinant))
    on_b = np.clip((ab * np.clip(on_a, 0.0, 1.0) + bc) / bb, 0.0, 1.0)
    on_a = np.clip((ab * on_b - ac) / aa, 0.0, 1.0)
    apart = between + on_a[:, None] * along_a - on_b[:, None] * along_b
    return np.sqrt(np.einsum("ni,ni->n", apart, apart))
