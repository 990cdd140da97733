"""`landmark-fit`: the hand model fitted to MediaPipe's landmarks by inverse kinematics. Needs no training."""

from __future__ import annotations

from collections.abc import Sequence

from models.fitting.calibration import ShapeRule
from models.fitting.hand_fitter import HandFitter
from models.fitting.observations import landmark_observation
from models.registry import HandModels, ModelCard, register_model
from models.sentences import say
from models.values import Crop, Detection, HandObservation, Intrinsics, Reconstruction, Side

CARD = ModelCard(
    name="landmark-fit",
    title=say("MediaPipe landmarks, hand model fitted by inverse kinematics; needs no training"),
    paper=say("MediaPipe Hands (https://arxiv.org/abs/2006.10214) and damped Gauss-Newton"),
    licence=say("MIT; MediaPipe's networks are Apache-2.0"),
    needs_landmarks=True,
    input_size=None,
    normalisation="none: reads landmarks, not pixels",
    devices=("cpu",),
    good_at=say("Fast, steady and exact while the hands are apart; of two hands that touch it often loses one."),
    real_video={"right": 0.875, "wrong_side": 0.013, "both": 0.75, "extra_per_frame": 0.05, "nme": 0.093},
)


class LandmarkFit:
    """Fits the hands of each crop together; what is known of them goes from one frame of a sequence to the next."""

    def __init__(self, hand_models: HandModels) -> None:
        self._fitter = HandFitter(hand_models)

    def use_shape(self, rule: ShapeRule) -> None:
        """See `models.fitting.calibration.FitsShape`."""
        self._fitter.use_shape(rule)

    def reset(self) -> None:
        """Forget hands and their shape: another person may come."""
        self._fitter.reset()

    def reconstruct(self, crops: Sequence[Crop]) -> list[Reconstruction]:
        """One reconstruction per crop, from its detections; see `models.registry.Reconstructor`."""
        return [self._reconstruct(crop) for crop in crops]

    def warm_up(self) -> None:
        """Nothing is compiled or loaded late."""

    def close(self) -> None:
        """Nothing is held outside Python's memory."""

    def _reconstruct(self, crop: Crop) -> Reconstruction:
        read: dict[Side, list[HandObservation]] = {}
        for detection in crop.detections:
            read.setdefault(detection.side, []).append(_observation(detection, crop.intrinsics))
        return Reconstruction(self._fitter.fit(read, crop.intrinsics, crop.captured_ns))


def _observation(detection: Detection, intrinsics: Intrinsics) -> HandObservation:
    odds = 0.0  # the detector has settled the side
    return landmark_observation(detection.landmarks, detection.world_landmarks, detection.score, odds, intrinsics)


@register_model(CARD)
def create(hand_models: HandModels, device: str) -> LandmarkFit:
    """Build it; it runs on the CPU whatever the device."""
    return LandmarkFit(hand_models)
