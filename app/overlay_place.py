"""Where an overlay may be written."""

from __future__ import annotations

import contextlib
from pathlib import Path

from app.sessions.files import INFO_FILE, VIDEO_FILE
from app.sessions.video import check_video_name
from models.errors import BothhandsError
from tracking.sources import readable


def overlay_place(asked: Path | None, source: str, *, independent: bool, folder: Path) -> Path:
    """Where the overlay goes: images that stand alone get a folder of images, clips a video, unless one was named.

    Args:
        asked: the video, or without a suffix the folder of images, that a person named; None where none was.
        source: what is tracked, as a person named it.
        independent: whether its images stand alone.
        folder: of the session; it is there.

    Raises:
        BothhandsError: it cannot be written there, or would take the place of what is tracked.
    """
    if asked is None:
        return folder / ("overlay" if independent else "overlay.mp4")
    if _is(asked, source):
        raise BothhandsError(
            f"The overlay would take the place of {readable(asked)}, which is tracked; choose another --video."
        )
    if asked.name == VIDEO_FILE and (_is(asked.parent, str(folder)) or (asked.parent / INFO_FILE).exists()):
        raise BothhandsError(f"{readable(asked)} is the name of a session's raw frames; choose another --video.")
    if asked.suffix:
        check_video_name(asked)
        if not asked.parent.is_dir():
            raise BothhandsError(
                f"There is no folder {readable(asked.parent)}; make it, or choose another place for {asked.name}."
            )
    if asked.exists() and asked.is_dir() == bool(asked.suffix):
        kind, other = ("video", "folder") if asked.suffix else ("folder of images", "file")
        raise BothhandsError(
            f"The overlay {readable(asked)} would be a {kind}, and a {other} has that name; choose another --video."
        )
    return asked


def _is(path: Path, source: str) -> bool:
    """Whether both are the same file or folder, whatever they are called."""
    with contextlib.suppress(OSError, ValueError):  # a camera, a URL, or what is not there yet
        return path.samefile(Path(source).expanduser())
    return False
