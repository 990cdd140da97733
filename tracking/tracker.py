"""The tracker: one frame in, smoothed hands out. Joins detector, cropper, reconstructor and smoothing; no threads."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

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
from tracking.cropper import CROP_SIZE, crop_hands, full_frame_crop, upright_turn
from tracking.detector import create_detector
from tracking.detector.protocol import HandDetector
from tracking.following import Follower, Places
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
SEARCH_WIDEN = 2.5
"""How much wider than usual a network that tells itself which hands are there looks for the second one: it is mostly
near, and the detector misses hands that are blurred, cut off or seen from the side."""
_MOST_SHRINK = 0.9
"""A followed hand's crop gets no smaller than this part of the last one: hands that are seen too small for a moment, as
those cut off are, would else be cut off more in each frame."""
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
        self._follower = Follower()
        self._crop_side, self._turn = 0.0, 0.0
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
            searched = self._detect(frame.image)
        with stages("crop"):
            crop, look = self._crops(frame, intrinsics, independent, searched)
        with stages("reconstruct"):
            raw, sighted = self._reconstruct(crop, look)
        self._follower.remember(raw)
        self._follower.sight(sighted)
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

    def _detect(self, image: np.ndarray) -> bool:
        """Run as much of the detector as this frame needs; returns whether it searched the whole picture."""
        followed = len(self._follower.followed)
        if followed == 2:
            every = HEARTBEAT_EVERY
        else:
            every = MISSING_EVERY if followed and not self._card.needs_landmarks else 1
        self._since_search += 1
        search = self._since_search >= every
        if search:
            self._since_search = 0
        if self._card.needs_landmarks:
            self._detections = self._detector.detect(image, self._detections, search)
        else:
            self._detections = self._detector.detect(image) if search else ()
        return search

    def _crops(
        self, frame: Frame, intrinsics: Intrinsics, independent: bool, searched: bool
    ) -> tuple[Crop | None, Crop | None]:
        """The square around the hands: where the last result had them, and where the detector now sees further ones.

        Where the detector searched in vain for a hand that a network may tell by itself, a wider square to look at
        follows: around a lone hand, or the whole picture.
        """
        places, sides = self._places()

        def crop(cut: tuple[np.ndarray, np.ndarray]) -> Crop:
            captured_ns = None if independent else frame.captured_ns
            return Crop(*cut, sides, self._detections, intrinsics, captured_ns, self._follower.followed)

        if self._full_frame:
            return crop(full_frame_crop(frame.image)), None
        looks = searched and self._card.widen_lone_hand > 1.0 and not independent
        if not places:
            return None, crop(full_frame_crop(frame.image)) if looks else None
        widen = self._card.widen_lone_hand if len(places) == 1 else 1.0
        least = 0.0 if self._card.needs_landmarks else _MOST_SHRINK * self._crop_side
        self._turn = upright_turn(places, self._turn)
        close = crop(crop_hands(frame.image, places, widen, least_side=least, turn=self._turn))
        self._crop_side = CROP_SIZE / float(np.linalg.norm(close.frame_to_crop[0, :2]))
        if not looks or len(places) > 1 or not self._follower.followed:
            return close, None
        return close, crop(crop_hands(frame.image, places, SEARCH_WIDEN, turn=self._turn))

    def _reconstruct(self, crop: Crop | None, look: Crop | None) -> tuple[Reconstruction, Reconstruction]:
        """Hands of the crop, and those of the look: without one there are none."""
        crops = [each for each in (crop, look) if each is not None]
        found = iter(self._reconstructor.reconstruct(crops) if crops else ())
        nothing = Reconstruction({})
        return next(found) if crop is not None else nothing, next(found) if look is not None else nothing

    def _places(self) -> Places:
        if self._card.needs_landmarks:
            joints = [hand.landmarks for hand in self._detections]
            return Places(joints, frozenset(hand.side for hand in self._detections) or frozenset(SIDES))
        return self._follower.places(self._detections)

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


class _Stages:
    """Milliseconds by stage of one frame."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        start = time.perf_counter_ns()
        yield
        self.milliseconds[name] = (time.perf_counter_ns() - start) * 1e-6
