"""Where a network has the hands that it tracks by itself, and where its next crops are cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from models.values import OTHER_SIDE, Detection, HandReconstruction, Reconstruction, Side
from tracking.crop_planner import HandLocation, same_place

LOST_TIMEOUT_FRAMES = 10
"""Frames for which a hand that the network does not see any more stays in its crop. Mostly it is covered, or judged a
little too unsure, for a moment; once it is outside the crop only a search can bring it back, and the detector's loses
hands that touch."""
_SAME_HAND = 0.5
"""A hand closer than this to a tracked one (mean distance over hand size) is that hand, whatever its side."""
_LIKELY = 0.5
"""Score below which a tracked hand may be something else."""
_SURE = 0.7
"""Score from which a hand that was seen from afar gets a crop: there is a room around it that may look like one."""


class HandLocations:
    """Remembers where the hands of the last frames were.

    The network's word on a hand that it tracks counts more than the detector's, which may see one hand of two that
    touch, and call it by the wrong side: what is where a tracked hand is, is that hand.
    """

    def __init__(self) -> None:
        self._tracked: Mapping[Side, HandReconstruction] = {}
        self._lost: dict[Side, _LostHand] = {}
        self._candidates: dict[Side, HandReconstruction] = {}

    @property
    def tracked(self) -> frozenset[Side]:
        """Sides that the last frame showed."""
        return frozenset(self._tracked)

    @property
    def is_sure(self) -> bool:
        """Whether nothing that is tracked may be a thing by now."""
        return all(hand.score >= _LIKELY for hand in self._tracked.values())

    def locations(self, detections: Sequence[Detection]) -> list[HandLocation]:
        """Where to cut next: around tracked hands, those just detected, and candidates.

        Args:
            detections: of this frame.
        """
        further = [
            HandLocation(hand.side, hand.landmarks) for hand in detections if not self._is_tracked(hand.landmarks)
        ]
        further += _locations(self._candidates)
        tracked = _locations(self._believed(bool(further)))
        locations = tracked + (further or _locations(self._lost))
        if len(locations) == 2 and locations[0].side == locations[1].side:
            # The detector's side is the weakest of what is known: a person has one hand of each.
            locations[1] = locations[1]._replace(side=OTHER_SIDE[locations[0].side])
        return locations

    def remember(self, seen: Reconstruction) -> None:
        """Note where the hands of a frame are, and for how long others have not been seen."""
        lost: dict[Side, _LostHand] = {side: _LostHand(hand.joints_px, 1) for side, hand in self._tracked.items()}
        lost |= {side: _LostHand(hand.joints_px, hand.frames + 1) for side, hand in self._lost.items()}
        self._lost = {
            side: hand for side, hand in lost.items() if side not in seen.hands and hand.frames <= LOST_TIMEOUT_FRAMES
        }
        self._tracked = seen.hands
        self._candidates = {}

    def note_candidates(self, seen: Reconstruction) -> None:
        """Note for the next crop what a wider look at the same frame surely shows beside the tracked hands."""
        self._candidates = {
            side: hand
            for side, hand in seen.hands.items()
            if hand.score >= _SURE and side not in self._tracked and not self._is_tracked(hand.joints_px)
        }

    def _believed(self, another: bool) -> Mapping[Side, HandReconstruction]:
        """Followed hands, without the less sure of two if there is another hand elsewhere: it may be a thing by now."""
        if not another or len(self._tracked) < 2:
            return self._tracked
        surest = max(self._tracked, key=lambda side: self._tracked[side].score)
        return {surest: self._tracked[surest]}

    def _is_tracked(self, joints_px: np.ndarray) -> bool:
        return any(same_place(joints_px, each.joints_px, _SAME_HAND) for each in self._tracked.values())


class _LostHand(NamedTuple):
    """Where a hand was last, (21, 2) frame px, and for how many frames it has not been seen."""

    joints_px: np.ndarray
    frames: int


def _locations(hands: Mapping[Side, HandReconstruction | _LostHand]) -> list[HandLocation]:
    return [HandLocation(side, hand.joints_px) for side, hand in hands.items()]
