"""The files in a session folder: their names, and how they are opened and replaced."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import av
from av.container import InputContainer

INFO_FILE = "session.json"
JOURNAL_FILE = "hands.arrows"
VIDEO_FILE = "video.mkv"
MARKER_FILE = ".recording"
"""There while a session is written; left over where its writer was killed."""
PART_SUFFIX = ".part"
"""Behind the name of a file that is being written and gets its own name when it is whole."""

_NAME = re.compile(r"\d{8}-\d{6}(-\d+)?")


def session_name(started: datetime) -> str:
    """Name of the folder of a session that started then."""
    return f"{started:%Y%m%d-%H%M%S}"


def is_bare(folder: Path) -> bool:
    """Whether a folder is named as a session's and holds nothing: its writer was killed before it could be marked."""
    return _NAME.fullmatch(folder.name) is not None and next(folder.iterdir(), None) is None


def is_session(folder: Path) -> bool:
    """Whether a folder holds a session, or the beginning of one; one that may not be looked into counts as none."""
    try:
        return (folder / INFO_FILE).is_file() or (folder / MARKER_FILE).is_file()
    except OSError:
        return False


def is_there(folder: Path) -> bool:
    """Whether a folder is still there; where its disk was pulled out, not even that can be asked."""
    try:
        return folder.is_dir()
    except OSError:
        return False


@contextlib.contextmanager
def open_video(path: Path) -> Iterator[InputContainer]:
    """Open a video for reading.

    FFmpeg takes what stands before a colon in a name for a protocol, and PyAV no name that is not Unicode: so it gets
    the open file, never the name.

    Raises:
        OSError: the file cannot be opened.
        FFmpegError: it is no video.
    """
    with path.open("rb") as file, av.open(file, "r") as container:
        yield container


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Write a file beside another and put it in its place when it is whole and on the disk.

    Yields:
        The path to write to. When an exception passes, it is removed and the other file stays as it was.

    Raises:
        OSError: the folder cannot be written.
    """
    partial = path.with_name(f"{path.name}{PART_SUFFIX}")
    try:
        yield partial
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
    if os.name == "posix":  # the new name itself; other systems have no call for it
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
