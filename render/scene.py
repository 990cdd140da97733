"""Both hands in the space before the camera, from wherever a viewer stands: floor, camera and meshes."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from models.values import HandReconstruction, Intrinsics, Reconstruction, Side
from render.orbit import Orbit
from render.overlay import OverlayPainter
from render.protocol import OverlayStyle

CELL = 0.1
"""Metres between two lines of the floor."""
FLOOR_DEPTH = 0.28
"""Metres from the camera's axis down to the floor."""
_HALF_WIDTH, _LENGTH = 0.6, 1.2
CAMERA_REACH = 0.16
"""Metres from the camera to the far end of its frustum as it is drawn."""
_NEAR = 0.02
_SHIFT = 4
_MOST_PX = 1 << 14
Colour = tuple[int, int, int]


def floor_lines() -> np.ndarray:
    """(N, 2, 3) ends of the floor's lines, metres, camera frame."""
    across = np.arange(-_HALF_WIDTH, _HALF_WIDTH + CELL / 2, CELL)
    along = np.arange(0.0, _LENGTH + CELL / 2, CELL)
    lines = [[(x, FLOOR_DEPTH, 0.0), (x, FLOOR_DEPTH, _LENGTH)] for x in across]
    lines += [[(-_HALF_WIDTH, FLOOR_DEPTH, z), (_HALF_WIDTH, FLOOR_DEPTH, z)] for z in along]
    return np.array(lines)


def frustum_lines(intrinsics: Intrinsics, reach: float = CAMERA_REACH) -> np.ndarray:
    """(8, 2, 3) edges of what a camera sees up to `reach` metres, camera frame."""
    x = np.array([0, 1, 1, 0]) * intrinsics.width - intrinsics.cx
    y = np.array([0, 0, 1, 1]) * intrinsics.height - intrinsics.cy
    corners = np.stack([x / intrinsics.fx * reach, y / intrinsics.fy * reach, np.full(4, reach)], -1)
    sides = [(np.zeros(3), corner) for corner in corners]
    return np.array(sides + [(corners[i], corners[(i + 1) % 4]) for i in range(4)])


def draw_scene(
    painter: OverlayPainter,
    hands: Reconstruction,
    intrinsics: Intrinsics,
    orbit: Orbit,
    style: OverlayStyle,
    width: int,
    height: int,
    *,
    background: Colour = (18, 20, 24),
    ink: Colour = (64, 70, 80),
    camera_ink: Colour = (150, 160, 172),
) -> np.ndarray:
    """Draw it.

    Args:
        painter: draws the hands; owned by the calling thread.
        hands: in the frame of the camera that saw them.
        intrinsics: of that camera.
        orbit: where the viewer stands.
        style: of the hands; a view without any is a mesh here, and all are solid. The floor's lines are as
            wide as its wireframe's, the camera's twice that.
        width: of the image, px.
        height: of the image, px.
        background: sRGB of the void.
        ink: sRGB of the floor's lines.
        camera_ink: sRGB of the camera's.

    Returns:
        (height, width, 3) uint8 RGB.
    """
    image = np.empty((height, width, 3), np.uint8)
    image[:] = background
    viewer = orbit.intrinsics(width, height)
    _draw_lines(image, orbit.seen(floor_lines()), viewer, ink, style.line_px)
    frustum = orbit.seen(frustum_lines(intrinsics))
    moved: list[tuple[Side, HandReconstruction]] = [
        (side, _seen(hand, orbit, viewer)) for side, hand in hands.hands.items()
    ]
    nearest_hand = min((float(hand.joints[:, 2].mean()) for _, hand in moved), default=np.inf)
    before = bool(frustum[:, :, 2].mean() < nearest_hand)  # the camera hides the hands where it is the nearer one
    if not before:
        _draw_lines(image, frustum, viewer, camera_ink, 2 * style.line_px)
    shown: dict[Side, HandReconstruction] = {side: hand for side, hand in moved if (hand.joints[:, 2] > _NEAR).all()}
    solid = replace(style, opacity=1.0, view="mesh" if style.view == "none" else style.view)
    if shown:
        image = painter.paint(image, Reconstruction(shown), viewer, solid)
    if before:
        image = image if image.flags.writeable else image.copy()
        _draw_lines(image, frustum, viewer, camera_ink, 2 * style.line_px)
    return image


def _seen(hand: HandReconstruction, orbit: Orbit, viewer: Intrinsics) -> HandReconstruction:
    vertices, joints = orbit.seen(hand.vertices), orbit.seen(hand.joints)
    with np.errstate(divide="ignore", invalid="ignore"):
        joints_px = viewer.project(joints)
    return replace(
        hand,
        vertices=vertices.astype(np.float32),
        joints=joints.astype(np.float32),
        joints_px=joints_px.astype(np.float32),
        errors_px=None,
    )


def _draw_lines(image: np.ndarray, lines: np.ndarray, viewer: Intrinsics, colour: Colour, thickness: int) -> None:
    """Draw the parts of (N, 2, 3) lines in front of the viewer."""
    for start, end in _in_front(lines):
        ends = viewer.project(np.stack([start, end]))
        if np.isfinite(ends).all() and np.abs(ends).max() < _MOST_PX:
            first, last = np.rint(ends * (1 << _SHIFT)).astype(int).tolist()
            cv2.line(image, first, last, colour, thickness, cv2.LINE_AA, _SHIFT)


def _in_front(lines: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    parts = []
    for start, end in lines:
        if start[2] < _NEAR and end[2] < _NEAR:
            continue
        if start[2] < _NEAR or end[2] < _NEAR:
            cut = start + (_NEAR - start[2]) / (end[2] - start[2]) * (end - start)
            start, end = (cut, end) if start[2] < _NEAR else (start, cut)
        parts.append((start, end))
    return parts
