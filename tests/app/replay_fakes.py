"""Small sessions whose every hand and image is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.sessions.session import SessionWriter
from models.hand_model import HandModel, load_hand_models
from models.values import SIDES, HandParameters, HandReconstruction, Intrinsics, Reconstruction, Side
from tests.fakes import numbered_image, session_info
from tracking.values import Frame, TrackedFrame

CAMERA = Intrinsics.from_fov(64, 48)
START = 987_654_321_123_456
"""When the first image was taken; not a whole millisecond."""


def moment(number: int) -> int:
    """`captured_ns` of an image: 30 a second, unevenly."""
    return START + number * 33_333_333 + (number % 3) * 4_000_123


def posed_hand(model: HandModel, seed: int) -> HandReconstruction:
    """A hand before the camera as the tracker gives it: the mesh is the hand model's."""
    numbers = np.random.default_rng(seed)
    parameters = HandParameters(
        (0.3 * numbers.standard_normal((16, 3))).astype(np.float32),
        numbers.standard_normal(10).astype(np.float32),
        np.array([0.1 * numbers.standard_normal(), 0.0, 0.6], np.float32),
    )
    vertices, joints = model.mesh(parameters)
    return HandReconstruction(parameters, vertices, joints, CAMERA.project(joints).astype(np.float32), 0.9)


def tracked(number: int, models: Mapping[Side, HandModel], sides: tuple[Side, ...] = SIDES) -> TrackedFrame:
    """A frame with a numbered image and posed hands."""
    hands = {side: posed_hand(models[side], 2 * number + SIDES.index(side)) for side in sides}
    raw = {side: hand.parameters for side, hand in hands.items()}
    frame = Frame(number, moment(number), numbered_image(number))
    return TrackedFrame(frame, Reconstruction(hands), raw, frozenset(), CAMERA, {}, "landmark-fit")


def record(root: Path, frames: list[TrackedFrame], *, video: bool = True) -> Path:
    """A complete session."""
    info = replace(session_info(), intrinsics=CAMERA, settings={"smoothing": None})
    with SessionWriter.create(root, info, video=video) as writer:
        for each in frames:
            writer.append(each)
    return writer.path


def short_session(root: Path, count: int = 15, *, video: bool = True) -> tuple[Path, list[TrackedFrame]]:
    """Both hands, one in every third image, none in every fifth; and what was recorded."""
    models = load_hand_models()
    sides: list[tuple[Side, ...]] = [() if n % 5 == 4 else ("right",) if n % 3 == 2 else SIDES for n in range(count)]
    frames = [tracked(number, models, sides[number]) for number in range(count)]
    return record(root, frames, video=video), frames


class FakeTracker:
    """Follows nothing and sees the hands of `tracked`, moved aside."""

    model = "landmark-fit"
    smoothing = None

    def __init__(self, models: Mapping[Side, HandModel]) -> None:
        self._models = models
        self.frames: list[Frame] = []
        self.closed = False

    def track(self, frame: Frame, *, independent: bool = False) -> TrackedFrame:
        self.frames.append(frame)
        return replace(tracked(frame.index + 100, self._models), frame=frame)

    def close(self) -> None:
        self.closed = True
