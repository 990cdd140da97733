"""Intrinsics of a camera from views of the calibration board.

Z. Zhang, "A flexible new technique for camera calibration", 2000, as OpenCV's `calibrateCamera` has it. The lens'
distortion is estimated with them, and then the pinhole camera is taken that comes nearest to both: hands are fitted and
drawn with a pinhole camera over the images as they are, and how far that is off is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from app.live.board_views import FEWEST_VIEWS
from app.live.calibration_board import SeenBoard, board_points
from models.errors import BothhandsError
from models.sentences import joined, say
from models.values import Intrinsics
from tracking.camera_model import KnownCamera, angle_of, possible

MOST_RMS = 1.0
"""Pixels of an image 1280 wide."""
_USUAL_WIDTH = 1280
_MOST_UNSURE = 0.01
"""Standard deviation of the focal length, as a share of it."""
_NARROWEST, _WIDEST = 15.0, 150.0
"""Degrees across the image; a lens beyond it is no webcam's, or the views misled."""
_MOST_OBLONG = 0.04
"""Difference of both focal lengths: a sensor's pixels are square."""
_LEAST_TURNED = 25.0
"""Degrees between two boards of the views, at least: boards that all face one way leave the focal length open."""
_FAR_OUT, _LEAST_OUT_PX = 4.0, 0.5
"""Corners so many times farther off than most are left out: fingers that look like corners."""
_FEWEST_CORNERS = 6
_ROUNDS = 6
_GRID = 25
_OF_IMAGE = 0.96
"""Share of the image's width and height for which the pinhole camera is sought."""
_FLAGS = cv2.CALIB_FIX_K3 | cv2.CALIB_ZERO_TANGENT_DIST  # what a board in a hand does not tell apart
_UNTIL = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_MAX_ITER, 60, 1e-9)


@dataclass(frozen=True)
class MeasuredCamera:
    """What a calibration comes to.

    Attributes:
        camera: the nearest pinhole camera.
        distortion: k1, k2, p1, p2, k3 of the lens.
        rms: reprojection error of the corners, with distortion, px.
        unsure: standard deviation of the focal length, as a share of it.
        pinhole_error: RMS over the image of what the pinhole camera leaves out, px.
        worst_error: the same where it is largest, px.
        views: that it was made of.
        left_out: corners that were found and did not fit.
    """

    camera: KnownCamera
    distortion: tuple[float, ...]
    rms: float
    unsure: float
    pinhole_error: float
    worst_error: float
    views: int
    left_out: int


def calibrate(boards: Sequence[SeenBoard]) -> MeasuredCamera:
    """The camera that saw these boards.

    Args:
        boards: of one image size, unlike each other.

    Raises:
        BothhandsError: there are too few, they do not tell the focal length, or they do not fit one camera.
    """
    if len(boards) < FEWEST_VIEWS:
        raise BothhandsError(
            say(
                "{count} views of the board are too few for a calibration; show it in {least} or more.",
                count=len(boards),
                least=FEWEST_VIEWS,
            )
        )
    if len({board.size for board in boards}) > 1:
        raise BothhandsError(say("The views of the board are of several image sizes; measure again with one."))
    size = boards[0].size
    pairs = [(board_points(board.ids), board.corners.astype(np.float32)) for board in boards]
    try:
        solved, fitting = _solve_robustly(pairs, size)
    except cv2.error as error:
        raise BothhandsError(_TELLS_TOO_LITTLE) from error
    matrix, distortion = solved.matrix, solved.distortion
    fx, fy, cx, cy = (float(matrix[at]) for at in ((0, 0), (1, 1), (0, 2), (1, 2)))
    most = MOST_RMS * max(size) / _USUAL_WIDTH
    if not solved.rms <= most:
        off = say("(They are {rms:.1f} px off; up to {most:.1f} px are good.)", rms=solved.rms, most=most)
        raise BothhandsError(joined(_DOES_NOT_FIT, off))
    if not (np.isfinite(distortion).all() and possible(fx, fy, cx, cy, *size)):
        raise BothhandsError(_TELLS_TOO_LITTLE)
    unsure = max(solved.unsure) / min(fx, fy)
    if not unsure <= _MOST_UNSURE or _most_turned(solved.rotations) < _LEAST_TURNED or abs(fx / fy - 1) > _MOST_OBLONG:
        raise BothhandsError(_TELLS_TOO_LITTLE)
    camera, pinhole_error, worst = _nearest_pinhole(matrix, distortion, size)
    if not _NARROWEST <= angle_of(camera, "horizontal") <= _WIDEST:
        raise BothhandsError(_TELLS_TOO_LITTLE)
    coefficients = tuple(float(number) for number in distortion.ravel()[:5])
    left_out = sum(int((~fits).sum()) for fits in fitting)
    known, views = KnownCamera.of(camera), len(solved.rotations)
    return MeasuredCamera(known, coefficients, solved.rms, unsure, pinhole_error, worst, views, left_out)


_DOES_NOT_FIT = say(
    "The views do not fit one camera: lay the board on something flat, hold it still in good light, leave zoom and "
    "focus alone, and measure again."
)
_TELLS_TOO_LITTLE = say(
    "The views do not tell the focal length: they are too much alike; tilt the board more, in all directions, and "
    "measure again."
)


@dataclass(frozen=True, eq=False)
class _Solved:
    rms: float
    matrix: np.ndarray
    distortion: np.ndarray
    rotations: Sequence[np.ndarray]
    places: Sequence[np.ndarray]
    unsure: tuple[float, float]
    """Standard deviations of both focal lengths, px."""


