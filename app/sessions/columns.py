"""A journal's columns as arrays."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from models.values import HandParameters, Side


@dataclass(frozen=True, eq=False)
class HandColumns:
    """What a player needs of a journal, N rows: one per frame and side, in the order of frames.

    Attributes:
        captured_ns: (N,) int64.
        side: (N,) str, "left" or "right".
        score: (N,) float32.
        predicted: (N,) bool.
        pose, shape, translation: (N, 48), (N, 10), (N, 3) float32, as in `HandParameters`.
        joints: (N, 63) float32, 21 joints in metres, camera frame.
        joints_px: (N, 42) float32, the same in frame px.
    """

    captured_ns: np.ndarray
    side: np.ndarray
    score: np.ndarray
    predicted: np.ndarray
    pose: np.ndarray
    shape: np.ndarray
    translation: np.ndarray
    joints: np.ndarray
    joints_px: np.ndarray

    @classmethod
    def of(cls, table: pa.Table) -> HandColumns:
        """The columns of a table with `JOURNAL_SCHEMA`."""
        return cls(**{entry.name: _array(table[entry.name]) for entry in fields(cls)})

    def side_of(self, row: int) -> Side:
        """Which hand a row is."""
        return "left" if self.side[row] == "left" else "right"

    def parameters(self, row: int) -> HandParameters:
        """The smoothed parameters of a row."""
        return HandParameters(self.pose[row].reshape(16, 3), self.shape[row], self.translation[row])


def _array(column: pa.ChunkedArray) -> np.ndarray:
    whole = column.combine_chunks()
    if isinstance(whole, pa.FixedSizeListArray):  # without nulls in the columns above
        return whole.flatten().to_numpy(zero_copy_only=False).reshape(len(whole), -1)
    if pa.types.is_string(whole.type):
        return np.array(whole.to_pylist(), dtype="<U5")
    return whole.to_numpy(zero_copy_only=False)
