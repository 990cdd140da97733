"""What the tracker sees of both hands in frames that follow each other, met in the order of time and in reverse."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from models.registry import Reconstructor
from models.values import SIDES, HandReconstruction, Intrinsics, Side
from tracking.detector.reading import HandReading, hand_size, mean_distance
from tracking.detector.regions import Region, region_from_landmarks
from tracking.hands.pair_tracker import HandPairTracker, SeenHand
from tracking.hands.readers import LandmarkReader, NetworkReader
from tracking.values import Frame

_SAME_PLACE = 0.08
"""Mean distance between what is seen in one direction and in the other, as a share of the hand's box."""
_NETWORK_PLACE = 0.3
"""The same between a hand and the two-hand network's, which places hands that touch badly but knows which is where."""
_ONE_HAND = 0.15
"""Mean distance up to which both sides lie on one hand."""
_LEAST_PRESENCE = 0.6
"""Of the landmark network, mean of all its readings of the hand."""
_SMALLEST = 32.0
"""Px: of a smaller hand the fingers cannot be told."""
_JUMP, _STEADY = 0.5, 0.25
"""A hand jumps where it lies so far from the middle of its neighbours in time, and these lie so near each other."""
_KNOWN = 0.05
"""Standard deviation over several readings up to which a joint is known, as a share of the hand's box."""
_VARIANTS = ((0.0, 1.0, 0.0), (12.0, 0.9, 0.04), (-12.0, 1.12, -0.04))
"""Degrees, size and shift (as a share of the region's side) of the regions in which a hand is read again."""


@dataclass(frozen=True, eq=False)
class AgreedHand:
    """A hand on which both directions, repeated readings and the network agree.

    Attributes:
        landmarks: (21, 2) image px, mean over readings.
        world_landmarks: (21, 3) metres, mean over readings.
        known: (21,) bool: joints on which the readings agree.
        presence: mean over readings.
        network: the two-hand network's hand.
    """

    landmarks: np.ndarray
    world_landmarks: np.ndarray
    known: np.ndarray
    presence: float
    network: HandReconstruction


_Agreed = Mapping[Side, AgreedHand]


def agree_both_ways(
    frames: Sequence[Frame], camera: Intrinsics, landmarks: LandmarkReader, network: Reconstructor
) -> list[_Agreed]:
    """Track frames forwards and backwards, and keep what both directions tell.

    Args:
        frames: of one sequence, in the order of time.
        camera: of all of them.
        landmarks: palms and landmarks; stays the caller's.
        network: the two-hand network, warmed up; stays the caller's.

    Returns:
        Of each frame, the hands on which all agree.
    """
    forwards = _tracked(frames, camera, landmarks, network)
    end = frames[-1].captured_ns
    reversed_frames = [replace(frame, captured_ns=end - frame.captured_ns) for frame in reversed(frames)]
    backwards = _tracked(reversed_frames, camera, landmarks, network)[::-1]
    reader = NetworkReader(network)
    agreements: list[_Agreed] = []
    for frame, ahead, back in zip(frames, forwards, backwards, strict=True):
        placed: dict[Side, np.ndarray] = {}
        for side in SIDES:
            place = _common_place(ahead[side], back[side]) if side in ahead and side in back else None
            if place is not None:
                placed[side] = place
        seen_by_network = reader.read(frame.image, list(placed.values()), frozenset(placed), camera, None)
        agreed: dict[Side, AgreedHand] = {}
        for side, place in placed.items():
            hand = _read_again(frame.image, place, side, landmarks, seen_by_network)
            if hand is not None:
                agreed[side] = hand
        agreements.append(_apart(agreed))
    return _without_jumps(agreements)


def _tracked(
    frames: Sequence[Frame], camera: Intrinsics, landmarks: LandmarkReader, network: Reconstructor
) -> list[dict[Side, SeenHand]]:
    tracker = HandPairTracker(landmarks, NetworkReader(network))
    return [tracker.observe(frame.image, camera, frame.captured_ns) for frame in frames]


