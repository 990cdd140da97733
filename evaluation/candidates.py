"""Models to be evaluated: those of the registry, the same with weights that are not installed, and MediaPipe alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.placement import NEAREST
from models.registry import HandModels, ModelCard, Reconstructor, create_model, model_card, weights_reader
from models.values import Crop, Detection, HandParameters, HandReconstruction, Intrinsics, Reconstruction
from models.weights_notes import read_notes

MEDIAPIPE = "mediapipe"
"""Name under which the detector's own hands are evaluated; not a model of the registry."""


@dataclass(frozen=True)
class Candidate:
    """A model to be evaluated.

    Attributes:
        card: what it is.
        reconstructor: loaded, not warmed up; whoever asked for it closes it.
    """

    card: ModelCard
    reconstructor: Reconstructor


def load_candidate(name: str, weights: Path | None, hand_models: HandModels, device: str) -> Candidate:
    """A model by name.

    Args:
        name: of the registry, or `MEDIAPIPE`.
        weights: file of a network's weights, in place of the installed ones.
        hand_models: by side.
        device: "cpu" or "cuda:N".

    Raises:
        BothhandsError: no such model, it takes no weights, or these do not fit.
    """
    if name == MEDIAPIPE and weights is None:
        card = ModelCard(
            name=MEDIAPIPE,
            title="MediaPipe's landmarks as they are",
            paper="MediaPipe Hands (https://arxiv.org/abs/2006.10214)",
            licence="Apache-2.0",
            needs_landmarks=True,
            input_size=None,
        )
        return Candidate(card, DetectedHands())
    if weights is None:
        return Candidate(model_card(name), create_model(name, hand_models, device))
    return Candidate(*weights_reader(name).load(weights, read_notes(weights), hand_models, device))


class DetectedHands:
    """Detections as they are: joints only, meshes and parameters are not numbers."""

    def warm_up(self) -> None:
        """There is nothing to do."""

    def reset(self) -> None:
        """Nothing is carried over."""

    def close(self) -> None:
        """Nothing is held."""

    def reconstruct(self, crops: Sequence[Crop]) -> list[Reconstruction]:
        """The hands of each crop's detections; joints in metres placed where they project to the landmarks."""
        return [Reconstruction({hand.side: _hand(hand, crop.intrinsics) for hand in crop.detections}) for crop in crops]


def _hand(found: Detection, camera: Intrinsics) -> HandReconstruction:
    unknown = HandParameters(*(np.full(shape, np.nan, np.float32) for shape in ((16, 3), (10,), (3,))))
    vertices = np.full((778, 3), np.nan, np.float32)
    joints = found.world_landmarks + _place(found.world_landmarks, found.landmarks, camera)
    return HandReconstruction(unknown, vertices, joints.astype(np.float32), found.landmarks, found.score)


def _place(points: np.ndarray, seen_px: np.ndarray, camera: Intrinsics) -> np.ndarray:
    """(3,) metres: where points (N, 3) lie so that they project to px (N, 2), by linear least squares."""
    u = (seen_px - (camera.cx, camera.cy)) / (camera.fx, camera.fy)
    count = len(points)
    # (x + X) - u (z + Z) = 0 and the same for y.
    rows = np.concatenate(
        [
            np.column_stack([np.ones(count), np.zeros(count), -u[:, 0]]),
            np.column_stack([np.zeros(count), np.ones(count), -u[:, 1]]),
        ]
    )
    target = (u * points[:, 2:] - points[:, :2]).T.ravel()
    place = np.linalg.lstsq(rows, target, rcond=None)[0]
    place[2] = max(place[2], NEAREST)
    return place
