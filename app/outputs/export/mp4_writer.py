"""MP4: the session's video with the hands drawn over it, each image at the time at which it was taken."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np

from app.outputs.export.formats import Progress, WriterOptions
from app.outputs.export.take import Take
from app.outputs.export.tracked_images import image_count, tracked_images
from app.sessions.video import VideoWriter
from models.errors import BothhandsError
from models.sentences import say
from models.values import Side
from render.factory import AUTO, create_renderer
from render.overlay import OverlayPainter
from render.protocol import OverlayStyle


def write(take: Take, path: Path, options: WriterOptions, progress: Progress) -> list[str]:
    """Write the video. See `app.outputs.export.formats.Writer`.

    Raises:
        BothhandsError: the session has no video.
    """
    if take.video is None:
        raise BothhandsError(
            say(
                "The session {path} was kept without its video, which mp4 needs; the other formats do "
                "without. `process --keep-frames` keeps it.",
                path=take.path,
            )
        )
    faces: dict[Side, np.ndarray] = {side: model.faces for side, model in take.hand_models.items()}
    style, total = OverlayStyle(), image_count(take)
    with contextlib.ExitStack() as stack:
        painter = OverlayPainter(create_renderer(AUTO, faces))
        stack.callback(painter.close)
        writer: VideoWriter | None = None
        for done, tracked in enumerate(tracked_images(take, take.video), start=1):
            picture = painter.paint(tracked.frame.image, tracked.hands, tracked.intrinsics, style)
            if writer is None:  # the size is known with the first image
                writer = stack.enter_context(VideoWriter(path, picture.shape[1], picture.shape[0]))
            writer.add(picture, int(take.time.at(np.array([tracked.frame.captured_ns]))[0]))
            progress(done, max(done, total))
    return []
