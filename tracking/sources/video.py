"""Videos, through FFmpeg's libraries (PyAV)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError, InvalidDataError
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from tracking.sources.protocol import SourceError, check_size
from tracking.values import Frame

_USUAL_FPS = 30.0  # for the rare files that say neither when a frame is shown nor how many come in a second


class VideoDecoder:
    """Decodes a file or a network stream, upright and in RGB, past what is damaged.

    Attributes:
        size: width, height in px, upright; later frames of another size are scaled to it.
        fps: average frames per second, None where unknown.
        frame_count: frames in all as the container says, None where it does not.
        finite: whether the container knows how long it is.
        skipped: frames so far that were too damaged to decode.
    """

    def __init__(
        self,
        location: str,
        name: str,
        *,
        options: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> None:
        """Open and decode the first frame.

        Args:
            location: what FFmpeg opens.
            name: what messages call it.
            options: for FFmpeg's demuxer.
            timeout: seconds after which a silent network counts as an error.

        Raises:
            SourceError: no video, damaged as a whole, or no frame in it.
        """
        self._name = name
        self.skipped = 0
        try:
            self._container: InputContainer = av.open(location, options=dict(options or {}), timeout=timeout)
        except (FFmpegError, OSError) as error:
            raise _unreadable(name, error) from error
        try:
            self._stream = _moving_pictures(self._container, name)
            check_size(self._stream.codec_context.width, self._stream.codec_context.height, name)
            rate = self._stream.average_rate
            self.fps = float(rate) if rate else None
            self.frame_count = self._stream.frames or None
            self.finite = self._container.duration is not None
            self._frames = self._decode()
            self._first: VideoFrame | None = next(self._frames, None)
            if self._first is None:
                raise SourceError(f"{name} has no frame that can be decoded; the file is damaged or incomplete.")
            sideways = self._first.rotation % 180 != 0
            width, height = self._first.width, self._first.height
            self._decoded_size = (width, height)
            self.size = (height, width) if sideways else (width, height)
        except FFmpegError as error:
            self._container.close()
            raise _unreadable(name, error) from error
        except BaseException:
            self._container.close()
            raise

    def next(self) -> tuple[int | None, np.ndarray] | None:
        """The next frame, or None at the end.

        Returns:
            Presentation time in ns (None where the file does not say), and the picture, (H, W, 3) uint8 RGB.

        Raises:
            SourceError: reading stopped before the end (a network that went away, a file cut short).
        """
        try:
            frame = self._first or next(self._frames, None)
            self._first = None
            if frame is None:
                return None
            width, height = self._decoded_size
            image = frame.to_ndarray(format="rgb24", width=width, height=height)
        except (FFmpegError, OSError) as error:
            raise _unreadable(self._name, error) from error
        # Both count degrees counter-clockwise. Phones write portrait videos as landscape ones and this angle.
        upright = np.ascontiguousarray(np.rot90(image, round(frame.rotation / 90)))
        if frame.pts is None or frame.time_base is None:
            return None, upright
        return int(frame.pts * frame.time_base * 1_000_000_000), upright

    def close(self) -> None:
        """Close the file or connection."""
        self._container.close()

    def _decode(self) -> Iterator[VideoFrame]:
        self._stream.thread_type = "AUTO"
        for packet in self._container.demux(self._stream):
            try:
                frames = packet.decode()
            except InvalidDataError:
                self.skipped += 1
                continue
            for frame in frames:
                if frame.is_corrupt:
                    self.skipped += 1
                else:
                    yield frame


class VideoSource:
    """A video read in lockstep: every frame once, upright, at the time its file gives it.

    `Frame.captured_ns` is the presentation time, so that a variable frame rate stays one. A frame too damaged to
    decode is left out; its index is left out with it.
    """

    live = False
    independent = False

    def __init__(self, location: Path | str, *, on_notice: Callable[[str], None] | None = None) -> None:
        """Open a video and decode its first frame.

        Args:
            location: a file, or the URL of one.
            on_notice: gets one sentence at the end where frames were damaged, or the end came early.

        Raises:
            SourceError: missing, not readable, empty, not a video, or without a frame.
        """
        if isinstance(location, Path):
            self.name = location.name
            # The prefix keeps FFmpeg from taking a colon in a file name for a protocol.
            self._decoder = VideoDecoder(f"file:{_checked(location)}", str(location))
        else:
            self.name = without_credentials(location)
            self._decoder = VideoDecoder(location, self.name, timeout=NETWORK_TIMEOUT)
        self._notice = on_notice or (lambda text: None)
        self._using_decoder = threading.Lock()
        self._ended = False
        self._count = 0
        self._last_ns: int | None = None
        self.size = self._decoder.size
        self.fps = self._decoder.fps
        self.frame_count = self._decoder.frame_count

    @property
    def skipped(self) -> int:
        """Frames so far that were too damaged to decode."""
        return self._decoder.skipped

    @property
    def finite(self) -> bool:
        """Whether it is known to end."""
        return self._decoder.finite

    def read(self) -> Frame | None:
        """The next frame, or None after the last one and after `close`."""
        with self._using_decoder:
            if self._ended:
                return None
            try:
                decoded = self._decoder.next()
            except SourceError as error:
                self._notice(f"{self.name} ends early, after {self._count} frames: {error}")
                decoded = None
            if decoded is None:
                self._finish()
                return None
            presented_ns, image = decoded
            captured_ns = self._rising(presented_ns)
            image.flags.writeable = False
            frame = Frame(self._count + self._decoder.skipped, captured_ns, image)
            self._count += 1
            return frame

    def close(self) -> None:
        """Close the file."""
        with self._using_decoder:
            self._ended = True
            self._decoder.close()

    def _finish(self) -> None:
        self._ended = True
        if self.skipped:
            frames = "1 damaged frame" if self.skipped == 1 else f"{self.skipped} damaged frames"
            self._notice(f"{self.name}: skipped {frames}.")

    def _rising(self, presented_ns: int | None) -> int:
        """A time after the last one also where the file has none, or one that does not rise (damaged files)."""
        if self._last_ns is None:
            self._last_ns = presented_ns or 0
        elif presented_ns is not None and presented_ns > self._last_ns:
            self._last_ns = presented_ns
        else:
            self._last_ns += round(1e9 / (self.fps or _USUAL_FPS))
        return self._last_ns


NETWORK_TIMEOUT = 10.0
"""Seconds without any data after which a connection counts as lost."""


def without_credentials(url: str) -> str:
    """A URL as it may be shown and logged: without user, password and query."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("?")[0].partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def _checked(path: Path) -> Path:
    """The path, if a file with something in it is there and may be read."""
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except FileNotFoundError as error:
        raise SourceError(f"There is no file or folder {path}; check the name.") from error
    except (OSError, ValueError) as error:
        raise SourceError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if empty:
        raise SourceError(f"{path} is empty (0 bytes); was it copied whole?")
    return path.absolute()


def _moving_pictures(container: InputContainer, name: str) -> VideoStream:
    streams = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
    # FFmpeg reads text files as ANSI art.
    if container.format.name == "tty" or not streams:
        raise SourceError(f"{name} has no video in it; name a video, a picture, a folder of pictures or a camera.")
    return streams[0]


def _unreadable(name: str, error: Exception) -> SourceError:
    if isinstance(error, (InvalidDataError, EOFError)):
        return SourceError(f"{name} is not a video that can be read, or it is damaged.")
    return SourceError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.")
