"""How long a model has been loading, and why it takes its time."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.live.feed import Clock
from app.live.statistics import SECOND_NS
from models.runtime.conversion import converting
from models.sentences import say

_CONVERTING = say("it is converted for this machine, which happens once")
_LOADING = say("it is read and compiled")


class LoadingWatch:
    """Times what is being loaded, by its name. Any thread.

    Args:
        clock: steady nanoseconds.
        converting: whether a network is being converted.
    """

    def __init__(self, clock: Clock, converting: Callable[[], bool] = converting) -> None:
        self._clock = clock
        self._converting = converting
        self._lock = threading.Lock()
        self._model: str | None = None
        self._since_ns = 0

    def watch(self, model: str | None) -> tuple[float, str]:
        """Seconds since this model was first asked for here, and what is being done for it; 0 and "" for none."""
        with self._lock:
            if model != self._model:
                self._model = model
                self._since_ns = self._clock()
            if model is None:
                return 0.0, ""
            seconds = (self._clock() - self._since_ns) / SECOND_NS
        return seconds, _CONVERTING if self._converting() else _LOADING
