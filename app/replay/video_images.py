"""The images of a recorded video, any of them at any time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame

from app.sessions.checks import MOST_NS
from app.sessions.files import open_video
from app.sessions.moments import origin_of
from models.errors import BothhandsError
from models.sentences import say


@dataclass(frozen=True, eq=False)
class VideoIndex:
    """Where the images of a video are, found without decoding them.

    Attributes:
        places: (N,) int64 rising, in units of the file's clock.
        keys: (K,) int64 rising: those of them that decoding can begin with.
        times_ns: (N,) int64 rising: when each was captured, as finely as the file's clock counts.
        size: width, height in px.
    """

    places: np.ndarray
    keys: np.ndarray
    times_ns: np.ndarray
    size: tuple[int, int]

    @classmethod
    def of(cls, path: Path) -> VideoIndex:
        """Read through a video.

        Raises:
            BothhandsError: it cannot be read, has no image, or is not one of ours.
        """
        try:
            with open_video(path) as container:
                origin = origin_of(container)
                if origin is None:
                    raise BothhandsError(
                        say(
                            "The video {path} does not say when it was taken; it is none that Bothhands recorded.",
                            path=path,
                        )
                    )
                places, keys = _places(container)
                if not len(keys):
                    raise BothhandsError(say("There is no frame in the video {path}.", path=path))
                stream = container.streams.video[0]
                seconds = places * float(stream.time_base or 0)
                if np.any(np.abs(seconds) * 1e9 >= MOST_NS - abs(origin)):
                    raise BothhandsError(
                        say("The video {path} has times that no clock counts; it is damaged.", path=path)
                    )
                times_ns = origin + np.round(seconds * 1e9).astype(np.int64)
                return cls(places, keys, times_ns, (stream.codec_context.width, stream.codec_context.height))
        except (FFmpegError, OSError) as error:
            raise _unreadable(path, error) from error


class ImageReader:
    """Reads images by number. Used by one thread at a time.

    Args:
        path: of the video.
        index: of the same video.

    Raises:
        BothhandsError: it cannot be read.
    """

    def __init__(self, path: Path, index: VideoIndex) -> None:
        self._path = path
        self._index = index
        self._open = contextlib.ExitStack()
        try:
            self._container = self._open.enter_context(open_video(path))
        except (FFmpegError, OSError) as error:
            raise _unreadable(path, error) from error
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "SLICE"  # threads by frame would hold images back
        self._frames: Iterator[VideoFrame] = iter(())
        self._next = -1

    def read(self, number: int) -> np.ndarray:
        """An image, (H, W, 3) uint8 RGB; one that is damaged is replaced by the next that is not.

        Raises:
            BothhandsError: from there on nothing can be read.
        """
        place = int(self._index.places[number])
        try:
            if not self._is_near(number):
                self._container.seek(place, stream=self._stream)  # to the key frame before it
                self._frames = self._container.decode(self._stream)
            for frame in self._frames:
                if frame.pts is not None and frame.pts >= place:
                    self._next = int(np.searchsorted(self._index.places, frame.pts)) + 1
                    return frame.to_ndarray(format="rgb24")
        except (FFmpegError, OSError) as error:
            self._next = -1
            raise _unreadable(self._path, error) from error
        self._next = -1
        raise BothhandsError(
            say(
                "The video {path} cannot be read from frame {number} on; it is damaged there.",
                path=self._path,
                number=number,
            )
        )

    def close(self) -> None:
        """Close the file."""
        self._frames = iter(())
        self._open.close()

    def _is_near(self, number: int) -> bool:
        """Whether decoding on from here is no longer a way than from the key frame before the image."""
        if not 0 <= self._next <= number:
            return False
        following = self._index.places[min(self._next, len(self._index.places) - 1)]
        key = self._index.keys[max(0, int(np.searchsorted(self._index.keys, self._index.places[number], "right")) - 1)]
        return bool(key <= following) or number == self._next


def _places(container: InputContainer) -> tuple[np.ndarray, np.ndarray]:
    places, keys = [], []
    for packet in container.demux(video=0) if container.streams.video else ():
        if packet.size and packet.pts is not None:
            places.append(packet.pts)
            if packet.is_keyframe:
                keys.append(packet.pts)
    return np.array(sorted(places), np.int64), np.array(sorted(keys), np.int64)


def _unreadable(path: Path, error: Exception) -> BothhandsError:
    return BothhandsError(
        say(
            "The video {path} cannot be read: {reason}.",
            path=path,
            reason=str(getattr(error, "strerror", None) or error),
        )
    )
