"""Hands of a frame from everything that is read of it: landmarks in regions, the two-hand network, one fit of both."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from models.fitting.calibration import FitsShape, ShapeRule
from models.fitting.hand_fitter import HandFitter
from models.fitting.observations import landmark_observation, network_observation
from models.registry import HandModels, Reconstructor
from models.values import FittedHand, HandObservation, Intrinsics, Side
from tracking.hands.pair_tracker import HandPairTracker, SeenHand
from tracking.hands.policy import TrackingPolicy
from tracking.hands.readers import LandmarkReader, NetworkReader
from tracking.stages import Stages
from tracking.values import Frame, Readers

_SURE_LANDMARKS = 0.8
"""Presence from which the landmark network's answer stands alone: where it is sure, the network's joints add nothing to
it (measured: docs/real-video.md)."""


class FusedHands:
    """Both hands followed by `HandPairTracker` and fitted together. Used by one thread.

    Args:
        landmarks: palms and landmarks; stays the caller's.
        network: the two-hand network, warmed up, stays the caller's; None reads landmarks alone.
        hand_models: by side.
        policy: thresholds.
    """

    def __init__(
        self,
        landmarks: LandmarkReader,
        network: Reconstructor | None,
        hand_models: HandModels,
        policy: TrackingPolicy | None = None,
    ) -> None:
        reader = None if network is None else NetworkReader(network)
        self._tracker = HandPairTracker(landmarks, reader, policy)
        self._fitter = HandFitter(hand_models)
        self._network = network

    def use_shape(self, rule: ShapeRule) -> None:
        """See `tracking.tracker.HandSource`."""
        self._fitter.use_shape(rule)
        if isinstance(self._network, FitsShape):
            self._network.use_shape(rule)

    def lock_sides(self, locked: bool) -> None:
        """See `tracking.tracker.HandSource`."""
        self._tracker.lock_sides = locked

    def reset(self) -> None:
        """Another source or take begins."""
        self._tracker.reset()
        self._fitter.reset()

    def reconstruct(
        self, frame: Frame, intrinsics: Intrinsics, independent: bool, stages: Stages
    ) -> tuple[Mapping[Side, FittedHand], Mapping[Side, Readers]]:
        """See `tracking.tracker.HandSource`."""
        with stages("detect"):
            seen = self._tracker.observe(frame.image, intrinsics, frame.captured_ns, independent)
        with stages("reconstruct"):
            observations: dict[Side, list[HandObservation]] = {
                side: _observations(hand, intrinsics) for side, hand in seen.items()
            }
            captured_ns = None if independent else frame.captured_ns
            hands = self._fitter.fit_parameters(observations, intrinsics, captured_ns)
        return hands, {side: _readers(hand) for side, hand in seen.items()}


def _observations(hand: SeenHand, intrinsics: Intrinsics) -> list[HandObservation]:
    observations: list[HandObservation] = []
    reading = hand.reading
    if reading is not None:
        observations.append(
            landmark_observation(
                reading.landmarks, reading.world_landmarks, reading.presence, hand.left_odds, intrinsics
            )
        )
    if hand.network is not None and (reading is None or reading.presence < _SURE_LANDMARKS):
        network = hand.network
        joints = np.asarray(network.joints, np.float64)
        observations.append(
            network_observation(network.joints_px, joints, network.score, hand.left_odds, network.errors_px)
        )
    return observations


def _readers(hand: SeenHand) -> Readers:
    if hand.reading is None:
        return "network"
    return "landmarks" if hand.network is None else "both"
