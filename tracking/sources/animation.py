"""Animated images (PNG, WebP, AVIF), which are short clips."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from models.sentences import said, say
from tracking.sources.image_files import count_frames, read_animation
from tracking.sources.naming import readable
from tracking.sources.protocol import SourceError
from tracking.values import Frame


class AnimationSource:
    """An animated image read in lockstep: every image of it once, at its time."""

    live = False
    independent = False

    def __init__(self, path: Path, *, on_notice: Callable[[str], None] | None = None) -> None:
        """Read the first image.

        Args:
            path: of the file.
            on_notice: gets one sentence where the end came early.

        Raises:
            SourceError: as `read_image`.
        """
        self.name = readable(path.name)
        self.frame_count: int | None = count_frames(path)
        self.ended_early = False
        self._notice = on_notice or (lambda text: None)
        self._pictures = read_animation(path)
        self._count = 0
        self._shown_ms = 0.0
        milliseconds, image = next(self._pictures)
        self.fps: float | None = 1000.0 / milliseconds
        self.size = (image.shape[1], image.shape[0])
        self._ahead: tuple[float, Frame] | None = (milliseconds, Frame(0, 0, image))

    def read(self) -> Frame | None:
        """The next image, or None after the last one and after `close`."""
        ahead, self._ahead = self._ahead, None
        if ahead is None:
            return None
        milliseconds, frame = ahead
        self._count += 1
        self._shown_ms += milliseconds
        try:
            following = next(self._pictures, None)
        except SourceError as error:
            self.ended_early = True
            self._notice(
                say(
                    "{name} ends early: {count} of {frame_count} frames. {reason}",
                    name=self.name,
                    count=self._count,
                    frame_count=self.frame_count,
                    reason=said(error),
                )
            )
            following = None
        if following is not None:
            self._ahead = following[0], Frame(self._count, round(self._shown_ms * 1e6), following[1])
        return frame

    def close(self) -> None:
        """Close the file."""
        self._ahead = None
        self._pictures.close()
