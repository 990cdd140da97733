"""Hands as bones of a VRM avatar in Unity's axes, as the VMC protocol wants them.

Names are those of Unity's `HumanBodyBones`, which VRM 0.x uses as well; what MANO, and VRM 1.0, see as the thumb's
metacarpal, proximal and distal bone are Proximal, Intermediate and Distal there
(https://github.com/vrm-c/vrm-specification/blob/master/specification/VRMC_vrm-1.0/humanoid.md).

A VRM avatar at rest stands in a T-pose: it looks along +z, up is +y, arms are stretched sideways, palms face down, and
all bones are turned like the world (a rotation of zero). The hand model's rest pose is that very pose in right-handed
axes: its left hand points along +x, its right hand along -x, palms along -y. So mirroring x, M = diag(-1, 1, 1), is all
it takes to get into Unity's left-handed axes: a point p becomes M p and a rotation R becomes M R M, that is, the
quaternion (x, y, z, w) becomes (x, -y, -z, w).

The wrist's rotation is the one against the camera. The person is taken to face the camera: their left, up and forward
are the camera's right, up and backward, D = diag(1, -1, -1). As the arm is not seen, the lower arm is taken to be where
the T-pose has it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.hand_model import MANO_TO_JOINTS
from models.mano_files import PARENTS
from models.quaternions import Rotations
from models.values import HandReconstruction, Side

_FINGERS = ("Index", "Middle", "Little", "Ring", "Thumb")
BONES = ("Hand", *(f"{finger}{bone}" for finger in _FINGERS for bone in ("Proximal", "Intermediate", "Distal")))
"""Names, without the side, of MANO's 16 joints."""
FOREARM = 0.25
"""Length of a usual adult's forearm, m: where the hand hangs on the arm that nobody sees. Only receivers that take
positions as well use it."""

_JOINTS_OF_MANO = np.argsort(MANO_TO_JOINTS)[:16]
_PARENTS = np.array(PARENTS)
_CAMERA_TO_BODY = Rotations.from_quat([1.0, 0.0, 0.0, 0.0])
_MIRROR_POINT = np.array([-1.0, 1.0, 1.0])
_MIRROR_QUATERNION = np.array([1.0, -1.0, -1.0, 1.0])


class Bone(NamedTuple):
    """One bone of an avatar, relative to its parent, in Unity's axes.

    Attributes:
        name: as in `HumanBodyBones`.
        position: (3,) metres.
        quaternion: (4,) x, y, z, w with w not negative.
    """

    name: str
    position: np.ndarray
    quaternion: np.ndarray


def humanoid_bones(side: Side, hand: HandReconstruction) -> list[Bone]:
    """The 16 bones of one hand: the hand itself, whose parent is the lower arm, and three for each finger.

    Finger bones are as long as the tracked hand's.
    """
    local = Rotations.from_rotvec(hand.parameters.pose.astype(np.float64))
    joints = hand.joints[_JOINTS_OF_MANO].astype(np.float64)
    world = local.as_matrix()
    for joint, parent in enumerate(PARENTS[1:], start=1):  # parents come before their children
        world[joint] = world[parent] @ world[joint]
    # Turned back by the posed parent: where the bone is at rest.
    offsets = np.zeros((16, 3))
    offsets[1:] = np.einsum("jba,jb->ja", world[_PARENTS[1:]], joints[1:] - joints[_PARENTS[1:]])
    offsets[0, 0] = FOREARM if side == "left" else -FOREARM

    quaternions = local.as_quat()
    quaternions[0] = (_CAMERA_TO_BODY * local[0]).as_quat()
    quaternions *= np.where(quaternions[:, 3:] < 0.0, -1.0, 1.0) * _MIRROR_QUATERNION
    positions = offsets * _MIRROR_POINT
    arm = side.capitalize()
    return [Bone(f"{arm}{name}", *values) for name, *values in zip(BONES, positions, quaternions, strict=True)]
