"""What a camera's driver is yet to be told while it is busy with what it was told before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.live.values import MessageBoard
from models.errors import BothhandsError
from models.sentences import say
from tracking.sources.camera_controls import ControlName, Deviation, Told, tell_controls


class ControlWishes:
    """Tells a driver the newest value of each control alone: a slider moves faster than some of them answer.

    Args:
        camera: its device.
        begin: runs a function in another thread and gives what it returns to the second one, in the caller's.
        take: gets the controls as they are, once nothing waits any more, and what the driver did not take since then.
        board: is told where the device cannot be opened.
    """

    def __init__(
        self,
        camera: str,
        begin: Callable[[Callable[[], Any], Callable[[Any], None]], None],
        take: Callable[[Told], None],
        board: MessageBoard,
    ) -> None:
        self._camera = camera
        self._begin = begin
        self._take = take
        self._board = board
        self._waiting: dict[ControlName, int] = {}
        self._deviations: dict[ControlName, Deviation] = {}
        self._busy = False

    def add(self, name: ControlName, value: int) -> None:
        """Tell it as soon as it has time."""
        self._waiting[name] = value
        self._go_on()

    def _go_on(self) -> None:
        if self._busy:
            return
        wishes, self._waiting, self._busy = self._waiting, {}, True
        self._begin(lambda: self._tell(wishes), self._done)

    def _tell(self, wishes: Mapping[ControlName, int]) -> Told:
        try:
            return tell_controls(self._camera, wishes)
        except BothhandsError as error:
            self._board.post_error(say("Setting the camera"), error)
            return Told()

    def _done(self, told: Told) -> None:
        self._busy = False
        self._deviations |= {each.name: each for each in told.deviations}
        if self._waiting:
            for name in self._waiting:
                self._deviations.pop(name, None)
            self._go_on()
            return
        deviations, self._deviations = tuple(self._deviations.values()), {}
        self._take(Told(told.controls, deviations))
