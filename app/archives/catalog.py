"""Which videos an archive has, and where the session of each goes."""

from __future__ import annotations

import codecs
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.errors import BothhandsError
from models.plain_files import open_file
from tracking.sources import IMAGE_SUFFIXES, readable
from tracking.sources.suffixes import videos_below

LIST_SUFFIX = ".txt"


@dataclass(frozen=True)
class Job:
    """One video of an archive.

    Attributes:
        name: the video's place in the archive, with "/" between folders; never leads out of it.
        source: the file, absolute.
        folder: the session that is to be written, absolute.
    """

    name: str
    source: Path
    folder: Path


def is_archive(source: str) -> bool:
    """Whether `process` is to take this for an archive: a list, or a folder with videos in it and no images.

    Raises:
        BothhandsError: the folder cannot be read.
    """
    if not source:  # no name at all would be the working folder
        return False
    path = Path(source)
    if path.suffix.lower() == LIST_SUFFIX:
        return True
    if not os.path.isdir(path):  # noqa: PTH112 - pathlib's raises on names that cannot be; the source says it in words
        return False
    try:
        names = [file for file in path.iterdir() if not file.name.startswith(".")]
    except OSError as error:
        raise BothhandsError(f"The folder {readable(path)} cannot be read: {error.strerror or error}.") from error
    pictures = any(file.suffix.lower() in IMAGE_SUFFIXES for file in names)
    return not pictures and next(videos_below(path), None) is not None


def find_jobs(source: str, out: Path) -> list[Job]:
    """The videos of an archive, in the order in which they are named or, in folders, by name.

    Videos of a folder lie anywhere below it; sessions, hidden files and `out` are passed over. A list has one path a
    line, relative to its own place; empty lines and those that begin with # are passed over. What a list names is
    taken as it is: a file that is not there is a job that will fail, and so is a folder that cannot be read.

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
        raise BothhandsError(
            f"{readable(path)} names no video; give a folder of videos, or a list with one path a line."
        )
    return jobs


def _names_of_folder(folder: Path, out: Path) -> Mapping[str, Path]:
    locked: list[OSError] = []
    files = list(videos_below(folder, (out,), locked.append))
    files += [Path(os.fsdecode(error.filename)) for error in locked if error.filename]
    return {file.relative_to(folder).as_posix() or folder.name: file for file in files}


def _names_of_list(path: Path) -> Mapping[str, Path]:
    try:
        with open_file(path) as file:
            data = file.read()
    except FileNotFoundError as error:
        raise BothhandsError(f"There is no list {readable(path)}; check the name.") from error
    except OSError as error:
        raise BothhandsError(f"The list {readable(path)} cannot be read: {error.strerror or error}.") from error
    if b"\0" in data:
        raise BothhandsError(f"{readable(path)} is no list of videos: it is not UTF-8 text.")
    # As names of files are decoded: they are bytes on Linux, and not all of them are UTF-8.
    lines = [os.fsdecode(line) for line in data.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n").split(b"\n")]
    files = [_absolute(path.parent, entry) for entry in lines if entry.strip() and not entry.lstrip().startswith("#")]
    names: dict[str, Path] = {}
    for file in dict.fromkeys(files):
        names[_unused(_name_below(path.parent, file), names)] = file
    return names


def _absolute(folder: Path, entry: str) -> Path:
    """The file that a line names; names may begin and end with spaces, and lines that name none such may as well."""
    as_it_is = _expanded(folder, entry)
    return as_it_is if os.path.lexists(as_it_is) else _expanded(folder, entry.strip())


def _expanded(folder: Path, entry: str) -> Path:
    # os.path's own leaves the name of a user who does not exist as it is, where pathlib's raises.
    return Path(os.path.normpath(folder / os.path.expanduser(entry)))  # noqa: PTH111


def _name_below(folder: Path, file: Path) -> str:
    """The path relative to the list; for files elsewhere, the whole path without its root, so that names differ.

    Whatever a name holds, it stays below the folder of sessions, on every system.
    """
    inside = file.is_relative_to(folder)
    parts = file.relative_to(folder).parts if inside else (file.drive.strip("/\\"), *file.parts[1:])
    safe = [part.replace("\\", "_").replace(":", "_") if os.name == "nt" or "\\" in part else part for part in parts]
    return "/".join(part for part in safe if part not in ("", ".", "..")) or "video"


def _unused(name: str, names: Mapping[str, Path]) -> str:
    """The name, numbered where another file has it already (one beside the list, the other with the same root)."""
    number, unused = 1, name
    while unused in names:
        number += 1
        unused = f"{name} ({number})"
    return unused
