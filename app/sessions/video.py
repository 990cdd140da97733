"""Video files whose images keep the times at which they were taken."""

from __future__ import annotations

import contextlib
import functools
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import cast

import av
import cv2
import numpy as np
from av.error import FFmpegError, PyAVCallbackError
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from app.sessions import fine_clock
from app.sessions.fine_clock import FineClockFile, to_fine_clock
from models.errors import BothhandsError
from models.sentences import say

ORIGIN_KEY = "CAPTURED_NS_ORIGIN"
"""Container metadata: `captured_ns` of the first frame; the video's own time starts at 0."""

_NOMINAL_FPS = 30
_SYNC_SECONDS = 1.0
_BT601 = 6  # AVCOL_SPC_SMPTE170M, what the conversion below makes
_LIMITED_RANGE = 1  # AVCOL_RANGE_MPEG


@dataclass(frozen=True)
class _Container:
    """How a kind of file is written.

    Attributes:
        format: FFmpeg's name of it.
        ticks: units of time in a second.
        in_place: whether it is readable while it is written; otherwise it gets its name when it is whole.
        options: for FFmpeg's muxer.
    """

    format: str
    ticks: int
    in_place: bool
    options: Mapping[str, str]


_CONTAINERS: Mapping[str, _Container] = {
    # A cluster that is not complete is lost when the process is killed, so each holds one image (some 20 bytes more).
    ".mkv": _Container(
        "matroska", fine_clock.TICKS, True, {"cluster_time_limit": "0", "flush_packets": "1", **fine_clock.OPTIONS}
    ),
    ".mp4": _Container("mp4", 90_000, False, {}),
}

_MOST_HELD_BACK = 4
_SOFTWARE = "libx264"
_ENCODERS: Mapping[str, Mapping[str, str]] = {
    # The first one that works is taken. All: nothing held back, so that a kill loses little.
    "h264_nvenc": {"preset": "p1", "tune": "ll", "rc": "vbr", "cq": "18", "bf": "0", "delay": "0", "forced-idr": "1"},
    _SOFTWARE: {"preset": "ultrafast", "tune": "zerolatency", "crf": "18"},
}


def check_video_name(path: Path) -> None:
    """Whether `VideoWriter` knows a container for it.

    Raises:
        BothhandsError: it does not.
    """
    if path.suffix.lower() not in _CONTAINERS:
        raise BothhandsError(
            say("The video {path} must end in one of: {choices}.", path=path, choices=", ".join(_CONTAINERS))
        )


class VideoWriter:
    """Writes images as H.264 at variable rate.

    The suffix picks the container. An .mkv can be read up to its last second whatever happens to the process; an .mp4
    is written under another name beside its own, which no other process takes, and gets its own when it is whole, so
    that a failed run leaves an older file as it was. Colour is halved in resolution as usual (4:2:0), except in
    images with an odd side, which that cannot hold: these are kept whole (4:4:4), which browsers do not play.

    Used by one thread at a time. As a context manager it closes the file, or discards an unfinished .mp4 when an
    exception passes.
    """

    def __init__(self, path: Path, width: int, height: int) -> None:
        """Create the file.

        Args:
            path: of the file, ending in .mkv or .mp4. An .mkv must not exist yet.
            width: of the images, px.
            height: of the images, px.

        Raises:
            BothhandsError: another suffix, or the file cannot be created.
        """
        check_video_name(path)
        self.path = path
        self._kind = _CONTAINERS[path.suffix.lower()]
        self._size = (width, height)
        self._target = path if self._kind.in_place else path.with_name(f"{path.name}.{os.getpid()}.part")
        self._last_tick = -1
        self._last_key = 0
        self._last_ns = 0
        self._shift_ns = 0
        self._synced = time.monotonic()
        try:
            self._file = FineClockFile(path, "xb") if self._kind.in_place else self._target.open("wb")
        except OSError as error:
            raise BothhandsError(
                say("The video {path} cannot be written: {reason}.", path=path, reason=str(error.strerror or error))
            ) from error
        try:
            self._output = av.open(self._file, "w", format=self._kind.format, options=dict(self._kind.options))
            self._stream = self._add_stream()
        except BaseException:
            self.discard()
            raise

    def add(self, image: np.ndarray, captured_ns: int) -> None:
        """Append an image.

        Args:
            image: (H, W, 3) uint8 RGB; one of another size than the video's is fitted into it with black borders.
            captured_ns: when it was taken. A time that does not rise (a clip that starts again) follows the last one
                by a thirtieth of a second.

        Raises:
            BothhandsError: writing failed, for example because the disk is full.
        """
        if self._last_tick < 0:
            self._output.metadata[ORIGIN_KEY] = str(captured_ns)
            self._shift_ns = -captured_ns
        elif captured_ns + self._shift_ns <= self._last_ns:
            self._shift_ns = self._last_ns + 1_000_000_000 // _NOMINAL_FPS - captured_ns
        self._last_ns = captured_ns + self._shift_ns
        tick = max(self._last_tick + 1, round(Fraction(self._last_ns * self._kind.ticks, 1_000_000_000)))
        frame = _to_frame(fit(image, self._size))
        frame.pts = tick
        frame.time_base = Fraction(1, self._kind.ticks)
        if self._last_tick < 0 or tick - self._last_key >= self._kind.ticks:
            frame.pict_type = PictureType.I  # what a reader needs to start from; one each second bounds what is lost
            self._last_key = tick
        self._last_tick = tick
        try:
            self._mux(frame)
            if self._kind.in_place:
                self._hand_to_disk()
        except (FFmpegError, OSError) as error:
            self.discard()
            raise self._failed(error) from error

    def close(self) -> None:
        """Write what is left and finish the file; a video without images leaves no file.

        Raises:
            BothhandsError: writing failed; an unfinished .mp4 is removed, an .mkv keeps what was written.
        """
        if self._file.closed:
            return
        if self._last_tick < 0:
            self._abandon(delete=True)
            return
        try:
            self._mux(None)
            self._output.close()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            if not self._kind.in_place:
                self._target.replace(self.path)
        except (FFmpegError, OSError) as error:
            self.discard()
            raise self._failed(error) from error

    def discard(self) -> None:
        """Give up: an unfinished .mp4 is removed, an .mkv is left as it is on disk."""
        self._abandon(delete=not self._kind.in_place)

    def __enter__(self) -> VideoWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None or self._kind.in_place:
            self.close()
        else:
            self.discard()

    def _add_stream(self) -> VideoStream:
        width, height = self._size
        encoder = _encoder(width, height)
        options = dict(_ENCODERS[encoder])
        stream = cast(VideoStream, self._output.add_stream(encoder, rate=_NOMINAL_FPS, options=options))
        _set_up(stream.codec_context, width, height)
        stream.codec_context.time_base = Fraction(1, self._kind.ticks)
        return stream

    def _mux(self, frame: VideoFrame | None) -> None:
        for packet in self._stream.encode(frame):
            if self._kind.in_place:
                to_fine_clock(packet)
            self._output.mux(packet)

    def _hand_to_disk(self) -> None:
        self._file.flush()
        now = time.monotonic()
        if now - self._synced >= _SYNC_SECONDS:
            os.fsync(self._file.fileno())
            self._synced = now

    def _abandon(self, delete: bool) -> None:
        if self._file.closed:
            return
        with contextlib.suppress(OSError):  # what is left in its buffer, on a full disk
            self._file.close()
        if delete:
            self._target.unlink(missing_ok=True)

    def _failed(self, error: Exception) -> BothhandsError:
        cause = error.__cause__ if isinstance(error, PyAVCallbackError) else error  # raised by the file itself
        reason = getattr(cause, "strerror", None) or cause
        return BothhandsError(
            say(
                "Writing the video {path} failed: {reason}; free some space or choose another folder.",
                path=self.path,
                reason=str(reason),
            )
        )


