"""What a camera's driver is yet to be told while it is busy with what it was told before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.live.values import MessageBoard
from models.errors import BothhandsError
from models.sentences import say
from tracking.sources.camera_controls import CameraControl, ControlName, read_controls, set_control


class ControlWishes:
    """Tells a driver the newest value of each control alone: a slider moves faster than some of them answer.

    Args:
        camera: its device.
        begin: runs a function in another thread and gives what it returns to the second one, in the caller's.
        take: gets the controls as they are, once nothing waits any more.
        board: gets what the driver refuses.
    """

    def __init__(
        self,
        camera: str,
        begin: Callable[[Callable[[], Any], Callable[[Any], None]], None],
        take: Callable[[Sequence[CameraControl]], None],
        board: MessageBoard,
    ) -> None:
        self._camera = camera
        self._begin = begin
        self._take = take
        self._board = board
        self._waiting: dict[ControlName, int] = {}
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

    def _tell(self, wishes: Mapping[ControlName, int]) -> Sequence[CameraControl]:
        try:
            for name, value in wishes.items():
                set_control(self._camera, name, value)
        except BothhandsError as error:
            self._board.post_error(say("Setting the camera"), error)
        try:
            return read_controls(self._camera)
        except BothhandsError:  # it was unplugged, which was said
            return ()

    def _done(self, controls: Sequence[CameraControl]) -> None:
        self._busy = False
        if self._waiting:
            self._go_on()
        else:
            self._take(controls)
