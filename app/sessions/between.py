"""Hands of frames that were captured while the tracker was busy: between those of the tracked frames around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from app.sessions.cameras import ImageCameras
from app.sessions.columns import HandColumns
from app.sessions.moments import gaps
from models.hand_model import HandModel
from models.quaternions import Rotations
from models.values import SIDES, HandParameters, HandReconstruction, Side


class HandsBetween:
    """Interpolates hands, so that they do not flicker in a video with more images than were tracked.

    A hand is shown between two rows of it that one model made with one camera, where the time between them is no gap
    (`app.sessions.moments.gaps`): rotations on the shortest arc, the rest along straight lines. Before the first row,
    after the last one, and where a hand was gone for longer, there is none: nothing is made up.

    Args:
        columns: of a session, in the order of time.
    """

    def __init__(self, columns: HandColumns) -> None:
        self._columns = columns
        self._rows = {side: columns.rows(side) for side in SIDES}
        self._times = {side: columns.captured_ns[rows] for side, rows in self._rows.items()}
        self._joined = {side: self._whole(rows) for side, rows in self._rows.items()}

    def hands(
        self, captured_ns: int, hand_models: Mapping[Side, HandModel], cameras: ImageCameras | None = None
    ) -> dict[Side, HandReconstruction]:
        """The hands at a time at which none were tracked.

        Args:
            captured_ns: the time.
            hand_models: by side, those that the parameters belong to.
            cameras: of images that the rows' own were fitted into; None leaves px as they were recorded.
        """
        return {
            side: self._between(side, place, captured_ns, hand_models[side], cameras)
            for side, place in self._places(captured_ns)
        }

    def model(self, captured_ns: int) -> str:
        """What made the hands that are shown at a time; "" where there are none."""
        for side, place in self._places(captured_ns):
            return str(self._columns.model[self._rows[side][place]])
        return ""

    def _places(self, captured_ns: int) -> Iterator[tuple[Side, int]]:
        """Sides that are shown at a time, with the place of the row before it among the side's rows."""
        for side in SIDES:
            place = int(np.searchsorted(self._times[side], captured_ns, "right")) - 1
            if 0 <= place < len(self._joined[side]) and self._joined[side][place]:
                yield side, place

    def _whole(self, rows: np.ndarray) -> np.ndarray:
        """(N-1,) bool: which rows of a hand go on into the next one."""
        columns = self._columns
        changes = (columns.model[rows][1:] != columns.model[rows][:-1]) | (np.diff(columns.camera[rows]) != 0)
        return ~gaps(columns.captured_ns[rows] * 1e-9) & ~changes

    def _between(
        self, side: Side, place: int, captured_ns: int, model: HandModel, cameras: ImageCameras | None
    ) -> HandReconstruction:
        columns = self._columns
        before, after = (int(row) for row in self._rows[side][place : place + 2])
        since, until = (int(time) for time in self._times[side][place : place + 2])
        weight = (captured_ns - since) / (until - since)

        def mixed(column: np.ndarray) -> np.ndarray:
            return ((1 - weight) * column[before] + weight * column[after]).astype(np.float32)

        first, last = (Rotations.from_rotvec(columns.pose[row].reshape(16, 3)) for row in (before, after))
        pose = first.towards(last, weight).as_rotvec().astype(np.float32)
        parameters = HandParameters(pose, mixed(columns.shape), mixed(columns.translation))
        vertices, joints = model.mesh(parameters)
        joints_px = mixed(columns.joints_px).reshape(21, 2)
        if cameras is not None:
            joints_px = cameras.pixels(joints_px, int(columns.camera[before]))
        return HandReconstruction(parameters, vertices, joints, joints_px, float(mixed(columns.score)))
