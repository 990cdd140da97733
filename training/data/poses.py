"""How fingers bend: anatomical angles, their limits, and poses of real hands.

Real articulation comes from assets/pose_prior (see its README); angles within the limits of the hand model fill in
what fingerspelling does not show.
"""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from models.errors import BothhandsError
from models.hand_model import HandModel, asset
from models.values import HandParameters, Side
from training.synthetic.capsules import collides_with_itself

CHAINS = np.arange(15).reshape(5, 3)
"""Finger joints (without the wrist) by finger, MANO's order: index, middle, little, ring, thumb; base to tip."""
FLEXION, ABDUCTION, TWIST = 0, 1, 2

_REAL_SHARE = 0.65
_JITTER = np.radians(4.0)
_ATTEMPTS = 12
_THUMB = 4


class Articulation:
    """Between anatomical angles and the rotation vectors of one hand's finger joints.

    A joint's rotation is Exp(abduction) Exp(flexion) Exp(twist) about the axes that assets/hand_model/README.md
    defines; the same angles mean mirrored poses on the two sides.

    Args:
        model: the free hand model of one side.

    Attributes:
        limits: (15, 3, 2) lowest and highest flexion, abduction and twist, radians.
    """

    def __init__(self, model: HandModel) -> None:
        with np.load(asset("hand_model") / f"free_{model.side}.npz") as arrays:
            self.limits: np.ndarray = arrays["joint_limits"].astype(np.float64)
            flexion = arrays["flexion_axes"][1:].astype(np.float64)
        self._axes = _joint_axes(model, flexion)

    def pose(self, angles: np.ndarray) -> np.ndarray:
        """Rotation vectors (..., 15, 3) of angles (..., 15, 3), radians."""
        order = angles[..., [ABDUCTION, FLEXION, TWIST]].reshape(-1, 3)
        turns = Rotation.from_euler("YXZ", order).as_rotvec().reshape(angles.shape)
        return np.einsum("...jk,jkx->...jx", turns, self._axes)

    def angles(self, pose: np.ndarray) -> np.ndarray:
        """Angles (..., 15, 3) of rotation vectors (..., 15, 3): the inverse of `pose`; not clipped to the limits."""
        turns = np.einsum("...jx,jkx->...jk", pose, self._axes)
        order = Rotation.from_rotvec(turns.reshape(-1, 3)).as_euler("YXZ").reshape(pose.shape)
        # Of the two triples that give a rotation this is the one whose flexion is below a right angle; a finger bends
        # farther than that, but never turns half round.
        half_turn = np.pi * np.sign(order) * (np.abs(order[..., :1]) > np.pi / 2.0)
        other = order - half_turn
        other[..., 1] = np.where(half_turn[..., 0] != 0.0, half_turn[..., 1] - order[..., 1], order[..., 1])
        return other[..., [1, 0, 2]]


def _joint_axes(model: HandModel, flexion: np.ndarray) -> np.ndarray:
    """Flexion, abduction and twist axis of each finger joint, (15, 3, 3), one a row; right-handed on both sides."""
    shape = np.zeros(10, np.float32)
    rest = HandParameters(np.zeros((16, 3), np.float32), shape, np.zeros(3, np.float32))
    vertices, _ = model.mesh(rest)
    joints = model.joint_regressor.numpy() @ vertices
    tips = vertices[model.tip_vertices.numpy()]
    ends = np.empty((15, 3))
    ends[CHAINS[:, :2]] = joints[1 + CHAINS[:, 1:]]
    ends[CHAINS[:, 2]] = tips[[1, 2, 4, 3, 0]]
    bones = ends - joints[1:]
    # On the left hand both mirrored axes turn round: the rotations mirror, and the three stay right-handed.
    twist = (1.0 if model.side == "right" else -1.0) * bones / np.linalg.norm(bones, axis=1, keepdims=True)
    # The file's axis is square to the bone but for rounding.
    flexion = flexion - np.einsum("jx,jx->j", flexion, twist)[:, None] * twist
    flexion /= np.linalg.norm(flexion, axis=1, keepdims=True)
    return np.stack([flexion, np.cross(twist, flexion), twist], axis=1)


def free_angles(limits: np.ndarray) -> np.ndarray:
    """(15, 3) mask of the angles that the limits let move."""
    return limits[..., 1] > limits[..., 0]


