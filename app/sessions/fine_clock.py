"""Matroska files that count time more finely than FFmpeg writes them.

FFmpeg counts in milliseconds there, whatever it is asked for, so of a camera that takes more than a thousand images a
second each would come a millisecond after the last. Therefore it is told that `TICKS` make 1000 milliseconds, and
what it says of the unit is put right on its way to the file.
"""

from __future__ import annotations

import io
import re
from fractions import Fraction
from pathlib import Path

from av.packet import Packet

TICKS = 100_000
"""Units of time in a second: as fine as an .mp4's."""
OPTIONS = {"write_crc32": "0"}
"""For FFmpeg's muxer: its checksums are of what it wrote before that was put right."""

_FFMPEG_TICKS = 1000
_USUAL_DURATION = TICKS // 30  # of the last image; the others last until the next
_HEAD = 4096
"""Bytes within which all begins that says the unit."""
_UNIT = b"\x2a\xd7\xb1\x83"  # TimestampScale: nanoseconds a tick, in three bytes
_FFMPEG_UNIT = _UNIT + (1_000_000_000 // _FFMPEG_TICKS).to_bytes(3, "big")
_OWN_UNIT = _UNIT + (1_000_000_000 // TICKS).to_bytes(3, "big")
_LENGTH = re.compile(rb"(?<=DURATION\x44\x87\x93)(\d+):(\d\d):(\d\d\.\d+)")  # a tag, as text of a fixed length


class FineClockFile(io.BufferedWriter):
    """A new file for FFmpeg's Matroska muxer to write into.

    Args:
        path: of the file.
        mode: "xb", which fails where there is one, or "wb".

    Raises:
        OSError: it cannot be created.
    """

    def __init__(self, path: Path, mode: str) -> None:
        super().__init__(io.FileIO(path, mode))

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Write what the muxer wrote, with the right unit."""
        if self.tell() < _HEAD:
            data = _LENGTH.sub(_own_length, bytes(data).replace(_FFMPEG_UNIT, _OWN_UNIT, 1), 1)
        return super().write(data)


def to_fine_clock(packet: Packet) -> None:
    """Make an image ready for the muxer, which takes its ticks for milliseconds."""
    unit = Fraction(packet.time_base or 0) * TICKS
    packet.pts, packet.dts = (None if time is None else round(time * unit) for time in (packet.pts, packet.dts))
    packet.duration = _USUAL_DURATION
    packet.time_base = Fraction(1, _FFMPEG_TICKS)


def _own_length(said: re.Match[bytes]) -> bytes:
    hours, minutes, seconds = said.groups()
    length = (int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * _FFMPEG_TICKS / TICKS
    text = b"%02d:%02d:%012.9f" % (length // 3600, length // 60 % 60, length % 60)
    return text.ljust(len(said[0]), b"\0")