_Pairs = list[tuple[np.ndarray, np.ndarray]]
"""Places on the board (N, 3) and in the image (N, 2), view by view."""


def _solve(pairs: _Pairs, size: tuple[int, int]) -> _Solved:
    width, height = size
    points, corners = [pair[0] for pair in pairs], [pair[1].reshape(-1, 1, 2) for pair in pairs]
    guess = Intrinsics.assumed(width, height).matrix
    flags = _FLAGS | cv2.CALIB_USE_INTRINSIC_GUESS
    rms, matrix, distortion, rotations, places, deviations, _, _ = cv2.calibrateCameraExtended(
        points, corners, size, guess, np.zeros(5), flags=flags, criteria=_UNTIL
    )
    unsure = float(deviations[0, 0]), float(deviations[1, 0])
    return _Solved(float(rms), matrix, distortion, rotations, places, unsure)


def _solve_robustly(pairs: _Pairs, size: tuple[int, int]) -> tuple[_Solved, list[np.ndarray]]:
    """Solve, leave out the corners that lie far from it, and solve again.

    Returns:
        The solution; of each view (N,) bool: which of its corners it was made of.

    Raises:
        BothhandsError: too few corners of too few views are left.
    """
    fitting = [np.ones(len(corners), bool) for _, corners in pairs]
    for _ in range(_ROUNDS):
        solved, better = _solve_once(pairs, fitting, size)
        if all(np.array_equal(now, then) for now, then in zip(better, fitting, strict=True)):
            return solved, fitting
        fitting = better
    return _solve_once(pairs, fitting, size)[0], fitting


def _solve_once(pairs: _Pairs, fitting: list[np.ndarray], size: tuple[int, int]) -> tuple[_Solved, list[np.ndarray]]:
    """Solve by some corners of each view; which of all of them lie near the solution."""
    used = [place for place, fits in enumerate(fitting) if fits.sum() >= _FEWEST_CORNERS]
    if len(used) < FEWEST_VIEWS:
        raise BothhandsError(joined(_DOES_NOT_FIT, say("(Too many corners lie elsewhere.)")))
    solved = _solve([(pairs[at][0][fitting[at]], pairs[at][1][fitting[at]]) for at in used], size)
    errors = {at: _errors(pairs[at], solved, view) for view, at in enumerate(used)}
    usual = float(np.median(np.concatenate(list(errors.values()))))
    most = max(_FAR_OUT * usual, _LEAST_OUT_PX)
    nothing = [np.zeros(len(fits), bool) for fits in fitting]
    return solved, [errors[at] <= most if at in errors else nothing[at] for at in range(len(pairs))]


def _errors(pair: tuple[np.ndarray, np.ndarray], solved: _Solved, view: int) -> np.ndarray:
    """(N,) px between the corners of a view and where the solution has them."""
    points, corners = pair
    projected, _ = cv2.projectPoints(
        points, solved.rotations[view], solved.places[view], solved.matrix, solved.distortion
    )
    return np.linalg.norm(projected.reshape(-1, 2) - corners, axis=1)


def _most_turned(rotations: Sequence[np.ndarray]) -> float:
    """Degrees between the two boards that are turned most unlike each other."""
    normals = np.stack([cv2.Rodrigues(rotation)[0][:, 2] for rotation in rotations])
    return float(np.degrees(np.arccos(np.clip((normals @ normals.T).min(), -1.0, 1.0))))


def _nearest_pinhole(
    matrix: np.ndarray, distortion: np.ndarray, size: tuple[int, int]
) -> tuple[Intrinsics, float, float]:
    """The pinhole camera that shows what a lens shows in most of its image with the least error.

    Args:
        matrix: (3, 3) of the lens.
        distortion: (5,) or (1, 5).
        size: width and height of the image, px.

    Returns:
        It; RMS and largest of the error, px.
    """
    width, height = size
    rim = (1 - _OF_IMAGE) / 2
    across = np.linspace(rim * (width - 1), (1 - rim) * (width - 1), _GRID)
    down = np.linspace(rim * (height - 1), (1 - rim) * (height - 1), _GRID)
    pixels = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
    rays = cv2.undistortPoints(pixels.reshape(-1, 1, 2), matrix, distortion).reshape(-1, 2)
    ahead = np.column_stack([rays, np.ones(len(rays))])
    again, _ = cv2.projectPoints(ahead, np.zeros(3), np.zeros(3), matrix, distortion)
    # Beyond what the polynomial can be turned back for, its rays mean nothing.
    good = np.linalg.norm(again.reshape(-1, 2) - pixels, axis=1) < 0.5
    rays, pixels = rays[good], pixels[good]
    if len(rays) < _GRID * _GRID // 2:
        raise BothhandsError(_TELLS_TOO_LITTLE)
    (fx, cx), (fy, cy) = (np.polyfit(rays[:, axis], pixels[:, axis], 1) for axis in (0, 1))
    off = np.linalg.norm(rays * (fx, fy) + (cx, cy) - pixels, axis=1)
    camera = Intrinsics(float(fx), float(fy), float(cx), float(cy), width, height)
    if not possible(camera.fx, camera.fy, camera.cx, camera.cy, width, height):
        raise BothhandsError(_TELLS_TOO_LITTLE)
    return camera, float(np.sqrt(np.mean(off**2))), float(off.max())
