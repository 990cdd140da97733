"""Small facts about triangle meshes that the builder needs."""

from __future__ import annotations

from collections import Counter

import numpy as np


def boundary_edges(faces: np.ndarray) -> np.ndarray:
    """(E, 2) directed edges that only one face has, in that face's direction."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    known = {tuple(edge) for edge in edges.tolist()}
    return np.array([edge for edge in edges.tolist() if (edge[1], edge[0]) not in known])


def boundary_loop(faces: np.ndarray) -> np.ndarray:
    """The vertices of the one boundary loop, in order.

    Raises:
        ValueError: the boundary is not one simple loop.
    """
    edges = boundary_edges(faces)
    following = {int(start): int(end) for start, end in edges}
    loop = [int(edges[0, 0])]
    while (vertex := following[loop[-1]]) != loop[0]:
        loop.append(vertex)
        if len(loop) > len(edges):
            break
    if len(loop) != len(edges) or len(following) != len(edges):
        raise ValueError("the boundary is not one simple loop")
    return np.array(loop)


def check_disc(faces: np.ndarray, vertex_count: int) -> None:
    """Insist on one orientable, manifold disc that uses every vertex.

    Raises:
        ValueError: what is wrong.
    """
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    if max(Counter(map(tuple, edges.tolist())).values()) > 1:
        raise ValueError("two faces run along an edge in the same direction")
    if len(np.unique(faces)) != vertex_count:
        raise ValueError("a vertex belongs to no face")
    undirected = {tuple(sorted(edge)) for edge in edges.tolist()}
    if vertex_count - len(undirected) + len(faces) != 1:
        raise ValueError("the mesh is not a disc")
    boundary_loop(faces)


def keep_vertices(faces: np.ndarray, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The faces whose corners are all kept, renumbered, and the old numbers of the vertices these use.

    Args:
        faces: (F, 3).
        kept: (V,) bool.
    """
    faces = faces[kept[faces].all(1)]
    used = np.unique(faces)
    renumber = np.full(len(kept), -1)
    renumber[used] = np.arange(len(used))
    return renumber[faces], used


def vertex_normals(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(V, 3) unit normals, faces weighted by area."""
    corners = vertices[faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    total = np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(total, faces[:, corner], normals)
    return total / np.linalg.norm(total, axis=1, keepdims=True)
