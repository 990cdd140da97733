"""Where a network has the hands that it follows by itself, and where its next crop should look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from models.values import OTHER_SIDE, Detection, HandReconstruction, Reconstruction, Side
from tracking.looking import Place, same_place

LINGERING_FRAMES = 10
"""Frames for which a hand that the network does not see any more stays in its crop. Mostly it is covered, or judged a
little too unsure, for a moment; once it is outside the crop only a search can bring it back, and the detector's loses
hands that touch."""
_SAME_HAND = 0.5
"""A hand closer than this to a followed one (mean distance over hand size) is that hand, whatever its side."""
_LIKELY = 0.5
"""Score below which a followed hand may be something else."""
_SURE = 0.7
"""Score from which a hand that was seen from afar gets a crop: there is a room around it that may look like one."""


class Follower:
    """Remembers where the hands of the last frames were.

    The network's word on a hand that it follows counts more than the detector's, which may see one hand of two that
    touch, and call it by the wrong side: what is where a followed hand is, is that hand.
    """

    def __init__(self) -> None:
        self._followed: Mapping[Side, HandReconstruction] = {}
        self._lost: dict[Side, _LostHand] = {}
        self._sighted: dict[Side, HandReconstruction] = {}

    @property
    def followed(self) -> frozenset[Side]:
        """Sides that the last frame showed."""
        return frozenset(self._followed)

    @property
    def is_sure(self) -> bool:
        """Whether nothing that is followed may be a thing by now."""
        return all(hand.score >= _LIKELY for hand in self._followed.values())

    def places(self, detections: Sequence[Detection]) -> list[Place]:
        """Where to look next: at followed hands, and at those that were just detected or sighted.

        Args:
            detections: of this frame.
        """
        further = [Place(hand.side, hand.landmarks) for hand in detections if not self._is_followed(hand.landmarks)]
        further += _places(self._sighted)
        followed = _places(self._believed(bool(further)))
        places = followed + (further or _places(self._lost))
        if len(places) == 2 and places[0].side == places[1].side:
            # The detector's side is the weakest of what is known: a person has one hand of each.
            places[1] = places[1]._replace(side=OTHER_SIDE[places[0].side])
        return places

    def remember(self, seen: Reconstruction) -> None:
        """Note where the hands of a frame are, and for how long others have not been seen."""
        lost: dict[Side, _LostHand] = {side: _LostHand(hand.joints_px, 1) for side, hand in self._followed.items()}
        lost |= {side: _LostHand(hand.joints_px, hand.frames + 1) for side, hand in self._lost.items()}
        self._lost = {
            side: hand for side, hand in lost.items() if side not in seen.hands and hand.frames <= LINGERING_FRAMES
        }
        self._followed = seen.hands
        self._sighted = {}

    def sight(self, seen: Reconstruction) -> None:
        """Note for the next crop what a wider look at the same frame surely shows beside the followed hands."""
        self._sighted = {
            side: hand
            for side, hand in seen.hands.items()
            if hand.score >= _SURE and side not in self._followed and not self._is_followed(hand.joints_px)
        }

    def _believed(self, another: bool) -> Mapping[Side, HandReconstruction]:
        """Followed hands, without the less sure of two if there is another hand elsewhere: it may be a thing by now."""
        if not another or len(self._followed) < 2:
            return self._followed
        surest = max(self._followed, key=lambda side: self._followed[side].score)
        return {surest: self._followed[surest]}

    def _is_followed(self, joints_px: np.ndarray) -> bool:
        return any(same_place(joints_px, each.joints_px, _SAME_HAND) for each in self._followed.values())


class _LostHand(NamedTuple):
    """Where a hand was last, (21, 2) frame px, and for how many frames it has not been seen."""

    joints_px: np.ndarray
    frames: int


def _places(hands: Mapping[Side, HandReconstruction | _LostHand]) -> list[Place]:
    return [Place(side, hand.joints_px) for side, hand in hands.items()]
