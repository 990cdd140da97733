"""How deep one hand's skin lies in the other's: what capsules, which are no flesh, leave over."""

from __future__ import annotations

import numpy as np
from scipy.spatial import KDTree

from models.values import Side
from render.geometry import VertexNormals

DEEPEST = 4e-3
"""No vertex of one hand lies deeper in the other, metres: as far as flesh gives way."""
_SEARCH = 0.03
"""Metres; nothing can lie deeper in a hand."""


class PenetrationMeter:
    """Measures by the nearest vertex and the side of its normal on which a point lies.

    Args:
        faces: (F, 3) by side, counter-clockwise seen from outside.
    """

    def __init__(self, faces: dict[Side, np.ndarray]) -> None:
        self._normals = {side: VertexNormals(each, int(each.max()) + 1) for side, each in faces.items()}

    def depth(self, vertices: dict[Side, np.ndarray]) -> float:
        """Deepest place of a vertex of either hand inside the other, metres.

        Args:
            vertices: (V, 3) metres, of both sides.
        """
        (side, points), (other, mesh) = vertices.items()
        return max(self._one_way(points, mesh, other), self._one_way(mesh, points, side))

    def _one_way(self, points: np.ndarray, mesh: np.ndarray, side: Side) -> float:
        found = KDTree(mesh).query(points, distance_upper_bound=_SEARCH)
        distance, nearest = (np.asarray(each) for each in found)
        near = np.isfinite(distance)
        distance, nearest = distance[near], nearest[near]
        outward = self._normals[side](mesh)[nearest]
        inside = np.einsum("pi,pi->p", points[near] - mesh[nearest], outward) < 0.0
        return float(distance[inside].max(initial=0.0))
