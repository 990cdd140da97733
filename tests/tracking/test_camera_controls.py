"""Controls of cameras, against a driver that a test plays and that answers in the kernel's structures."""

from __future__ import annotations

import errno
import os
import struct
from pathlib import Path
from typing import Any

import pytest

from tests.tracking.played_drivers import play
from tracking.sources import SourceError
from tracking.sources.camera_controls import (
    CameraControl,
    Deviation,
    apply_controls,
    defaults,
    read_controls,
    tell_controls,
)
from tracking.sources.control_texts import deviations_text

pytest.importorskip("fcntl")

AUTO_EXPOSURE, EXPOSURE, GAIN = 0x009A0901, 0x009A0902, 0x00980913
AUTO_FOCUS, FOCUS, POWER_LINE = 0x009A090C, 0x009A090A, 0x00980918
QUERY, QUERY_MENU, GET, SET = 0xC0445624, 0xC02C5625, 0xC008561B, 0xC008561C


class FakeDriver:
    """Knows controls as number to (smallest, largest, step, flags), menus and values, some of which are coarse."""

    def __init__(self) -> None:
        self.controls = {
            AUTO_EXPOSURE: (0, 3, 1, 0),
            EXPOSURE: (3, 2047, 1, 0x10),
            GAIN: (0, 255, 5, 0),
            POWER_LINE: (0, 2, 1, 0),
        }
        self.coarse: dict[int, int] = {}
        self.menus = {AUTO_EXPOSURE: {1, 3}, POWER_LINE: {0, 1, 2}}
        self.values = {AUTO_EXPOSURE: 3, EXPOSURE: 250, GAIN: 100, POWER_LINE: 2}
        self.defaults = {AUTO_EXPOSURE: 3, EXPOSURE: 156, GAIN: 64, POWER_LINE: 2, AUTO_FOCUS: 1, FOCUS: 0}

    def ioctl(self, file: int, request: int, buffer: bytearray) -> int:
        number, second = struct.unpack_from("=Ii", buffer)
        if number not in self.controls or (request == QUERY_MENU and second not in self.menus[number]):
            raise OSError(errno.EINVAL, "Invalid argument")
        smallest, largest, step, flags = self.controls[number]
        if request == QUERY:
            buffer[:] = struct.pack(
                "=II32siiiiIII", number, 1, b"name", smallest, largest, step, self.defaults[number], flags, 0, 0
            )
        elif request == GET:
            struct.pack_into("=i", buffer, 4, self.values[number])
        elif request == SET:
            if not smallest <= second <= largest:
                raise OSError(errno.ERANGE, "Numerical result out of range")
            self.values[number] = second - second % self.coarse.get(number, 1)
            if number == AUTO_EXPOSURE:  # the automatic decides the exposure
                range_of = self.controls[EXPOSURE][:3]
                self.controls[EXPOSURE] = (*range_of, 0x10 if second != 1 else 0)
        else:
            assert request == QUERY_MENU
        return 0


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> FakeDriver:
    driver = FakeDriver()
    play(driver, monkeypatch)
    return driver


def test_the_controls_of_a_driver_are_listed_with_their_ranges(driver: FakeDriver, device: str):
    assert read_controls(device) == (
        CameraControl("auto exposure", 1, 0, 1, default=1),
        CameraControl("exposure", 250, 3, 2047, active=False, default=156),
        CameraControl("gain", 100, 0, 255, step=5, default=64),
        CameraControl("power line", 2, 0, 2, choices=(0, 1, 2), default=2),
    )


def test_what_cannot_be_changed_is_not_listed(driver: FakeDriver, device: str):
    driver.controls |= {GAIN: (0, 255, 1, 0x4), POWER_LINE: (0, 2, 1, 0x1), EXPOSURE: (5, 5, 1, 0)}
    driver.menus[AUTO_EXPOSURE] = {1}
    driver.controls |= {FOCUS: (0, 250, 5, 0), AUTO_FOCUS: (0, 1, 1, 0)}
    driver.values |= {FOCUS: 30, AUTO_FOCUS: 0}
    assert [control.name for control in read_controls(device)] == ["auto focus", "focus"]


