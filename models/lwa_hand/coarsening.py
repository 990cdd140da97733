"""Coarse versions of a hand mesh, from its faces alone (section 3.1).

The paper takes IntagHand's coarsening: pairs of neighbours are merged, what finds no partner is paired with a vertex
that does not exist, and 778 becomes 1008 with padding. Here the mesh is cut instead of merged: recursive spectral
bisection (Fiedler vector) into 63 patches of 12 or 13 vertices, each into two and those into two again. Every vertex
of a level is real, and the children of vertex i are 2i and 2i + 1 of the next level, so that upsampling is a repeat.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from models.places import asset

LEVELS = (63, 126, 252)
RECORDED = "hand_model/coarsening.npz"
"""Asset with the patches of meshes by their edges' digest. Trained weights belong to patches, and where a mesh is
nearly as long as wide, another library of linear algebra may cut it otherwise."""


@dataclass(frozen=True, eq=False)
class Coarsening:
    """The levels of one mesh of N vertices.

    Attributes:
        patches: (N,) int64, the vertex of the finest level that each mesh vertex belongs to.
        pooling: by level, (V, N) float32, rows that take the mean of a patch.
        propagation: by level, (V, V) float32, the normalised adjacency D^-1/2 A D^-1/2: the first Chebyshev
            polynomial of the scaled Laplacian for a largest eigenvalue of 2, but for its sign.
    """

    patches: np.ndarray
    pooling: tuple[np.ndarray, ...]
    propagation: tuple[np.ndarray, ...]


def coarsen(faces: np.ndarray) -> Coarsening:
    """Levels of 63, 126 and 252 vertices.

    Args:
        faces: (F, 3) vertex numbers of a connected mesh of at least 252 vertices.
    """
    corners = np.asarray(faces, np.int64)
    edges = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]]), axis=1)
    # The left and the right hand usually differ in winding only: the same edges, one entry of the cache.
    return _coarsen(np.unique(edges, axis=0).tobytes())


@lru_cache(maxsize=4)
def _coarsen(edge_bytes: bytes) -> Coarsening:
    edges = np.frombuffer(edge_bytes, np.int64).reshape(-1, 2)
    count = int(edges.max()) + 1
    adjacency = np.zeros((count, count))
    adjacency[edges[:, 0], edges[:, 1]] = 1.0
    adjacency[edges[:, 1], edges[:, 0]] = 1.0
    patches = _recorded(edge_bytes)
    if patches is None:
        patches = cut(adjacency)
    pooling, propagation = [], []
    for level, size in enumerate(LEVELS):
        member = np.zeros((size, count), np.float32)
        member[patches >> (len(LEVELS) - 1 - level), np.arange(count)] = 1.0
        pooling.append(member / member.sum(axis=1, keepdims=True))
        neighbours = ((member @ adjacency @ member.T) > 0).astype(np.float32)
        np.fill_diagonal(neighbours, 0.0)
        scale = 1.0 / np.sqrt(neighbours.sum(axis=1))
        propagation.append(neighbours * scale[:, None] * scale)
    return Coarsening(patches, tuple(pooling), tuple(propagation))


def digest(edge_bytes: bytes) -> str:
    """Name of a mesh's patches in `RECORDED`."""
    return hashlib.sha256(edge_bytes).hexdigest()


def _recorded(edge_bytes: bytes) -> np.ndarray | None:
    path = asset(RECORDED)
    if not path.is_file():
        return None
    with np.load(path) as stored:
        name = digest(edge_bytes)
        return stored[name].astype(np.int64) if name in stored else None


def cut(adjacency: np.ndarray) -> np.ndarray:
    """(N,) int64: the patch of each vertex of a connected mesh with this adjacency (N, N)."""
    patches = np.empty(len(adjacency), np.int64)
    for place, vertices in enumerate(_partition(adjacency, np.arange(len(adjacency)), LEVELS[0])):
        halves = [half for part in _bisect(adjacency, vertices, 1, 1) for half in _bisect(adjacency, part, 1, 1)]
        for offset, patch in enumerate(halves):
            patches[patch] = 4 * place + offset
    return patches


def _partition(adjacency: np.ndarray, vertices: np.ndarray, parts: int) -> list[np.ndarray]:
    if parts == 1:
        return [vertices]
    first = (parts + 1) // 2
    left, right = _bisect(adjacency, vertices, first, parts - first)
    return [*_partition(adjacency, left, first), *_partition(adjacency, right, parts - first)]


def _bisect(adjacency: np.ndarray, vertices: np.ndarray, left: int, right: int) -> tuple[np.ndarray, np.ndarray]:
    """Cut a patch across its longest extent into two of sizes in the ratio left : right."""
    from scipy.linalg import eigh  # only meshes that nobody recorded need it

    graph = adjacency[np.ix_(vertices, vertices)]
    _, vectors = eigh(np.diag(graph.sum(axis=0)) - graph, subset_by_index=[1, 1])
    fiedler = vectors[:, 0]
    # An eigenvector has no sign and rounding noise: fix both, and let the vertex numbers decide between equals.
    fiedler = np.round(fiedler * np.sign(fiedler[np.argmax(np.abs(np.round(fiedler, 6)))]), 6)
    order = np.lexsort((vertices, fiedler))
    cut = round(len(vertices) * left / (left + right))
    return np.sort(vertices[order[:cut]]), np.sort(vertices[order[cut:]])
