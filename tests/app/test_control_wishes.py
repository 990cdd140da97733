"""What a camera's driver is told while a slider moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.live import control_wishes
from app.live.control_wishes import ControlWishes
from app.live.values import MessageBoard
from tracking.sources import SourceError
from tracking.sources.camera_controls import CameraControl

GAIN = CameraControl("gain", 7, 0, 9)


class Steps:
    """Runs each piece of work when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []

    def begin(self, work: Callable[[], Any], take: Callable[[Any], None]) -> None:
        self.waiting.append((work, take))

    def run(self) -> None:
        work, take = self.waiting.pop(0)
        take(work())


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, int]]:
    told: list[tuple[str, str, int]] = []
    monkeypatch.setattr(control_wishes, "set_control", lambda *wish: told.append(wish))
    monkeypatch.setattr(control_wishes, "read_controls", lambda camera: (GAIN,))
    return told


def test_a_busy_driver_is_told_the_newest_values_alone(told: list):
    steps, taken = Steps(), []
    wishes = ControlWishes("/dev/video0", steps.begin, taken.append, MessageBoard())
    wishes.add("gain", 1)
    for value in range(2, 8):
        wishes.add("gain", value)
    wishes.add("focus", 30)
    assert len(steps.waiting) == 1
    steps.run()
    assert told == [("/dev/video0", "gain", 1)]
    assert taken == [], "what holds meanwhile would move the slider back"
    steps.run()
    assert told[1:] == [("/dev/video0", "gain", 7), ("/dev/video0", "focus", 30)]
    assert taken == [(GAIN,)]
    assert steps.waiting == []


def test_what_a_driver_refuses_is_told_and_it_goes_on(told: list, monkeypatch: pytest.MonkeyPatch):
    def refuse(*wish: object) -> None:
        raise SourceError("It refuses that.")

    monkeypatch.setattr(control_wishes, "set_control", refuse)
    steps, taken, board = Steps(), [], MessageBoard()
    wishes = ControlWishes("/dev/video0", steps.begin, taken.append, board)
    wishes.add("gain", 1)
    steps.run()
    assert [message.text for message in board.drain()] == ["It refuses that."]
    assert taken == [(GAIN,)], "the slider goes back to where the driver is"
    monkeypatch.setattr(control_wishes, "read_controls", refuse)
    wishes.add("gain", 2)
    steps.run()
    assert taken[1:] == [()]
