"""Linear blend skinning in numpy, for the builder's own needs."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from build_hand_model.surgery import PARENTS


def skin(vertices: np.ndarray, joints: np.ndarray, weights: np.ndarray, pose: np.ndarray) -> np.ndarray:
    """(V, 3) vertices of one posed hand.

    Args:
        vertices: (V, 3) rest.
        joints: (16, 3) rest.
        weights: (V, 16).
        pose: (16, 3) axis-angle relative to the parent.
    """
    rotations, positions = bone_frames(joints, pose)
    offsets = positions - np.einsum("jab,jb->ja", rotations, joints)
    blended = np.tensordot(weights, rotations, axes=1)
    return np.einsum("vab,vb->va", blended, vertices) + weights @ offsets


def bone_frames(joints: np.ndarray, pose: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rotations (16, 3, 3) and positions (16, 3) of all joints in the model's frame."""
    local = Rotation.from_rotvec(pose).as_matrix()
    rotations, positions = local.copy(), joints.copy()
    for joint, parent in enumerate(PARENTS):
        if parent >= 0:
            rotations[joint] = rotations[parent] @ local[joint]
            positions[joint] = positions[parent] + rotations[parent] @ (joints[joint] - joints[parent])
    return rotations, positions
