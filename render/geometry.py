"""Geometry on the way to the screen: normals, what part of the image a mesh covers, and the projection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from models.values import Intrinsics, Side

NEAREST_DEPTH = 0.01
"""Metres; what is closer to the camera is cut away."""


class VertexNormals:
    """Smooth normals of a mesh whose faces stay and whose vertices move.

    Args:
        faces: (F, 3), counter-clockwise seen from outside.
        vertex_count: of the mesh, at least the largest index plus one.
    """

    def __init__(self, faces: np.ndarray, vertex_count: int) -> None:
        self._corners = np.ascontiguousarray(faces.T)
        self._vertex_count = vertex_count

    def __call__(self, vertices: np.ndarray) -> np.ndarray:
        """Sums of the adjacent faces' normals, weighted by area, (V, 3) float32, not of unit length."""
        # One axis after the other: rows of numbers that follow one another are three times as fast as (V, 3).
        points = np.ascontiguousarray(vertices.T, np.float32)
        first, *others = (points.take(corner, axis=1) for corner in self._corners)
        one, two = (other - first for other in others)
        normals = np.empty((self._vertex_count, 3), np.float32)
        for axis in range(3):
            following, last = (axis + 1) % 3, (axis + 2) % 3
            of_faces = (one[following] * two[last] - one[last] * two[following]).astype(np.float64)
            normals[:, axis] = sum(np.bincount(corner, of_faces, self._vertex_count) for corner in self._corners)
        return normals


@dataclass(frozen=True)
class Region:
    """A rectangle of whole pixels: columns left to right - 1, rows top to bottom - 1."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Columns, px."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Rows, px."""
        return self.bottom - self.top

    @property
    def slices(self) -> tuple[slice, slice]:
        """Index of this rectangle in an (H, W) array."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def touches(self, other: Region) -> bool:
        """Whether the two share a pixel."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def union(self, other: Region) -> Region:
        """The smallest rectangle around both."""
        return Region(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def tiles(self, side: int) -> Iterator[Region]:
        """The rectangle in pieces no longer than `side`."""
        for top in range(self.top, self.bottom, side):
            for left in range(self.left, self.right, side):
                yield Region(left, top, min(left + side, self.right), min(top + side, self.bottom))


def drawable(vertices: Mapping[Side, np.ndarray]) -> dict[Side, np.ndarray]:
    """The meshes that can be drawn: all numbers finite and something in front of the camera."""
    return {
        side: points
        for side, points in vertices.items()
        if bool(np.isfinite(points).all()) and float(points[:, 2].max(initial=0.0)) > NEAREST_DEPTH
    }


def visible_hands(
    vertices: Mapping[Side, np.ndarray], intrinsics: Intrinsics, width: int, height: int
) -> tuple[dict[Side, np.ndarray], dict[Side, Region]]:
    """The meshes that can be drawn, and where those of them can be seen that are in the image.

    Args:
        vertices: (V, 3) by side, metres, camera frame.
        intrinsics: camera of the image.
        width: of the image, px.
        height: of the image, px.
    """
    hands = drawable(vertices)
    regions: dict[Side, Region] = {
        side: region
        for side, points in hands.items()
        if (region := covered_region(points, intrinsics, width, height)) is not None
    }
    return hands, regions


def covered_region(vertices: np.ndarray, intrinsics: Intrinsics, width: int, height: int) -> Region | None:
    """Where in an image a mesh can be seen.

    Args:
        vertices: (V, 3), metres, camera frame.
        intrinsics: camera of the image.
        width: of the image, px.
        height: of the image, px.

    Returns:
        The rectangle around all projected vertices, a pixel of margin for smoothed edges; the whole image if
        the mesh reaches behind the camera; None if it lies outside.
    """
    if float(vertices[:, 2].min()) < NEAREST_DEPTH:
        return Region(0, 0, width, height)
    pixels = intrinsics.project(vertices.astype(np.float64))
    left, top = np.floor(np.clip(pixels.min(axis=0) - 1.0, 0, (width, height))).astype(int)
    right, bottom = np.ceil(np.clip(pixels.max(axis=0) + 2.0, 0, (width, height))).astype(int)
    if right <= left or bottom <= top:
        return None
    return Region(int(left), int(top), int(right), int(bottom))


def separate_regions(regions: Mapping[Side, Region]) -> list[tuple[Region, tuple[Side, ...]]]:
    """Rectangles that share no pixel, with the hands in each: hands far apart are not worth the space between."""
    entries = list(regions.items())
    if len(entries) == 2 and entries[0][1].touches(entries[1][1]):
        return [(entries[0][1].union(entries[1][1]), tuple(regions))]
    return [(region, (side,)) for side, region in entries]


def depth_range(vertices: Mapping[Side, np.ndarray]) -> tuple[float, float]:
    """Distances of the near and the far plane that just hold all meshes, metres: the finest depth buffer."""
    nearest = min(float(points[:, 2].min()) for points in vertices.values())
    farthest = max(float(points[:, 2].max()) for points in vertices.values())
    near = max(NEAREST_DEPTH, 0.99 * nearest)
    return near, max(1.01 * farthest, 1.01 * near)


def clip_from_camera(intrinsics: Intrinsics, region: Region, near: float, far: float) -> np.ndarray:
    """OpenGL projection (4, 4) of the camera frame onto a region of the image.

    The image's top row becomes the framebuffer's first, so that what is read back needs no flip; faces turn
    round by it (counter-clockwise in the image is clockwise for OpenGL). Pixel centres, whole numbers in frame
    px, lie at halves in OpenGL's window coordinates.
    """
    width, height = region.width, region.height
    depth = far - near
    return np.array(
        [
            [2.0 * intrinsics.fx / width, 0.0, 2.0 * (intrinsics.cx + 0.5 - region.left) / width - 1.0, 0.0],
            [0.0, 2.0 * intrinsics.fy / height, 2.0 * (intrinsics.cy + 0.5 - region.top) / height - 1.0, 0.0],
            [0.0, 0.0, (far + near) / depth, -2.0 * far * near / depth],
            [0.0, 0.0, 1.0, 0.0],
        ]
    )
