"""The kinematic chain of a hand: 21 points driven by 16 rotations, with derivatives in closed form.

Works on a batch of hands at once (both hands of a frame), because at this size numpy's time is the number of calls.
Fingers are arranged (hand, finger, level): finger thumb..little, level base..tip.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np

from models.hand_model import TIP_VERTICES, HandModel
from models.rotations import COMPILED_ROTATIONS, log_so3
from models.runtime.compiled import ready
from models.values import SIDES, HandParameters, Side

MANO_OF_FINGERS = np.array([[13, 14, 15], [1, 2, 3], [4, 5, 6], [10, 11, 12], [7, 8, 9]])
"""MANO's joint number by finger (thumb..little) and level."""

_THUMB_ROLL = np.radians(50.0)
"""How far the thumb's flexion axis is rolled about the thumb, from that of a finger towards the palm's normal."""


def exp_with_jacobian(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rotation matrices and left Jacobians of SO(3).

    Exp(v + dv) = Exp(J dv) Exp(v) to first order (Sola, Deray and Atchuthan, https://arxiv.org/abs/1812.01537,
    eq. 134 and 145).

    Args:
        vectors: (..., 3) radians.

    Returns:
        Two arrays (..., 3, 3).
    """
    if compiled := ready(COMPILED_ROTATIONS):
        flat = np.ascontiguousarray(vectors, np.float64).reshape(-1, 3)
        turns, lefts = compiled.exp_with_jacobian(flat)
        return turns.reshape(*vectors.shape, 3), lefts.reshape(*vectors.shape, 3)
    square = np.sum(vectors * vectors, axis=-1)[..., None, None]
    angle = np.sqrt(square)
    small = square < 1e-8
    safe = np.where(small, 1.0, angle)
    sine, cosine = np.sin(safe), np.cos(safe)
    first = np.where(small, 1.0 - square / 6.0, sine / safe)
    second = np.where(small, 0.5 - square / 24.0, (1.0 - cosine) / (safe * safe))
    third = np.where(small, 1.0 / 6.0 - square / 120.0, (safe - sine) / (safe * safe * safe))
    cross = np.zeros((*vectors.shape, 3))
    x, y, z = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    cross[..., 0, 1], cross[..., 0, 2], cross[..., 1, 2] = -z, y, -x
    cross[..., 1, 0], cross[..., 2, 0], cross[..., 2, 1] = z, -y, x
    squared = cross @ cross
    identity = np.eye(3)
    return identity + first * cross + second * squared, identity + second * cross + third * squared


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cross product of the last axes; several times faster than numpy's for small arrays."""
    return a[..., [1, 2, 0]] * b[..., [2, 0, 1]] - a[..., [2, 0, 1]] * b[..., [1, 2, 0]]


class ChainState(NamedTuple):
    """Pose and shape of H hands.

    Attributes:
        root: (H, 3, 3) rotation of the wrist, camera frame.
        wrist: (H, 3) position of the wrist joint, metres, camera frame.
        angles: (H, 5, 3, 3) radians about each joint's flexion, abduction and twist axis.
        shape: (H, 10).
    """

    root: np.ndarray
    wrist: np.ndarray
    angles: np.ndarray
    shape: np.ndarray


class Marks(NamedTuple):
    """Where a reader marks the 21 points of a hand: beside its joints, in the rest frame, metres.

    Attributes:
        image: (21, 3) of those in the image.
        space: (21, 3) of those in space.
    """

    image: np.ndarray
    space: np.ndarray


class Posed(NamedTuple):
    """H hands in their pose.

    Attributes:
        joints: (H, 21, 3) metres, camera frame.
        carrier: (H, 21, 3, 3) rotation, from the rest frame, of the bone that ends in each joint; of the wrist and of
            a finger's base the root's.
        turning: (H, 5, 3, 3, 3) axes, one a row, about which an angle turns what its joint carries, camera frame.
    """

    joints: np.ndarray
    carrier: np.ndarray
    turning: np.ndarray

    def points(self, marks: np.ndarray) -> np.ndarray:
        """(H, 21, 3) where marks (H, 21, 3) beside the joints lie, given in the rest frame, metres."""
        return self.joints + (self.carrier @ marks[..., None])[..., 0]


@dataclass(frozen=True, eq=False)
class Chain:
    """Rest geometry of H hands in the model's frame.

    Attributes:
        wrist: (H, 3) rest position of the wrist joint at shape zero, metres.
        wrist_dirs: (H, 3, 10) its change with shape.
        offsets: (H, 5, 4, 3) to each finger point from the one before it (the first: from the wrist), metres.
        offset_dirs: (H, 5, 4, 3, 10).
        axes: (H, 5, 3, 3, 3) flexion, abduction and twist axis in the columns; positive flexion curls to the palm.
        marks: (H, 21, 3) where the points that readers mark in the image lie beside the joints, in the rest frame,
            metres; each is carried by the bone that ends in its joint. Zero for the joints themselves.
        space_marks: (H, 21, 3) the same of the points that they give in space.
    """

    wrist: np.ndarray
    wrist_dirs: np.ndarray
    offsets: np.ndarray
    offset_dirs: np.ndarray
    axes: np.ndarray
    marks: np.ndarray
    space_marks: np.ndarray

    @classmethod
    def of(cls, hand_models: Mapping[Side, HandModel], marks: Mapping[Side, Marks] | None = None) -> Chain:
        """Both hands, in the order of `SIDES`.

        Args:
            hand_models: by side.
            marks: by side; None for the joints.
        """
        wrist, wrist_dirs, offsets, offset_dirs, axes = (
            np.stack(parts) for parts in zip(*(_single(hand_models[side]) for side in SIDES), strict=True)
        )
        places = np.zeros((2, len(SIDES), 21, 3))
        if marks is not None:
            places[:] = np.stack([marks[side] for side in SIDES], axis=1)
        return cls(wrist, wrist_dirs, offsets, offset_dirs, axes, places[0], places[1])

    def take(self, hands: list[int]) -> Chain:
        """The hands with these indices."""
        return Chain(*(getattr(self, part.name)[hands] for part in fields(self)))

    def of_joints(self) -> Chain:
        """The same hands, their points the joints."""
        return replace(self, marks=np.zeros_like(self.marks), space_marks=np.zeros_like(self.space_marks))

    def rest_offsets(self, shape: np.ndarray) -> np.ndarray:
        """(H, 5, 4, 3) offsets for shapes (H, 10)."""
        return self.offsets + np.einsum("hfldk,hk->hfld", self.offset_dirs, shape)

    def rest_wrist(self, shape: np.ndarray) -> np.ndarray:
        """(H, 3) rest positions of the wrist joint for shapes (H, 10)."""
        return self.wrist + np.einsum("hdk,hk->hd", self.wrist_dirs, shape)

    def pose_vectors(self, angles: np.ndarray) -> np.ndarray:
        """(H, 5, 3, 3) axis-angle vectors of the finger joints."""
        return np.einsum("hfldk,hflk->hfld", self.axes, angles)

    def parameters(self, state: ChainState) -> list[HandParameters]:
        """Of H hands, for their hand models."""
        pose = np.zeros((len(state.root), 16, 3))
        pose[:, 0] = log_so3(state.root)
        pose[:, MANO_OF_FINGERS] = self.pose_vectors(state.angles)
        translation = state.wrist - self.rest_wrist(state.shape)
        parts = (part.astype(np.float32) for part in (pose, state.shape, translation))
        return [HandParameters(*hand) for hand in zip(*parts, strict=True)]

    def pose(self, state: ChainState) -> Posed:
        """Turn the bones and lay the joints."""
        hands = len(state.root)
        local, left = exp_with_jacobian(self.pose_vectors(state.angles))
        offsets = self.rest_offsets(state.shape)
        joints = np.empty((hands, 21, 3))
        joints[:, 0] = state.wrist
        fingers = joints[:, 1:].reshape(hands, 5, 4, 3)
        # Frame that carries each offset: the root for the base, then the accumulated rotation of each joint.
        carrier = np.empty((hands, 21, 3, 3))
        carrier[:, 0] = state.root
        bones = carrier[:, 1:].reshape(hands, 5, 4, 3, 3)
        bones[:, :, 0] = state.root[:, None]
        fingers[:, :, 0] = state.wrist[:, None] + (bones[:, :, 0] @ offsets[:, :, 0, :, None])[..., 0]
        for level in range(3):
            bones[:, :, level + 1] = bones[:, :, level] @ local[:, :, level]
            step = bones[:, :, level + 1] @ offsets[:, :, level + 1, :, None]
            fingers[:, :, level + 1] = fingers[:, :, level] + step[..., 0]
        turning = np.swapaxes(bones[:, :, :3] @ left @ self.axes, -1, -2)
        return Posed(joints, carrier, turning)

    def derivatives(self, posed: Posed, points: np.ndarray, with_shape: bool) -> np.ndarray:
        """How points that are carried by the bones move.

        Args:
            posed: of H hands.
            points: (H, 21, 3), each carried by the bone of the joint of the same number, camera frame.
            with_shape: whether the shape's columns are wanted.

        Returns:
            (H, 21, 3, P). Columns: 3 of the root (a small rotation vector applied from the left), 3 of the wrist's
            position, 45 angles (finger, level, axis), then 10 of the shape where asked for.
        """
        hands = len(points)
        jacobian = np.zeros((hands, 21, 3, 61 if with_shape else 51))
        lever = points - posed.joints[:, :1]
        jacobian[:, :, 0, 1], jacobian[:, :, 0, 2] = lever[..., 2], -lever[..., 1]
        jacobian[:, :, 1, 0], jacobian[:, :, 1, 2] = -lever[..., 2], lever[..., 0]
        jacobian[:, :, 2, 0], jacobian[:, :, 2, 1] = lever[..., 1], -lever[..., 0]
        jacobian[:, :, [0, 1, 2], [3, 4, 5]] = 1.0
        ends = points[:, 1:].reshape(hands, 5, 4, 3)
        fingers = jacobian[:, 1:].reshape(hands, 5, 4, 3, -1)
        diagonal = np.arange(5)
        for level in range(3):
            reach = ends[:, :, level + 1 :] - posed.joints[:, 1:].reshape(hands, 5, 4, 3)[:, :, level, None]
            moved = _cross(posed.turning[:, :, level, None], reach[:, :, :, None])  # (H, 5, points, axis, 3)
            columns = 6 + 9 * diagonal[:, None] + 3 * level + np.arange(3)
            fingers[:, diagonal[:, None], level + 1 :, :, columns] = moved.transpose(1, 3, 0, 2, 4)
        if with_shape:
            bones = posed.carrier[:, 1:].reshape(hands, 5, 4, 3, 3)
            fingers[..., 51:] = np.cumsum(bones @ self.offset_dirs, axis=2)
        jacobian[:, 1:] = fingers.reshape(hands, 20, 3, -1)
        return jacobian

    def forward(self, state: ChainState, with_shape: bool) -> tuple[np.ndarray, np.ndarray]:
        """Points marked in the image (H, 21, 3), metres, camera frame, and their `derivatives` (H, 21, 3, P)."""
        posed = self.pose(state)
        points = posed.points(self.marks)
        return points, self.derivatives(posed, points, with_shape)


def _single(model: HandModel) -> tuple[np.ndarray, ...]:
    """Rest geometry of one hand, without batch: the fields of `Chain` in order, without its marks."""
    template = model.arrays.template.astype(np.float64)
    shape_dirs = model.arrays.shape_dirs.astype(np.float64)
    regressor = model.arrays.joint_regressor.astype(np.float64)
    joints, joint_dirs = regressor @ template, np.einsum("jv,vdk->jdk", regressor, shape_dirs)
    tips = np.asarray(TIP_VERTICES)
    points = np.concatenate([joints[MANO_OF_FINGERS], template[tips][:, None]], axis=1)
    point_dirs = np.concatenate([joint_dirs[MANO_OF_FINGERS], shape_dirs[tips][:, None]], axis=1)
    offsets = np.diff(points, axis=1, prepend=np.broadcast_to(joints[0], (5, 1, 3)))
    offset_dirs = np.diff(point_dirs, axis=1, prepend=np.broadcast_to(joint_dirs[0], (5, 1, 3, 10)))
    return joints[0], joint_dirs[0], offsets, offset_dirs, anatomical_axes(points, joints[0], model.side)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def anatomical_axes(points: np.ndarray, wrist: np.ndarray, side: Side) -> np.ndarray:
    """Flexion, abduction and twist axes (5, 3, 3, 3) from the rest joints alone, so that any MANO-like model has them.

    A finger flexes about the axis square to its bone and to the palm's normal. The thumb's nail faces sideways, so its
    axes are rolled about its bone.
    """
    sign = 1.0 if side == "right" else -1.0
    palm = sign * _unit(np.cross(points[1, 0] - wrist, points[4, 0] - wrist))
    bone = _unit(np.diff(points, axis=1))
    flexion = _unit(np.cross(bone, palm))
    abduction = _cross(bone, flexion)
    roll = np.zeros((5, 1, 1))
    roll[0] = -sign * _THUMB_ROLL  # towards the palm on both sides: an axis is mirrored with the opposite sign
    rolled_flexion = np.cos(roll) * flexion + np.sin(roll) * abduction
    return np.stack([rolled_flexion, _cross(bone, rolled_flexion), bone], axis=-1)
