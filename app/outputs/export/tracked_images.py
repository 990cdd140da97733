"""The images of a session together with the hands that were found in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from app.outputs.export.take import Take, video_origin
from app.replay.video_images import VideoIndex
from app.sessions.between import HandsBetween
from app.sessions.cameras import ImageCameras
from app.sessions.moments import exact, nearest, one_each
from models.errors import BothhandsError
from models.sentences import say
from models.values import Reconstruction
from tracking.sources.video import VideoSource
from tracking.values import Frame, TrackedFrame


def tracked_images(take: Take, video: Path) -> Iterator[TrackedFrame]:
    """Every image of the video, with its hands; where there are none, without.

    Images that came while the tracker was busy get hands in between, which count as predicted.

    Args:
        take: with its hand models.
        video: the take's.

    Raises:
        BothhandsError: the video cannot be read, or does not say when it was taken.
    """
    origin = video_origin(video)
    if origin is None:
        raise BothhandsError(
            say("The video {video} does not say when it was taken, so hands cannot be laid over it.", video=video)
        )
    images_ns = VideoIndex.of(video).times_ns
    found_ns, rows = np.unique(take.columns.captured_ns, return_inverse=True)
    by_time = np.split(np.argsort(rows, kind="stable"), np.flatnonzero(np.diff(np.sort(rows))) + 1)
    numbers = one_each(images_ns, found_ns)
    by_image = {number: by_time[moment] for moment, number in enumerate(numbers.tolist()) if number >= 0}
    times_ns = exact(images_ns, found_ns)
    between = None if take.every_frame_tracked else HandsBetween(take.columns)
    source = VideoSource(video)
    cameras: ImageCameras | None = None
    try:
        while (frame := source.read()) is not None:
            if cameras is None:
                cameras = ImageCameras.of(take.info, (frame.image.shape[1], frame.image.shape[0]))
            # By its time, not by counting: damaged images are left out of what is read.
            number = int(nearest(images_ns, np.array([origin + frame.captured_ns]))[0])
            taken = Frame(frame.index, int(times_ns[number]), frame.image)
            if number not in by_image and between is not None:
                yield _untracked(take, taken, between, cameras)
            else:
                yield _tracked(take, taken, by_image.get(number, np.empty(0, int)), cameras)
    finally:
        source.close()


def image_count(take: Take) -> int:
    """About how many images the video has: all are known only once they were read."""
    return (take.info.frames or 0) - take.info.dropped or len(np.unique(take.columns.captured_ns))


def _tracked(take: Take, frame: Frame, rows: np.ndarray, cameras: ImageCameras) -> TrackedFrame:
    columns = take.columns
    camera = int(columns.camera[rows[0]]) if len(rows) else cameras.at(frame.captured_ns)
    return TrackedFrame(
        frame=frame,
        hands=Reconstruction(columns.hands(rows, take.hand_models, cameras)),
        raw={},
        predicted=frozenset(columns.side_of(row) for row in rows if columns.predicted[row]),
        intrinsics=cameras.fitted[camera],
        model=str(columns.model[rows[0]]) if len(rows) else "",
    )


def _untracked(take: Take, frame: Frame, between: HandsBetween, cameras: ImageCameras) -> TrackedFrame:
    hands = between.hands(frame.captured_ns, take.hand_models, cameras)
    return TrackedFrame(
        frame=frame,
        hands=Reconstruction(hands),
        raw={},
        predicted=frozenset(hands),
        intrinsics=cameras.fitted[cameras.at(frame.captured_ns)],
        model=between.model(frame.captured_ns),
    )
