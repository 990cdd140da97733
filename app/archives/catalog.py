"""Which videos an archive has, and where the session of each goes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.sessions.session import INFO_FILE
from models.errors import BothhandsError
from tracking.sources import IMAGE_SUFFIXES

VIDEO_SUFFIXES = frozenset(
    {".3gp", ".asf", ".avi", ".divx", ".dv", ".f4v", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg"}
    | {".mts", ".mxf", ".ogv", ".rm", ".ts", ".vob", ".webm", ".wmv"}
)
"""File names that end so are videos, where a folder is searched; a list may name any file."""
LIST_SUFFIX = ".txt"


@dataclass(frozen=True)
class Job:
    """One video of an archive.

    Attributes:
        name: the video's place in the archive, with "/" between folders.
        source: the file, absolute.
        folder: the session that is to be written, absolute.
    """

    name: str
    source: Path
    folder: Path


def is_archive(source: str) -> bool:
    """Whether `process` is to take this for an archive: a list, or a folder with videos in it and no pictures.

    Raises:
        BothhandsError: the folder cannot be read.
    """
    path = Path(source)
    if path.suffix.lower() == LIST_SUFFIX:
        return True
    if not path.is_dir():
        return False
    try:
        pictures = any(file.suffix.lower() in IMAGE_SUFFIXES for file in path.iterdir())
    except OSError as error:
        raise BothhandsError(f"The folder {path} cannot be read: {error.strerror or error}.") from error
    return not pictures and next(_videos_below(path, path / "nowhere"), None) is not None


def find_jobs(source: str, out: Path) -> list[Job]:
    """The videos of an archive, in the order in which they are named or, in folders, by name.

    Videos of a folder lie anywhere below it; sessions, hidden files and `out` are passed over. A list has one path a
    line, relative to its own place; empty lines and those that begin with # are passed over. What a list names is
    taken as it is: a file that is not there is a job that will fail.

    Args:
        source: folder or list.
        out: folder of sessions; that of `a/b.mp4` is `out/a/b.mp4`.

    Raises:
        BothhandsError: nothing there, or it cannot be read, or no video in it.
    """
    path, out = Path(source).absolute(), out.absolute()
    names = _names_of_list(path) if path.suffix.lower() == LIST_SUFFIX else _names_of_folder(path, out)
    jobs = [Job(name, file, out / name) for name, file in names.items()]
    if not jobs:
        raise BothhandsError(f"{path} names no video; give a folder of videos, or a list with one path a line.")
    return jobs


def _names_of_folder(folder: Path, out: Path) -> dict[str, Path]:
    return {file.relative_to(folder).as_posix(): file for file in _videos_below(folder, out)}


def _videos_below(folder: Path, out: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        here = Path(place)
        if INFO_FILE in files:  # a session: its videos were made of others
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith(".") and here / name != out)
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in VIDEO_SUFFIXES:
                yield here / name


def _names_of_list(path: Path) -> dict[str, Path]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise BothhandsError(f"There is no list {path}; check the name.") from error
    except OSError as error:
        raise BothhandsError(f"The list {path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise BothhandsError(f"{path} is no list of videos: it is not UTF-8 text.") from error
    entries = [line.strip() for line in lines]
    files = [_absolute(path.parent, entry) for entry in entries if entry and not entry.startswith("#")]
    return {_name_below(path.parent, file): file for file in files}


def _absolute(folder: Path, entry: str) -> Path:
    try:
        # pathlib has no home folder where nobody has one, and says so by an error.
        return Path(os.path.normpath(folder / os.path.expanduser(entry)))  # noqa: PTH111
    except RuntimeError:  # no such user
        return folder / entry


def _name_below(folder: Path, file: Path) -> str:
    """The path relative to the list; for files elsewhere, the whole path without its root, so that names differ."""
    if file.is_relative_to(folder):
        return file.relative_to(folder).as_posix()
    return Path(file.drive.rstrip(":").strip("/\\"), *file.parts[1:]).as_posix()
