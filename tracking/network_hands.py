"""Hands of a frame from one model by itself: what a network sees in its crops, or a fit of the detector's landmarks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from models.fitting.calibration import FitsShape, ShapeRule
from models.registry import ModelCard, Reconstructor
from models.values import Detection, FittedHand, Intrinsics, Side
from tracking.crop_planner import CropPlanner, HandLocation, TrackingState, merged
from tracking.detector.protocol import HandDetector
from tracking.hand_locations import HandLocations
from tracking.stages import Stages
from tracking.values import Frame, Readers

MISSING_EVERY = 3
"""Frames between searches for a second hand while a network tracks one, or is unsure of one of two. Without any hand
every frame is searched, and with landmarks from the detector too: palm detection costs little there, and a hand that
it nearly misses may be found in one frame of ten."""
HEARTBEAT_EVERY = 30
"""Frames between searches while both hands are surely tracked, in case what is tracked is not a hand any more."""


class ModelHands:
    """Tracks hands by what one reconstructor says. Used by one thread.

    Args:
        card: of the reconstructor.
        reconstructor: warmed up; stays the caller's.
        detector: finds hands; stays the caller's.
        full_frame: take the whole image, padded square, as the crop.
    """

    def __init__(
        self, card: ModelCard, reconstructor: Reconstructor, detector: HandDetector, full_frame: bool = False
    ) -> None:
        self._card, self._reconstructor, self._detector = card, reconstructor, detector
        self._full_frame = full_frame
        self.reset()

    def use_shape(self, rule: ShapeRule) -> None:
        """See `tracking.tracker.HandSource`; a network that regresses shapes goes on to do so."""
        if isinstance(self._reconstructor, FitsShape):
            self._reconstructor.use_shape(rule)

    def lock_sides(self, locked: bool) -> None:
        """See `tracking.tracker.HandSource`; the model says each frame's sides, so nothing is held."""

    def reset(self) -> None:
        """Another source or take begins."""
        self._reconstructor.reset()
        self._detections: tuple[Detection, ...] = ()
        self._locations = HandLocations()
        self._planner = CropPlanner(self._card, self._full_frame)
        self._since_search = 0

    def reconstruct(
        self, frame: Frame, intrinsics: Intrinsics, independent: bool, stages: Stages
    ) -> tuple[Mapping[Side, FittedHand], Mapping[Side, Readers]]:
        """See `tracking.tracker.HandSource`."""
        with stages("detect"):
            searched = self._detect(frame.image)
        with stages("crop"):
            planned = self._planner.plan(frame, self._state(intrinsics, searched), independent)
        with stages("reconstruct"):
            found = self._reconstructor.reconstruct([each.crop for each in planned]) if planned else []
        raw, candidates = merged(planned, found)
        self._locations.remember(raw)
        self._locations.note_candidates(candidates)
        readers: Readers = "landmarks" if self._card.needs_landmarks else "network"
        hands: dict[Side, FittedHand] = {
            side: FittedHand(hand.parameters, hand.score) for side, hand in raw.hands.items()
        }
        return hands, dict.fromkeys(hands, readers)

    def _detect(self, image: np.ndarray) -> bool:
        """Run as much of the detector as this frame needs; returns whether it searched the whole image."""
        tracked = len(self._locations.tracked)
        if tracked == 2 and self._locations.is_sure:
            every = HEARTBEAT_EVERY
        else:
            every = MISSING_EVERY if tracked and not self._card.needs_landmarks else 1
        self._since_search += 1
        search = self._since_search >= every
        if search:
            self._since_search = 0
        if self._card.needs_landmarks:
            self._detections = self._detector.detect(image, self._detections, search)
        else:
            self._detections = self._detector.detect(image) if search else ()
        return search

    def _state(self, intrinsics: Intrinsics, searched: bool) -> TrackingState:
        if self._card.needs_landmarks:
            locations = [HandLocation(hand.side, hand.landmarks) for hand in self._detections]
        else:
            locations = self._locations.locations(self._detections)
        return TrackingState(locations, self._locations.tracked, self._detections, intrinsics, searched)
