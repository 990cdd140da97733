"""Half-edge collapse with quadric errors: fewer vertices, each one still a vertex of the source.

Garland and Heckbert, "Surface simplification using quadric error metrics", SIGGRAPH 1997. Here a vertex is only ever
merged into a neighbour, never moved, so skinning weights, shape directions and texture stay exact; and the error is
summed over several poses of the same mesh, so that rings which the joints need when they bend are kept.
"""

from __future__ import annotations

import heapq

import numpy as np

from build_hand_model.mesh import boundary_edges, boundary_loop

_BOUNDARY_WEIGHT = 10.0
_LENGTH_WEIGHT = 0.02
"""Of the squared length of the collapsed edge, against long thin triangles."""
_MAX_VALENCE = 9
_MIN_NORMAL_COSINE = 0.2
_MIN_QUALITY = 0.12
"""4 sqrt(3) area / sum of squared edges: 1 for an equilateral triangle."""


def decimate(poses: np.ndarray, faces: np.ndarray, target: int, boundary_target: int, locked: np.ndarray) -> np.ndarray:
    """Collapse edges until `target` vertices are left, `boundary_target` of them on the boundary.

    Args:
        poses: (K, V, 3) the same mesh in K poses, metres; the first is the rest pose.
        faces: (F, 3), a disc.
        target: number of vertices to keep.
        boundary_target: number of vertices of the boundary loop to keep.
        locked: vertices that must stay.

    Returns:
        (F', 3) faces in the source's vertex numbers.

    Raises:
        ValueError: no further collapse is allowed.
    """
    state = _Collapser(poses, faces, set(locked.tolist()))
    loop = len(boundary_loop(faces))
    while loop > boundary_target:
        state.collapse_cheapest(boundary=True)
        loop -= 1
    for _ in range(poses.shape[1] - state.removed - target):
        state.collapse_cheapest(boundary=False)
    return np.array(sorted(state.faces.values()))


