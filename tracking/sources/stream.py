"""Network streams and videos on servers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tracking.sources.live import RECONNECT_DELAYS, LiveSource, now_ns
from tracking.sources.protocol import FrameSource, SourceError
from tracking.sources.video import NETWORK_TIMEOUT, VideoDecoder, VideoSource, without_credentials

# Servers of files use these as well; all other schemes (rtsp, rtmp, udp, srt, ...) carry live pictures.
_FILE_SCHEMES = ("http", "https", "file", "ftp")

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
    """A network camera: the newest picture, reconnecting by itself.

    `Frame.captured_ns` is when the picture was decoded here: what the sender's clock says cannot be compared with ours.
    """

    def __init__(
        self,
        url: str,
        *,
        on_notice: Callable[[str], None] | None = None,
        reconnect_delays: Sequence[float] = RECONNECT_DELAYS,
    ) -> None:
        """Connect and wait for the first picture.

        Raises:
            SourceError: nobody answers, or the answer is no video.
        """
        name = without_credentials(url)
        super().__init__(name, lambda: _StreamConnection(url, name), on_notice, reconnect_delays)


class _StreamConnection:
    def __init__(self, url: str, name: str) -> None:
        self._name = name
        self._decoder = VideoDecoder(url, name, options=_OPTIONS, timeout=NETWORK_TIMEOUT)
        self.size = self._decoder.size
        self.fps = self._decoder.fps

    def grab(self) -> tuple[int, np.ndarray]:
        decoded = self._decoder.next()
        if decoded is None:
            raise SourceError(f"{self._name} ended.")
        return now_ns(), decoded[1]

    def close(self) -> None:
        self._decoder.close()
