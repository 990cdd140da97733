"""Messages of an Arrow stream in a file of which nothing is believed: where one begins and where it ends."""

from __future__ import annotations

import os
import re
import struct
from typing import BinaryIO

END_OF_STREAM = b"\xff\xff\xff\xff" + bytes(4)
_MARK = END_OF_STREAM[:4]
_PREFIX = 8
"""Bytes of mark and metadata length in front of a message."""
_BEGINNING = re.compile(rb"\xff{4}..\0\0", re.DOTALL)
"""Where a message or the end may begin: the mark and a length below 64 KiB, which no batch of a journal comes near."""
_BLOCK = 1 << 20
"""Bytes that are read at a time; a message that is longer is read as a whole."""
_RECORD_BATCH = 3
"""`MessageHeader.RecordBatch`."""


class MessageFile:
    """A file of messages, of which no more than a block is held at a time.

    Attributes:
        size: bytes, when it was opened; what is written behind them afterwards is not looked at.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Look at a file that is open for reading.

        Raises:
            OSError: it cannot be searched.
        """
        self._file = file
        self.size = file.seek(0, os.SEEK_END)
        self._block, self._block_at = b"", 0

    def at(self, place: int, length: int) -> bytes:
        """Bytes from a place on, fewer where the file ends before.

        Raises:
            OSError: they cannot be read.
        """
        self._hold(place, length)
        begin = place - self._block_at
        return self._block[begin : begin + length]

    def message_end(self, place: int) -> int | None:
        """Where a message that begins at a place ends; None where none begins there, or it is cut off."""
        length = self._metadata_length(place)
        if length is None or place + _PREFIX + length > self.size:
            return None
        body = _body_length(self.at(place + _PREFIX, length))
        end = None if body is None else place + _PREFIX + length + body
        return end if end is not None and end <= self.size else None

    def opening_end(self) -> int | None:
        """Where the schema at the beginning ends, which has no body; None where none begins there, or it is cut off."""
        length = self._metadata_length(0)
        return None if length is None or _PREFIX + length > self.size else _PREFIX + length

    def is_cut(self, place: int) -> bool:
        """Whether the file stops within a message that begins at a place."""
        rest = self.size - place
        if rest < _PREFIX:
            return _MARK.startswith(self.at(place, 4))
        length = self._metadata_length(place)
        if length is None:
            return False
        if _PREFIX + length > rest:
            return True
        body = _body_length(self.at(place + _PREFIX, length))
        return body is not None and _PREFIX + length + body > rest

    def is_at_end(self, place: int) -> bool:
        """Whether the mark of the end stands at a place, and nothing behind it."""
        return place == self.size - len(END_OF_STREAM) and self.at(place, len(END_OF_STREAM)) == END_OF_STREAM

    def next_beginning(self, place: int) -> int:
        """The first place from this one on where a message may begin; the size where there is none."""
        while True:
            self._hold(place, _PREFIX)
            found = _BEGINNING.search(self._block, place - self._block_at)
            if found is not None:
                return self._block_at + found.start()
            held_until = self._block_at + len(self._block)
            if held_until - place < _PREFIX:
                return self.size
            place = held_until - _PREFIX + 1  # one may begin in this block and end in the next

    def _hold(self, place: int, length: int) -> None:
        """Have so many bytes from a place on in the block, or all that there are."""
        wanted_until = min(place + length, self.size)
        if place < self._block_at or wanted_until > self._block_at + len(self._block):
            self._block = b""  # not both at a time
            self._file.seek(place)
            self._block, self._block_at = self._file.read(max(_BLOCK, wanted_until - place)), place

    def _metadata_length(self, place: int) -> int | None:
        prefix = self.at(place, _PREFIX)
        if len(prefix) < _PREFIX or not prefix.startswith(_MARK):
            return None
        (length,) = struct.unpack_from("<i", prefix, len(_MARK))
        return length if length > 0 else None


def _body_length(metadata: bytes) -> int | None:
    """`bodyLength` of a message that holds a record batch; None for any other, and where the bytes make no sense.

    A FlatBuffers table begins with the distance back to its list of fields: the list's size, the table's size, then
    where each field lies (https://flatbuffers.dev/internals/). The message's second field is the kind, its fourth the
    length of the body (https://github.com/apache/arrow/blob/main/format/Message.fbs).
    """
    try:
        (table,) = struct.unpack_from("<I", metadata)
        (back,) = struct.unpack_from("<i", metadata, table)
        fields = table - back
        if fields < 0 or struct.unpack_from("<H", metadata, fields)[0] < 12:
            return None
        kind_at, _, body_at = struct.unpack_from("<3H", metadata, fields + 6)
        (kind,) = struct.unpack_from("<B", metadata, table + kind_at)
        (body,) = struct.unpack_from("<q", metadata, table + body_at) if body_at else (0,)
    except struct.error:
        return None
    return body if kind_at and kind == _RECORD_BATCH and 0 <= body < 1 << 62 else None
