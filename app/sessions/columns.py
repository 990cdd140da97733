"""A journal's columns as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from app.sessions.cameras import ImageCameras
from app.sessions.checks import list_values
from models.hand_model import HandModel
from models.values import HandParameters, HandReconstruction, Side


@dataclass(frozen=True, eq=False)
class HandColumns:
    """The columns of `JOURNAL_SCHEMA`, in its order, N rows: one per frame and side, in the order of frames.

    Attributes:
        frame: (N,) int64, place in the video where no image was dropped: frames are counted from the first one on.
        captured_ns: (N,) int64.
        side: (N,) str, "left" or "right".
        score: (N,) float32.
        predicted: (N,) bool.
        pose, shape, translation: (N, 48), (N, 10), (N, 3) float32, as in `HandParameters`.
        raw_pose, raw_shape, raw_translation: the same before smoothing; not a number where the side was not measured.
        joints: (N, 63) float32, 21 joints in metres, camera frame.
        joints_px: (N, 42) float32, the same in frame px.
        model: (N,) str, what made the hand.
        camera: (N,) int32, place of its intrinsics in the session's table.
    """

    frame: np.ndarray
    captured_ns: np.ndarray
    side: np.ndarray
    score: np.ndarray
    predicted: np.ndarray
    pose: np.ndarray
    shape: np.ndarray
    translation: np.ndarray
    raw_pose: np.ndarray
    raw_shape: np.ndarray
    raw_translation: np.ndarray
    joints: np.ndarray
    joints_px: np.ndarray
    model: np.ndarray
    camera: np.ndarray

    @classmethod
    def of(cls, table: pa.Table) -> HandColumns:
        """The columns of a table with `JOURNAL_SCHEMA`."""
        return cls(**{entry.name: _array(table[entry.name]) for entry in fields(cls)})

    def items(self) -> Iterator[tuple[str, np.ndarray]]:
        """Names and arrays, in the journal's order."""
        for entry in fields(self):
            yield entry.name, getattr(self, entry.name)

    def rows(self, side: Side) -> np.ndarray:
        """Indices of the rows of one side."""
        return np.flatnonzero(self.side == side)

    def side_of(self, row: int) -> Side:
        """Which hand a row is."""
        return "left" if self.side[row] == "left" else "right"

    def parameters(self, row: int) -> HandParameters:
        """The smoothed parameters of a row."""
        return HandParameters(self.pose[row].reshape(16, 3), self.shape[row], self.translation[row])

    def hands(
        self, rows: Iterable[int], hand_models: Mapping[Side, HandModel], cameras: ImageCameras | None = None
    ) -> dict[Side, HandReconstruction]:
        """The smoothed hands of rows of one moment.

        Meshes are not stored: the hand model gives them anew from the parameters, the same as while recording.

        Args:
            rows: at most one of each side.
            hand_models: by side, those that the parameters belong to.
            cameras: of images that the rows' own were fitted into; None leaves px as they were recorded.
        """
        return {self.side_of(row): self._hand(row, hand_models[self.side_of(row)], cameras) for row in rows}

    def _hand(self, row: int, model: HandModel, cameras: ImageCameras | None) -> HandReconstruction:
        parameters = self.parameters(row)
        vertices, _ = model.mesh(parameters)
        joints, joints_px = self.joints[row].reshape(21, 3), self.joints_px[row].reshape(21, 2)
        if cameras is not None:
            joints_px = cameras.pixels(joints_px, int(self.camera[row]))
        return HandReconstruction(parameters, vertices, joints, joints_px, float(self.score[row]))


def _array(column: pa.ChunkedArray) -> np.ndarray:
    whole = column.combine_chunks()
    if pa.types.is_string(whole.type):
        return np.array(whole.to_pylist(), dtype=np.str_)
    if not pa.types.is_fixed_size_list(whole.type):
        return whole.to_numpy(zero_copy_only=False)
    array, missing = list_values(whole)
    return np.where(missing[:, None], np.float32(np.nan), array) if missing.any() else array
