"""Views of the calibration board: which of them are worth keeping, and what is still missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from app.live.calibration_board import COLUMNS, ROWS, SeenBoard, board_points
from models.values import Intrinsics

Lack = Literal["board", "covered", "mirrored", "sharp", "still", "another"]
"""What a frame lacks, named by what is wanted: a board, enough of its corners, a source turned back, a sharp image, a
board that is held still, a view unlike those before."""
Need = Literal[
    "upper left",
    "upper right",
    "lower left",
    "lower right",
    "left edge",
    "right edge",
    "upper edge",
    "lower edge",
    "near",
    "far",
    "more",
]
"""What the views lack together: corners in a corner of the image, an edge of the board (as the image shows it) turned
towards the camera, a near and a far board, and more views of any kind."""
FEWEST_VIEWS = 12
_WANTED: Mapping[Need, int] = {
    **{"left edge": 2, "right edge": 2, "upper edge": 2, "lower edge": 2},
    **{"near": 1, "far": 1},
    **{"upper left": 1, "upper right": 1, "lower left": 1, "lower right": 1},
}
_FEWEST_CORNERS = 10
_OUTER = 0.28
"""Share of the image's width and height that its corners are."""
_TURNED = 18.0
"""Degrees from facing the camera: less tells distance and focal length badly apart."""
_NEAR, _FAR = 0.6, 0.4
"""Side of the whole board, as a square of the same area, in the image's height."""
_BLUR_SHARE, _BLUR_LEAST, _BLUR_OF_SQUARE = 0.0035, 3.5, 0.18
"""Most px over which black may become white: of the image's width, at least, and of a square's side."""
_STILL = 0.04
"""Image heights a second."""
_LONGEST_STEP_NS = 600_000_000
_OTHER_PLACE, _OTHER_SIZE, _OTHER_TILT = 0.12, 0.2, 10.0
"""What makes a view another one: share of the image's size, logarithm of its own, degrees."""


@dataclass(frozen=True, eq=False)
class BoardView:
    """A view and how the board is held in it.

    Attributes:
        board: what was found.
        place: (2,) middle of the board, of the image's width and height.
        share: side of the whole board, as a square of the same area, in the image's height.
        tilt: (2,) degrees by which its right and its lower edge are turned towards the camera.
    """

    board: SeenBoard
    place: np.ndarray
    share: float
    tilt: np.ndarray

    @classmethod
    def of(cls, board: SeenBoard) -> BoardView | None:
        """How a board is held, seen by an assumed camera; None where it cannot be told."""
        width, height = board.size
        camera = Intrinsics.assumed(width, height)
        points, flags = board_points(board.ids), cv2.SOLVEPNP_IPPE
        try:
            found, turned, place = cv2.solvePnP(points, board.corners, camera.matrix, np.zeros(5), flags=flags)
        except cv2.error:  # corners on one line
            return None
        if not found or not (np.isfinite(turned).all() and np.isfinite(place).all()):
            return None
        rotation, _ = cv2.Rodrigues(turned)
        middle = rotation @ np.array([COLUMNS / 2, ROWS / 2, 0.0]) + place.ravel()
        if middle[2] <= 0:
            return None
        away = rotation[:, 2]  # out of the board's back
        tilt = np.degrees(np.arctan2(away[:2], away[2]) - np.arctan2(middle[:2], middle[2]))
        share = np.sqrt(COLUMNS * ROWS) * camera.fy / middle[2] / height
        px = camera.project(middle)
        return cls(board, px / (width, height), float(share), tilt)

    def is_like(self, other: BoardView) -> bool:
        """Whether the other one shows nothing that this does not."""
        return bool(
            np.abs(self.place - other.place).max() < _OTHER_PLACE
            and abs(np.log(self.share / other.share)) < _OTHER_SIZE
            and np.abs(self.tilt - other.tilt).max() < _OTHER_TILT
        )

    @property
    def serves(self) -> frozenset[Need]:
        """What it gives of what the views need together."""
        across, down = (self.board.corners / self.board.size).T
        left, right, top, bottom = across < _OUTER, across > 1 - _OUTER, down < _OUTER, down > 1 - _OUTER
        has: Mapping[Need, bool] = {
            "upper left": bool((left & top).any()),
            "upper right": bool((right & top).any()),
            "lower left": bool((left & bottom).any()),
            "lower right": bool((right & bottom).any()),
            "left edge": self.tilt[0] < -_TURNED,
            "right edge": self.tilt[0] > _TURNED,
            "upper edge": self.tilt[1] < -_TURNED,
            "lower edge": self.tilt[1] > _TURNED,
            "near": self.share > _NEAR,
            "far": self.share < _FAR,
        }
        return frozenset(need for need, given in has.items() if given)


