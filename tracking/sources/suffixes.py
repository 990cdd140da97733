"""What the names of images and videos end in, where a folder is searched."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

IMAGE_SUFFIXES = frozenset(
    {".png", ".apng", ".jpg", ".jpeg", ".jfif", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".hif", ".avif"}
)
"""File names that end so are images that stand alone."""
VIDEO_SUFFIXES = frozenset(
    {".3gp", ".asf", ".avi", ".divx", ".dv", ".f4v", ".flv", ".gif", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg"}
    | {".mpg", ".mts", ".mxf", ".ogv", ".rm", ".ts", ".vob", ".webm", ".wmv"}
)
"""File names that end so are videos."""
_OF_A_SESSION, _OF_ITS_FRAMES = "session.json", "video.mkv"


def videos_below(
    folder: Path, leave_out: Collection[Path] = (), on_error: Callable[[OSError], None] | None = None
) -> Iterator[Path]:
    """The videos in a folder and all folders in it, by name.

    Hidden ones are passed over, and recorded sessions, whose videos were made of others.

    Args:
        folder: where to look.
        leave_out: folders that are not looked into.
        on_error: is told of folders that cannot be read; None passes over them.
    """
    for place, folders, files in os.walk(folder, onerror=on_error):
        here = Path(place)
        if _OF_A_SESSION in files:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith(".") and here / name not in leave_out)
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in VIDEO_SUFFIXES:
                yield here / name


def a_video_in(folder: Path) -> Path | None:
    """A video that a person may have meant by naming a folder: of a recorded session its own, else the first one."""
    own = folder / _OF_ITS_FRAMES
    return own if (folder / _OF_A_SESSION).is_file() and own.is_file() else next(videos_below(folder), None)
