"""Videos, through FFmpeg's libraries (PyAV)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError, InvalidDataError
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from models.amounts import frames_text
from models.sentences import said, say
from tracking.pauses import is_pause
from tracking.sources.codec_names import codec_names, is_encrypted
from tracking.sources.display_matrix import display_of
from tracking.sources.formats import HEAD_BYTES
from tracking.sources.naming import readable
from tracking.sources.protocol import SourceError, check_size
from tracking.sources.video_time import Presentation
from tracking.sources.whole_files import is_cut
from tracking.values import Frame

NETWORK_TIMEOUT = 10.0
"""Seconds without any data after which a connection counts as lost."""

_LOCAL_OPTIONS = {"protocol_whitelist": "file"}
"""A file of unknown origin opens no connection."""
_PLAYLISTS = (b"#EXTM3U", b"ffconcat", b"v=0\n", b"v=0\r", b"[playlist]", b"[Reference]")
_LENGTHS_ARE_TRUE = frozenset({"mov", "mp4", "matroska", "webm", "avi", "flv", "asf"})
"""Containers whose header says how long they are; for the others FFmpeg estimates it."""
_STILL = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
_WIDEST_PIXEL = Fraction(4)


class VideoDecoder:
    """Decodes a file or a network stream, upright, with square pixels and in RGB, past what is damaged.

    Attributes:
        size: width, height in px, upright, of the first frame; others may have other sizes.
        fps: average frames per second, None where unknown.
        frame_count: frames in all as the container says, None where it does not.
        finite: whether it is known to end: the container says how long it is, or the server how large.
        endless: whether it is of a kind that network cameras send, which does not end by itself.
        skipped: frames so far that were too damaged to decode.
        note: a sentence where there is a choice of videos in it, else "".
    """

    def __init__(
        self,
        location: str,
        name: str,
        *,
        codecs: Sequence[str] = (),
        options: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> None:
        """Open and decode the first frame.

        Args:
            location: what FFmpeg opens.
            name: what messages call it.
            codecs: what the file calls its codecs, for those that FFmpeg does not know.
            options: for FFmpeg's demuxer.
            timeout: seconds after which a silent network counts as an error.

        Raises:
            SourceError: no video, of a codec that cannot be decoded, damaged as a whole, or no frame in it.
        """
        self._name = name
        self.skipped = 0
        try:
            # Titles come in any encoding; they are not looked at.
            self._container: InputContainer = av.open(
                location, options=dict(options or {}), timeout=timeout, metadata_errors="replace"
            )
        except (FFmpegError, OSError, ValueError) as error:
            raise _unreadable(name, error) from error
        try:
            self._stream, self.note = _moving_images(self._container, name, codecs)
            check_size(self._stream.codec_context.width, self._stream.codec_context.height, name)
            rate = self._stream.average_rate
            self.fps = float(rate) if rate else None
            self.frame_count = self._stream.frames or None
            kind = self._container.format.name
            self.endless = kind in ("mpjpeg", "hls", "rtsp", "rtp", "sdp")
            self.finite = self._container.duration is not None or (self._container.size > 0 and not self.endless)
            self._length = _Length(self._container, self._stream, self.fps)
            self._frames = self._decode()
            self._first: VideoFrame | None = next(self._frames, None)
            if self._first is None:
                raise SourceError(
                    say("{name} has no frame that can be decoded; the file is damaged or incomplete.", name=name)
                )
            self._pixel = _pixel_aspect(self._stream)
            self.size = self._upright_size(self._first)
        except FFmpegError as error:
            self._container.close()
            raise _unreadable(name, error) from error
        except BaseException:
            self._container.close()
            raise

    def missing(self, cut: bool) -> str:
        """How much of it there was, where that is less than its header says: "13 of 40 frames"; else "".

        Args:
            cut: the file is known to be shorter than it was.
        """
        return self._length.missing(cut)

    def next(self) -> tuple[int | None, np.ndarray] | None:
        """The next frame, or None at the end.

        Returns:
            Presentation time in ns (None where the file does not say), and the image, (H, W, 3) uint8 RGB.

        Raises:
            SourceError: reading stopped before the end (a network that went away, a file cut short).
        """
        try:
            frame = self._first or next(self._frames, None)
            self._first = None
            if frame is None:
                return None
            check_size(frame.width, frame.height, self._name)
            width, height = self._square_size(frame)
            image = frame.to_ndarray(format="rgb24", width=width, height=height)
        except (FFmpegError, OSError, ValueError, MemoryError) as error:
            raise _unreadable(self._name, error) from error
        self._length.decoded += 1
        upright = display_of(frame).apply(image)
        if frame.pts is None or frame.time_base is None:
            return None, upright
        return int(frame.pts * frame.time_base * 1_000_000_000), upright

    def close(self) -> None:
        """Close the file or connection."""
        self._container.close()

    def _decode(self) -> Iterator[VideoFrame]:
        self._stream.thread_type = "AUTO"
        try:
            for packet in self._container.demux():
                self._length.see(packet)
                # Packets that end a stream have no index of their own.
                if packet.stream.index == self._stream.index:
                    yield from self._whole_frames(packet)
        except (FFmpegError, OSError):  # the network went away: what the decoder still holds is whole
            yield from self._whole_frames(None)
            raise

    def _whole_frames(self, packet: Packet | None) -> Iterator[VideoFrame]:
        """The frames that are complete with this packet, or that are left (None)."""
        try:
            frames = self._stream.decode(cast("Packet[VideoStream] | None", packet))
        except InvalidDataError:
            self.skipped += 1
            return
        for frame in frames:
            if frame.is_corrupt:
                self.skipped += 1
            else:
                yield frame

    def _square_size(self, frame: VideoFrame) -> tuple[int, int]:
        """Width and height of a frame as it is stored, once its pixels are square."""
        width = round(frame.width * self._pixel)
        check_size(width, frame.height, self._name)
        return width, frame.height

    def _upright_size(self, frame: VideoFrame) -> tuple[int, int]:
        width, height = self._square_size(frame)
        return (height, width) if display_of(frame).transposed else (width, height)


class _Length:
    """How long a file says it is, and how much of it there was.

    Attributes:
        decoded: frames that were handed out.
    """

    def __init__(self, container: InputContainer, stream: VideoStream, fps: float | None) -> None:
        self.decoded = 0
        self._index = stream.index
        self._announced = stream.frames
        self._fps = fps
        self._packets = 0
        self._end = Fraction(0)  # seconds
        kinds = container.format.name.split(",")
        trusted = not _LENGTHS_ARE_TRUE.isdisjoint(kinds)
        duration, start = container.duration, container.start_time
        self._duration = Fraction(duration, av.time_base) if trusted and duration else None
        # FFmpeg writes into Matroska when the last image ends, which is not how long it is where the first comes late.
        self._start = Fraction(0 if "matroska" in kinds else start or 0, av.time_base)

    def see(self, packet: Packet) -> None:
        """A packet of any stream: sound may go on where the images have ended."""
        if not packet.size:  # the end of a stream
            return
        self._packets += packet.stream.index == self._index
        when = packet.dts if packet.pts is None else packet.pts
        if when is not None and packet.time_base:
            self._end = max(self._end, (when + (packet.duration or 0)) * packet.time_base - self._start)

    def missing(self, cut: bool) -> str:
        """See `VideoDecoder.missing`; asked for at the end."""
        rate = Fraction(self._fps).limit_denominator(1000) if self._fps else Fraction(0)
        step = 1 / rate if rate else Fraction(1, 10)  # a damaged header may announce a frame in years
        if self._duration is None:
            return say("{frames} and no more", frames=frames_text(self.decoded)) if cut else ""
        short = self._duration - self._end
        if self._announced:
            # A count that is not reached is no proof: what was trimmed away by an edit list is counted too.
            late = self._packets < self._announced and short > step * Fraction(3, 2)
            return f"{self.decoded} of {self._announced} frames" if late else ""
        # How long the last image is shown is seldom written, so that only a file that is cut is taken at its word.
        if short <= (step * 3 / 2 if cut else max(3 * step, Fraction(2), self._duration / 10)):
            return ""
        if self._fps:
            all_frames = round(float(self._duration) * self._fps)
            return say("{count} of about {all} frames", count=self.decoded, all=all_frames)
        return say("{seconds:.1f} of {all:.1f} s", seconds=float(self._end), all=float(self._duration))


class VideoSource:
    """A video read in lockstep: every frame once, upright, at the time its file gives it.

    `Frame.captured_ns` is the presentation time, so that a variable frame rate stays one, and gaps stay gaps; it rises
    also where the file's times do not. A frame too damaged to decode is left out; its index is left out with it.
    """

    live = False
    independent = False

    def __init__(self, location: Path | str, *, on_notice: Callable[[str], None] | None = None) -> None:
        """Open a video and decode its first frame.

        Args:
            location: a file, or the URL of one.
            on_notice: gets one sentence where one of several videos was chosen, where time jumps or the image's size
                changes, and at the end where frames were damaged or the end came early.

        Raises:
            SourceError: missing, not readable, empty, not a video, or without a frame.
        """
        if isinstance(location, Path):
            self.name = readable(location.name)
            # The prefix keeps FFmpeg from taking a colon in a file name for a protocol.
            path, codecs = _checked(location), codec_names(location)
            self._cut = is_cut(path)
            if is_encrypted(codecs):
                raise SourceError(
                    say(
                        "{name} is encrypted (codec {choices}) and cannot be decoded; name a copy without protection.",
                        name=readable(location),
                        choices=", ".join(codecs),
                    )
                )
            self._decoder = VideoDecoder(f"file:{path}", readable(location), codecs=codecs, options=_LOCAL_OPTIONS)
        else:
            self.name = without_credentials(location)
            self._cut = False
            self._decoder = VideoDecoder(location, self.name, timeout=NETWORK_TIMEOUT)
        self._notice = on_notice or (lambda text: None)
        self._using_decoder = threading.Lock()
        self._ended = False
        self._count = 0
        self._presentation = Presentation(self._decoder.fps)
        self.ended_early = False
        self.size = self._decoder.size
        self._size_now = self.size
        self._told: set[str] = set()
        self.fps = self._decoder.fps
        self.frame_count = self._decoder.frame_count
        if self._decoder.note:
            self._notice(self._decoder.note)

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
            failure = ""
            try:
                decoded = self._decoder.next()
            except SourceError as error:
                decoded, failure = None, said(error)
            if decoded is None:
                self._finish(failure)
                return None
            presented_ns, image = decoded
            self._tell_of_size(image)
            captured_ns = self._presentation.place(presented_ns)
            self._tell_of_gap()
            image.flags.writeable = False
            frame = Frame(self._count + self._decoder.skipped, captured_ns, image)
            self._count += 1
            return frame

    def close(self) -> None:
        """Close the file."""
        with self._using_decoder:
            self._ended = True
            self._decoder.close()

    def _finish(self, failure: str) -> None:
        self._ended = True
        if self.skipped:
            one = self.skipped == 1
            frames = say("1 damaged frame") if one else say("{count} damaged frames", count=self.skipped)
            self._notice(say("{name}: skipped {frames}.", name=self.name, frames=frames))
        missing = self._decoder.missing(self._cut)
        self.ended_early = bool(missing or failure)
        if failure:
            after = say("after 1 frame") if self._count == 1 else say("after {count} frames", count=self._count)
            where = missing or after
            self._notice(say("{name} ends early: {where}. {reason}", name=self.name, where=where, reason=failure))
        elif missing:
            self._notice(
                say("{name} ends early: {where}; was it downloaded or copied whole?", name=self.name, where=missing)
            )

    def _tell_of_size(self, image: np.ndarray) -> None:
        size = (image.shape[1], image.shape[0])
        if size != self._size_now:
            self._tell_once(
                "size",
                say(
                    "{name}: the image's size changes at frame {count}, from {before} to {after}.",
                    name=self.name,
                    count=self._count,
                    before=_by(self._size_now),
                    after=_by(size),
                ),
            )
            self._size_now = size

    def _tell_of_gap(self) -> None:
        gap = self._presentation.gap_ns
        if is_pause(gap):
            self._tell_once(
                "gap",
                say(
                    "{name}: time jumps ahead by {seconds:,.0f} s at frame {count}; the frames keep their times, "
                    "and playback waits a second.",
                    name=self.name,
                    seconds=gap / 1e9,
                    count=self._count,
                ),
            )

    def _tell_once(self, what: str, text: str) -> None:
        if what not in self._told:
            self._told.add(what)
            self._notice(text)


def without_credentials(url: str) -> str:
    """A URL as it may be shown and logged: without user, password and query."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("?")[0].partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def _by(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def _checked(path: Path) -> Path:
    """The path, if a file with something in it is there and may be read."""
    name = readable(path)
    try:
        if path.exists() and not path.is_file():
            raise SourceError(
                say("{name} is no file; name a video, an image, a folder of images or a camera.", name=name)
            )
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise SourceError(say("There is no file or folder {name}; check the name.", name=name)) from error
    except (OSError, ValueError) as error:
        raise SourceError(
            say("{name} cannot be read: {reason}.", name=name, reason=str(getattr(error, "strerror", None) or error))
        ) from error
    if not head:
        raise SourceError(say("{name} is empty (0 bytes); was it copied whole?", name=name))
    if head.startswith(_PLAYLISTS):
        raise SourceError(say("{name} is a playlist and no video; name the videos themselves.", name=name))
    return path.absolute()