def _common_place(ahead: SeenHand, back: SeenHand) -> np.ndarray | None:
    """(21, 2) image px, None where the directions do not see the hand in one place."""
    if ahead.reading is None or back.reading is None:
        return None
    first, second = ahead.reading.landmarks, back.reading.landmarks
    size = max(hand_size(first), hand_size(second))
    return (first + second) / 2.0 if mean_distance(first, second) < _SAME_PLACE * size else None


def _read_again(
    image: np.ndarray,
    place: np.ndarray,
    side: Side,
    landmarks: LandmarkReader,
    network: Mapping[Side, HandReconstruction],
) -> AgreedHand | None:
    """A hand read in several regions and in the mirrored image; None where the readings or the network disagree."""
    region = region_from_landmarks(place)
    regions = [_varied(region, *variant) for variant in _VARIANTS]
    width = image.shape[1]
    mirrored_image = cv2.flip(image, 1)
    readings = landmarks.read(image, regions)
    for reading in landmarks.read(mirrored_image, [_mirrored_region(each, width) for each in regions]):
        readings.append(_mirrored(reading, width))
    points = np.stack([reading.landmarks for reading in readings])
    mean = points.mean(axis=0)
    size = hand_size(mean)
    left = float(np.mean([reading.left for reading in readings]))
    presence = float(np.mean([reading.presence for reading in readings]))
    spread = np.sqrt(((points - mean) ** 2).sum(axis=-1).mean(axis=0))
    known = spread < _KNOWN * size
    right_side = (left > 0.5) == (side == "left")
    stays = mean_distance(mean[known], place[known]) < _SAME_PLACE * size if known.any() else False
    if size < _SMALLEST or presence < _LEAST_PRESENCE or not right_side or not stays:
        return None
    if not _network_agrees(mean, side, network):
        return None
    world = np.mean([reading.world_landmarks for reading in readings], axis=0)
    return AgreedHand(mean, world, known, presence, network[side])


def _network_agrees(place: np.ndarray, side: Side, network: Mapping[Side, HandReconstruction]) -> bool:
    """Whether the network's hand of this side lies here, or is at least nearer than its other one."""
    distances = {other: mean_distance(place, hand.joints_px) for other, hand in network.items()}
    if side not in distances:
        return False
    near = distances[side] < _NETWORK_PLACE * hand_size(place)
    return near and all(distances[side] <= distance for distance in distances.values())


def _apart(agreed: _Agreed) -> _Agreed:
    """Nothing where both sides lie on one hand."""
    if len(agreed) < len(SIDES):
        return agreed
    left, right = agreed["left"].landmarks, agreed["right"].landmarks
    return {} if mean_distance(left, right) < _ONE_HAND * max(hand_size(left), hand_size(right)) else agreed


def _without_jumps(agreements: Sequence[_Agreed]) -> list[_Agreed]:
    return [
        {side: hand for side, hand in agreed.items() if not _jumps(agreements, place, side)}
        for place, agreed in enumerate(agreements)
    ]


def _jumps(agreements: Sequence[_Agreed], place: int, side: Side) -> bool:
    """Whether a hand is somewhere else than before and after."""
    here = agreements[place][side].landmarks
    around = [
        agreements[other][side].landmarks
        for other in (place - 1, place + 1)
        if 0 <= other < len(agreements) and side in agreements[other]
    ]
    if len(around) < 2:
        return False
    size = hand_size(here)
    middle = (around[0] + around[1]) / 2.0
    return mean_distance(*around) < _STEADY * size and mean_distance(here, middle) > _JUMP * size


def _varied(region: Region, degrees: float, scale: float, shift: float) -> Region:
    return Region(
        region.x + shift * region.side,
        region.y + shift * region.side,
        region.side * scale,
        region.rotation + math.radians(degrees),
    )


def _mirrored_region(region: Region, width: int) -> Region:
    return replace(region, x=width - 1 - region.x, rotation=-region.rotation)


def _mirrored(reading: HandReading, width: int) -> HandReading:
    landmarks, world = reading.landmarks.copy(), reading.world_landmarks.copy()
    landmarks[:, 0] = width - 1 - landmarks[:, 0]
    world[:, 0] *= -1.0
    return HandReading(reading.presence, 1.0 - reading.left, landmarks, world)
