"""What a file itself calls the codecs in it: FFmpeg does not tell the names of those that it does not know."""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO

_MOST_BYTES = 1 << 26
_HEAD_BYTES = 1 << 20
_ENCRYPTED = frozenset({"encv", "drmi"})


def codec_names(path: Path) -> list[str]:
    """Names of the codecs in a file; none where nothing is found.

    MP4 and QuickTime have sample entries (ISO 14496-12, 8.5.2), Matroska has codec IDs, AVI has four characters.
    """
    try:
        with path.open("rb") as file:
            index = _box(file, b"moov")
            if index is not None:
                entries = re.findall(rb"stsd.{4}.{4}.{4}(.{4})", index, re.DOTALL)
            else:
                file.seek(0)
                head = file.read(_HEAD_BYTES)
                entries = re.findall(rb"V_[A-Z0-9/_]{2,40}|(?<=vids)[ -~]{4}", head)
    except (OSError, ValueError):
        return []
    names = [entry.decode("latin-1").strip() for entry in entries]
    return list(dict.fromkeys(name for name in names if name.isprintable() and name))


def is_encrypted(names: list[str]) -> bool:
    """Whether these codecs' images are encrypted (ISO 23001-7, or Apple's)."""
    return not _ENCRYPTED.isdisjoint(names)


def _box(file: BinaryIO, wanted: bytes) -> bytes | None:
    """The content of a box at the top of a file; None where there is none, or the file has no boxes."""
    place = 0
    while True:
        file.seek(place)
        head = file.read(16)
        if len(head) < 8 or not head[4:8].isalnum():
            return None
        size = int.from_bytes(head[:4], "big")
        if size == 1 and len(head) == 16:
            size = int.from_bytes(head[8:], "big")
        if head[4:8] == wanted:
            file.seek(place)
            return file.read(min(size, _MOST_BYTES) if size else _MOST_BYTES)
        if size < 8:  # 0: up to the end of the file
            return None
        place += size