def fit(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """An image scaled into another size, its shape kept, with black borders.

    Args:
        image: (H, W, 3) uint8.
        size: width, height wanted, px.

    Returns:
        (height, width, 3) uint8; the image itself where it has that size already.
    """
    height, width = image.shape[:2]
    if (width, height) == size:
        return image
    left, top, *inner = fitted_box((width, height), size)
    fitted = np.zeros((size[1], size[0], 3), np.uint8)
    shrinks = inner[0] < width
    fitted[top : top + inner[1], left : left + inner[0]] = cv2.resize(
        image, inner, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    )
    return fitted


def fitted_box(image: tuple[int, int], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Where an image comes to lie in one of another size: left, top, width and height, px.

    Args:
        image: width, height of the image.
        size: width, height of what it is fitted into.
    """
    width, height = image
    scale = min(size[0] / width, size[1] / height)
    inner_width, inner_height = max(1, round(width * scale)), max(1, round(height * scale))
    return (size[0] - inner_width) // 2, (size[1] - inner_height) // 2, inner_width, inner_height


def _holds_half_colour(width: int, height: int) -> bool:
    return width % 2 == 0 and height % 2 == 0


def _to_frame(image: np.ndarray) -> VideoFrame:
    if _holds_half_colour(image.shape[1], image.shape[0]):
        # Three times as fast as FFmpeg's conversion.
        planes = cv2.cvtColor(image, cv2.COLOR_RGB2YUV_I420).astype(np.uint8, copy=False)
        return VideoFrame.from_ndarray(planes, format="yuv420p")
    return VideoFrame.from_ndarray(image, format="rgb24").reformat(format="yuv444p")


def _set_up(codec: VideoCodecContext, width: int, height: int) -> None:
    codec.width, codec.height = width, height
    codec.pix_fmt = "yuv420p" if _holds_half_colour(width, height) else "yuv444p"
    codec.colorspace = _BT601
    codec.color_range = _LIMITED_RANGE
    codec.gop_size = 600  # out of the way: key frames are asked for by time


@functools.lru_cache(maxsize=8)
def _encoder(width: int, height: int) -> str:
    """The first encoder that really encodes images of this size here; drivers promise more than they do."""
    for name in _ENCODERS:
        if name == _SOFTWARE or not _holds_half_colour(width, height):
            continue
        try:
            if _encodes_at_once(name, width, height):
                return name
        except (FFmpegError, ValueError):
            continue
    return _SOFTWARE


def _encodes_at_once(name: str, width: int, height: int) -> bool:
    """Whether an encoder gives out an image before it was given many more: what it holds back, a kill loses."""
    codec = cast(VideoCodecContext, av.CodecContext.create(name, "w"))
    _set_up(codec, width, height)
    codec.time_base = Fraction(1, 1000)
    codec.options = dict(_ENCODERS[name])
    for number in range(_MOST_HELD_BACK):
        frame = _to_frame(np.zeros((height, width, 3), np.uint8))
        frame.pts, frame.time_base = 33 * number, codec.time_base
        if codec.encode(frame):
            return True
    return False
