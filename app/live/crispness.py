"""How finely hands are drawn: with the screen's own pixels, as long as there is time for them."""

from __future__ import annotations

from collections import deque
from statistics import median

BUDGET_MS = 20.0
"""What drawing all hands of a frame may take: the image becomes older by it, and the next one comes after 33 ms."""
_COARSER = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
"""Px of the screen for each px that is drawn."""
_LEAST_SCALE = 1.25
"""Px that are drawn for each px of the frame, below which the frame itself is as good and costs less."""
_ROOM = 0.6
"""Share of the budget that a finer step may take by what is known, so that it does not go back and forth."""
_ENOUGH, _MOST = 8, 30
"""Frames after which the time is believed, and over which it is taken."""
_PATIENCE = 60
"""Frames between a step and a finer one: two seconds, over which hands come and go."""

_SAME = 0.01
"""Share by which the size on the screen may change, until the time is to be taken anew."""


class Crispness:
    """Chooses by the time that drawing has taken, which goes by the number of pixels.

    It becomes coarser as soon as there is too little time, and finer when there has been much more than enough for two
    seconds. Below about the resolution of the frame hands are drawn into the frame, as they are recorded.

    Args:
        budget_ms: what drawing may take.
    """

    def __init__(self, budget_ms: float = BUDGET_MS) -> None:
        self._budget_ms = budget_ms
        self._step = 0
        self._spent: deque[float] = deque(maxlen=_MOST)  # by px of the frame
        self._since = 0
        self._screen = 0.0

    def scale(self, screen: float) -> float:
        """Px to be drawn for each px of the frame; 1 draws into the frame.

        Args:
            screen: px of the screen that a px of the frame is wide.
        """
        if abs(screen - self._screen) > _SAME * screen:  # a person zooms, or the window has another size
            self._screen, self._since = screen, _PATIENCE
            self._spent.clear()
        if len(self._spent) >= _ENOUGH:
            self._choose(screen)
        return _scale(screen, self._step)

    def add(self, scale: float, milliseconds: float) -> None:
        """Enter the time that a frame with hands has taken.

        Args:
            scale: that it was drawn at.
            milliseconds: that it took.
        """
        self._spent.append(milliseconds / scale**2)
        self._since += 1

    def _choose(self, screen: float) -> None:
        cost = median(self._spent)

        def first_within(budget: float) -> int:
            fits = (step for step in range(len(_COARSER)) if cost * _scale(screen, step) ** 2 <= budget)
            return next(fits, len(_COARSER) - 1)

        step = self._step
        if cost * _scale(screen, step) ** 2 > self._budget_ms:
            step = first_within(self._budget_ms)
        elif self._since >= _PATIENCE:
            step = min(step, first_within(_ROOM * self._budget_ms))
        if step != self._step:
            self._step, self._since = step, 0
            self._spent.clear()


def _scale(screen: float, step: int) -> float:
    scale = screen / _COARSER[step]
    return scale if scale >= _LEAST_SCALE else 1.0
