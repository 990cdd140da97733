"""Shape directions and a joint regressor from many hands in one rest pose."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import nnls

from build_hand_model.surgery import RestHands

_SUM_WEIGHT = 10.0
"""Of the equation that a regressor's row sums to one, against positions in metres."""
_REACH = 0.035
"""A joint is regressed from vertices within this distance, metres."""


class ShapeSpace(NamedTuple):
    """Mean and principal directions, one standard deviation each.

    Attributes:
        template: (V, 3) metres.
        directions: (V, 3, 10).
        joints: (16, 3).
        joint_directions: (16, 3, 10).
        explained: fraction of the vertices' variance within the ten directions.
    """

    template: np.ndarray
    directions: np.ndarray
    joints: np.ndarray
    joint_directions: np.ndarray
    explained: float


def fit_shapes(hands: RestHands, components: int = 10) -> ShapeSpace:
    """Principal components of the vertices; a positive coefficient never makes the hand smaller."""
    count = len(hands.vertices)
    template, joints = hands.vertices.mean(0), hands.joints.mean(0)
    offsets = (hands.vertices - template).reshape(count, -1)
    left, values, right = np.linalg.svd(offsets, full_matrices=False)
    directions = (right[:components] * values[:components, None] / np.sqrt(count)).reshape(components, -1, 3)
    growth = np.einsum("kvd,vd->k", directions, template - template.mean(0))
    signs = np.where(growth < 0.0, -1.0, 1.0)
    scores = left[:, :components] * np.sqrt(count) * signs
    joint_directions = np.linalg.lstsq(scores, (hands.joints - joints).reshape(count, -1), rcond=None)[0]
    return ShapeSpace(
        template,
        np.moveaxis(directions * signs[:, None, None], 0, -1),
        joints,
        np.moveaxis(joint_directions.reshape(components, 16, 3), 0, -1),
        float((values[:components] ** 2).sum() / (values**2).sum()),
    )


def fit_joint_regressor(shapes: ShapeSpace, vertices: np.ndarray) -> np.ndarray:
    """(16, len(vertices)) non-negative weights, rows summing to one, that give the joints of every shape.

    Args:
        shapes: of the whole mesh.
        vertices: the numbers of the vertices to regress from.
    """
    template, directions = shapes.template[vertices], shapes.directions[vertices]
    regressor = np.zeros((16, len(vertices)))
    for joint in range(16):
        near = np.flatnonzero(np.linalg.norm(template - shapes.joints[joint], axis=1) < _REACH)
        equations = np.concatenate(
            [template[near].T, directions[near].reshape(len(near), -1).T, np.full((1, len(near)), _SUM_WEIGHT)]
        )
        wanted = np.concatenate([shapes.joints[joint], shapes.joint_directions[joint].ravel(), [_SUM_WEIGHT]])
        weights, _ = nnls(equations, wanted)
        regressor[joint, near] = weights / weights.sum()
    return regressor
