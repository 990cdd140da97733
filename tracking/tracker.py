"""The tracker: one frame in, smoothed hands out. Joins detector, cropper, reconstructor and smoothing; no threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import numpy as np

from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.registry import HandModels, ModelCard, Reconstructor, create_model, model_card
from models.runtime.device import resolve_device
from models.values import (
    SIDES,
    HandParameters,
    HandReconstruction,
    Intrinsics,
    Reconstruction,
    Side,
)
from tracking.camera_model import load_intrinsics, scale_intrinsics
from tracking.detector import create_detector
from tracking.detector.protocol import HandDetector
from tracking.hands.fused import FusedHands
from tracking.hands.readers import LandmarkReader
from tracking.network_hands import ModelHands
from tracking.readings import Readings
from tracking.smoothing import HandSmoother, SmoothingSettings
from tracking.stages import Stages
from tracking.values import Frame, Readers, TrackedFrame

Camera = Callable[[int, int], Intrinsics]
"""Width and height of a picture to its intrinsics."""

_PREDICTED_FADE = 0.7


def camera_from(fov: float | None = None, camera_file: Path | None = None) -> Camera:
    """The camera a person named: a calibration file, else a horizontal field of view in degrees, else an assumed one.

    Raises:
        BothhandsError: the file cannot be read; on a call, the picture's shape is not that of the calibration.
    """
    if camera_file is not None:
        calibrated = load_intrinsics(camera_file)
        return lambda width, height: scale_intrinsics(calibrated, width, height)
    if fov is not None:
        return lambda width, height: Intrinsics.from_fov(width, height, fov)
    return Intrinsics.assumed


class HandSource(Protocol):
    """Raw hands of one frame after the other. Used by one thread."""

    def reconstruct(
        self, frame: Frame, intrinsics: Intrinsics, independent: bool, stages: Stages
    ) -> tuple[Reconstruction, Mapping[Side, Readers]]:
        """The hands of the next frame, and who saw each.

        Args:
            frame: the next of the source.
            intrinsics: of its camera.
            independent: the picture stands alone.
            stages: takes the time of each part.
        """
        ...

    def reset(self) -> None:
        """Another source or take begins."""
        ...


class Tracker:
    """Follows both hands through the frames of one source. Made, used and closed by one thread.

    Args:
        card: of the reconstructor.
        reconstructor: warmed up.
        hand_models: by side.
        detector: finds hands.
        camera: intrinsics by picture size.
        smoothing: gains, or None for raw hands.
        full_frame: take the whole picture, padded square, as the crop.
        readings: what is read. A network is read by itself where the whole picture is its crop, or where the detector
            (MediaPipe's own graph) reads no regions.

    Raises:
        BothhandsError: a network is to be read, and the model has none.
    """

    def __init__(
        self,
        card: ModelCard,
        reconstructor: Reconstructor,
        hand_models: HandModels,
        detector: HandDetector,
        *,
        camera: Camera,
        smoothing: SmoothingSettings | None = None,
        full_frame: bool = False,
        readings: Readings = "both",
    ) -> None:
        if card.needs_landmarks and readings == "network":
            raise BothhandsError(f"{card.name} has no network to read: leave out --readings network.")
        self.hand_models = hand_models
        self.smoothing = smoothing
        self._card = card
        self._reconstructor = reconstructor
        self._detector = detector
        self._camera = camera
        self._full_frame = full_frame
        self._readings: Readings = readings
        self._smoother = HandSmoother()
        self._hands = self._hand_source()
        self.reset()

    @classmethod
    def create(
        cls,
        model: str,
        *,
        device: str = "auto",
        mano_dir: Path | None = None,
        detector: str = "auto",
        smoothing: SmoothingSettings | None = None,
        fov: float | None = None,
        camera_file: Path | None = None,
        full_frame: bool = False,
        readings: Readings = "both",
    ) -> Tracker:
        """Load and warm up everything.

        Args:
            model: a name of the registry.
            device: "auto", "cpu", "cuda" or "cuda:N".
            mano_dir: folder with official MANO files; None takes the free hand model.
            detector: "auto", "openvino" or "mediapipe".
            smoothing: gains, or None for raw hands.
            fov: horizontal field of view, degrees; None assumes 60 across the longer side.
            camera_file: calibration; wins over `fov`.
            full_frame: take the whole picture, padded square, as the crop.
            readings: what is read, see `Tracker`.

        Raises:
            BothhandsError: something named does not exist, cannot be read or cannot run here.
        """
        card = model_card(model)
        camera = camera_from(fov, camera_file)
        hand_models = load_hand_models(mano_dir)
        reconstructor = create_model(model, hand_models, resolve_device(device))
        reconstructor.warm_up()
        return cls(
            card,
            reconstructor,
            hand_models,
            create_detector(detector),
            camera=camera,
            smoothing=smoothing,
            full_frame=full_frame,
            readings=readings,
        )

    @property
    def model(self) -> str:
        """Name of the model in use."""
        return self._card.name

    @property
    def detector(self) -> str:
        """Name of the hand detector in use."""
        return self._detector.name

    @property
    def faces(self) -> dict[Side, np.ndarray]:
        """Triangles (F, 3) of the meshes, by side."""
        return {side: model.faces for side, model in self.hand_models.items()}

    @property
    def reconstructor(self) -> Reconstructor:
        """The model in use."""
        return self._reconstructor

    def use_model(self, name: str, reconstructor: Reconstructor) -> Reconstructor:
        """Go on with another warmed-up model from the next frame; returns the old one, which the caller closes."""
        old, self._reconstructor, self._card = self._reconstructor, reconstructor, model_card(name)
        self._hands = self._hand_source()
        self.reset()
        return old

    def reset(self) -> None:
        """Forget what was seen: another source or another take begins."""
        self._smoother.reset()
        self._hands.reset()
        self._scores: dict[Side, float] = {}
        self._last_ns: int | None = None

    def close(self) -> None:
        """Release detector and model."""
        self._detector.close()
        self._reconstructor.close()

    def track(self, frame: Frame, *, independent: bool = False) -> TrackedFrame:
        """Hands of one frame.

        Args:
            frame: the next of the source; where time does not rise, a new take begins.
            independent: the picture stands alone: nothing is carried over and nothing is smoothed.
        """
        if independent or (self._last_ns is not None and frame.captured_ns <= self._last_ns):
            self.reset()
        self._last_ns = frame.captured_ns
        stages = Stages()
        height, width = frame.image.shape[:2]
        intrinsics = self._camera(width, height)
        raw, readers = self._hands.reconstruct(frame, intrinsics, independent, stages)
        self._scores.update({side: hand.score for side, hand in raw.hands.items()})
        with stages("smooth"):
            hands, predicted = raw, frozenset()
            if self.smoothing is not None and not independent:
                hands, predicted = self._smooth(raw, frame.captured_ns, self.smoothing, intrinsics)
        return TrackedFrame(
            frame=frame,
            hands=hands,
            raw={side: hand.parameters for side, hand in raw.hands.items()},
            predicted=predicted,
            intrinsics=intrinsics,
            milliseconds=stages.milliseconds,
            model=self.model,
            readers=readers,
        )

    def _hand_source(self) -> HandSource:
        by_network = not self._card.needs_landmarks and (self._full_frame or self._readings == "network")
        if by_network or not isinstance(self._detector, LandmarkReader):
            return ModelHands(self._card, self._reconstructor, self._detector, self._full_frame)
        reads_network = self._readings == "both" and not self._card.needs_landmarks
        return FusedHands(self._detector, self._reconstructor if reads_network else None, self.hand_models)

    def _smooth(
        self, raw: Reconstruction, captured_ns: int, settings: SmoothingSettings, intrinsics: Intrinsics
    ) -> tuple[Reconstruction, frozenset[Side]]:
        measured: dict[Side, HandParameters] = {side: hand.parameters for side, hand in raw.hands.items()}
        smoothed = self._smoother.update(measured, self._rest_wrist, captured_ns, settings)
        hands: dict[Side, HandReconstruction] = {}
        for side in SIDES:
            if side not in smoothed:
                continue
            parameters, predicted = smoothed[side]
            if predicted:
                self._scores[side] *= _PREDICTED_FADE
            vertices, joints = self.hand_models[side].mesh(parameters)
            joints_px = intrinsics.project(joints).astype(np.float32)
            hands[side] = HandReconstruction(parameters, vertices, joints, joints_px, self._scores[side])
        return Reconstruction(hands), frozenset(side for side, (_, predicted) in smoothed.items() if predicted)

    def _rest_wrist(self, side: Side, parameters: HandParameters) -> np.ndarray:
        return self.hand_models[side].rest_wrist(parameters.shape)
