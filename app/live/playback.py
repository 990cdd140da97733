"""When the frames of a file are due."""

from __future__ import annotations

from app.live.statistics import SECOND_NS

CATCH_UP_NS = SECOND_NS // 10
"""Lateness that is caught up; what is later stays late, so that a slow moment is not followed by a rush."""


class Pacer:
    """Plays presentation times at their own rate."""

    def __init__(self) -> None:
        self._origin_ns: int | None = None

    def wait_ns(self, presentation_ns: int, now_ns: int) -> int:
        """How long to wait before a frame is handed out.

        Args:
            presentation_ns: of the frame, rising.
            now_ns: on any steady clock.
        """
        if self._origin_ns is None:
            self._origin_ns = now_ns - presentation_ns
        late = now_ns - (self._origin_ns + presentation_ns)
        self._origin_ns += max(0, late - CATCH_UP_NS)
        return max(0, -late)
