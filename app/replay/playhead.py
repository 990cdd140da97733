"""Which image is due: play, pause, step, speed and loop, without threads and without a clock of its own."""

from __future__ import annotations

import numpy as np

from app.sessions.moments import MediaTime

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)


class Playhead:
    """A place in a clip that moves with a clock while it plays. Long pauses of the source are passed over in a second.

    Args:
        times_ns: (N,) rising capture times of the images, N at least 1.
    """

    def __init__(self, times_ns: np.ndarray) -> None:
        times = np.asarray(times_ns, np.int64)
        media_ns = MediaTime.of(times).at(times)
        self._times = media_ns - int(media_ns[0])
        steps = np.diff(self._times)
        self._end = int(self._times[-1]) + (int(np.median(steps)) if len(steps) else 1)
        self._position = 0
        self._playing = False
        self._speed = 1.0
        self._media_ns = 0  # at the moment below
        self._clock_ns = 0
        self.loop = False

    @property
    def count(self) -> int:
        """Images in all."""
        return len(self._times)

    @property
    def position(self) -> int:
        """Number of the image that was due when the clock was last told."""
        return self._position

    @property
    def playing(self) -> bool:
        """Whether time goes on."""
        return self._playing

    @property
    def speed(self) -> float:
        """1 is real time."""
        return self._speed

    @property
    def seconds(self) -> float:
        """Time of the image, from the first one."""
        return float(self._times[self._position]) * 1e-9

    @property
    def length(self) -> float:
        """Seconds until the last image has been shown."""
        return self._end * 1e-9

    def play(self, now_ns: int) -> None:
        """Go on from here; at the end, from the beginning."""
        if not self._playing:
            if self._position == self.count - 1:
                self._position = 0
            self._playing = True
            self._anchor(now_ns)

    def pause(self, now_ns: int) -> None:
        """Stay at the image that is due now."""
        self.advance(now_ns)
        self._playing = False

    def seek(self, number: int, now_ns: int) -> None:
        """Go to an image, or to the nearest there is; playing goes on from there."""
        self._position = min(max(number, 0), self.count - 1)
        self._anchor(now_ns)

    def seek_seconds(self, seconds: float, now_ns: int) -> None:
        """Go to the image that is shown at a time from the first one."""
        self.seek(self._number_at(round(seconds * 1e9)), now_ns)

    def set_speed(self, speed: float, now_ns: int) -> None:
        """Play faster or slower from the image that is due now.

        Raises:
            ValueError: the speed is not positive.
        """
        if not speed > 0:
            raise ValueError(f"speed must be positive, not {speed}")
        self.advance(now_ns)
        self._anchor(now_ns, self._media_at(now_ns))
        self._speed = speed

    def advance(self, now_ns: int) -> int:
        """The image that is due now; at the end playing stops, or starts over."""
        if self._playing:
            media_ns = self._media_at(now_ns)
            if media_ns >= self._end and self.loop:
                media_ns %= self._end
                self._anchor(now_ns, media_ns)
            elif media_ns >= self._end:
                self._playing = False
            self._position = self._number_at(media_ns)
        return self._position

    def wait_ns(self, now_ns: int) -> int | None:
        """How long until another image is due; None where that is never by itself."""
        if not self._playing:
            return None
        following = self._position + 1
        due = int(self._times[following]) if following < self.count else self._end
        return max(0, round((due - self._media_at(now_ns)) / self._speed))

    def _anchor(self, now_ns: int, media_ns: int | None = None) -> None:
        self._media_ns = int(self._times[self._position]) if media_ns is None else media_ns
        self._clock_ns = now_ns

    def _media_at(self, now_ns: int) -> int:
        if not self._playing:
            return int(self._times[self._position])
        return self._media_ns + round((now_ns - self._clock_ns) * self._speed)

    def _number_at(self, media_ns: int) -> int:
        return min(max(int(np.searchsorted(self._times, media_ns, "right")) - 1, 0), self.count - 1)
