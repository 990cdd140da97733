"""From arms in any posture to hands in one: cut, laid into MANO's frame, fingers straight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from build_hand_model.mesh import boundary_edges, check_disc, keep_vertices
from build_hand_model.source import SourceBodies

MAKEHUMAN_FINGERS = (2, 3, 5, 4, 1)
"""MakeHuman's finger numbers in MANO's joint order: index, middle, little, ring, thumb."""
PARENTS = (-1, 0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11, 0, 13, 14)
_WRIST = np.array([0.0956, 0.0064, 0.0062])
"""Where MANO's mean right wrist lies, metres; so offsets between wrist and model origin are alike."""
_SCALE = 0.88
"""MakeHuman's average hand is long: this gives 10.1 cm from wrist to middle knuckle, near MANO's."""
_CUT_ALONG_FOREARM = 0.038
_MAX_INFLUENCES = 4
_DIRECTIONS = np.radians(
    [
        [[7, 0], [7, 0], [7, 0]],
        [[0, 0], [0, 0], [0, 0]],
        [[-13, 0], [-13, 0], [-13, 0]],
        [[-6, 0], [-6, 0], [-6, 0]],
        [[46, 26], [42, 22], [38, 20]],
    ]
)
"""Rest direction of each phalanx in MANO's order: azimuth from the middle finger towards the thumb, elevation towards
the palm. The thumb's are near MANO's template."""


@dataclass(frozen=True, eq=False)
class RestHands:
    """Right hands of N people in one rest pose, MANO's frame: fingers -x, thumb +z, palm -y.

    Attributes:
        vertices: (N, V, 3) metres.
        joints: (N, 16, 3) in MANO's order.
        tips: (N, 5, 3) ends of the fingers, MANO's finger order (index, middle, little, ring, thumb).
        faces: (F, 3).
        weights: (V, 16), at most four influences a vertex, rows summing to one.
        nails: (V,) 0..1.
    """

    vertices: np.ndarray
    joints: np.ndarray
    tips: np.ndarray
    faces: np.ndarray
    weights: np.ndarray
    nails: np.ndarray


def rest_hands(bodies: SourceBodies) -> RestHands:
    """Cut the hands off, align them and straighten the fingers, each by its own bones.

    Every phalanx points in the same direction in every hand, so that shape holds no pose.
    """
    faces, used = _cut_hand(bodies)
    weights = _hand_weights(bodies, used)
    points = _joints_in_mano_order(bodies.joints)
    vertices, points = _align(bodies.vertices[:, used], points)
    vertices, points = _straighten(vertices, points, weights)
    joints = np.concatenate([points[:, :1], points[:, 1:].reshape(-1, 5, 4, 3)[:, :, :3].reshape(-1, 15, 3)], axis=1)
    tips = points[:, 1:].reshape(-1, 5, 4, 3)[:, :, 3]
    return RestHands(vertices, joints, tips, faces, weights, bodies.nails[used])


def _cut_hand(bodies: SourceBodies) -> tuple[np.ndarray, np.ndarray]:
    """Faces of the hand with a piece of forearm, and the source's numbers of its vertices.

    A plane leaves a jagged edge; taking one more ring of faces off leaves one of the mesh's own loops.
    """
    vertices, wrist, elbow = bodies.vertices.mean(0), bodies.joints[:, 0].mean(0), bodies.elbow.mean(0)
    forearm = (elbow - wrist) / np.linalg.norm(elbow - wrist)
    removed = (bodies.arm_weight > 0.5) & ((vertices - wrist) @ forearm > _CUT_ALONG_FOREARM)
    faces, used = keep_vertices(bodies.faces, ~removed)
    inner = np.ones(len(used), dtype=bool)
    inner[np.unique(boundary_edges(faces))] = False
    faces, peeled = keep_vertices(faces, inner)
    check_disc(faces, len(peeled))
    return faces, used[peeled]


def _hand_weights(bodies: SourceBodies, used: np.ndarray) -> np.ndarray:
    """(V, 16) weights in MANO's joint order; palm and forearm move with the wrist."""
    fingers = bodies.finger_weights[used].reshape(-1, 5, 3)[:, [number - 1 for number in MAKEHUMAN_FINGERS]]
    weights = np.concatenate(
        [(bodies.palm_weight + bodies.arm_weight)[used, None], fingers.reshape(len(used), 15)], axis=1
    )
    fourth = -np.sort(-weights, axis=1)[:, _MAX_INFLUENCES - 1 : _MAX_INFLUENCES]
    weights = np.where(weights >= fourth, weights, 0.0)
    return weights / weights.sum(1, keepdims=True)


def _joints_in_mano_order(joints: np.ndarray) -> np.ndarray:
    """(N, 21, 3) wrist, then four points a finger in MANO's finger order."""
    fingers = joints[:, 1:].reshape(-1, 5, 4, 3)[:, [number - 1 for number in MAKEHUMAN_FINGERS]]
    return np.concatenate([joints[:, :1], fingers.reshape(-1, 20, 3)], axis=1)


def _align(vertices: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Turn every hand into MANO's frame by its wrist and four knuckles, wrist joints on one point."""
    palm = points[:, [0, 1, 5, 9, 13]]
    forward = _unit(palm[:, 2] - palm[:, 0])
    dorsal = np.cross(palm[:, 3] - palm[:, 0], palm[:, 1] - palm[:, 0])  # little x index, seen from the wrist
    dorsal = _unit(dorsal - (dorsal * forward).sum(1, keepdims=True) * forward)
    frame = np.stack([-forward, dorsal, np.cross(-forward, dorsal)], axis=1)  # rows: x, y, z of MANO's frame
    wrist = points[:, :1]
    rotate = np.swapaxes(frame, 1, 2) * _SCALE
    return (vertices - wrist) @ rotate + _WRIST, (points - wrist) @ rotate + _WRIST


def _straighten(vertices: np.ndarray, points: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Point every phalanx along `_DIRECTIONS` by linear blend skinning."""
    azimuth, elevation = _DIRECTIONS[..., 0], _DIRECTIONS[..., 1]
    targets = np.stack(
        [-np.cos(elevation) * np.cos(azimuth), -np.sin(elevation), np.cos(elevation) * np.sin(azimuth)], axis=-1
    )
    moved = weights[:, 0, None] * vertices
    new_points = points.copy()
    for finger in range(5):
        rotation = np.broadcast_to(np.eye(3), (len(points), 3, 3))
        for level in range(3):
            index = 1 + 4 * finger + level
            bone = (rotation @ (points[:, index + 1] - points[:, index])[..., None])[..., 0]
            rotation = _shortest_rotation(bone, targets[finger, level]) @ rotation
            new_points[:, index + 1] = (
                new_points[:, index] + (rotation @ (points[:, index + 1] - points[:, index])[..., None])[..., 0]
            )
            weight = weights[:, 1 + 3 * finger + level, None]
            local = (vertices - points[:, None, index]) @ np.swapaxes(rotation, 1, 2) + new_points[:, None, index]
            moved = moved + weight * local
    return moved, new_points


def _shortest_rotation(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """(N, 3, 3) turning (N, 3) directions onto one (3,) by the shortest way; they must not be opposite."""
    source = _unit(source)
    axis = np.cross(source, target)
    cosine = source @ target
    cross = np.zeros((len(source), 3, 3))
    cross[:, 0, 1], cross[:, 0, 2], cross[:, 1, 2] = -axis[:, 2], axis[:, 1], -axis[:, 0]
    cross -= np.swapaxes(cross, 1, 2)
    return np.eye(3) + cross + cross @ cross / (1.0 + cosine)[:, None, None]


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
