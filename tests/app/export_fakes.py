"""Sessions of real hands in known motion, and official hand files that are none, for the tests of exports."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.sessions.session import SessionInfo, SessionWriter
from models.hand_model import HandModel, asset, load_hand_models
from models.mano_files import SHAPES
from models.values import SIDES, HandParameters, HandReconstruction, Intrinsics, Reconstruction, Side
from tests.fakes import numbered_image
from tracking.values import Frame, TrackedFrame

CAMERA = Intrinsics(60.0, 62.0, 31.5, 23.5, 64, 48)
STEP_NS = 33_333_333
SHAPE = np.linspace(-1.0, 1.0, 10, dtype=np.float32)


def motion(side: Side, seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """Pose (16, 3) and translation (3,): the wrist turns right round, fingers curl, the hand goes back and forth."""
    numbers = np.random.default_rng(SIDES.index(side))
    pose = 0.4 * numbers.standard_normal((16, 3)) * np.sin(2.0 * seconds + numbers.uniform(0.0, 6.0, (16, 1)))
    pose[0] = (0.3, 2.9 + 2.0 * np.sin(1.5 * seconds), 0.2)
    place = 0.1 if side == "left" else -0.1
    return pose, np.array([place + 0.02 * np.sin(seconds), 0.03 * np.cos(seconds), 0.5 + 0.05 * np.sin(2 * seconds)])


def a_hand(model: HandModel, seconds: float, shape: np.ndarray = SHAPE) -> HandReconstruction:
    """A hand of `motion`, as tracking gives it."""
    pose, translation = motion(model.side, seconds)
    parameters = HandParameters(pose.astype(np.float32), shape, translation.astype(np.float32))
    vertices, joints = model.mesh(parameters)
    return HandReconstruction(parameters, vertices, joints, CAMERA.project(joints).astype(np.float32), 0.9)


def record(
    root: Path,
    *,
    frames: int = 40,
    times_ns: Sequence[int] | None = None,
    gone: dict[Side, range] | None = None,
    video: bool = True,
    mano_dir: Path | None = None,
    shapes: Sequence[np.ndarray] = (SHAPE,),
    models: Sequence[str] = (),
) -> Path:
    """Write a session and return its folder.

    Args:
        root: folder for it.
        frames: how many.
        times_ns: of the frames; default: thirty a second.
        gone: frames in which a side is not seen.
        video: whether images are kept.
        mano_dir: hand files; default: the free hand model.
        shapes: taken in turn, frame by frame.
        models: names of the models that made the frames; default: the session's own.
    """
    hand_models = load_hand_models(mano_dir)
    info = SessionInfo(
        app_version="0.1.0",
        model="landmark-fit",
        weights_sha256=None,
        hand_model=hand_models["left"].name,
        source="a test",
        intrinsics=CAMERA,
    )
    path = root / "take"
    path.mkdir(parents=True)
    with SessionWriter(path, info, video=video) as writer:
        for index, time_ns in enumerate(times_ns or range(0, frames * STEP_NS, STEP_NS)):
            seen = [side for side in SIDES if index not in (gone or {}).get(side, ())]
            hands = {side: a_hand(hand_models[side], time_ns * 1e-9, shapes[index % len(shapes)]) for side in seen}
            writer.append(
                TrackedFrame(
                    frame=Frame(index, 5_000_000_000 + time_ns, numbered_image(index)),
                    hands=Reconstruction(hands),
                    raw={side: hand.parameters for side, hand in hands.items() if index % 10 != 9},
                    predicted=frozenset(seen if index % 10 == 9 else ()),
                    intrinsics=CAMERA,
                    model=models[index] if models else "",
                )
            )
    return path


def write_hand_files(folder: Path, *, correctives: bool = True, influences: int = 6) -> Path:
    """Files under MANO's names that hold the free hand model, with correctives of millimetres and blurred weights."""
    folder.mkdir()
    for side in SIDES:
        numbers = np.random.default_rng(7)
        with np.load(asset("hand_model") / f"free_{side}.npz") as arrays:
            content = {key: arrays[key] for key in SHAPES}
        if correctives:
            content["posedirs"] = 0.002 * numbers.standard_normal((778, 3, 135))
        weights = content["weights"] + 0.0
        for row in weights:
            row[numbers.choice(16, influences, replace=False)] += 0.1
        content["weights"] = weights / weights.sum(axis=1, keepdims=True)
        with (folder / f"MANO_{side.upper()}.pkl").open("wb") as file:
            pickle.dump(content, file, protocol=2)
    return folder
