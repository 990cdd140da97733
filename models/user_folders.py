"""Where a person's settings, caches and recordings lie, on machines where nobody is at home too.

In containers programs often run as a number without a name: no entry in the list of users, no HOME, or one that cannot
be written. Then a temporary folder stands in, which is said once.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from models.errors import BothhandsError
from models.sentences import say

logger = logging.getLogger(__name__)

_APP = "bothhands"
_STAND_IN_VARIABLE = "BOTHHANDS_STAND_IN"
"""Tells processes that this one starts which folder stands in, and that it was said."""


def _platform() -> ModuleType:
    """Imported where it is asked: a machine that only trains does without."""
    import platformdirs

    return platformdirs


def config_folder() -> Path:
    """For settings; it may have to be made.

    Raises:
        BothhandsError: there is no such folder, and none can stand in.
    """
    return _usable(lambda: _platform().user_config_path(_APP), "settings")


def cache_folder() -> Path:
    """For what can be made again; it may have to be made.

    Raises:
        BothhandsError: there is no such folder, and none can stand in.
    """
    return _usable(lambda: _platform().user_cache_path(_APP), "cache", read_only=False)


def data_folder() -> Path:
    """For weights that a person installs; it may have to be made.

    Raises:
        BothhandsError: there is no such folder, and none can stand in.
    """
    return _usable(lambda: _platform().user_data_path(_APP), "data")


def recordings_folder() -> Path:
    """For what a person records; it may have to be made.

    Raises:
        BothhandsError: there is no such folder, and none can stand in.
    """
    return _usable(lambda: _platform().user_videos_path() / "Bothhands", "recordings")


def notice() -> str | None:
    """What a person should know of where things are kept; None where they are kept as usual."""
    return _sentence(stand_in()) if stand_in.cache_info().currsize else None


@functools.cache
def stand_in() -> Path:
    """The temporary folder that is used where there is no other, this person's alone; saying so is part of it.

    Raises:
        BothhandsError: none can be written.
    """
    if known := os.environ.get(_STAND_IN_VARIABLE):
        return Path(known)
    try:
        folder = _own_temporary_folder()
    except OSError as error:
        raise BothhandsError(
            say(
                "There is neither a home folder nor a temporary folder that can be written ({reason}); set "
                "HOME to one that can.",
                reason=error.strerror,
            )
        ) from error
    os.environ[_STAND_IN_VARIABLE] = str(folder)
    logger.warning(_sentence(folder))
    return folder


def _sentence(folder: Path) -> str:
    return say(
        "There is no home folder that can be written, so settings, caches and recordings are kept in "
        "{folder}; set HOME to a folder to keep them there.",
        folder=folder,
    )


def _usable(usual: Callable[[], Path], name: str, read_only: bool = True) -> Path:
    """The usual folder, where it can be written, or has something in it to read; else the one that stands in."""
    with contextlib.suppress(RuntimeError):  # there is no home folder
        folder = usual()
        # "~" that nobody could replace would become a folder of that name.
        if folder.is_absolute() and (_can_be_made(folder) or (read_only and _has_something(folder))):
            return folder
    return stand_in() / name


def _has_something(folder: Path) -> bool:
    try:
        return folder.is_dir() and any(folder.iterdir())
    except OSError:
        return False


def _can_be_made(folder: Path) -> bool:
    for place in (folder, *folder.parents):
        try:
            if place.exists():
                return place.is_dir() and os.access(place, os.W_OK | os.X_OK)
        except OSError:
            return False
    return False


def _own_temporary_folder() -> Path:
    """The same one at each start, unless somebody else has made a folder of that name."""
    if hasattr(os, "getuid"):
        folder = Path(tempfile.gettempdir(), f"{_APP}-{os.getuid()}")
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077:
            return folder
    return Path(tempfile.mkdtemp(prefix=f"{_APP}-"))
