"""The tracker: one frame in, smoothed hands out. Joins detector, cropper, reconstructor and smoothing; no threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np

from models.errors import BothhandsError
from models.fitting.calibration import ShapeRule
from models.hand_model import load_hand_models
from models.registry import HandModels, ModelCard, Reconstructor, create_model, model_card
from models.runtime.device import resolve_device
from models.sentences import say
from models.values import (
    SIDES,
    FittedHand,
    HandParameters,
    HandReconstruction,
    Intrinsics,
    Reconstruction,
    Side,
)
from tracking.camera_model import Camera, KnownCamera, camera_from
from tracking.config import CropMode, TrackerConfig, checked_shape
from tracking.detector import DETECTOR_NAMES, DetectorName, create_detector
from tracking.detector.protocol import HandDetector
from tracking.hands.fused import FusedHands
from tracking.hands.readers import LandmarkReader
from tracking.network_hands import ModelHands
from tracking.readings import Readings
from tracking.smoothing import HandSmoother, SmoothingSettings
from tracking.stages import Stages
from tracking.values import Frame, Readers, TrackedFrame

_PREDICTED_FADE = 0.7


class HandSource(Protocol):
    """Raw hands of one frame after the other. Used by one thread."""

    def reconstruct(
        self, frame: Frame, intrinsics: Intrinsics, independent: bool, stages: Stages
    ) -> tuple[Mapping[Side, FittedHand], Mapping[Side, Readers]]:
        """The hands of the next frame, and who saw each.

        Args:
            frame: the next of the source.
            intrinsics: of its camera.
            independent: the image stands alone.
            stages: takes the time of each part.
        """
        ...

    def use_shape(self, rule: ShapeRule) -> None:
        """Fits take the shape of the hands from here, from the next frame on."""
        ...

    def lock_sides(self, locked: bool) -> None:
        """Whether a hand that is followed keeps its side, from the next frame on."""
        ...

    def reset(self) -> None:
        """Another source or take begins."""
        ...


class Tracker:
    """Follows both hands through the frames of one source. Made, used and closed by one thread.

    Attributes:
        hand_models: by side.
        smoothing: gains from the next frame on, or None for raw hands.
        shape_rule: where fits take the shape of the hands from, from the next frame on.
        lock_sides: whether a hand that is followed keeps its side, from the next frame on.

    Args:
        card: of the reconstructor.
        reconstructor: warmed up.
        hand_models: by side.
        detector: finds hands.
        config: the rest. A network is read by itself where the whole image is its crop, or where the detector
            (MediaPipe's own graph) reads no regions.
        camera: intrinsics by image size; None takes those of `config`.

    Raises:
        BothhandsError: a network is to be read, and the model has none; the camera's file cannot be read.
    """

    def __init__(
        self,
        card: ModelCard,
        reconstructor: Reconstructor,
        hand_models: HandModels,
        detector: HandDetector,
        config: TrackerConfig,
        *,
        camera: Camera | None = None,
    ) -> None:
        if card.needs_landmarks and config.readings == "network":
            raise BothhandsError(say("{model} has no network to read: leave out --readings network.", model=card.name))
        self.hand_models = hand_models
        self.smoothing = config.smoothing
        self.shape_rule = ShapeRule(config.hand_shape)
        self.lock_sides = config.lock_sides
        self._config = config
        self._card = card
        self._reconstructor = reconstructor
        self._detector = detector
        self._camera = camera or camera_from(*config.camera_choice)
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
        detector: DetectorName = "auto",
        smoothing: SmoothingSettings | None = None,
        fov: float | None = None,
        camera_file: Path | None = None,
        camera: KnownCamera | None = None,
        crop_mode: CropMode = "hands",
        readings: Readings = "both",
        hand_shape: Sequence[float] | None = None,
        lock_sides: bool = False,
    ) -> Tracker:
        """`from_config` for programs: each choice is an argument, as `TrackerConfig` explains them.

        Raises:
            BothhandsError: something named does not exist, cannot be read or cannot run here.
        """
        config = TrackerConfig(
            model=model,
            device=device,
            mano_dir=mano_dir,
            detector=detector,
            smoothing=smoothing,
            fov=fov,
            camera_file=camera_file,
            camera=camera,
            crop_mode=crop_mode,
            readings=readings,
            hand_shape=None if hand_shape is None else checked_shape(hand_shape),
            lock_sides=lock_sides,
        )
        return cls.from_config(config)

    @classmethod
    def from_config(
        cls, config: TrackerConfig, *, hand_models: HandModels | None = None, camera: Camera | None = None
    ) -> Tracker:
        """Load and warm up everything.

        Args:
            config: what it is made of.
            hand_models: by side; None loads those of the config.
            camera: intrinsics by image size; None takes those of the config.

        Raises:
            BothhandsError: something named does not exist, cannot be read or cannot run here.
        """
        card = model_card(config.model)
        camera = camera or camera_from(*config.camera_choice)
        hand_models = hand_models or load_hand_models(config.mano_dir)
        reconstructor = create_model(config.model, hand_models, resolve_device(config.device))
        reconstructor.warm_up()
        # Not beside each other: two threads that first use OpenVINO's Python module may wait for each other forever.
        return cls(card, reconstructor, hand_models, create_detector(config.detector), config, camera=camera)

    @property
    def config(self) -> TrackerConfig:
        """What it is made of now: "auto" is a name by now, and what may be changed meanwhile may be another."""
        names: dict[str, DetectorName] = {name: name for name in DETECTOR_NAMES}
        detector = names.get(self.detector, self._config.detector)
        shape = None if self.shape_rule.measured else self.shape_rule.held
        return replace(
            self._config,
            detector=detector,
            smoothing=self.smoothing,
            hand_shape=shape,
            lock_sides=self.lock_sides,
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
        self._config = replace(self._config, model=name)
        self._hands = self._hand_source()
        self.reset()
        return old

    def use_camera(
        self, fov: float | None = None, camera_file: Path | None = None, camera: KnownCamera | None = None
    ) -> None:
        """Go on with other intrinsics from the next frame on, as `TrackerConfig` explains them.

        Nothing is carried over: depths before and after are not of one scale.

        Raises:
            BothhandsError: the file cannot be read.
        """
        self._camera = camera_from(fov, camera_file, camera)
        self._config = replace(self._config, fov=fov, camera_file=camera_file, camera=camera)
        self.reset()

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
            independent: the image stands alone: nothing is carried over and nothing is smoothed.
        """
        if independent or (self._last_ns is not None and frame.captured_ns <= self._last_ns):
            self.reset()
        self._last_ns = frame.captured_ns
        stages = Stages()
        height, width = frame.image.shape[:2]
        intrinsics = self._camera(width, height)
        self._hands.use_shape(self.shape_rule)
        self._hands.lock_sides(self.lock_sides)
        raw, readers = self._hands.reconstruct(frame, intrinsics, independent, stages)
        measured: dict[Side, HandParameters] = {side: hand.parameters for side, hand in raw.items()}
        self._scores.update({side: hand.score for side, hand in raw.items()})
        shown: dict[Side, tuple[HandParameters, bool]]
        with stages("smooth"):
            if self.smoothing is None or independent:
                shown = {side: (parameters, False) for side, parameters in measured.items()}
            else:
                shown = self._smoother.update(measured, self._rest_wrist, frame.captured_ns, self.smoothing)
            hands = self._posed(shown, intrinsics)
        return TrackedFrame(
            frame=frame,
            hands=hands,
            raw=measured,
            predicted=frozenset(side for side, (_, predicted) in shown.items() if predicted),
            intrinsics=intrinsics,
            milliseconds=stages.milliseconds,
            model=self.model,
            readers=readers,
        )

    def _hand_source(self) -> HandSource:
        readings, full_frame = self._config.readings, self._config.crop_mode == "full-frame"
        by_network = not self._card.needs_landmarks and (full_frame or readings == "network")
        if by_network or not isinstance(self._detector, LandmarkReader):
            return ModelHands(self._card, self._reconstructor, self._detector, full_frame)
        reads_network = readings == "both" and not self._card.needs_landmarks
        return FusedHands(self._detector, self._reconstructor if reads_network else None, self.hand_models)

    def _posed(self, shown: Mapping[Side, tuple[HandParameters, bool]], intrinsics: Intrinsics) -> Reconstruction:
        """Meshes of parameters that were measured or, where the second entry says so, predicted."""
        hands: dict[Side, HandReconstruction] = {}
        for side in SIDES:
            if side not in shown:
                continue
            parameters, predicted = shown[side]
            if predicted:
                self._scores[side] *= _PREDICTED_FADE
            vertices, joints = self.hand_models[side].mesh(parameters)
            joints_px = intrinsics.project(joints).astype(np.float32)
            hands[side] = HandReconstruction(parameters, vertices, joints, joints_px, self._scores[side])
        return Reconstruction(hands)

    def _rest_wrist(self, side: Side, parameters: HandParameters) -> np.ndarray:
        return self.hand_models[side].rest_wrist(parameters.shape)
