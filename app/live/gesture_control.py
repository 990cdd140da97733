"""A gesture that begins and ends recordings: held on purpose, not made in passing."""

from __future__ import annotations

from app.live.statistics import SECOND_NS
from tracking.gestures import Gesture
from tracking.values import TrackedFrame

HOLD_NS = SECOND_NS
"""How long it must be held, so that nobody records by scratching an ear."""
_GAP_NS = 200_000_000
"""A hand that is lost for a frame or two has not let go."""


class GestureControl:
    """Watches for a gesture that both or either of the hands holds; told the frames by whoever owns it.

    After it was seen once the hand must let go, before it counts again: one long gesture does not begin and end.
    """

    def __init__(self) -> None:
        self.gesture: Gesture | None = None
        self._since_ns: int | None = None
        self._seen_ns = 0
        self._done = False

    @property
    def held(self) -> float:
        """How far the hold has come, 0 to 1; 0 where none is under way, and where it counted already."""
        if self._since_ns is None or self._done:
            return 0.0
        return min((self._seen_ns - self._since_ns) / HOLD_NS, 1.0)

    def choose(self, gesture: Gesture | None) -> None:
        """Watch for another gesture, None for none."""
        self.gesture = gesture
        self.let_go()

    def let_go(self) -> None:
        """Nothing is held: another source begins."""
        self._since_ns = None
        self._done = False

    def update(self, tracked: TrackedFrame) -> bool:
        """Enter a frame; whether the gesture has now been held long enough, true once a hold."""
        now = tracked.frame.captured_ns
        if self.gesture is None or self.gesture not in tracked.gestures.values():
            if self._since_ns is not None and not 0 <= now - self._seen_ns <= _GAP_NS:
                self.let_go()
            return False
        if self._since_ns is None or not 0 <= now - self._seen_ns <= _GAP_NS:
            self._since_ns, self._done = now, False
        self._seen_ns = now
        if self._done or now - self._since_ns < HOLD_NS:
            return False
        self._done = True
        return True
