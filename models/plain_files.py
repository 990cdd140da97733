"""Files that stand in folders where others may put something else."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import BinaryIO

from models.sentences import say


def open_file(path: Path) -> BinaryIO:
    """Open a file for reading; a pipe in its place would be waited for, for ever.

    Raises:
        OSError: it is not there, is no file, or cannot be opened.
    """
    refuse_devices(path)
    return path.open("rb")


def refuse_devices(path: Path) -> None:
    """Whether a file may stand there that is read or replaced: who may write everywhere would replace a device.

    Raises:
        OSError: a pipe or a device stands there; of a folder the system itself says it.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(errno.EINVAL, say("it is no file"))
