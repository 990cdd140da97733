"""The hands of one run, by image."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from app.sessions.between import HandsBetween
from app.sessions.cameras import ImageCameras
from app.sessions.columns import HandColumns
from app.sessions.moments import one_each
from models.hand_model import HandModel
from models.values import Reconstruction, Side


class RunHands:
    """What a run found in a clip.

    Args:
        table: the run's journal.
        times_ns: (P,) capture times of the clip's images, rising.
        hand_models: by side, those that the parameters belong to.
        cameras: of the clip's images, where those that the run has seen were fitted into them; None where they are
            the same.
        every_frame_tracked: whether an image without hands has none; otherwise it may have come while the tracker was
            busy, and gets those in between the ones before and after it.
    """

    def __init__(
        self,
        table: pa.Table,
        times_ns: np.ndarray,
        hand_models: Mapping[Side, HandModel],
        cameras: ImageCameras | None = None,
        *,
        every_frame_tracked: bool = True,
    ) -> None:
        self._columns = HandColumns.of(table)
        self._times_ns = times_ns
        self._between = None if every_frame_tracked else HandsBetween(self._columns)
        self._hand_models = hand_models
        self._cameras = cameras
        found_ns, rows_of = np.unique(self._columns.captured_ns, return_inverse=True)
        pictures = one_each(times_ns, found_ns)[rows_of]
        rows = np.argsort(pictures, kind="stable")
        self._bounds = np.searchsorted(pictures[rows], np.arange(len(times_ns) + 1))
        self._rows = rows

    def hands(self, number: int) -> Reconstruction:
        """The hands in an image, meshes included."""
        rows = self._rows[self._bounds[number] : self._bounds[number + 1]]
        if not len(rows) and self._between is not None:
            return Reconstruction(self._between.hands(int(self._times_ns[number]), self._hand_models, self._cameras))
        return Reconstruction(self._columns.hands(rows, self._hand_models, self._cameras))

    def model(self, number: int) -> str:
        """What made the hands in an image; "" where there are none."""
        begin, end = self._bounds[number], self._bounds[number + 1]
        if end > begin:
            return str(self._columns.model[self._rows[begin]])
        return "" if self._between is None else self._between.model(int(self._times_ns[number]))
