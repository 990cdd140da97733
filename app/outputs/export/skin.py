"""The skin of an exported hand: the hand model's mesh and weights in the form that programs read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.outputs.export.rig import HandTrack
from render.geometry import VertexNormals

_SET = 4
"""Influences that one set of attributes holds."""
_CHECKED = 50


@dataclass(frozen=True, eq=False)
class RigSkin:
    """A mesh bound to 16 joints.

    Attributes:
        vertices: (V, 3) metres, rest frame, mean shape.
        normals: (V, 3) unit.
        joints: per set of four influences (V, 4) uint8, strongest first; 0 where the weight is.
        weights: per set (V, 4) float32; all sets together sum to 1.
        targets: (135, V, 3) metres per entry of R - I, or (0, V, 3) where there are no correctives.
    """

    vertices: np.ndarray
    normals: np.ndarray
    joints: list[np.ndarray]
    weights: list[np.ndarray]
    targets: np.ndarray


def full_skin(hand: HandTrack) -> RigSkin:
    """All influences, in as many sets as the vertex with most of them needs, and the pose correctives."""
    most = int((_weights(hand) > 0).sum(axis=1).max())
    targets = hand.model.pose_dirs.numpy().reshape(135, -1, 3)
    return _skin(hand, -(-most // _SET), targets if np.any(targets) else targets[:0])


def strongest_influences(hand: HandTrack) -> RigSkin:
    """The four strongest influences of each vertex, without correctives: what every program and engine reads."""
    return _skin(hand, 1, np.empty((0, len(_weights(hand)), 3), np.float32))


def rig_only_error(hand: HandTrack, skin: RigSkin) -> float:
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


def _skin(hand: HandTrack, sets: int, targets: np.ndarray) -> RigSkin:
    model = hand.model
    vertices = model.template.double().numpy() + model.shape_dirs.double().numpy() @ hand.shape
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


def _weights(hand: HandTrack) -> np.ndarray:
    return hand.model.skinning_weights.double().numpy()
