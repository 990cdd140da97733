"""What a person wants of a clip that plays: pause, another place, another speed."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from app.live.playback import ClipPosition, Clock, Pacer


@dataclass(frozen=True)
class PlaybackStatus(ClipPosition):
    """Where a clip is that plays as a source; its pauses are shortened.

    Attributes:
        ended: the last image is shown.
    """

    ended: bool


class Player:
    """Wishes of any thread, and the waiting of the one that reads the clip.

    Args:
        count: images in all, None where unknown.
        step_ns: usual time between two.
        loop: start over at the end.
        clock: steady nanoseconds.
    """

    def __init__(self, count: int | None, step_ns: int, loop: bool, clock: Clock) -> None:
        self._changed = threading.Condition()
        self._clock = clock
        self._pacer = Pacer()
        self._count = count or 0
        self._step_ns = step_ns
        self._loop = loop
        self._playing = True
        self._ended = False
        self._closed = False
        self._wanted: int | None = None
        self._show_one = False
        self._speed = 1.0
        self._position = 0
        self._presentation_ns = 0

    # Any thread.

    def toggle(self) -> None:
        """Play or pause; at the end, play from the beginning."""
        with self._changed:
            self._playing = not self._playing
            if self._playing and self._ended:
                self._wanted = 0
            self._start_anew()

    def seek(self, number: int) -> None:
        """Go to an image, or to the nearest there is; playing goes on from there."""
        with self._changed:
            self._wanted = min(max(number, 0), max(self._count - 1, 0)) if self._count else max(number, 0)
            self._start_anew()

    def step(self, frames: int) -> None:
        """Pause, and go some images forward or, where negative, back."""
        with self._changed:
            self._playing = False
            start = self._position if self._wanted is None else self._wanted
            self.seek(start + frames)

    def set_speed(self, speed: float) -> None:
        """Play at another speed; 1 is real time."""
        with self._changed:
            self._speed = speed
            self._start_anew()

    def set_loop(self, loop: bool) -> None:
        """Start over at the end, or stay there."""
        with self._changed:
            self._loop = loop

    def close(self) -> None:
        """Wait for nothing any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def loop(self) -> bool:
        """Whether to start over at the end."""
        return self._loop

    @property
    def status(self) -> PlaybackStatus:
        """Where it is."""
        with self._changed:
            position = self._position if self._wanted is None else self._wanted
            return PlaybackStatus(
                position=position,
                count=max(self._count, self._position + 1),
                seconds=self._presentation_ns * 1e-9,
                length=max(self._count * self._step_ns, self._presentation_ns) * 1e-9,
                playing=self._playing,
                speed=self._speed,
                loop=self._loop,
                ended=self._ended,
            )

    # The reading thread.

    @property
    def interrupted(self) -> bool:
        """Whether a person wants another image, or the end of all."""
        return self._closed or self._wanted is not None

    def take_wanted(self) -> int | None:
        """The image that a person wants to see, if any; it is due at once, also while the clip is paused."""
        with self._changed:
            wanted, self._wanted = self._wanted, None
            if wanted is not None:
                self._show_one, self._ended = True, False
            return wanted

    def wait_until_due(self, presentation_ns: int) -> bool:
        """Wait until an image is to be shown; False where something else is wanted meanwhile.

        Args:
            presentation_ns: of the image.
        """
        with self._changed:
            while not self.interrupted:
                if self._show_one:
                    self._show_one = False
                    return True
                left_ns = self._pacer.wait_ns(round(presentation_ns / self._speed), self._clock())
                if self._playing and left_ns <= 0:
                    return True
                self._changed.wait(left_ns * 1e-9 if self._playing else None)
            return False

    def shown(self, number: int, presentation_ns: int) -> None:
        """An image was handed out."""
        with self._changed:
            self._position, self._presentation_ns = number, presentation_ns

    def wait_at_end(self) -> None:
        """Stay at the last image until something is wanted."""
        with self._changed:
            if not self.interrupted:
                self._playing, self._ended = False, True
                self._changed.wait_for(lambda: self.interrupted)

    def _start_anew(self) -> None:
        self._pacer = Pacer()
        self._changed.notify_all()
