"""Sums beside files of a cache, by which a file that is not what was written is seen before it is believed.

A power cut can leave a file that has its whole length and zeros in it. OpenVINO takes such a network as it is, and what
it then finds in an image is nonsense, without a word. Against accidents, not against people: whoever may write the
cache may write its sums.
"""

from __future__ import annotations

import contextlib
import zlib
from pathlib import Path

_SUFFIX = ".crc32"
_BLOCK = 1 << 20
_known: dict[Path, tuple[int, int]] = {}
"""Files that were found whole, with their sizes and times: a start compiles several networks of one folder."""


def seal(path: Path) -> None:
    """Note what a file holds; where that cannot be written, it counts as damaged."""
    with contextlib.suppress(OSError):
        seal_of(path).write_text(_sum(path), encoding="ascii")


def is_whole(path: Path) -> bool:
    """Whether a file was sealed and is what it was then."""
    try:
        about = path.stat()
        if _known.get(path) != (about.st_size, about.st_mtime_ns):
            if seal_of(path).read_text(encoding="ascii") != _sum(path):
                return False
            _known[path] = (about.st_size, about.st_mtime_ns)
    except (OSError, ValueError):
        return False
    return True


def drop(path: Path) -> None:
    """Delete a file and its seal, as far as that is allowed."""
    for file in (path, seal_of(path)):
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)


def seal_of(path: Path) -> Path:
    """Where the sum of a file lies."""
    return path.with_name(f"{path.name}{_SUFFIX}")


def _sum(path: Path) -> str:
    size, crc = 0, 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            size, crc = size + len(block), zlib.crc32(block, crc)
    return f"{crc:08x} {size}\n"
