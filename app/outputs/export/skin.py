"""The skin of an exported hand: the hand model's mesh and weights in the form that programs read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.outputs.export.rig import RigTrack
from render.geometry import VertexNormals

_SET = 4
"""Influences that one set of attributes holds."""
_CHECKED = 50


@dataclass(frozen=True, eq=False)
class MorphTargets:
    """Pose correctives as K morph targets with weights from 0 to 1.

    Programs clamp weights: Blender 5.0 to what the first keyframe needs beyond 0..1, engines to 0..1. An entry of R - I
    lies between -1 and 1, off the diagonal; it drives one target for its positive part and another for its negative
    one. On the diagonal it lies between -2 and 0. Weights rise and fall along straight lines where the entries do, so
    nothing is lost between keyframes either.

    Attributes:
        offsets: (K, V, 3) metres.
        weights: (N, K) at the keyframes.
        names: of the targets.
    """

    offsets: np.ndarray
    weights: np.ndarray
    names: list[str]


@dataclass(frozen=True, eq=False)
class RigSkin:
    """A mesh bound to 16 joints.

    Attributes:
        vertices: (V, 3) metres, rest frame, mean shape.
        normals: (V, 3) unit.
        joints: per set of four influences (V, 4) uint8, strongest first; 0 where the weight is.
        weights: per set (V, 4) float32; all sets together sum to 1.
        targets: what moves vertices before they are skinned.
    """

    vertices: np.ndarray
    normals: np.ndarray
    joints: list[np.ndarray]
    weights: list[np.ndarray]
    targets: MorphTargets


def full_skin(hand: RigTrack) -> RigSkin:
    """All influences, in as many sets as the vertex with most of them needs, and the pose correctives."""
    most = int((_weights(hand) > 0).sum(axis=1).max())
    return _skin(hand, -(-most // _SET), _correctives(hand))


def strongest_influences(hand: RigTrack) -> RigSkin:
    """The four strongest influences of each vertex, without correctives: what every program and engine reads."""
    none = MorphTargets(np.empty((0, len(hand.model.arrays.template), 3)), np.empty((len(hand.seconds), 0)), [])
    return _skin(hand, 1, none)


def rig_only_error(hand: RigTrack, skin: RigSkin) -> float:
    """How far a skin without correctives strays from the hand model, metres, at most over 50 keyframes."""
    dense = np.zeros((len(skin.vertices), 16))
    for joints, weights in zip(skin.joints, skin.weights, strict=True):
        np.add.at(dense, (np.arange(len(dense))[:, None], joints), weights)
    checked = np.unique(np.linspace(0, len(hand.seconds) - 1, _CHECKED).astype(int))
    worst = 0.0
    for index, turned, places in zip(checked, *hand.at(checked).placed(), strict=True):
        exact, _ = hand.model.mesh(hand.parameters(index))
        moved = np.einsum("jab,vjb->vja", turned, skin.vertices[:, None] - hand.rest_joints) + places
        distances = np.linalg.norm(np.einsum("vj,vja->va", dense, moved) - exact, axis=1)
        worst = max(worst, float(distances.max()))
    return worst


def _skin(hand: RigTrack, sets: int, targets: MorphTargets) -> RigSkin:
    model = hand.model
    vertices = model.arrays.template.astype(np.float64) + model.arrays.shape_dirs.astype(np.float64) @ hand.shape
    normals = VertexNormals(model.faces, len(vertices))(vertices).astype(np.float64)
    weights = _weights(hand)
    strongest = np.argsort(-weights, axis=1, kind="stable")[:, : sets * _SET]
    kept = np.take_along_axis(weights, strongest, axis=1)
    kept = (kept / kept.sum(axis=1, keepdims=True)).astype("<f4")
    joints = np.where(kept > 0, strongest, 0).astype("u1")
    return RigSkin(
        vertices=vertices,
        normals=normals / np.linalg.norm(normals, axis=1, keepdims=True),
        joints=np.split(joints, sets, axis=1),
        weights=np.split(kept, sets, axis=1),
        targets=targets,
    )


def _weights(hand: RigTrack) -> np.ndarray:
    return hand.model.arrays.skinning_weights.astype(np.float64)


def _correctives(hand: RigTrack) -> MorphTargets:
    """The targets that the take needs; none where the hand model has no correctives."""
    directions = hand.model.arrays.pose_dirs.astype(np.float64).reshape(135, -1, 3)
    entries = (hand.matrices()[:, 1:] - np.eye(3)).reshape(-1, 135)
    names = [f"{bone} {row}{column}" for bone in hand.bones[1:] for row in "xyz" for column in "xyz"]
    diagonal = np.tile(np.eye(3, dtype=bool).ravel(), 15)
    numbers = np.concatenate([np.flatnonzero(diagonal), np.flatnonzero(~diagonal), np.flatnonzero(~diagonal)])
    factors = np.repeat([-0.5, 1.0, -1.0], [45, 90, 90])
    weights = np.clip(entries[:, numbers] * factors, 0.0, 1.0)
    used = (weights > 0).any(axis=0) & directions.any(axis=(1, 2))[numbers]
    numbers, factors = numbers[used], factors[used]
    return MorphTargets(
        offsets=directions[numbers] / factors[:, None, None],
        weights=weights[:, used],
        names=[f"{names[number]}{'+' if factor > 0 else '-'}" for number, factor in zip(numbers, factors, strict=True)],
    )
