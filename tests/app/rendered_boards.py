"""Images of the calibration board as a known camera sees it, before a wall."""

from __future__ import annotations

import functools

import cv2
import numpy as np
from scipy.spatial.transform import Rotation

from app.live.calibration_board import CELLS, COLUMNS, ROWS, board_cells
from models.values import Intrinsics

SQUARE = 0.035
"""Metres."""
CAMERA = Intrinsics(905.0, 905.0, 652.0, 351.0, 1280, 720)
_CELL_PX, _EDGE = 8, 4
"""Pixels a cell of the texture, and cells of white around the board."""


def _texture() -> np.ndarray:
    cells = np.pad(board_cells(), _EDGE)
    return np.kron(np.where(cells, 25, 235), np.ones((_CELL_PX, _CELL_PX))).astype(np.uint8)


TEXTURE = _texture()


def pose(tilt: tuple[float, float, float] = (0, 0, 0), place: tuple[float, float] = (0.0, 0.0), depth: float = 0.5):
    """Rotation (3, 3) and place (3,) of the board's middle in the camera frame.

    Args:
        tilt: degrees about x, y and the line of sight.
        place: right and down in the image, of half its width and height.
        depth: metres.
    """
    x = place[0] * depth * CAMERA.width / 2 / CAMERA.fx
    y = place[1] * depth * CAMERA.height / 2 / CAMERA.fy
    return Rotation.from_euler("zyx", tilt[::-1], degrees=True).as_matrix(), np.array([x, y, depth])


def render(
    rotation: np.ndarray,
    middle: np.ndarray,
    camera: Intrinsics = CAMERA,
    *,
    distortion: tuple[float, ...] = (),
    blur: float = 0.6,
    noise: float = 2.0,
    seed: int = 0,
) -> np.ndarray:
    """(H, W, 3) uint8 RGB.

    Args:
        rotation: (3, 3) of the board, in the camera frame.
        middle: (3,) of the board, metres.
        camera: that sees it.
        distortion: of its lens, as OpenCV has it.
        blur: standard deviation, px.
        noise: standard deviation, of 255.
        seed: of the noise.
    """
    scale = SQUARE / CELLS / _CELL_PX  # metres a pixel of the texture, whose pixels lie at their centres
    columns, rows = COLUMNS * CELLS, ROWS * CELLS
    origin = np.array([-(columns / 2 + _EDGE), -(rows / 2 + _EDGE)]) * SQUARE / CELLS + scale / 2
    to_board = np.array([[scale, 0, origin[0]], [0, scale, origin[1]], [0, 0, 1.0]])
    homography = camera.matrix @ np.column_stack([rotation[:, 0], rotation[:, 1], middle]) @ to_board
    size, finer = (camera.width, camera.height), 2
    # Twice as fine, and then averaged: edges are as smooth as on a sensor. A pixel's edge stays where it is.
    larger = np.array([[finer, 0, (finer - 1) / 2], [0, finer, (finer - 1) / 2], [0, 0, 1.0]])
    fine = (finer * camera.width, finer * camera.height)
    image = cv2.warpPerspective(TEXTURE, larger @ homography, fine, flags=cv2.INTER_AREA, borderValue=110)  # type: ignore[call-overload]
    image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    if distortion:
        places = _straightened(camera, distortion)
        image = cv2.remap(image, places[..., 0], places[..., 1], cv2.INTER_CUBIC, borderValue=110)  # type: ignore[call-overload]
    if blur:
        image = cv2.GaussianBlur(image, (0, 0), blur)
    noisy = image + noise * np.random.default_rng(seed).standard_normal(image.shape, np.float32)
    return cv2.cvtColor(np.clip(noisy, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2RGB)


@functools.cache
def _straightened(camera: Intrinsics, distortion: tuple[float, ...]) -> np.ndarray:
    """(H, W, 2) float32: where each pixel would lie, did the lens not bend."""
    grid = np.stack(np.meshgrid(np.arange(camera.width), np.arange(camera.height)), axis=-1)
    points, matrix = grid.reshape(-1, 1, 2).astype(np.float64), camera.matrix
    return cv2.undistortPoints(points, matrix, np.array(distortion), P=matrix).reshape(grid.shape).astype(np.float32)
