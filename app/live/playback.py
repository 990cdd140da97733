"""When the frames of a file are due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.live.statistics import SECOND_NS
from tracking.pauses import taken_away

Clock = Callable[[], int]


@dataclass(frozen=True)
class ClipPosition:
    """Where a clip is that a person can pause and move.

    Attributes:
        position: place of the image that is shown, from 0.
        count: images in all, or as many as were seen where the clip does not say.
        seconds, length: time of that image, and of the whole clip as far as it says.
        playing: whether time goes on.
        speed: 1 is real time.
        loop: start over at the end.
    """

    position: int
    count: int
    seconds: float
    length: float
    playing: bool
    speed: float
    loop: bool


CATCH_UP_NS = SECOND_NS // 10
"""Lateness that is caught up; what is later stays late, so that a slow moment is not followed by a rush."""


class GapCloser:
    """Shortens pauses in a clip's times, by the rule by which recordings are played and exported."""

    def __init__(self) -> None:
        self._last_ns: int | None = None
        self._closed_ns = 0

    def place(self, presentation_ns: int) -> int:
        """When a frame is shown: as its clip says, without what was cut out of the gaps before it.

        Args:
            presentation_ns: of the frame, rising.
        """
        if self._last_ns is not None:
            self._closed_ns += int(taken_away(np.array(presentation_ns - self._last_ns)))
        self._last_ns = presentation_ns
        return presentation_ns - self._closed_ns


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