@pytest.mark.parametrize(("menu", "automatic"), [({1, 3}, 3), ({0, 1}, 0), ({0, 1, 2, 3}, 3)])
def test_exposure_becomes_manual_and_automatic_again(driver: FakeDriver, device: str, menu: set[int], automatic: int):
    driver.menus[AUTO_EXPOSURE] = menu
    tell_controls(device, {"auto exposure": 0})
    assert driver.values[AUTO_EXPOSURE] == 1
    assert read_controls(device)[0].value == 0
    tell_controls(device, {"auto exposure": 1})
    assert driver.values[AUTO_EXPOSURE] == automatic
    assert read_controls(device)[0].value == 1


def test_a_value_is_set(driver: FakeDriver, device: str):
    told = tell_controls(device, {"gain": 30, "power line": 1, "focus": 3})
    assert told.deviations == ()
    assert [control.value for control in told.controls] == [1, 250, 30, 1]
    assert (driver.values[GAIN], driver.values[POWER_LINE]) == (30, 1)


def test_what_was_remembered_is_told_in_an_order_that_the_driver_takes(driver: FakeDriver, device: str):
    """An exposure can be set only once the automatic is off, wherever it stands among what is wanted."""
    assert apply_controls(device, {"exposure": 80, "gain": 30, "focus": 9, "auto exposure": 0}).deviations == ()
    assert driver.values == {AUTO_EXPOSURE: 1, EXPOSURE: 80, GAIN: 30, POWER_LINE: 2}
    (refused,) = apply_controls(device, {"exposure": 90, "auto exposure": 1, "gain": 999}).deviations
    assert (refused.name, refused.wanted, refused.value) == ("gain", 999, 30)
    assert (driver.values[AUTO_EXPOSURE], driver.values[EXPOSURE]) == (3, 80), "the automatic decides it"


def test_the_defaults_are_the_driver_s(driver: FakeDriver, device: str):
    tell_controls(device, {"auto exposure": 0, "exposure": 80})
    wanted = defaults(read_controls(device))
    assert list(wanted.items()) == [("exposure", 156), ("gain", 64), ("power line", 2), ("auto exposure", 1)]
    assert tell_controls(device, wanted).deviations == ()
    assert driver.values == {AUTO_EXPOSURE: 3, EXPOSURE: 156, GAIN: 64, POWER_LINE: 2}
    assert "exposure" not in defaults(read_controls(device))


def test_a_value_that_the_driver_refuses_is_said_and_the_others_are_told(driver: FakeDriver, device: str):
    told = tell_controls(device, {"gain": 900, "power line": 1})
    assert told.deviations == (Deviation("gain", 900, 100, "Numerical result out of range"),)
    assert driver.values[POWER_LINE] == 1
    said = "Gain: the driver refuses 900 (Numerical result out of range) and stays at 100."
    assert deviations_text(told.deviations) == said


def test_a_value_that_the_driver_changes_is_read_back_and_said(driver: FakeDriver, device: str):
    driver.coarse[EXPOSURE] = 50
    told = tell_controls(device, {"auto exposure": 0, "exposure": 83})
    assert told.controls[1].value == 50
    assert told.deviations == (Deviation("exposure", 83, 50),)
    assert deviations_text(told.deviations) == "Exposure: 8.3 ms was asked for, the driver chose 5.0 ms."


@pytest.mark.parametrize("tell", [apply_controls, tell_controls])
def test_the_device_is_opened_once_for_all_of_them(
    driver: FakeDriver, device: str, monkeypatch: pytest.MonkeyPatch, tell: Any
):
    opened: list[str] = []
    real = os.open
    monkeypatch.setattr("os.open", lambda path, *rest: opened.append(path) or real(path, *rest))
    tell(device, {"auto exposure": 0, "exposure": 80, "gain": 30, "power line": 1})
    assert opened == [device]
    assert (driver.values[EXPOSURE], driver.values[GAIN]) == (80, 30)


def test_a_camera_that_is_gone_is_said(driver: FakeDriver, tmp_path: Path):
    with pytest.raises(SourceError, match=r"cannot be read \(No such file or directory\); is the camera plugged in"):
        read_controls(str(tmp_path / "gone"))


def test_a_device_without_controls_and_other_systems_have_none(device: str, monkeypatch: pytest.MonkeyPatch):
    assert read_controls(device) == (), "the kernel's own answer for a file that is no camera"
    monkeypatch.setattr("sys.platform", "win32")
    assert read_controls("0") == ()
