"""Network streams and videos on servers."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from models.sentences import say
from tracking.sources.live import RECONNECT_DELAYS, LiveSource, StreamEndedError, now_ns
from tracking.sources.protocol import FrameSource, SourceError
from tracking.sources.video import NETWORK_TIMEOUT, VideoDecoder, VideoSource, without_credentials

# Servers of files use these as well; all other schemes (rtsp, rtmp, udp, srt, ...) carry live images.
_FILE_SCHEMES = ("http", "https", "file", "ftp")

_OPENING_FRAMES = 5
"""So many frames that come again bit for bit, with their times, are no coincidence."""

_OPTIONS = {"fflags": "nobuffer", "rtsp_transport": "tcp"}


def open_url(url: str, on_notice: Callable[[str], None] | None = None) -> FrameSource:
    """A URL as a file in lockstep where it is known to end, and as a live source otherwise.

    Raises:
        SourceError: nobody answers, or the answer is no video.
    """
    if url.partition("://")[0].lower() in _FILE_SCHEMES:
        source = VideoSource(url, on_notice=on_notice)
        if source.finite:
            return source
        source.close()
    return StreamSource(url, on_notice=on_notice)


class StreamSource(LiveSource):
    """A network camera: the newest image, reconnecting by itself.

    `Frame.captured_ns` is when the image was decoded here: what the sender's clock says cannot be compared with ours.
    Where the first images come again bit for bit after reconnecting, it was a file, and this is its end.
    """

    def __init__(
        self,
        url: str,
        *,
        on_notice: Callable[[str], None] | None = None,
        reconnect_delays: Sequence[float] = RECONNECT_DELAYS,
    ) -> None:
        """Connect and wait for the first image.

        Raises:
            SourceError: nobody answers, or the answer is no video.
        """
        name = without_credentials(url)
        opening = _Opening()
        super().__init__(name, lambda: _StreamConnection(url, name, opening), on_notice, reconnect_delays)


class _StreamConnection:
    def __init__(self, url: str, name: str, opening: _Opening) -> None:
        self._name = name
        self._opening = opening
        self._decoder = VideoDecoder(url, name, options=_OPTIONS, timeout=NETWORK_TIMEOUT)
        opening.begin(comparable=not self._decoder.endless)
        self.size = self._decoder.size
        self.fps = self._decoder.fps

    def grab(self) -> tuple[int, np.ndarray]:
        decoded = self._decoder.next()
        if decoded is None:
            raise SourceError(say("{name} ended.", name=self._name))
        if self._opening.is_seen_again(*decoded):
            raise StreamEndedError(
                say("{name} has ended; it is no live stream, but begins again each time.", name=self._name)
            )
        return now_ns(), decoded[1]

    def close(self) -> None:
        self._decoder.close()


class _Opening:
    """Tells a live stream from a file whose server does not say how long it is: the file begins again as it began.

    A live stream goes on instead, and so do its sender's times.
    """

    def __init__(self) -> None:
        self._first: list[tuple[int | None, int]] = []
        self._place = 0
        self._state: Literal["noting", "comparing", "live"] = "noting"

    def begin(self, comparable: bool) -> None:
        """Another connection was made."""
        self._place = 0
        if not comparable:
            self._state = "live"
        elif self._first and self._state == "noting":
            self._state = "comparing"

    def is_seen_again(self, presented_ns: int | None, image: np.ndarray) -> bool:
        """Whether this connection has now brought all the frames that the first one began with."""
        if self._state == "live" or (self._state == "noting" and len(self._first) >= _OPENING_FRAMES):
            return False
        mark = (presented_ns, zlib.crc32(image.tobytes()))
        if self._state == "noting":
            self._first.append(mark)
            return False
        if self._first[self._place] != mark:
            self._state = "live"
            return False
        self._place += 1
        return self._place == len(self._first)
