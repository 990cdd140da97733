"""The hands of one run, by picture."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from app.sessions.columns import HandColumns
from models.hand_model import HandModel
from models.values import HandReconstruction, Reconstruction, Side

TOLERANCE_NS = 2_000_000
"""A video's times are whole milliseconds, and a picture that falls on one taken already comes one later."""


class HandTrack:
    """What a run found in a clip.

    Meshes are not stored: the hand model gives them anew from the stored parameters, the same as while recording.

    Args:
        table: the run's journal.
        times_ns: (P,) capture times of the clip's pictures, rising.
        hand_models: by side, those that the parameters belong to.
    """

    def __init__(self, table: pa.Table, times_ns: np.ndarray, hand_models: Mapping[Side, HandModel]) -> None:
        self._columns = HandColumns.of(table)
        self._hand_models = hand_models
        pictures = nearest(times_ns, self._columns.captured_ns)
        rows = np.argsort(pictures, kind="stable")
        self._bounds = np.searchsorted(pictures[rows], np.arange(len(times_ns) + 1))
        self._rows = rows

    def hands(self, number: int) -> Reconstruction:
        """The hands in a picture, meshes included."""
        hands = (self._hand(int(row)) for row in self._rows[self._bounds[number] : self._bounds[number + 1]])
        return Reconstruction(dict(hands))

    def _hand(self, row: int) -> tuple[Side, HandReconstruction]:
        columns = self._columns
        side = columns.side_of(row)
        parameters = columns.parameters(row)
        vertices, _ = self._hand_models[side].mesh(parameters)
        joints, joints_px = columns.joints[row].reshape(21, 3), columns.joints_px[row].reshape(21, 2)
        return side, HandReconstruction(parameters, vertices, joints, joints_px, float(columns.score[row]))


def nearest(times_ns: np.ndarray, captured_ns: np.ndarray) -> np.ndarray:
    """Which picture each moment belongs to.

    Args:
        times_ns: (P,) int64 rising, of the pictures.
        captured_ns: (N,) int64.

    Returns:
        (N,) numbers; -1 where no picture was taken then.
    """
    after = np.clip(np.searchsorted(times_ns, captured_ns), 1, max(1, len(times_ns) - 1))
    after = np.minimum(after, len(times_ns) - 1)
    before = np.maximum(after - 1, 0)
    closer_before = captured_ns - times_ns[before] <= times_ns[after] - captured_ns
    numbers = np.where(closer_before, before, after)
    return np.where(np.abs(times_ns[numbers] - captured_ns) <= TOLERANCE_NS, numbers, -1)
