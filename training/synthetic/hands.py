"""A hand in space, at the end of its forearm."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial.transform import Rotation

from models.values import HandParameters, Side

_FLEXION_SIGMA, _FLEXION_LIMIT = np.radians(20.0), np.radians(50.0)
_DEVIATION_SIGMA, _DEVIATION_LIMIT = np.radians(9.0), np.radians(20.0)


@dataclass(frozen=True, eq=False)
class PlacedHand:
    """A hand in space.

    Attributes:
        parameters: camera frame.
        vertices: (778, 3) metres.
        joints: (21, 3) metres.
        forearm: (3,) unit, from the wrist to the elbow.
    """

    parameters: HandParameters
    vertices: np.ndarray
    joints: np.ndarray
    forearm: np.ndarray

    def moved(self, offset: np.ndarray) -> PlacedHand:
        """The same, shifted by (3,) metres."""
        offset = offset.astype(np.float32)
        parameters = replace(self.parameters, translation=self.parameters.translation + offset)
        return PlacedHand(parameters, self.vertices + offset, self.joints + offset, self.forearm)

    @property
    def palm_normal(self) -> np.ndarray:
        """(3,) unit, out of the palm; the rest pose has it along -y on both sides."""
        return -Rotation.from_rotvec(self.parameters.pose[0]).as_matrix()[:, 1]


def outward(side: Side, own_view: bool) -> float:
    """Where along x the body's side of this hand is: 1 to the right in the image, -1 to the left.

    Args:
        side: which hand.
        own_view: seen as its owner does, or by a camera over the desk or opposite that the app turned upright; else
            by a camera that faces the person, where the right hand is left.
    """
    return 1.0 if (side == "right") == own_view else -1.0


def desk_forearm(side: Side, rng: np.random.Generator, crossed: bool = False, own_view: bool = False) -> np.ndarray:
    """Unit vector from wrist to elbow, (3,), camera frame: the arm of a person who sits at a desk.

    It comes from below and from its own side; to cross the other, more from the side. The elbow is farther from
    a camera that faces the person than the hand, and about as far from one over the desk.
    """
    aside, down = (0.9, 0.5) if crossed else (0.35, 0.85)
    away = rng.normal(0.05, 0.2) if own_view else rng.normal(0.35, 0.35)
    forearm = np.array([outward(side, own_view) * rng.normal(aside, 0.35), rng.normal(down, 0.3), away])
    return forearm / np.linalg.norm(forearm)


def wrist_rotation(side: Side, forearm: np.ndarray, palm: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Global rotation vector (3,) of a hand that continues its forearm but for a bend of the wrist.

    Args:
        side: which hand.
        forearm: (3,) unit, from wrist to elbow.
        palm: (3,) where the palm should face, as far as turning the forearm allows.
        rng: for the bend.
    """
    # Worked out for a right hand: a left one is its mirror image.
    mirror = np.array([1.0 if side == "right" else -1.0, 1.0, 1.0])
    x, palm = forearm * mirror, palm * mirror
    y = -(palm - (palm @ x) * x)
    y /= np.linalg.norm(y)
    straight = Rotation.from_matrix(np.stack([x, y, np.cross(x, y)], axis=1))
    return (straight * _wrist_bend(rng)).as_rotvec() * mirror * mirror[0]


def bent_forearm(side: Side, rotation: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Unit vector from wrist to elbow, (3,), of a hand with this global rotation vector (3,), but for a bend of the
    wrist: the other way round than `wrist_rotation`.
    """
    mirror = np.array([1.0 if side == "right" else -1.0, 1.0, 1.0])
    straight = Rotation.from_rotvec(rotation * mirror * mirror[0]) * _wrist_bend(rng).inv()
    return straight.as_matrix()[:, 0] * mirror


def _wrist_bend(rng: np.random.Generator) -> Rotation:
    """Of a right hand."""
    flexion = np.clip(rng.normal(0.0, _FLEXION_SIGMA), -_FLEXION_LIMIT, _FLEXION_LIMIT)
    deviation = np.clip(rng.normal(0.0, _DEVIATION_SIGMA), -_DEVIATION_LIMIT, _DEVIATION_LIMIT)
    return Rotation.from_rotvec([0.0, 0.0, flexion]) * Rotation.from_rotvec([0.0, deviation, 0.0])