def pack(angles: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """Angles (N, 15, 3) as shares of their range, (N, free angles) uint8; what is outside goes to the limit."""
    free = free_angles(limits)
    low, high = limits[free].T
    return np.rint(255.0 * np.clip((angles[:, free] - low) / (high - low), 0.0, 1.0)).astype(np.uint8)


def unpack(packed: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """Angles (N, 15, 3), radians: the inverse of `pack`."""
    free = free_angles(limits)
    low, high = limits[free].T
    angles = np.zeros((len(packed), 15, 3))
    angles[:, free] = low + packed / 255.0 * (high - low)
    return angles


class PosePrior:
    """Finger poses to draw: two thirds between poses of real hands, one third within the limits of the joints.

    Args:
        models: the free hand model of one or both sides.

    Raises:
        BothhandsError: the project's own file of real poses is missing or damaged.
    """

    def __init__(self, models: dict[Side, HandModel]) -> None:
        self._models = models
        self._joints = {side: Articulation(model) for side, model in models.items()}
        self.limits = next(iter(self._joints.values())).limits
        self.recorded = load_recorded(self.limits)

    def sample(self, rng: np.random.Generator, side: Side) -> np.ndarray:
        """Rotation vectors (15, 3) float32 of a pose whose fingers do not run through each other."""
        for _ in range(_ATTEMPTS):
            pose = self._joints[side].pose(self.sample_angles(rng)).astype(np.float32)
            if not self.collides(pose, side):
                return pose
        return self._joints[side].pose(np.zeros((15, 3))).astype(np.float32)

    def sample_angles(self, rng: np.random.Generator) -> np.ndarray:
        """Angles (15, 3) within the limits, radians; the fingers may still collide."""
        real = rng.random() < _REAL_SHARE
        angles = self._between_recorded(rng) if real else _within_limits(self.limits, rng)
        return np.clip(angles, self.limits[..., 0], self.limits[..., 1])

    def collides(self, pose: np.ndarray, side: Side) -> bool:
        """Whether the fingers of a pose (15, 3) run through each other, on the mean hand."""
        full = np.concatenate([np.zeros((1, 3), np.float32), pose])
        parameters = HandParameters(full, np.zeros(10, np.float32), np.zeros(3, np.float32))
        return collides_with_itself(self._models[side].mesh(parameters)[1])

    def _between_recorded(self, rng: np.random.Generator) -> np.ndarray:
        first, second = self.recorded[rng.integers(len(self.recorded), size=2)]
        share = 0.5 * rng.beta(0.5, 1.5)
        return first + share * (second - first) + rng.normal(0.0, _JITTER, (15, 3))


def load_recorded(limits: np.ndarray) -> np.ndarray:
    """Angles (N, 15, 3) of the real hands in assets/pose_prior.

    Raises:
        BothhandsError: the file is missing or damaged.
    """
    path = asset("pose_prior") / "fingerspelling.npz"
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return unpack(arrays["angles"], limits)
    except (OSError, ValueError, KeyError) as error:
        raise BothhandsError(f"Bothhands' own poses {path} cannot be read ({error}); install it anew.") from error


def _within_limits(limits: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(15, 3) angles: fingers mostly close together, the end joint follows the middle one as their common tendon makes
    it, fingers spread less the more they are bent, and opposition moves the thumb about all its axes at once.
    """
    low, high = limits[..., 0], limits[..., 1]
    angles = np.zeros((15, 3))
    common = rng.uniform(0.3, 1.0)
    closed = common * rng.beta(0.7, 0.9) + (1.0 - common) * rng.beta(0.7, 0.9, (4, 2))
    base, middle, end = CHAINS[:_THUMB].T
    for joint, share in ((base, closed[:, 0]), (middle, closed[:, 1])):
        angles[joint, FLEXION] = low[joint, FLEXION] + share * (high - low)[joint, FLEXION]
    angles[end, FLEXION] = rng.uniform(0.35, 0.75, 4) * angles[middle, FLEXION]
    freedom = np.clip(1.0 - angles[base, FLEXION] / high[base, FLEXION], 0.1, 1.0)
    angles[base, ABDUCTION] = rng.normal(0.0, 0.45, 4) * high[base, ABDUCTION] * freedom
    opposition = rng.uniform() + rng.normal(0.0, 0.2, 3)
    opposition[TWIST] = 1.0 - opposition[TWIST]
    base, middle, end = CHAINS[_THUMB]
    angles[base] = low[base] + np.clip(opposition, 0.0, 1.0) * (high - low)[base]
    bend = np.clip(0.6 * opposition[FLEXION] + 0.4 * rng.uniform(-0.5, 1.5, 2), 0.0, 1.0)
    angles[[middle, end], FLEXION] = low[[middle, end], FLEXION] + bend * (high - low)[[middle, end], FLEXION]
    angles[middle, ABDUCTION] = rng.uniform(*limits[middle, ABDUCTION])
    return angles
