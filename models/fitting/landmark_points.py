"""Where MediaPipe's landmarks lie on a hand model: beside its joints.

MediaPipe learnt its 21 points from people who marked them on pictures; a hand model's joints are where its bones turn.
A fit that takes one for the other bends the hand to bridge some millimetres. Each landmark has a constant place beside
its joint instead, carried by the bone that ends there. `tools/build_landmark_points.py` measures these places on the
free hand model; on another one they are taken over in the terms of the hand's anatomy.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from models.errors import BothhandsError
from models.fitting.chain import Chain, anatomical_axes
from models.hand_model import HandModel, asset, load_hand_models
from models.registry import HandModels
from models.values import SIDES, Side

MIRROR = np.array([-1.0, 1.0, 1.0])
"""From a right hand's rest frame to a left hand's."""
_TIP_INSET = 0.003
"""Metres: a fingertip is marked within the nail, before the vertex at the finger's very end."""


def landmark_points(hand_models: HandModels, path: Path | None = None) -> Mapping[Side, np.ndarray]:
    """Where landmarks lie on these hand models.

    Args:
        hand_models: by side.
        path: an asset of `tools/build_landmark_points.py`; None for the project's own.

    Returns:
        (21, 3) metres beside each joint, in the rest frame, by side; see `Chain.marks`.

    Raises:
        BothhandsError: the asset is missing, damaged, or belongs to another hand model.
    """
    path = asset("landmark_points") / "free.npz" if path is None else path
    points, owner = _read(path)
    if owner == identity(hand_models["right"]):
        return {"left": points * MIRROR, "right": points}
    free = load_hand_models()
    if owner != identity(free["right"]):
        raise BothhandsError(
            f"The landmark points {path} belong to another hand model than Bothhands' own; build them anew with "
            "`python -m tools.build_landmark_points`."
        )
    return transferred(points, free, hand_models)


def uncalibrated_points(hand_models: HandModels) -> Mapping[Side, np.ndarray]:
    """On the joints, and a little before the ends of the fingers: where a calibration starts; as `landmark_points`."""
    chain = Chain.of(hand_models)
    marks = np.zeros((2, 21, 3))
    ends = chain.offsets[:, :, 3]
    marks[:, 4::4] = -_TIP_INSET * ends / np.linalg.norm(ends, axis=-1, keepdims=True)
    return dict(zip(SIDES, marks, strict=True))


def identity(model: HandModel) -> str:
    """A hash of all that tells where a hand model's joints and fingertips are."""
    digest = hashlib.sha256()
    for part in (model.template, model.shape_dirs, model.joint_regressor, model.tip_vertices):
        digest.update(np.ascontiguousarray(part.cpu().numpy()).tobytes())
    return digest.hexdigest()


def transferred(points: np.ndarray, source: HandModels, target: HandModels) -> Mapping[Side, np.ndarray]:
    """Landmark points of one hand model on another one.

    Joints are the same by definition in all hand models of this kind, but hands at rest differ in size and in how the
    fingers are held. So a point is told in axes of the bone that carries it (along it, across it as the finger bends,
    and square to both; the palm's for wrist and fingers' bases) and in units of the hand's size.

    Args:
        points: (21, 3) metres, right hand of `source`.
        source: hand models by side.
        target: hand models by side.

    Returns:
        (21, 3) metres by side, of `target`.
    """
    axes, size = _anatomy(source, "right")
    told = np.einsum("jik,ji->jk", axes, points) / size
    transferred_points: dict[Side, np.ndarray] = {}
    for side in SIDES:
        axes, size = _anatomy(target, side)
        places = np.einsum("jik,jk->ji", axes, told) * size
        transferred_points[side] = places * MIRROR if side == "left" else places
    return transferred_points


def _anatomy(hand_models: HandModels, side: Side) -> tuple[np.ndarray, float]:
    """Axes (21, 3, 3) of the bone that carries each joint, in columns, of a hand at rest, mirrored where it is a left
    one; and the hand's size: the mean of all its bones, metres.
    """
    chain = Chain.of(hand_models)
    hand = SIDES.index(side)
    offsets = chain.offsets[hand] * (MIRROR if side == "left" else 1.0)
    fingers = np.cumsum(offsets, axis=1)  # from the wrist
    forward = _unit(fingers[2, 0])
    across = _unit(np.cross(np.cross(fingers[1, 0], fingers[4, 0]), forward))
    palm = np.stack([across, np.cross(forward, across), forward], axis=-1)
    axes = np.empty((21, 3, 3))
    axes[0] = palm
    bones = axes[1:].reshape(5, 4, 3, 3)
    bones[:, 0] = palm
    bones[:, 1:] = anatomical_axes(fingers, np.zeros(3), "right")
    return axes, float(np.linalg.norm(offsets, axis=-1).mean())


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


def _read(path: Path) -> tuple[np.ndarray, str]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            points, owner = arrays["points"].astype(np.float64), str(arrays["hand_model"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise BothhandsError(
            f"The landmark points {path} cannot be read ({error}); install Bothhands anew or build them with "
            "`python -m tools.build_landmark_points`."
        ) from error
    if points.shape != (21, 3) or not np.isfinite(points).all():
        raise BothhandsError(f"{path} is damaged: landmark points are 21 places in space; install Bothhands anew.")
    return points, owner
