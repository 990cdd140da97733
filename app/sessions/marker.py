"""The mark of a session that is being written: who writes it, and whether that process still lives."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

from app.sessions.files import MARKER_FILE, is_bare
from models.errors import BothhandsError
from models.plain_files import open_file
from models.sentences import say

_CLOCK_SLACK_SECONDS = 2.0
"""File systems keep times more coarsely than processes do."""
_TRIES = 3


def claim(folder: Path) -> None:
    """Mark the session as written by this process; of two that try at once, one is refused.

    Raises:
        BothhandsError: another running process writes it.
        OSError: the folder cannot be written.
    """
    marker = folder / MARKER_FILE
    for _ in range(_TRIES):
        if _make(marker):
            return
        writer = writer_of(folder)
        if writer == os.getpid():
            return
        if writer is not None:
            raise BothhandsError(
                say(
                    "{folder} is being written by process {writer}; wait for it, or choose another folder.",
                    folder=folder,
                    writer=writer,
                )
            )
        marker.unlink(missing_ok=True)  # left over
    raise BothhandsError(say("{folder} is being written by another process; choose another folder.", folder=folder))


def release(folder: Path) -> None:
    """Leave the session unfinished, and free to be recovered; needs no space on the disk.

    Raises:
        OSError: the mark cannot be written.
    """
    (folder / MARKER_FILE).write_bytes(b"")


def remove(folder: Path) -> None:
    """The session is complete.

    Raises:
        OSError: the folder cannot be written.
    """
    (folder / MARKER_FILE).unlink(missing_ok=True)


def is_marked(folder: Path) -> bool:
    """Whether the session was never completed."""
    return (folder / MARKER_FILE).exists()


def writer_of(folder: Path) -> int | None:
    """Id of the running process that writes the session, None where there is none.

    A process that began after the mark was made only happens to have the number of the one that made it.
    """
    marker = folder / MARKER_FILE
    try:
        with open_file(marker) as file:
            pid, marked = int(file.read()), os.fstat(file.fileno()).st_mtime
    except (OSError, ValueError):
        return None
    try:
        begun = psutil.Process(pid).create_time()
    except (OSError, ValueError, OverflowError, psutil.NoSuchProcess):
        return None
    except psutil.AccessDenied:  # somebody else's process: it lives
        return pid
    return pid if begun <= marked + _CLOCK_SLACK_SECONDS else None


def find_unfinished(root: Path) -> list[Path]:
    """Sessions in a folder that were never completed and that nobody writes any more, oldest first."""
    try:
        folders = sorted(path for path in root.iterdir() if path.is_dir())
        return [path for path in folders if is_bare(path) or (is_marked(path) and writer_of(path) is None)]
    except OSError:
        return []


def _make(marker: Path) -> bool:
    """Make the mark with its content in one step; False where there is one."""
    own = marker.with_name(f"{marker.name}-{os.getpid()}")
    try:
        own.write_text(str(os.getpid()), encoding="ascii")
        try:
            marker.hardlink_to(own)
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links
            try:
                with marker.open("x", encoding="ascii") as file:
                    file.write(str(os.getpid()))
            except FileExistsError:
                return False
    finally:
        own.unlink(missing_ok=True)
    return True
