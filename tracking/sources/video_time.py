"""When the frames of a video are shown, whatever its file says of that."""

from __future__ import annotations

_USUAL_FPS = 30.0  # for the rare files that say neither when a frame is shown nor how many come in a second
_RESTART_NS = 1_000_000_000
_LATEST_NS = 1 << 62
"""146 years: what lies beyond it is damage, and does not fit the 64 bits of a journal."""


class Presentation:
    """Times that rise from frame to frame, as the file gives them where it can be believed.

    A frame without a time, or with one that does not rise, follows the last by the usual step. Where time falls back by
    more than a second (clips that were joined, a counter that ran over) it goes on from there at the file's own pace.

    Attributes:
        gap_ns: from the frame before the last to the last.
    """

    def __init__(self, fps: float | None) -> None:
        self.gap_ns = 0
        self._step_ns = max(1, round(1e9 / (fps or _USUAL_FPS)))
        self._shift_ns = 0
        self._last_ns: int | None = None

    def place(self, presented_ns: int | None) -> int:
        """The time of the next frame, ns."""
        if presented_ns is not None and abs(presented_ns) >= _LATEST_NS:
            presented_ns = None
        if self._last_ns is None:
            self._last_ns = presented_ns or 0
            return self._last_ns
        following = self._last_ns + self._step_ns
        if presented_ns is not None:
            shifted = presented_ns + self._shift_ns
            if self._last_ns < shifted < _LATEST_NS:
                following = shifted
            elif self._last_ns - shifted > _RESTART_NS:
                self._shift_ns = following - presented_ns
        self.gap_ns = following - self._last_ns
        self._last_ns = following
        return following
