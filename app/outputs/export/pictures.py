"""The pictures of a session together with the hands that were found in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from app.outputs.export.take import Take, video_origin
from models.errors import BothhandsError
from models.values import HandReconstruction, Reconstruction, Side
from tracking.sources.video import VideoSource
from tracking.values import Frame, TrackedFrame

_TOLERANCE_NS = 2_000_000
"""A video's times are whole milliseconds, and a picture that falls on one taken already comes one later."""


def tracked_pictures(take: Take, video: Path) -> Iterator[TrackedFrame]:
    """Every picture of the video, with its hands; where there are none, without.

    Args:
        take: with its hand models.
        video: the take's.

    Raises:
        BothhandsError: the video cannot be read, or does not say when it was taken.
    """
    origin = video_origin(video)
    if origin is None:
        raise BothhandsError(f"The video {video} does not say when it was taken, so hands cannot be laid over it.")
    times, rows = np.unique(take.columns.captured_ns, return_inverse=True)
    by_time = np.split(np.argsort(rows, kind="stable"), np.flatnonzero(np.diff(np.sort(rows))) + 1)
    source = VideoSource(video)
    try:
        while (frame := source.read()) is not None:
            captured_ns, found = origin + frame.captured_ns, np.empty(0, int)
            nearest = int(np.abs(times - captured_ns).argmin())
            if abs(int(times[nearest]) - captured_ns) <= _TOLERANCE_NS:
                captured_ns, found = int(times[nearest]), by_time[nearest]
            yield _tracked(take, Frame(frame.index, captured_ns, frame.image), found)
    finally:
        source.close()


def picture_count(take: Take) -> int:
    """About how many pictures the video has: all are known only once they were read."""
    return take.info.frames or len(np.unique(take.columns.captured_ns))


def hand(take: Take, row: int) -> HandReconstruction:
    """The hand of a row, with its mesh.

    Args:
        take: with its hand models.
        row: of the take's columns.
    """
    columns = take.columns
    side: Side = "left" if columns.side[row] == "left" else "right"
    parameters = columns.parameters(row)
    vertices, _ = take.hand_models[side].mesh(parameters)
    return HandReconstruction(
        parameters,
        vertices,
        columns.joints[row].reshape(21, 3),
        columns.joints_px[row].reshape(21, 2),
        float(columns.score[row]),
    )


def _tracked(take: Take, frame: Frame, rows: np.ndarray) -> TrackedFrame:
    columns = take.columns
    sides: dict[int, Side] = {int(row): "left" if columns.side[row] == "left" else "right" for row in rows}
    return TrackedFrame(
        frame=frame,
        hands=Reconstruction({side: hand(take, row) for row, side in sides.items()}),
        raw={},
        predicted=frozenset(side for row, side in sides.items() if columns.predicted[row]),
        intrinsics=take.info.intrinsics,
        model=take.info.model,
    )
