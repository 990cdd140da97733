"""Forearms and sleeves: tubes that start at the wrist loop of a hand's mesh and end at the elbow."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

RINGS = 28
SKIN_UNTIL = 0.045
"""Metres of bare forearm below the wrist loop; the sleeve's cuff begins before it."""
CUFF_AT = 0.030


@dataclass(frozen=True, eq=False)
class Tube:
    """A tube of rings.

    Attributes:
        vertices: (rings * around, 3), metres.
        faces: (F, 3), counter-clockwise from outside.
        along: (rings * around,) metres from its start.
        angle: (rings * around,) radians around it.
    """

    vertices: np.ndarray
    faces: np.ndarray
    along: np.ndarray
    angle: np.ndarray


def bend(start: np.ndarray, direction: np.ndarray, elbow: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Points and unit tangents (count, 3) of a cubic Bezier curve from the wrist, leaving along `direction`."""
    length = np.linalg.norm(elbow - start)
    controls = np.stack([start, start + 0.22 * length * direction, elbow + 0.5 * (start - elbow), elbow])
    t = np.linspace(0.0, 1.0, count)[:, None]
    s = 1.0 - t
    points = s**3 * controls[0] + 3 * s**2 * t * controls[1] + 3 * s * t**2 * controls[2] + t**3 * controls[3]
    steps = np.diff(controls, axis=0)
    tangents = s**2 * steps[0] + 2 * s * t * steps[1] + t**2 * steps[2]
    return points, tangents / np.linalg.norm(tangents, axis=1, keepdims=True)


def transport(vectors: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Turn vectors by the smallest rotation from one unit direction to another."""
    axis = np.cross(start, end)
    cosine = float(start @ end)
    turned = np.cross(axis, vectors)
    return vectors + turned + np.cross(axis, turned) / (1.0 + cosine)


def forearm(vertices: np.ndarray, loop: np.ndarray, direction: np.ndarray, elbow: np.ndarray) -> tuple[Tube, Tube]:
    """Bare skin that continues a hand's mesh, and the sleeve around the rest.

    Args:
        vertices: (V, 3) of the hand, metres.
        loop: its wrist loop, in the order of `training.synthetic.arms.boundary_loop`; the skin's first ring lies on it.
        direction: unit, out of the hand along its own forearm.
        elbow: (3,) where both end.
    """
    ring = vertices[loop]
    points, tangents = bend(ring.mean(axis=0), direction, elbow, 160)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    spine = _Spine(points, tangents, along, ring - points[0])

    skin_along = np.linspace(0.0, SKIN_UNTIL, 8)
    skin = _tube([spine.ring(s, spine.skin_radii(s)) for s in skin_along], skin_along)

    outer = CUFF_AT + (along[-1] - CUFF_AT) * np.linspace(0.0, 1.0, RINGS) ** 1.6
    lining = [
        spine.ring(SKIN_UNTIL, spine.skin_radii(SKIN_UNTIL)),
        spine.ring(CUFF_AT, spine.sleeve_radii(CUFF_AT) - 0.002),
    ]
    rings = lining + [spine.ring(s, spine.sleeve_radii(s)) for s in outer]
    sleeve = _tube(rings, np.concatenate([[SKIN_UNTIL, CUFF_AT], outer]))
    return skin, sleeve


class _Spine:
    """A bent line with the wrist loop carried along it.

    Args:
        points: (N, 3).
        tangents: (N, 3), unit.
        along: (N,) metres from the start.
        offsets: (K, 3) from the first point to the wrist loop.
    """

    def __init__(self, points: np.ndarray, tangents: np.ndarray, along: np.ndarray, offsets: np.ndarray) -> None:
        self._points, self._tangents, self._along = points, tangents, along
        # The loop is not quite in a plane; what sticks out along the spine dies away in the first centimetres.
        self._rise = offsets @ tangents[0]
        flat = offsets - self._rise[:, None] * tangents[0]
        self._radii = np.linalg.norm(flat, axis=1)
        self._spokes = [flat / self._radii[:, None]]
        for before, after in pairwise(tangents):
            self._spokes.append(transport(self._spokes[-1], before, after))
        count = len(offsets)
        self.angle = 2.0 * np.pi * np.arange(count) / count

    def ring(self, s: float, radii: np.ndarray) -> np.ndarray:
        """The loop's vertices at a distance along the spine, (K, 3)."""
        index = int(np.clip(np.searchsorted(self._along, s), 0, len(self._along) - 1))
        rise = self._rise * np.exp(-s / 0.012)
        return self._points[index] + radii[:, None] * self._spokes[index] + rise[:, None] * self._tangents[index]

    def skin_radii(self, s: float) -> np.ndarray:
        """A forearm widens slowly from the wrist on."""
        return self._radii * (1.0 + 0.7 * s)

    def sleeve_radii(self, s: float) -> np.ndarray:
        """Cloth: rounder and wider than the arm, a tight ribbed cuff, then folds."""
        round_share = 0.15
        base = (1.0 - round_share) * self._radii + round_share * self._radii.mean()
        beyond_cuff = np.clip((s - CUFF_AT - 0.022) / 0.012, 0.0, 1.0)
        ribs = 0.0005 * np.cos(20.0 * self.angle) * (1.0 - beyond_cuff)
        folds = 0.0022 * np.sin(2.0 * self.angle + 95.0 * s) + 0.0014 * np.sin(3.0 * self.angle - 160.0 * s + 1.0)
        return base * (1.03 + 0.9 * s) + 0.0022 + 0.004 * beyond_cuff + ribs + beyond_cuff * folds


def _tube(rings: list[np.ndarray], along: np.ndarray) -> Tube:
    around = len(rings[0])
    here = np.arange(around)
    following = np.roll(here, -1)
    # The neighbours of an edge pass along it in opposite ways; the first ring's order is the hand's.
    first = np.stack([following, here, here + around], axis=1)
    second = np.stack([following, here + around, following + around], axis=1)
    quad = np.concatenate([first, second])
    faces = np.concatenate([quad + ring * around for ring in range(len(rings) - 1)])
    angle = np.tile(2.0 * np.pi * here / around, len(rings))
    return Tube(np.concatenate(rings).astype(np.float32), faces, np.repeat(along, around), angle)
