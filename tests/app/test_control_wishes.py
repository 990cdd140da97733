"""What a camera's driver is told while a slider moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from app.live import control_wishes
from app.live.control_wishes import ControlWishes
from app.live.values import MessageBoard
from tracking.sources import SourceError
from tracking.sources.camera_controls import CameraControl, ControlName, Deviation, Told

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


class Driver:
    """Takes everything up to 5, and refuses more."""

    def __init__(self) -> None:
        self.told: list[dict[str, int]] = []

    def tell(self, camera: str, wanted: Mapping[ControlName, int]) -> Told:
        assert camera == "/dev/video0"
        self.told.append(dict(wanted))
        return Told((GAIN,), tuple(Deviation(name, value, 5, "?") for name, value in wanted.items() if value > 5))


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Driver:
    driver = Driver()
    monkeypatch.setattr(control_wishes, "tell_controls", driver.tell)
    return driver


def test_a_busy_driver_is_told_the_newest_values_alone(driver: Driver):
    steps, taken = Steps(), []
    wishes = ControlWishes("/dev/video0", steps.begin, taken.append, MessageBoard())
    wishes.add("gain", 1)
    for value in range(2, 5):
        wishes.add("gain", value)
    wishes.add("focus", 3)
    assert len(steps.waiting) == 1
    steps.run()
    assert taken == [], "what holds meanwhile would move the slider back"
    steps.run()
    assert driver.told == [{"gain": 1}, {"gain": 4, "focus": 3}], "all that waits at once"
    assert taken == [Told((GAIN,))]
    assert steps.waiting == []


def test_what_a_driver_refuses_is_told_unless_it_was_told_something_else_meanwhile(driver: Driver):
    steps, taken = Steps(), []
    wishes = ControlWishes("/dev/video0", steps.begin, taken.append, MessageBoard())
    wishes.add("gain", 9)
    wishes.add("focus", 8)
    steps.run()
    steps.run()
    assert [each.name for each in taken[-1].deviations] == ["gain", "focus"]
    wishes.add("gain", 9)
    wishes.add("gain", 2)
    steps.run()
    steps.run()
    assert taken[-1].deviations == ()


def test_a_camera_that_is_gone_is_told(monkeypatch: pytest.MonkeyPatch):
    def gone(*wish: object) -> None:
        raise SourceError("It is gone.")

    monkeypatch.setattr(control_wishes, "tell_controls", gone)
    steps, taken, board = Steps(), [], MessageBoard()
    wishes = ControlWishes("/dev/video0", steps.begin, taken.append, board)
    wishes.add("gain", 1)
    steps.run()
    assert [message.text for message in board.drain()] == ["It is gone."]
    assert taken == [Told()]