class _Collapser:
    def __init__(self, poses: np.ndarray, faces: np.ndarray, locked: set[int]) -> None:
        self.poses = poses
        self.faces = {index: tuple(face) for index, face in enumerate(faces.tolist())}
        self.around: list[set[int]] = [set() for _ in range(poses.shape[1])]
        for index, face in self.faces.items():
            for vertex in face:
                self.around[vertex].add(index)
        self.boundary = set(np.unique(boundary_edges(faces)).tolist())
        self.locked = locked
        self.removed = 0
        self.quadrics = _quadrics(poses, faces)
        self.version = [0] * poses.shape[1]
        self.heap: list[tuple[float, int, int, int, int]] = []
        for vertex in range(poses.shape[1]):
            self._push(vertex)

    def collapse_cheapest(self, *, boundary: bool) -> None:
        """Do the cheapest allowed collapse: along the boundary, or of an inner vertex."""
        postponed = []
        while self.heap:
            entry = heapq.heappop(self.heap)
            _, source, target, *versions = entry
            if versions != [self.version[source], self.version[target]]:
                continue
            if (source in self.boundary) != boundary:
                postponed.append(entry)
            elif self._allowed(source, target):
                break
        else:
            raise ValueError("no further collapse is allowed")
        for entry in postponed:
            heapq.heappush(self.heap, entry)
        self._collapse(source, target)

    def _neighbours(self, vertex: int) -> set[int]:
        return {other for face in self.around[vertex] for other in self.faces[face]} - {vertex}

    def _push(self, source: int) -> None:
        if source in self.locked:
            return
        for target in self._neighbours(source):
            if source in self.boundary and target not in self.boundary:
                continue
            offset = self.poses[:, target] - self.poses[:, source]
            homogeneous = np.concatenate([self.poses[:, target], np.ones((len(self.poses), 1))], axis=1)
            error = np.einsum("ki,kij,kj->", homogeneous, self.quadrics[:, source], homogeneous)
            # Quadrics hold area x squared distance; the length term must too.
            area = np.trace(self.quadrics[0, source, :3, :3])
            cost = error + _LENGTH_WEIGHT * area * float((offset * offset).sum())
            heapq.heappush(self.heap, (cost, source, target, self.version[source], self.version[target]))

    def _allowed(self, source: int, target: int) -> bool:
        shared = self.around[source] & self.around[target]
        common = self._neighbours(source) & self._neighbours(target)
        if len(common) != len(shared):  # link condition: else the surface would pinch
            return False
        if source in self.boundary and len(shared) != 1:
            return False
        for vertex in common:
            if len(self._neighbours(vertex)) <= (3 if vertex in self.boundary else 4):
                return False
        if len(self._neighbours(source) | self._neighbours(target)) - 2 > _MAX_VALENCE:
            return False
        faces = [self.faces[face] for face in self.around[source] - shared]
        before = self.poses[:, np.array(faces)]
        moved = np.array([[target if vertex == source else vertex for vertex in face] for face in faces])
        after = self.poses[:, moved]
        normals = [np.cross(c[:, :, 1] - c[:, :, 0], c[:, :, 2] - c[:, :, 0]) for c in (before, after)]
        lengths = [np.linalg.norm(normal, axis=-1) for normal in normals]
        cosine = (normals[0] * normals[1]).sum(-1) / np.maximum(lengths[0] * lengths[1], 1e-18)
        edges = after[0] - np.roll(after[0], 1, axis=1)
        quality = 2.0 * np.sqrt(3.0) * lengths[1][0] / (edges * edges).sum((1, 2))
        old_edges = before[0] - np.roll(before[0], 1, axis=1)
        old_quality = 2.0 * np.sqrt(3.0) * lengths[0][0] / (old_edges * old_edges).sum((1, 2))
        good = (quality >= _MIN_QUALITY) | (quality >= old_quality)
        return bool((cosine[0] > _MIN_NORMAL_COSINE).all() and (cosine > -0.2).all() and good.all())

    def _collapse(self, source: int, target: int) -> None:
        shared = self.around[source] & self.around[target]
        for face in shared:
            for vertex in self.faces.pop(face):
                self.around[vertex].discard(face)
        for face in self.around[source]:
            self.faces[face] = tuple(target if vertex == source else vertex for vertex in self.faces[face])
            self.around[target].add(face)
        self.around[source] = set()
        self.quadrics[:, target] += self.quadrics[:, source]
        self.boundary.discard(source)
        self.removed += 1
        touched = self._neighbours(target) | {target}
        for vertex in (source, *touched):
            self.version[vertex] += 1
        for vertex in touched.union(*map(self._neighbours, touched)):
            self._push(vertex)


def _quadrics(poses: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(K, V, 4, 4) area-weighted plane quadrics, with planes through the boundary edges square to the surface."""
    corners = poses[:, faces]
    normals = np.cross(corners[:, :, 1] - corners[:, :, 0], corners[:, :, 2] - corners[:, :, 0])
    area = np.linalg.norm(normals, axis=-1, keepdims=True)
    units = normals / np.maximum(area, 1e-18)
    quadrics = np.zeros((*poses.shape[:2], 4, 4))
    planes = np.concatenate([units, -(units * corners[:, :, 0]).sum(-1, keepdims=True)], axis=-1)
    weighted = 0.5 * area[..., None] * planes[..., :, None] * planes[..., None, :]
    for corner in range(3):
        for pose in range(len(poses)):
            np.add.at(quadrics[pose], faces[:, corner], weighted[pose])
    owner = {(face[k - 1], face[k]): index for index, face in enumerate(faces.tolist()) for k in range(3)}
    for start, end in boundary_edges(faces).tolist():
        face = owner[start, end]
        edge = poses[:, end] - poses[:, start]
        across = np.cross(edge, units[:, face])
        across /= np.linalg.norm(across, axis=-1, keepdims=True)
        plane = np.concatenate([across, -(across * poses[:, start]).sum(-1, keepdims=True)], axis=-1)
        weight = _BOUNDARY_WEIGHT * (edge * edge).sum(-1)[:, None, None]
        quadrics[:, start] += weight * plane[..., :, None] * plane[..., None, :]
        quadrics[:, end] += weight * plane[..., :, None] * plane[..., None, :]
    return quadrics
