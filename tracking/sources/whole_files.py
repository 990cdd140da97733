"""Whether a file is as long as its own structure says: downloads that were cut off are not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

_EBML = b"\x1a\x45\xdf\xa3"
_SEGMENT = b"\x18\x53\x80\x67"


def is_cut(path: Path) -> bool:
    """Whether an MP4, QuickTime, Matroska, WebM, AVI or WebP file ends before its last part does.

    False for other files, and for those whose length was never written (a recording that was broken off).
    """
    try:
        with path.open("rb") as file:
            end = _announced_end(file)
            return end is not None and end > file.seek(0, os.SEEK_END)
    except (OSError, ValueError, OverflowError):
        return False


def _announced_end(file: BinaryIO) -> int | None:
    head = file.read(12)
    if head[:4] == b"RIFF":
        return 8 + int.from_bytes(head[4:8], "little")
    if head[:4] == _EBML:
        return _end_of_segment(file)
    return _end_of_boxes(file) if head[4:8].isalnum() and len(head) == 12 else None


def _end_of_boxes(file: BinaryIO) -> int | None:
    """Where the last box of an ISO file ends (ISO 14496-12, 4.2)."""
    size_of_file, place = file.seek(0, os.SEEK_END), 0
    while place + 8 <= size_of_file:
        file.seek(place)
        head = file.read(16)
        size = int.from_bytes(head[:4], "big")
        if size == 1 and len(head) == 16:
            size = int.from_bytes(head[8:], "big")
        if size < 8 or not head[4:8].isascii():  # to the end of the file, or no boxes
            return None
        place += size
    return place


def _end_of_segment(file: BinaryIO) -> int | None:
    """Where a Matroska file's segment ends (RFC 8794, 4 and 5)."""
    file.seek(4)
    header = _number(file)
    if header is None:
        return None
    file.seek(header, os.SEEK_CUR)
    if file.read(4) != _SEGMENT:
        return None
    size = _number(file)
    return None if size is None else file.tell() + size


def _number(file: BinaryIO) -> int | None:
    """The next variable-length number; None where all its bits are set, which means unknown."""
    first = file.read(1)
    if not first or not first[0]:
        return None
    length = 9 - first[0].bit_length()
    value = int.from_bytes(first + file.read(length - 1), "big") & ((1 << 7 * length) - 1)
    return None if value == (1 << 7 * length) - 1 else value
