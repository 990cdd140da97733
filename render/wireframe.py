"""The edges of meshes, so that what lies behind them can be seen."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np

from models.values import Intrinsics, Side
from render.geometry import NEAREST_DEPTH
from render.protocol import OverlayStyle
from render.skeleton import FARTHEST, FRACTION_BITS


def draw_wireframe(
    image: np.ndarray,
    vertices: Mapping[Side, np.ndarray],
    faces: Mapping[Side, np.ndarray],
    intrinsics: Intrinsics,
    style: OverlayStyle,
) -> np.ndarray:
    """Draw the edges of the faces that are turned to the camera.

    Args:
        image: (H, W, 3) uint8 RGB, or (H, W, 4) RGBA, premultiplied.
        vertices: (V, 3) by side, metres, camera frame; a hand that reaches behind the camera, or has numbers that are
            not finite, is left out.
        faces: (F, 3) by side, counter-clockwise seen from outside.
        intrinsics: camera of `image`.
        style: colours, opacity and width of the lines; `view` is not looked at here.

    Returns:
        A new image of this kind.
    """
    lines = image.copy()
    for side, mesh in vertices.items():
        if np.isfinite(mesh).all() and mesh[:, 2].min() > NEAREST_DEPTH and side in faces:
            points_px = intrinsics.project(mesh.astype(np.float64))
            _draw_hand(lines, points_px, faces[side], style.colours[side], style.line_px)
    opacity = float(np.clip(style.opacity, 0.0, 1.0))
    return lines if opacity == 1.0 else cv2.addWeighted(lines, opacity, image, 1.0 - opacity, 0.0)


def visible_edges(points_px: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(E, 2) pairs of vertices: each edge once, of the faces that are turned to the camera.

    Args:
        points_px: (V, 2), px.
        faces: (F, 3), counter-clockwise seen from outside.
    """
    first, second, third = np.moveaxis(points_px[faces], 1, 0)
    one, other = second - first, third - first
    # The image's y points down, so that what is counter-clockwise in space is clockwise by this sign.
    front = faces[one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0] < 0]
    edges = np.sort(np.concatenate([front[:, [0, 1]], front[:, [1, 2]], front[:, [2, 0]]]), axis=1)
    return np.unique(edges, axis=0)


def _draw_hand(
    picture: np.ndarray, points_px: np.ndarray, faces: np.ndarray, colour: tuple[int, int, int], width: int
) -> None:
    if np.abs(points_px).max() >= FARTHEST:
        return
    ends = np.rint(points_px[visible_edges(points_px, faces)] * (1 << FRACTION_BITS)).astype(np.int32)
    light = tuple(round(channel + (255 - channel) * 0.35) for channel in colour)
    cv2.polylines(
        picture,
        list(ends),
        isClosed=False,
        color=(*light, 255),
        thickness=width,
        lineType=cv2.LINE_AA,
        shift=FRACTION_BITS,
    )
