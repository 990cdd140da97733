"""The board that a camera is calibrated with, a chessboard with a marker in each white square (ChArUco); finding it.

Its markers tell its corners apart, so that it may reach out of the image or be covered in part by the hands that hold
it. How large it is printed does not matter to the focal length; that it is flat does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from models.values import lock_arrays

COLUMNS, ROWS = 5, 7
"""Squares: an odd number of columns, with which older and newer versions of OpenCV draw the same board."""
CELLS = 8
"""Of a square's side; a marker has six, with one of white around it."""
SQUARE_MM = 35
"""Side of a square as it is printed: the board fits A4 and Letter alike."""
CORNERS = (COLUMNS - 1) * (ROWS - 1)
"""Where four squares meet."""
_DICTIONARY = cv2.aruco.DICT_4X4_50
_MARGIN = 0.11
"""Of a square's side: how far from an edge its sharpness is looked at; a marker begins at 0.125."""
_SAMPLES = 25
_UNTIL = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_MAX_ITER, 50, 0.01)
_STRIPES = (0.4, 0.5, 0.6)
"""Where along an edge its sharpness is measured, between its corners."""


@dataclass(frozen=True, eq=False)
class SeenBoard:
    """A board in an image.

    Attributes:
        ids: (N,) int, of the corners that were found, rising; row by row over the board.
        corners: (N, 2) float64, frame px.
        blur: of its edges, px: over how many of them black becomes white, in the direction that is worse.
        square: side of its squares in the middle of what was found, px.
        size: width and height of the image, px.
    """

    ids: np.ndarray
    corners: np.ndarray
    blur: float
    square: float
    size: tuple[int, int]

    __post_init__ = lock_arrays


def board_cells() -> np.ndarray:
    """(56, 40) bool: where the board is black, eight cells a square."""
    image = _board().generateImage((COLUMNS * CELLS, ROWS * CELLS), marginSize=0, borderBits=1)
    return image < 128


def board_points(ids: np.ndarray) -> np.ndarray:
    """(N, 3) float32 places of corners on the board, squares: x right, y down, z away from who reads it."""
    return np.asarray(_board().getChessboardCorners(), np.float32)[ids]


def find_board(image: np.ndarray) -> SeenBoard | None:
    """The board in an image (H, W, 3) uint8 RGB, None where fewer than four of its corners are seen."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    corners, ids, _, _ = _detector().detectBoard(grey)
    if ids is None or len(ids) < 4:
        return None
    order = np.argsort(ids.ravel())
    numbers, places = ids.ravel()[order].astype(int), corners.reshape(-1, 2)[order].astype(np.float64)
    edges = _edges(numbers)
    if not edges:
        return None
    square = float(
        np.median([np.linalg.norm(places[last] - places[first]) for pairs in edges for first, last in pairs])
    )
    reach = max(2, int(_MARGIN * square))
    # OpenCV's corners are half a pixel off by our count, and would be whole again if it changed that: from either it
    # is less than a pixel to where the edges cross.
    refined = (places - 0.5).astype(np.float32)
    cv2.cornerSubPix(grey, refined, (reach, reach), (-1, -1), _UNTIL)
    places = refined.astype(np.float64)
    blur = max(_blur(grey, places, pairs) for pairs in edges)
    return SeenBoard(numbers, places, blur, square, (grey.shape[1], grey.shape[0]))


def is_mirrored(image: np.ndarray) -> bool:
    """Whether there is a board in the image's mirror image (H, W, 3): its markers are read in one direction alone."""
    return find_board(np.ascontiguousarray(image[:, ::-1])) is not None


@cache
def _board() -> cv2.aruco.CharucoBoard:
    dictionary = cv2.aruco.getPredefinedDictionary(_DICTIONARY)
    return cv2.aruco.CharucoBoard((COLUMNS, ROWS), 1.0, (CELLS - 2) / CELLS, dictionary)


@cache
def _detector() -> cv2.aruco.CharucoDetector:
    return cv2.aruco.CharucoDetector(_board())


def _edges(ids: np.ndarray) -> list[list[tuple[int, int]]]:
    """Places in `ids` of corners that are neighbours: in rows, and in columns; what has none is left out."""
    at = {int(number): place for place, number in enumerate(ids)}
    across = COLUMNS - 1
    rows = [(at[number], at[number + 1]) for number in at if number % across < across - 1 and number + 1 in at]
    columns = [(at[number], at[number + across]) for number in at if number + across in at]
    return [pairs for pairs in (rows, columns) if pairs]


def _blur(grey: np.ndarray, corners: np.ndarray, pairs: list[tuple[int, int]]) -> float:
    """Median over edges of the px over which black becomes white: contrast by the steepest slope."""
    first, last = (corners[[pair[end] for pair in pairs]] for end in (0, 1))
    along = last - first
    across = np.stack([-along[:, 1], along[:, 0]], axis=-1) * _MARGIN
    steps = np.linspace(-1.0, 1.0, _SAMPLES)
    # (stripes, edges, samples, 2)
    middles = first + along * np.array(_STRIPES)[:, None, None]
    places = (middles[:, :, None] + across[:, None] * steps[:, None]).astype(np.float32)
    flat = places.reshape(-1, _SAMPLES, 2)
    sampled = cv2.remap(grey, flat[..., 0], flat[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    profiles = sampled.reshape(len(_STRIPES), len(pairs), _SAMPLES).astype(np.float64).mean(axis=0)
    contrast = profiles.max(axis=1) - profiles.min(axis=1)
    pixel_step = 2 * np.linalg.norm(across, axis=1) / (_SAMPLES - 1)
    slope = np.abs(np.diff(profiles, axis=1)).max(axis=1) / pixel_step
    return float(np.median(contrast / np.maximum(slope, 1e-6)))
