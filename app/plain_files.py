"""Opens files that stand in folders where others may put something else."""

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
    if path.exists() and not path.is_file() and not path.is_dir():  # of a folder the system says it
        raise OSError(errno.EINVAL, say("it is no file"))
    return path.open("rb")
