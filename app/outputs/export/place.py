"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from models.errors import BothhandsError
from models.plain_files import refuse_devices
from models.sentences import renamed, said, say


@contextlib.contextmanager
def whole_file(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """Lend a name beside `path`; what was written there is moved to `path` when the block ends well.

    However the block ends, nothing half-written stays, and an older file is as it was unless it was replaced whole.

    Args:
        path: the file wanted.
        overwrite: whether an older one may be replaced.

    Yields:
        The name to write to, with the same suffix.

    Raises:
        BothhandsError: there is a file already, no such folder, no permission, or no space.
    """
    if not overwrite and os.path.lexists(path):
        raise _exists(path)
    if not path.parent.is_dir():
        raise BothhandsError(
            say(
                "There is no folder {parent}; make it, or choose another place for {name}.",
                parent=path.parent,
                name=path.name,
            )
        )
    partial = path.with_name(f".{path.stem}-{secrets.token_hex(4)}{path.suffix}")
    try:
        refuse_devices(path)
        partial.touch(exist_ok=False)  # what is forbidden is told before the work, not after it
        yield partial
        _sync(partial)
        _move(partial, path, overwrite)
        _sync_folder(path.parent)
    except OSError as error:
        raise BothhandsError(
            say(
                "{path} cannot be written: {reason}; free some space or choose another place.",
                path=path,
                reason=str(error.strerror or error),
            )
        ) from error
    except BothhandsError as error:  # a person knows the file by its own name
        raise BothhandsError(renamed(said(error), partial, path)) from error
    finally:
        with contextlib.suppress(OSError):  # gone when it was moved
            partial.unlink()


def _move(partial: Path, path: Path, overwrite: bool) -> None:
    if overwrite:
        partial.replace(path)
        return
    try:
        path.hardlink_to(partial)  # unlike a rename it fails where a file has come meanwhile
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            raise _exists(path) from None
        partial.replace(path)


def _exists(path: Path) -> BothhandsError:
    return BothhandsError(
        say("{path} exists already; choose another name, or add --overwrite to replace it.", path=path)
    )


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":  # other systems have no call for it
        directory = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
