"""How far a recorded video reaches: what its header says, and whether its images go on to the end."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.stream import VideoStream

from app.sessions.files import open_video
from app.sessions.moments import origin_of

_MOST_BEHIND = 1
"""Seconds by which the last image of a whole video may lie before its end: that is when it is shown until."""


@dataclass(frozen=True)
class VideoExtent:
    """How far a video reaches.

    Attributes:
        seconds: its length; None where it does not say, as where its writer was killed.
        origin_ns: captured time of its first image; None where it does not say.
        whole: whether it was finished and is as long as it says.
    """

    seconds: Fraction | None = None
    origin_ns: int | None = None
    whole: bool = False

    @property
    def span_ns(self) -> tuple[int, int] | None:
        """When its first and its last image were taken; None where it does not say."""
        if self.origin_ns is None or self.seconds is None:
            return None
        return self.origin_ns, self.origin_ns + int(self.seconds * 1_000_000_000)


def read_extent(video: Path) -> VideoExtent:
    """How far a video reaches; nothing is known of one that cannot be read."""
    seconds, origin_ns, whole = None, None, False
    with contextlib.suppress(FFmpegError, OSError), open_video(video) as source:
        origin_ns = origin_of(source)
        if source.duration is not None:
            seconds = Fraction(source.duration, av.time_base)
            whole = _goes_on_until(source, seconds)
    return VideoExtent(seconds, origin_ns, whole)


def whole_packets(source: InputContainer, stream: VideoStream) -> Iterator[tuple[Packet, Fraction]]:
    """Images with their times in seconds."""
    with contextlib.suppress(FFmpegError):  # the end of what is there
        for packet in source.demux(stream):
            if packet.size and not packet.is_corrupt and packet.pts is not None and packet.time_base is not None:
                yield packet, packet.pts * packet.time_base


def _goes_on_until(source: InputContainer, seconds: Fraction) -> bool:
    if not source.streams.video:
        return False
    source.seek(int(seconds * av.time_base))  # to the last key frame
    last = max((time for _, time in whole_packets(source, source.streams.video[0])), default=None)
    return last is not None and last >= seconds - _MOST_BEHIND
