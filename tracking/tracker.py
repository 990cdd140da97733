"""The tracker: one frame in, smoothed hands out. Joins detector, cropper, reconstructor and smoothing; no threads."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from models.hand_model import load_hand_models
from models.registry import HandModels, ModelCard, Reconstructor, create_model, model_card
from models.runtime.device import resolve_device
from models.values import (
    SIDES,
    Crop,
    Detection,
    HandParameters,
    HandReconstruction,
    Intrinsics,
    Reconstruction,
    Side,
)
from tracking.camera_model import load_intrinsics, scale_intrinsics
from tracking.cropper import crop_hands, full_frame_crop
from tracking.detector import create_detector
from tracking.detector.protocol import HandDetector
from tracking.smoothing import HandSmoother, SmoothingSettings
from tracking.values import Frame, TrackedFrame

Camera = Callable[[int, int], Intrinsics]
"""Width and height of a picture to its intrinsics."""

MISSING_EVERY = 3
"""Frames between looks for a second hand while a network follows one. Without any hand every frame is searched, and
with landmarks from the detector too: palm detection costs little there, and a hand that it nearly misses may be found
in one frame of ten."""
HEARTBEAT_EVERY = 60
"""Frames between looks while both hands are followed, in case what is followed is not a hand any more."""
LINGERING_FRAMES = 10
"""Frames for which a hand that the network does not see any more stays in its crop. Mostly it is covered, or judged a
little too unsure, for a moment; once it is outside the crop only the detector can bring it back, which is the one that
loses hands that touch."""
_SAME_HAND = 0.5
"""A detection closer than this to a followed hand (mean distance over hand size) is that hand, whatever its side."""
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
    ) -> None:
        self.hand_models = hand_models
        self.smoothing = smoothing
        self._card = card
        self._reconstructor = reconstructor
        self._detector = detector
        self._camera = camera
        self._full_frame = full_frame
        self._smoother = HandSmoother()
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
        )

    @property
    def model(self) -> str:
        """Name of the model in use."""
        return self._card.name

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
        self.reset()
        return old

    def reset(self) -> None:
        """Forget what was seen: another source or another take begins."""
        self._smoother.reset()
        self._reconstructor.reset()
        self._detections: tuple[Detection, ...] = ()
        self._followed: dict[Side, np.ndarray] = {}
        self._lost: dict[Side, _LostHand] = {}
        self._scores: dict[Side, float] = {}
        self._since_search = 0
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
        stages = _Stages()
        height, width = frame.image.shape[:2]
        intrinsics = self._camera(width, height)
        with stages("detect"):
            self._detect(frame.image)
        with stages("crop"):
            crop = self._crop(frame, intrinsics, independent)
        with stages("reconstruct"):
            raw = self._reconstructor.reconstruct([crop])[0] if crop else Reconstruction({})
        self._remember(raw)
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
        )

    def _detect(self, image: np.ndarray) -> None:
        """Run as much of the detector as this frame needs."""
        if len(self._followed) == 2:
            every = HEARTBEAT_EVERY
        else:
            every = MISSING_EVERY if self._followed and not self._card.needs_landmarks else 1
        self._since_search += 1
        search = self._since_search >= every
        if search:
            self._since_search = 0
        if self._card.needs_landmarks:
            self._detections = self._detector.detect(image, self._detections, search)
        else:
            self._detections = self._detector.detect(image) if search else ()

    def _crop(self, frame: Frame, intrinsics: Intrinsics, independent: bool) -> Crop | None:
        """The square around the hands: where the last result had them, and where the detector now sees further ones."""
        places, sides = self._places()
        if self._full_frame:
            image, frame_to_crop = full_frame_crop(frame.image)
        elif places:
            widen = self._card.widen_lone_hand if len(places) == 1 else 1.0
            image, frame_to_crop = crop_hands(frame.image, places, widen)
        else:
            return None
        captured_ns = None if independent else frame.captured_ns
        return Crop(image, frame_to_crop, sides, self._detections, intrinsics, captured_ns)

    def _places(self) -> tuple[list[np.ndarray], frozenset[Side]]:
        """Joints (21, 2) of the hands to crop around, and the sides that may be there.

        The network's word on a hand that it follows counts more than the detector's, which may see one hand of two
        that touch, and call it by the wrong side: what is where a followed hand is, is that hand.
        """
        if self._card.needs_landmarks:
            places = [hand.landmarks for hand in self._detections]
            return places, frozenset(hand.side for hand in self._detections) or frozenset(SIDES)
        followed = list(self._followed.values())
        further = [hand for hand in self._detections if not any(_is_same(hand.landmarks, each) for each in followed)]
        lost: dict[Side, np.ndarray] = {} if further else {side: hand.joints_px for side, hand in self._lost.items()}
        places = [*followed, *(hand.landmarks for hand in further), *lost.values()]
        if len(places) != 1:
            return places, frozenset(SIDES)
        sides: set[Side] = {*self._followed, *(hand.side for hand in further), *lost}
        return places, frozenset(sides)

    def _remember(self, raw: Reconstruction) -> None:
        """Note where the hands are, and for how long others have not been seen."""
        followed: dict[Side, np.ndarray] = {side: hand.joints_px for side, hand in raw.hands.items()}
        lost: dict[Side, _LostHand] = {side: _LostHand(joints_px, 1) for side, joints_px in self._followed.items()}
        lost |= {side: _LostHand(hand.joints_px, hand.frames + 1) for side, hand in self._lost.items()}
        self._lost = {
            side: hand for side, hand in lost.items() if side not in followed and hand.frames <= LINGERING_FRAMES
        }
        self._followed = followed

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


class _LostHand(NamedTuple):
    """Where a hand was last, (21, 2) frame px, and for how many frames it has not been seen."""

    joints_px: np.ndarray
    frames: int


def _is_same(landmarks: np.ndarray, followed: np.ndarray) -> bool:
    """Whether two hands (21, 2) lie on each other."""
    distance = float(np.linalg.norm(landmarks - followed, axis=1).mean())
    return distance < _SAME_HAND * float(np.ptp(followed, axis=0).max())


class _Stages:
    """Milliseconds by stage of one frame."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        start = time.perf_counter_ns()
        yield
        self.milliseconds[name] = (time.perf_counter_ns() - start) * 1e-6
