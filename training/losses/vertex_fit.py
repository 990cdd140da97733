"""Vertices to parameters of the hand model: rotations bone by bone in closed form, shape by least squares.

Both hands go through every step together: at this size numpy's time is the number of calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.hand_model import PARENTS, HandModel
from models.rotations import log_so3
from models.values import SIDES, Side

ROUNDS = 2
"""Rounds of rotations and shape; a third brings the mesh a tenth of a millimetre nearer for half as much time again."""
SHAPE_PRIOR = 5e-4
"""Square metres: vertex errors of 5 mm that twenty neighbours share, against shapes of one standard deviation."""


@dataclass(frozen=True, eq=False)
class FittedHands:
    """Parameters of left and right hand in the frame of the vertices.

    Attributes:
        rotations: (2, 16, 3, 3) of each bone relative to its parent; the wrist's relative to the frame.
        shape: (2, 10).
        translation: (2, 3) metres, added after posing.
    """

    rotations: np.ndarray
    shape: np.ndarray
    translation: np.ndarray

    def pose(self, frame_rotation: np.ndarray) -> np.ndarray:
        """(2, 16, 3) axis-angle in the frame into which this rotation (3, 3) turns that of the vertices."""
        rotations = self.rotations.copy()
        rotations[:, 0] = frame_rotation @ rotations[:, 0]
        return log_so3(rotations)


class VertexFit:
    """Fits both hand models to their vertices. Pose correctives are left out of account: they are millimetres.

    Args:
        hand_models: by side.
    """

    def __init__(self, hand_models: Mapping[Side, HandModel]) -> None:
        models = [hand_models[side] for side in SIDES]
        self._template = np.stack([_array(model.template) for model in models])
        shape_dirs = np.stack([_array(model.shape_dirs) for model in models])
        regressor = np.stack([_array(model.joint_regressor) for model in models])
        self._weights = np.stack([_array(model.skinning_weights) for model in models])
        self._shape_dirs = shape_dirs.reshape(2, -1, 10)
        # Rest vertices and joints, linear in the shape: the last axis carries the template (0) and the ten directions.
        self._rest = np.concatenate([self._template[..., None], shape_dirs], axis=3)
        self._rest_joints = (regressor @ self._rest.reshape(2, 778, 33)).reshape(2, 16, 3, 11)
        # The rotation of a bone is read from its vertices by the square of their weight: what it shares with
        # a neighbour tells less of it.
        evidence = np.swapaxes(self._weights, 1, 2) ** 2
        self._evidence = evidence / evidence.sum(axis=2, keepdims=True)  # (2, 16, 778)

    def fit(self, vertices: np.ndarray) -> FittedHands:
        """Parameters whose meshes lie near these vertices.

        Args:
            vertices: (2, 778, 3) of left and right hand, metres, any frame.
        """
        vertices = np.asarray(vertices, np.float64)
        shape = np.zeros((2, 10))
        bones = np.zeros((2, 16, 3, 3))
        residual = vertices
        translation = np.zeros((2, 3))
        for _ in range(ROUNDS):
            bones = self._rotate(bones, shape, residual)
            shape, translation, fitted = self._reshape(bones, vertices)
            residual = vertices - fitted
        rotations = bones.copy()
        for child, parent in enumerate(PARENTS[1:], start=1):
            rotations[:, child] = np.swapaxes(bones[:, parent], 1, 2) @ bones[:, child]
        return FittedHands(rotations, shape, translation)

    def _rotate(self, bones: np.ndarray, shape: np.ndarray, residual: np.ndarray) -> np.ndarray:
        """Best rotation of every bone for its rest points and where they should go.

        Where a point should go with a bone is where this bone alone would now carry it, plus what the point lacks:
        blending with neighbours then does not pull on the bone. Weighted orthogonal Procrustes problem, solved as
        https://doi.org/10.1107/S0567739476001873 (Kabsch).

        Args:
            bones: (2, 16, 3, 3) rotations so far, zero at the start.
            shape: (2, 10).
            residual: (2, 778, 3) what each vertex lacks.
        """
        rest = self._template + (self._shape_dirs @ shape[..., None]).reshape(2, -1, 3)
        both = np.concatenate([rest, residual], axis=2)
        products = both[..., :, None] * rest[..., None, :]
        means = self._evidence @ np.concatenate([both, products.reshape(2, -1, 18)], axis=2)
        centre, moments = means[..., :3], means[..., 6:].reshape(2, 16, 6, 3)
        moments -= means[..., :6, None] * centre[..., None, :]
        return _nearest_rotations(bones @ moments[..., :3, :] + moments[..., 3:, :])

    def _reshape(self, bones: np.ndarray, vertices: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Shape and translation by regularised least squares for given rotations, and the mesh that they make."""
        joints = self._rest_joints
        places = joints.copy()
        for child, parent in enumerate(PARENTS[1:], start=1):
            places[:, child] = places[:, parent] + bones[:, parent] @ (joints[:, child] - joints[:, parent])
        offsets = places - bones @ joints
        blended = self._weights @ np.concatenate([bones.reshape(2, 16, 9), offsets.reshape(2, 16, 33)], axis=2)
        # A posed vertex is its rest place under the blended rotation, plus the blended offset.
        posed = blended[..., :9].reshape(2, -1, 3, 3) @ self._rest
        posed += blended[..., 9:].reshape(2, -1, 3, 11)
        means = posed.mean(axis=1)
        centre = vertices.mean(axis=1)
        centred = (posed - means[:, None]).reshape(2, -1, 11)
        directions = centred[..., 1:]
        lacking = (vertices - centre[:, None]).reshape(2, -1) - centred[..., 0]
        transposed = np.swapaxes(directions, 1, 2)
        system = transposed @ directions + SHAPE_PRIOR * np.eye(10)
        shape = np.linalg.solve(system, transposed @ lacking[..., None])[..., 0]
        with_template = np.concatenate([np.ones((2, 1)), shape], axis=1)
        translation = centre - (means @ with_template[..., None])[..., 0]
        fitted = (posed.reshape(2, -1, 11) @ with_template[..., None]).reshape(2, -1, 3) + translation[:, None]
        return shape, translation, fitted


def _array(tensor: object) -> np.ndarray:
    return np.asarray(tensor, np.float64)


def _nearest_rotations(matrices: np.ndarray) -> np.ndarray:
    """Rotations (..., 3, 3) R that maximise trace(R^T M)."""
    left, _, right = np.linalg.svd(matrices)
    left[..., 2] *= np.sign(np.linalg.det(left @ right))[..., None]
    return left @ right
