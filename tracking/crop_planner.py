"""Which squares of a frame a network is shown, and which of its answers count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.registry import ModelCard
from models.values import OTHER_SIDE, SIDES, Crop, Detection, HandReconstruction, Intrinsics, Reconstruction, Side
from tracking.cropper import CROP_SIZE, crop_hands, full_frame_crop, upright_turn
from tracking.values import Frame

SEARCH_WIDEN = 2.5
"""How much wider than usual the crop is in which a network that tells itself which hands are there searches the second
one: it is mostly near, and the detector misses hands that are blurred, cut off or seen from the side."""
APART_WIDEN = 1.25
"""The same of the crop of a hand whose other has its own: room for a frame's movement."""
_MOST_SHRINK = 0.9
"""A tracked hand's crop gets no smaller than this part of the last one: hands that are seen too small for a moment, as
those cut off are, would else be cut off more in each frame."""
_STILL = 0.04
"""Movement of the hands' box, in parts of it, below which the square stays where it is: one that follows the jitter of
each answer makes the next one jitter."""
_MARGIN, KEPT_MARGIN = 0.25, 0.1
"""`gap` of hands to take them apart, and to keep them so."""
_DOUBLE = 0.3
"""Mean distance of the joints of one hand that is seen twice, at most. Of two hands that hold each other, one pair in
twenty is nearer."""
_BOTH: frozenset[Side] = frozenset(SIDES)


class HandLocation(NamedTuple):
    """Where a hand is, or is searched.

    Attributes:
        side: as far as is known.
        joints_px: (21, 2) frame px.
    """

    side: Side
    joints_px: np.ndarray


class PlannedCrop(NamedTuple):
    """A crop pass.

    Attributes:
        crop: to reconstruct.
        takes: sides whose hands are the frame's hands; none where hands are only searched for.
    """

    crop: Crop
    takes: frozenset[Side]


class TrackingState(NamedTuple):
    """What is known of a frame before a network sees it.

    Attributes:
        locations: of the hands.
        tracked: sides that the frame before showed.
        detections: of the detector.
        intrinsics: of the frame's camera.
        searched: whether the detector ran over the whole image.
    """

    locations: Sequence[HandLocation]
    tracked: frozenset[Side]
    detections: tuple[Detection, ...]
    intrinsics: Intrinsics
    searched: bool


class CropPlanner:
    """Cuts the squares of a take, frame by frame: upright, no faster smaller than hands shrink.

    Args:
        card: of the model.
        full_frame: take the whole image, padded square.
    """

    def __init__(self, card: ModelCard, full_frame: bool) -> None:
        self._card, self._policy, self._full_frame = card, card.crops, full_frame
        self._squares: dict[frozenset[Side], _Square] = {}

    def plan(self, frame: Frame, state: TrackingState, independent: bool) -> list[PlannedCrop]:
        """The squares of a frame.

        One around all hands that are there; one each where they are far apart and the network sees each better so.
        Where the detector searched in vain for a hand that the network may tell by itself, a wider one follows: around
        a lone hand, or the whole image.

        Args:
            frame: the next of the take.
            state: what is known of it.
            independent: the image stands alone.
        """
        locations = state.locations
        searches = state.searched and self._policy.judges_presence and not independent
        sides = _sides(locations) if len(locations) == 1 else _BOTH

        def crop(cut: tuple[np.ndarray, np.ndarray], sides: frozenset[Side]) -> Crop:
            captured_ns = None if independent else frame.captured_ns
            return Crop(*cut, sides, state.detections, state.intrinsics, captured_ns, _sides(locations))

        if self._full_frame:
            return [PlannedCrop(crop(full_frame_crop(frame.image), sides), _BOTH)]
        if not locations:
            self._squares = {}
            return [PlannedCrop(crop(full_frame_crop(frame.image), _BOTH), frozenset())] if searches else []
        squares: dict[frozenset[Side], _Square] = {}
        crops: list[PlannedCrop] = []
        if self._policy.crop_each_hand and self._are_apart(locations):
            for location in locations:
                side = _sides([location])
                squares[side] = self._square(frame.image, [location], APART_WIDEN)
                crops.append(PlannedCrop(crop(squares[side].cut, side), side))
        else:
            widen = self._policy.lone_hand_scale if len(locations) == 1 else 1.0
            squares[sides] = self._square(frame.image, locations, widen)
            crops.append(PlannedCrop(crop(squares[sides].cut, sides), _BOTH))
            if searches and len(locations) == 1 and state.tracked:
                wide = crop_hands(frame.image, [locations[0].joints_px], SEARCH_WIDEN, turn=squares[sides].turn)
                crops.append(PlannedCrop(crop(wide, _BOTH), frozenset()))
        self._squares = squares
        return crops

    def _square(self, image: np.ndarray, locations: Sequence[HandLocation], widen: float) -> _Square:
        last = self._squares.get(_sides(locations), _NO_SQUARE)
        joints = [location.joints_px for location in locations]
        if _hardly_moved(joints, last.joints):
            joints = last.joints
        turn = upright_turn(joints, last.turn)
        # What the detector sees anew in every frame needs no such care.
        least = 0.0 if self._card.needs_landmarks else _MOST_SHRINK * last.side
        cut = crop_hands(image, joints, widen, least_side=least, turn=turn)
        return _Square(cut, turn, CROP_SIZE / float(np.linalg.norm(cut[1][0, :2])), joints)

    def _are_apart(self, locations: Sequence[HandLocation]) -> bool:
        if len(locations) != 2 or locations[0].side == locations[1].side:
            return False
        were = all(_sides([location]) in self._squares for location in locations)
        return gap(locations[0].joints_px, locations[1].joints_px) > (KEPT_MARGIN if were else _MARGIN)