def _moving_images(container: InputContainer, name: str, codecs: Sequence[str]) -> tuple[VideoStream, str]:
    """The video that is meant: the one that its file marks as the default, else the largest; and a note of others."""
    kind = container.format.name
    if kind.endswith("_pipe") or kind == "image2":
        raise SourceError(
            say("{name} is an image of a kind that is not read ({kind}); save it as PNG or JPEG.", name=name, kind=kind)
        )
    streams = [stream for stream in container.streams.video if not stream.disposition & _STILL]
    # FFmpeg reads text files as ANSI art.
    if kind == "tty" or not streams:
        raise SourceError(
            say("{name} has no video in it; name a video, an image, a folder of images or a camera.", name=name)
        )
    # PyAV gives no codec context where FFmpeg has no decoder.
    readable_ones = [stream for stream in streams if stream.codec_context is not None]
    if not readable_ones:
        called = say("the codec {names}", names=", ".join(codecs)) if codecs else say("an unknown codec")
        raise SourceError(
            say(
                "{name} is a video of {called}, which cannot be decoded; convert it to H.264 first.",
                name=name,
                called=called,
            )
        )

    def rank(stream: VideoStream) -> tuple[bool, bool, int, int]:
        codec = stream.codec_context
        is_default = bool(stream.disposition & Disposition.default)
        return stream.frames != 1, is_default, codec.width * codec.height, stream.frames  # one frame is a cover

    chosen = max(readable_ones, key=rank)  # the first of equals
    moving = [stream for stream in streams if stream.frames != 1]
    if len(moving) < 2:
        return chosen, ""
    size = _by((chosen.codec_context.width, chosen.codec_context.height))
    number = streams.index(chosen) + 1
    return chosen, say(
        "{name} has {count} videos in it; number {number} ({size}) is read, and the others are not.",
        name=name,
        count=len(moving),
        number=number,
        size=size,
    )


def _pixel_aspect(stream: VideoStream) -> Fraction:
    """Width of a pixel for its height; what no display ever had is a damaged header."""
    aspect = stream.sample_aspect_ratio
    if not aspect or not 1 / _WIDEST_PIXEL <= aspect <= _WIDEST_PIXEL:
        return Fraction(1)
    return aspect


def _unreadable(name: str, error: Exception) -> SourceError:
    if isinstance(error, SourceError):
        return error
    if isinstance(error, (InvalidDataError, EOFError)):
        return SourceError(say("{name} is not a video that can be read, or it is damaged.", name=name))
    reason = (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".")
    return SourceError(say("{name} cannot be read: {reason}.", name=name, reason=str(reason)))
