"""Where frames come from: cameras, videos, folders of images, network streams."""

from __future__ import annotations

import os
import re
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

from models.sentences import joined, said, say
from tracking.sources.camera_mode import CameraMode
from tracking.sources.cameras import CameraInfo, cameras_are_listed, list_cameras
from tracking.sources.formats import HEAD_BYTES, image_format
from tracking.sources.naming import readable, storable
from tracking.sources.protocol import FrameSource, SourceError
from tracking.sources.suffixes import IMAGE_SUFFIXES, VIDEO_SUFFIXES
from tracking.sources.system_cameras import PREFIX


def open_source(
    spec: str,
    *,
    sequence: bool = False,
    mirrored: bool = False,
    camera_mode: CameraMode | None = None,
    on_notice: Callable[[str], None] | None = None,
) -> FrameSource:
    """Open what a person named as the source.

    Args:
        spec: a camera ("0", "/dev/video0"), a video or image file, a folder of images, or a URL (rtsp, http, ...).
        sequence: a folder of images is a clip, and not a set of images that stand alone.
        mirrored: its images are mirrored (a selfie clip) and are to be turned back.
        camera_mode: size, rate and pixel format to ask a camera for; None asks for `USUAL_MODE`.
        on_notice: gets one sentence for everything a person should know that is not an error (a camera that was
            unplugged, an image that was skipped). May be called from another thread.

    Raises:
        SourceError: the source is missing, in use, empty or damaged; the text says which and what helps.
    """
    source = _open(spec, sequence, camera_mode, on_notice)
    if not mirrored:
        return source
    from tracking.sources.mirrored import MirroredSource

    return MirroredSource(source)


def _open(
    spec: str, sequence: bool, camera_mode: CameraMode | None, on_notice: Callable[[str], None] | None
) -> FrameSource:
    # Each kind is imported when it is asked for: OpenCV and FFmpeg take their time.
    if not spec.strip():
        raise SourceError(say("The source is empty: name a camera (0), a video, a folder of images or a URL."))
    if not os.path.lexists(spec):  # names of files may begin and end with spaces
        spec = spec.strip()
    if is_camera(spec):
        from tracking.sources.camera import CameraSource

        if not (spec.isdecimal() and os.path.lexists(spec)):
            return CameraSource(spec, mode=camera_mode, on_notice=on_notice)
        other = say("{name} is taken for a camera; the file or folder of that name is ./{name}.", name=spec)
        try:
            camera = CameraSource(spec, mode=camera_mode, on_notice=on_notice)
        except SourceError as error:
            raise SourceError(joined(said(error), other)) from error
        if on_notice is not None:
            on_notice(other)
        return camera
    if is_url(spec):
        if spec.lower().startswith("file://"):
            return _open_path(_path_of(spec), sequence, on_notice)
        from tracking.sources.stream import open_url

        return open_url(spec, on_notice=on_notice)
    # os.path's own: pathlib's raise on names that cannot be, which the source says in its own words.
    return _open_path(Path(os.path.expanduser(spec)), sequence, on_notice)  # noqa: PTH111


def _path_of(address: str) -> Path:
    """The path that a file's address (RFC 8089) means; its bytes need not be UTF-8."""
    place = address[len("file://") :]
    if os.name == "nt":
        return Path(urllib.request.url2pathname(place))
    return Path(os.fsdecode(urllib.parse.unquote_to_bytes(place.removeprefix("localhost"))))


def is_camera(spec: str) -> bool:
    """Whether this names a camera: a number, what a system lists it as, or a device that is no file or folder (/dev/shm
    has some).
    """
    if spec.strip().isdecimal() or (spec.startswith(PREFIX) and not os.path.lexists(spec)):
        return True
    return spec.startswith("/dev/") and not os.path.isdir(spec) and not os.path.isfile(spec)  # noqa: PTH112, PTH113


def is_url(spec: str) -> bool:
    """Whether this is an address, and no path."""
    return re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+://", spec) is not None


def _open_path(path: Path, sequence: bool, on_notice: Callable[[str], None] | None) -> FrameSource:
    if os.path.isdir(path) or _is_image(path):  # noqa: PTH112
        from tracking.sources.image_files import count_frames

        if os.path.isfile(path) and count_frames(path) > 1:  # noqa: PTH113
            from tracking.sources.animation import AnimationSource

            return AnimationSource(path, on_notice=on_notice)
        from tracking.sources.images import ImageFolderSource

        return ImageFolderSource(path, sequence=sequence, on_notice=on_notice)
    from tracking.sources.video import VideoSource

    return VideoSource(path, on_notice=on_notice)


def _is_image(path: Path) -> bool:
    """Whether a file holds an image, whatever its name is; where that cannot be seen, what its name says.

    An animated GIF is a video, as it always was.
    """
    named = path.suffix.lower() in IMAGE_SUFFIXES
    try:
        if not os.path.isfile(path):  # noqa: PTH113 - to open a pipe would wait for its writer
            return named
        with path.open("rb") as file:
            kind = image_format(file.read(HEAD_BYTES))
    except (OSError, ValueError):
        return named
    return named if kind is None else kind != "GIF" or named


__all__ = [
    "IMAGE_SUFFIXES",
    "VIDEO_SUFFIXES",
    "CameraInfo",
    "CameraMode",
    "FrameSource",
    "SourceError",
    "cameras_are_listed",
    "is_camera",
    "is_url",
    "list_cameras",
    "open_source",
    "readable",
    "storable",
]
