"""Where MediaPipe's landmarks lie on a hand model: beside its joints.

MediaPipe learnt its 21 points in the image from people who marked them, and those in space from a model of its own;
a hand model's joints are where its bones turn. A fit that takes one for the other bends the hand to bridge some
millimetres. Each landmark has a constant place beside its joint instead, one for the image and one for space,
carried by the bone that ends there. `tools/build_landmark_points.py` measures these places on the free hand model; on
another one they are taken over in the terms of the hand's anatomy.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import BothhandsError
from models.fitting.chain import MANO_OF_FINGERS, Chain, Marks, anatomical_axes
from models.hand_model import TIP_VERTICES, HandModel, asset, load_hand_models
from models.registry import HandModels
from models.rotations import exp_so3
from models.sentences import said, say
from models.values import SIDES, HandReconstruction, Side

MIRROR = np.array([-1.0, 1.0, 1.0])
"""From a right hand's rest frame to a left hand's."""
_ARRAYS = ("picture", "space")
"""Names in the asset of the parts of `Marks`, in their order."""
_TIP_INSET = 0.003
"""Metres: a fingertip is marked within the nail, before the vertex at the finger's very end."""


def landmark_points(hand_models: HandModels, path: Path | None = None) -> dict[Side, Marks]:
    """Where landmarks lie on these hand models.

    Args:
        hand_models: by side.
        path: an asset of `tools/build_landmark_points.py`; None for the project's own.

    Returns:
        What `Chain.of` takes, by side.

    Raises:
        BothhandsError: the asset is missing, damaged, or belongs to another hand model.
    """
    path = asset("landmark_points") / "free.npz" if path is None else path
    points, owner = _read(path)
    if owner == identity(hand_models["right"]):
        return {"left": mirrored(points), "right": points}
    free = load_hand_models()
    if owner != identity(free["right"]):
        raise BothhandsError(
            say(
                "The landmark points {path} belong to another hand model than Bothhands' own; build them "
                "anew with `python -m tools.build_landmark_points`.",
                path=path,
            )
        )
    return transferred(points, free, hand_models)


def uncalibrated_points(hand_models: HandModels) -> dict[Side, Marks]:
    """On the joints, and a little before the ends of the fingers: where a calibration starts; as `landmark_points`."""
    chain = Chain.of(hand_models)
    marks = np.zeros((2, 21, 3))
    ends = chain.offsets[:, :, 3]
    marks[:, 4::4] = -_TIP_INSET * ends / np.linalg.norm(ends, axis=-1, keepdims=True)
    return {side: Marks(places, places) for side, places in zip(SIDES, marks, strict=True)}


def mirrored(points: Marks) -> Marks:
    """Of a right hand for a left one, and back."""
    return Marks(points.image * MIRROR, points.space * MIRROR)


def marked_points(hand: HandReconstruction, marks: Marks) -> Marks:
    """Where a reader would mark a hand.

    Args:
        hand: fitted.
        marks: of its side.

    Returns:
        Places (21, 3), metres, camera frame: of the points of the image, and of those of space.
    """
    turns = exp_so3(hand.parameters.pose.astype(np.float64))
    carrier = np.empty((21, 3, 3))
    carrier[0] = turns[0]
    bones = carrier[1:].reshape(5, 4, 3, 3)
    bones[:, 0] = turns[0]
    for level in range(3):
        bones[:, level + 1] = bones[:, level] @ turns[MANO_OF_FINGERS[:, level]]
    return Marks(*(hand.joints + (carrier @ places[..., None])[..., 0] for places in marks))


def identity(model: HandModel) -> str:
    """A hash of all that tells where a hand model's joints and fingertips are."""
    digest = hashlib.sha256()
    arrays = model.arrays
    for part in (arrays.template, arrays.shape_dirs, arrays.joint_regressor, np.array(TIP_VERTICES, dtype=np.int64)):
        digest.update(part.tobytes())
    return digest.hexdigest()


def transferred(points: Marks, source: HandModels, target: HandModels) -> dict[Side, Marks]:
    """Landmark points of one hand model on another one.

    Joints are the same by definition in all hand models of this kind, but hands at rest differ in size and in how the
    fingers are held. So a point is told in axes of the bone that carries it (along it, across it as the finger bends,
    and square to both; the palm's for wrist and fingers' bases) and in units of the hand's size.

    Args:
        points: of the right hand of `source`.
        source: hand models by side.
        target: hand models by side.

    Returns:
        Those of `target`, by side.
    """
    axes, size = _anatomy(source, "right")
    told = np.einsum("jik,mji->mjk", axes, np.stack(points)) / size
    by_side: dict[Side, Marks] = {}
    for side in SIDES:
        axes, size = _anatomy(target, side)
        places = Marks(*np.einsum("jik,mjk->mji", axes, told) * size)
        by_side[side] = mirrored(places) if side == "left" else places
    return by_side


def write_landmark_points(path: Path, points: Marks, hand_model: HandModel) -> None:
    """Write an asset that `landmark_points` reads.

    Args:
        path: .npz.
        points: of the right hand.
        hand_model: the right hand's, on which they lie.
    """
    arrays: dict[str, Any] = {name: place.astype(np.float32) for name, place in zip(_ARRAYS, points, strict=True)}
    np.savez(path, hand_model=np.array(identity(hand_model)), **arrays)


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


def _read(path: Path) -> tuple[Marks, str]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            points = Marks(*(arrays[name].astype(np.float64) for name in _ARRAYS))
            owner = str(arrays["hand_model"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise BothhandsError(
            say(
                "The landmark points {path} cannot be read ({reason}); install Bothhands anew or build "
                "them with `python -m tools.build_landmark_points`.",
                path=path,
                reason=said(error),
            )
        ) from error
    if any(part.shape != (21, 3) or not np.isfinite(part).all() for part in points):
        raise BothhandsError(
            say("{path} is damaged: landmark points are 21 places in space; install Bothhands anew.", path=path)
        )
    return points, owner
