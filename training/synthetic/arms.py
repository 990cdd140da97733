"""Forearms: tubes that continue the wrist loop of a hand's mesh, first bare, then in a sleeve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_SKIN_RINGS, _CLOTH_RINGS = 6, 9
RINGS = _SKIN_RINGS + _CLOTH_RINGS
_LENGTH = 0.8
"""Far enough to leave every crop, metres."""
_BEND = 0.05
"""Over so many metres the arm turns from the hand's own direction to the forearm's."""


@dataclass(frozen=True)
class Sleeve:
    """What an arm wears.

    Attributes:
        start: metres from the end of the hand's mesh to the cuff; beyond the arm's length: bare.
        width: metres by which the cloth is wider than the arm.
        phase: radians, where its folds lie.
    """

    start: float
    width: float
    phase: float


class ArmMesh:
    """The faces of one arm, and where its vertices go.

    Args:
        faces: (F, 3) of the hand, counter-clockwise seen from outside, with one open loop at the wrist.
        vertex_count: of the hand.

    Attributes:
        loop: (K,) the hand's vertices at its open end, in the order in which its faces pass along it.
        faces: (F', 3) of the arm; indices below `vertex_count` are the hand's, so that the skin is one surface.
        cloth: (RINGS * K,) whether a vertex of the arm belongs to the sleeve.
    """

    def __init__(self, faces: np.ndarray, vertex_count: int) -> None:
        self.loop = boundary_loop(faces)
        around = len(self.loop)
        rings = np.concatenate([self.loop[None], vertex_count + np.arange(RINGS * around).reshape(RINGS, around)])
        here, outer = rings[:-1], rings[1:]
        after, outer_after = np.roll(here, -1, axis=1), np.roll(outer, -1, axis=1)
        # Two faces pass along their common edge in opposite ways: the loop's order is the hand's, so it is turned.
        quads = [np.stack([after, here, outer], axis=-1), np.stack([after, outer, outer_after], axis=-1)]
        self.faces = np.concatenate([quad.reshape(-1, 3) for quad in quads]).astype(np.int32)
        self.cloth = np.repeat(np.arange(RINGS) >= _SKIN_RINGS, around)
        self._angle = 2.0 * np.pi * np.arange(around) / around

    def vertices(self, hand: np.ndarray, wrist: np.ndarray, forearm: np.ndarray, sleeve: Sleeve) -> np.ndarray:
        """Vertices (RINGS * K, 3), metres.

        Args:
            hand: (V, 3) metres.
            wrist: (3,) its wrist joint.
            forearm: (3,) unit, towards the elbow.
            sleeve: over it.
        """
        ring = hand[self.loop].astype(np.float64)
        centre = ring.mean(axis=0)
        straight = centre - wrist
        straight /= np.linalg.norm(straight)
        along = _ring_places(sleeve.start)
        share = np.clip(along / _BEND, 0.0, 1.0)[:, None]
        tangents = straight + share * share * (3.0 - 2.0 * share) * (forearm - straight)
        tangents /= np.linalg.norm(tangents, axis=1, keepdims=True)
        steps = np.diff(along, prepend=0.0)[:, None]
        centres = centre + np.cumsum(steps * tangents, axis=0)
        # The loop is not quite flat: what sticks out along the arm dies away in the first centimetres.
        offsets = ring - centre
        rise = offsets @ straight
        spokes = _turn_each(offsets - rise[:, None] * straight, straight, tangents)
        widening = 1.0 + np.clip(2.0 * along, 0.0, 0.45)
        radius = np.linalg.norm(spokes, axis=-1, keepdims=True)
        folds = 1.0 + 0.12 * np.sin(2.0 * self._angle + 70.0 * along[:, None] + sleeve.phase)
        cloth = sleeve.width * np.where(np.arange(RINGS) >= _SKIN_RINGS, 1.0, 0.0)[:, None] * folds
        spokes = spokes * (widening[:, None, None] + cloth[..., None] / radius)
        lifted = rise[:, None] * np.exp(-along / 0.012)[:, None, None] * tangents[:, None]
        return (centres[:, None] + spokes + lifted).reshape(-1, 3).astype(np.float32)


def boundary_loop(faces: np.ndarray) -> np.ndarray:
    """Vertices of a mesh's only open edge, in the order in which its faces pass along it."""
    edges = {(int(a), int(b)) for face in faces for a, b in zip(face, np.roll(face, -1), strict=True)}
    following = {a: b for a, b in edges if (b, a) not in edges}
    loop = [min(following)]
    while following[loop[-1]] != loop[0]:
        loop.append(following[loop[-1]])
    return np.array(loop)


def _ring_places(cuff: float) -> np.ndarray:
    """(RINGS,) metres from the hand: bare skin up to the cuff, then the cloth, finer near its ends."""
    cuff = min(cuff, _LENGTH - 0.01)
    skin = cuff * np.linspace(0.15, 1.0, _SKIN_RINGS)
    return np.concatenate([skin, cuff + (_LENGTH - cuff) * np.linspace(0.0, 1.0, _CLOTH_RINGS) ** 1.5])


def _turn_each(vectors: np.ndarray, start: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Vectors (K, 3) turned by the smallest rotation from `start` (3,) to each of `ends` (N, 3): (N, K, 3)."""
    axes = np.cross(start, ends)[:, None]
    cosines = (ends @ start)[:, None, None]
    turned = np.cross(axes, vectors[None])
    return vectors + turned + np.cross(axes, turned) / (1.0 + cosines)
