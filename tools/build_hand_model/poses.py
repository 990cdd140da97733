"""Flexion axes from the geometry, and hand poses within anatomical limits for the pose prior."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from build_hand_model.mesh import vertex_normals
from build_hand_model.skinning import bone_frames

_FINGERS = np.arange(1, 16).reshape(5, 3)
"""Joints by finger, MANO's order: index, middle, little, ring, thumb."""
_THUMB = 4
_TWIST = 2

JOINT_LIMITS = np.radians(
    np.concatenate(
        [
            np.tile(
                [[[-25, 92], [-18, 18], [0, 0]], [[-3, 110], [0, 0], [0, 0]], [[-3, 80], [0, 0], [0, 0]]], (4, 1, 1)
            ),
            [[[-20, 35], [-25, 30], [-30, 10]], [[-10, 60], [-10, 10], [0, 0]], [[-15, 80], [0, 0], [0, 0]]],
        ]
    )
)
"""(15, 3, 2) lowest and highest flexion, abduction and twist of the joints after the wrist, radians."""

_RADII = np.array([[8.5, 7.5, 6.5], [8.5, 7.5, 6.5], [7.0, 6.0, 5.5], [8.0, 7.0, 6.0], [11.0, 9.0, 7.5]]) * 1e-3
"""Of the capsules round the phalanges, metres; a little thinner than the flesh, which gives way."""
_PALM_RADIUS = 11e-3
_ALLOWED_DEPTH = 4e-3


def anatomical_axes(
    vertices: np.ndarray,
    faces: np.ndarray,
    nails: np.ndarray,
    weights: np.ndarray,
    joints: np.ndarray,
    tips: np.ndarray,
) -> np.ndarray:
    """Flexion, abduction and twist axes (15, 3, 3), one a row, in the rest frame.

    Every finger is a hinge chain that bends away from its nail: the flexion axis is square to the bone and to the
    direction that the nail faces. On the right hand positive flexion curls to the palm, positive abduction turns a
    finger towards the thumb and the thumb off the palm, negative twist turns the thumb's pad to the fingers.
    """
    normals = vertex_normals(vertices, faces)
    axes = np.empty((15, 3, 3))
    for finger, chain in enumerate(_FINGERS):
        dorsal = ((nails * weights[:, chain[2]])[:, None] * normals).sum(0)
        ends = np.concatenate([joints[chain], tips[finger][None]])
        for joint, bone in zip(chain, np.diff(ends, axis=0), strict=True):
            bone = bone / np.linalg.norm(bone)
            flexion = np.cross(dorsal, bone)
            flexion /= np.linalg.norm(flexion)
            axes[joint - 1] = flexion, np.cross(bone, flexion), bone
    return axes