class BoardViews:
    """Is shown the board frame by frame, and keeps views until all is seen that a calibration needs.

    Attributes:
        views: that were kept; all of one image size.
        lack: what the newest frame lacks, None where it was kept; "board" before the first.
    """

    def __init__(self) -> None:
        self.views: list[BoardView] = []
        self.lack: Lack | None = "board"
        self._before: tuple[int, SeenBoard] | None = None

    @property
    def need(self) -> Need | None:
        """What the views still lack together, None where nothing is."""
        missing = self._missing()
        return next(iter(missing), None)

    @property
    def progress(self) -> float:
        """How much of what is needed there is, 0 to 1."""
        wanted = sum(_WANTED.values()) + FEWEST_VIEWS
        return 1.0 - sum(self._missing().values()) / wanted

    @property
    def places(self) -> Sequence[np.ndarray]:
        """(N, 2) of each view: where its corners lie, of the image's width and height."""
        return [view.board.corners / view.board.size for view in self.views]

    def update(self, board: SeenBoard | None, captured_ns: int) -> None:
        """Enter the next frame."""
        before, self._before = self._before, None if board is None else (captured_ns, board)
        self.lack = self._look(board, captured_ns, before)

    def _look(self, board: SeenBoard | None, captured_ns: int, before: tuple[int, SeenBoard] | None) -> Lack | None:
        if board is None:
            return "board"
        if self.views and self.views[0].board.size != board.size:
            self.views = []  # another camera, or another mode of it
        if len(board.ids) < _FEWEST_CORNERS or not _spread(board):
            return "covered"
        most = min(max(_BLUR_SHARE * board.size[0], _BLUR_LEAST), max(_BLUR_OF_SQUARE * board.square, 2.5))
        if board.blur > most:
            return "sharp"
        if not _is_still(board, captured_ns, before):
            return "still"
        view = BoardView.of(board)
        if view is None:
            return "covered"
        if any(other.is_like(view) for other in self.views):
            return "another"
        missing = self._missing()
        if "more" not in missing and not view.serves & missing.keys():
            return "another"
        self.views.append(view)
        return None

    def _missing(self) -> dict[Need, int]:
        given = [view.serves for view in self.views]
        counts: dict[Need, int] = {need: count - sum(need in has for has in given) for need, count in _WANTED.items()}
        counts["more"] = FEWEST_VIEWS - len(self.views)
        return {need: count for need, count in counts.items() if count > 0}


def _spread(board: SeenBoard) -> bool:
    """Whether the corners span more than a strip of the board."""
    rows, columns = np.divmod(board.ids, COLUMNS - 1)
    return len(np.unique(rows)) > 2 and len(np.unique(columns)) > 2


def _is_still(board: SeenBoard, now: int, before: tuple[int, SeenBoard] | None) -> bool:
    if before is None or not 0 < now - before[0] <= _LONGEST_STEP_NS or before[1].size != board.size:
        return False
    _, here, there = np.intersect1d(board.ids, before[1].ids, return_indices=True)
    if not len(here):
        return False
    way = float(np.median(np.linalg.norm(board.corners[here] - before[1].corners[there], axis=1)))
    return way / board.size[1] / ((now - before[0]) * 1e-9) <= _STILL