class _Square(NamedTuple):
    """A crop with its affine, its turn in radians, its side in frame px, and the joints that it was cut around."""

    cut: tuple[np.ndarray, np.ndarray]
    turn: float
    side: float
    joints: list[np.ndarray]


def gap(first: np.ndarray, second: np.ndarray) -> float:
    """What lies between the boxes of two hands' joints (J, 2), in parts of the larger box's longer side.

    Joints that are not known (nan) are left out. Boxes that overlap give less than nothing.
    """
    boxes = [(np.nanmin(joints, axis=0), np.nanmax(joints, axis=0)) for joints in (first, second)]
    (low, high), (other_low, other_high) = boxes
    between = float(np.maximum(other_low - high, low - other_high).max())
    return between / max(max(float((end - start).max()) for start, end in boxes), 1e-9)


def _hardly_moved(joints: Sequence[np.ndarray], last: Sequence[np.ndarray]) -> bool:
    if not last:
        return False
    (low, high), (last_low, last_high) = (
        (np.concatenate(hands).min(axis=0), np.concatenate(hands).max(axis=0)) for hands in (joints, last)
    )
    moved = max(float(np.abs(low - last_low).max()), float(np.abs(high - last_high).max()))
    return moved < _STILL * float((last_high - last_low).max())


def _sides(locations: Sequence[HandLocation]) -> frozenset[Side]:
    return frozenset(location.side for location in locations)


_NO_SQUARE = _Square((np.zeros(0), np.zeros(0)), 0.0, 0.0, [])


def merged(planned: Sequence[PlannedCrop], found: Sequence[Reconstruction]) -> tuple[Reconstruction, Reconstruction]:
    """The frame's hands, and those that were only searched for."""
    taken: dict[Side, HandReconstruction] = {}
    searched: dict[Side, HandReconstruction] = {}
    for each, seen in zip(planned, found, strict=True):
        if each.takes:
            taken |= {side: hand for side, hand in seen.hands.items() if side in each.takes}
            _drop_double(taken, each.crop.expected)
        else:
            searched |= seen.hands
    return Reconstruction(taken), Reconstruction(searched)


def _drop_double(hands: dict[Side, HandReconstruction], expected: frozenset[Side]) -> None:
    """Both sides' meshes on one place are one hand, whose side the network doubts: keep the expected or surer one."""
    if len(hands) < 2 or not same_place(hands["left"].joints_px, hands["right"].joints_px, _DOUBLE):
        return
    kept = next(iter(expected)) if len(expected) == 1 else max(SIDES, key=lambda side: hands[side].score)
    del hands[OTHER_SIDE[kept]]


def same_place(joints_px: np.ndarray, others: np.ndarray, part: float) -> bool:
    """Whether two hands (21, 2) lie on each other: on average nearer than this part of the second one's size."""
    distance = float(np.linalg.norm(joints_px - others, axis=1).mean())
    return distance < part * float(np.ptp(others, axis=0).max())