def pose_of(angles: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """(N, 16, 3) axis-angle poses, wrist at rest, from angles (N, 15, 3) about `axes`: abduction after flexion."""
    count = len(angles)
    turn = [Rotation.from_rotvec((angles[..., k, None] * axes[:, k]).reshape(-1, 3)) for k in range(3)]
    fingers = (turn[1] * turn[0] * turn[2]).as_rotvec().reshape(count, 15, 3)
    return np.concatenate([np.zeros((count, 1, 3)), fingers], axis=1)


def sample_angles(count: int, rng: np.random.Generator) -> np.ndarray:
    """(count, 15, 3) angles within `JOINT_LIMITS`, radians.

    Fingers share a grip (they mostly close together) and each has its own share; the last joint follows the middle
    one, as their common tendon makes it; fingers spread less the more they are bent.
    """
    low, high = JOINT_LIMITS[..., 0], JOINT_LIMITS[..., 1]
    angles = np.zeros((count, 15, 3))
    grip = rng.beta(0.8, 0.9, (count, 1, 1))
    own = rng.beta(0.8, 0.9, (count, 4, 2))
    together = rng.uniform(0.3, 1.0, (count, 1, 1))
    share = together * grip + (1.0 - together) * own
    for finger in range(4):
        base, middle, last = _FINGERS[finger] - 1
        angles[:, base, 0] = low[base, 0] + share[:, finger, 0] * (high[base, 0] - low[base, 0])
        angles[:, middle, 0] = low[middle, 0] + share[:, finger, 1] * (high[middle, 0] - low[middle, 0])
        angles[:, last, 0] = rng.uniform(0.35, 0.75, count) * angles[:, middle, 0]
        freedom = np.clip(1.0 - angles[:, base, 0] / high[base, 0], 0.1, 1.0)
        angles[:, base, 1] = np.clip(rng.normal(0.0, 0.45, count), -1.0, 1.0) * high[base, 1] * freedom
    base, middle, last = _FINGERS[_THUMB] - 1
    opposition = rng.uniform(0.0, 1.0, count)
    spread = rng.normal(0.0, 0.2, (count, 3))
    for axis in range(3):  # opposition flexes the thumb, lifts it off the palm and rolls its pad to the fingers at once
        fraction = np.clip(opposition + spread[:, axis], 0.0, 1.0)
        if axis == _TWIST:
            fraction = 1.0 - fraction
        angles[:, base, axis] = low[base, axis] + fraction * (high[base, axis] - low[base, axis])
    for joint in (middle, last):
        fraction = np.clip(0.6 * opposition + 0.4 * rng.uniform(-0.5, 1.5, count), 0.0, 1.0)
        angles[:, joint, 0] = low[joint, 0] + fraction * (high[joint, 0] - low[joint, 0])
    angles[:, middle, 1] = rng.uniform(low[middle, 1], high[middle, 1], count)
    return angles


def collides(joints: np.ndarray, tips: np.ndarray, pose: np.ndarray) -> bool:
    """Whether fingers run deeper into each other or the palm than flesh gives way.

    Args:
        joints: (16, 3) rest.
        tips: (5, 3) rest, MANO's finger order.
        pose: (16, 3).
    """
    rotations, positions = bone_frames(joints, pose)
    ends = np.empty((5, 4, 3))
    ends[:, :3] = positions[_FINGERS]
    last = _FINGERS[:, 2]
    ends[:, 3] = positions[last] + np.einsum("fab,fb->fa", rotations[last], tips - joints[last])
    # A capsule ends in a half ball: the last one must stop short of the tip.
    bone = ends[:, 3] - ends[:, 2]
    ends[:, 3] -= bone / np.linalg.norm(bone, axis=1, keepdims=True) * _RADII[:, 2:]
    fingers = np.repeat(np.arange(5), 3)
    starts, stops = ends[:, :3].reshape(15, 3), ends[:, 1:].reshape(15, 3)
    first, second = np.triu_indices(15, 1)
    apart = fingers[first] != fingers[second]
    first, second = first[apart], second[apart]
    radii = _RADII.ravel()
    gap = _segment_distance(starts[first], stops[first], starts[second], stops[second])
    if (gap < radii[first] + radii[second] - _ALLOWED_DEPTH).any():
        return True
    # The palm: capsules from the wrist to the four knuckles; first phalanges and the thumb's base belong to it.
    outer = np.setdiff1d(np.arange(15), [0, 3, 6, 9, 12])
    bones, knuckles = (index.ravel() for index in np.meshgrid(outer, _FINGERS[:4, 0]))
    centre = np.broadcast_to(positions[0], (len(bones), 3))
    gap = _segment_distance(starts[bones], stops[bones], centre, positions[knuckles])
    return bool((gap < radii[bones] + _PALM_RADIUS - _ALLOWED_DEPTH).any())


def sample_poses(
    count: int, axes: np.ndarray, joints: np.ndarray, tips: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """(count, 16, 3) poses without collisions, by rejection."""
    kept: list[np.ndarray] = []
    while len(kept) < count:
        poses = pose_of(sample_angles(count, rng), axes)
        kept.extend(pose for pose in poses if not collides(joints, tips, pose))
    return np.stack(kept[:count])


def pose_prior(poses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (45,) and orthonormal principal directions (45, 45), one a row, of finger poses (N, 16, 3)."""
    fingers = poses[:, 1:].reshape(len(poses), 45)
    mean = fingers.mean(0)
    covariance = np.cov(fingers - mean, rowvar=False)
    _, vectors = np.linalg.eigh(covariance)
    return mean, vectors[:, ::-1].T


def _segment_distance(a0: np.ndarray, a1: np.ndarray, b0: np.ndarray, b1: np.ndarray) -> np.ndarray:
    """(N,) smallest distances between segments (Ericson, Real-Time Collision Detection, 5.1.9)."""
    along_a, along_b, between = a1 - a0, b1 - b0, a0 - b0
    aa, bb, ab = ((u * v).sum(-1) for u, v in ((along_a, along_a), (along_b, along_b), (along_a, along_b)))
    ac, bc = (along_a * between).sum(-1), (along_b * between).sum(-1)
    determinant = aa * bb - ab * ab
    on_a = np.clip(np.where(determinant > 1e-12, (ab * bc - ac * bb) / np.maximum(determinant, 1e-12), 0.0), 0.0, 1.0)
    on_b = np.clip((ab * on_a + bc) / bb, 0.0, 1.0)
    on_a = np.clip((ab * on_b - ac) / aa, 0.0, 1.0)
    return np.linalg.norm(between + on_a[:, None] * along_a - on_b[:, None] * along_b, axis=-1)
