"""Where frames come from: cameras, videos, folders of pictures, network streams."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from tracking.sources.cameras import CameraInfo, list_cameras
from tracking.sources.protocol import CameraMode, FrameSource, SourceError

IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp"})
"""File names that end so are pictures that stand alone; every other file is read as a video."""


def open_source(
    spec: str,
    *,
    sequence: bool = False,
    camera_mode: CameraMode | None = None,
    on_notice: Callable[[str], None] | None = None,
) -> FrameSource:
    """Open what a person named as the source.

    Args:
        spec: a camera ("0", "/dev/video0"), a video or picture file, a folder of pictures, or a URL (rtsp, http, ...).
        sequence: a folder of pictures is a clip, and not a set of pictures that stand alone.
        camera_mode: size and rate to ask a camera for; None asks for the usual one.
        on_notice: gets one sentence for everything a person should know that is not an error (a camera that was
            unplugged, a picture that was skipped). May be called from another thread.

    Raises:
        SourceError: the source is missing, in use, empty or damaged; the text says which and what helps.
    """
    # Each kind is imported when it is asked for: OpenCV and FFmpeg take their time.
    if not os.path.lexists(spec):  # a name may well end in a space
        spec = spec.strip()
    if not spec:
        raise SourceError("The source is empty: name a camera (0), a video, a folder of pictures or a URL.")
    if spec.isdecimal() or spec.startswith("/dev/"):
        from tracking.sources.camera import CameraSource

        return CameraSource(spec, mode=camera_mode, on_notice=on_notice)
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+://", spec):
        from tracking.sources.stream import open_url

        return open_url(spec, on_notice=on_notice)
    # os.path's own: pathlib's raise on names that cannot be, which the source says in its own words.
    path = Path(os.path.expanduser(spec))  # noqa: PTH111
    if os.path.isdir(path) or path.suffix.lower() in IMAGE_SUFFIXES:  # noqa: PTH112
        from tracking.sources.images import ImageFolderSource

        return ImageFolderSource(path, sequence=sequence, on_notice=on_notice)
    from tracking.sources.video import VideoSource

    return VideoSource(path, on_notice=on_notice)


__all__ = ["IMAGE_SUFFIXES", "CameraInfo", "CameraMode", "FrameSource", "SourceError", "list_cameras", "open_source"]
