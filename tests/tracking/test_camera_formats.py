"""The modes that a driver lists, against one that a test plays and that answers in the kernel's structures."""

from __future__ import annotations

import errno
import struct
from pathlib import Path

import pytest

from tests.tracking.played_drivers import play
from tracking.sources.camera_formats import offered_modes
from tracking.sources.camera_mode import CameraMode

pytest.importorskip("fcntl")

FORMATS, SIZES, INTERVALS = 0xC0405602, 0xC02C564A, 0xC034564B
DISCRETE, STEPWISE = 1, 3


def letters_of(number: int) -> str:
    return number.to_bytes(4, "little").decode()


class FakeDriver:
    """Has sizes and intervals by pixel format: (width, height) to seconds an image, as fractions."""

    def __init__(self) -> None:
        self.modes: dict[str, dict[tuple[int, int], list[tuple[int, int]]]] = {
            "YUYV": {(640, 480): [(1, 30), (1, 15)], (1280, 720): [(1, 10)]},
            "H264": {(1920, 1080): [(1, 30)]},
            "MJPG": {(160, 120): [(1, 30)], (640, 480): [(1, 60), (1001, 30000)], (1920, 1080): [(1, 30), (1, 5)]},
            "GREY": {(640, 480): []},
        }
        self.ranges = False
        self.endless = False

    def ioctl(self, file: int, request: int, buffer: bytearray) -> int:
        index, second = struct.unpack_from("=II", buffer)
        try:
            if request == FORMATS:
                assert second == 1, "of images that are captured"
                letters = list(self.modes)[0 if self.endless else index]
                struct.pack_into("=I32sI", buffer, 8, 0, b"its name", int.from_bytes(letters.encode(), "little"))
            elif request == SIZES:
                self._size(buffer, list(self.modes[letters_of(second)])[index])
            else:
                assert request == INTERVALS
                size = struct.unpack_from("=II", buffer, 8)
                self._interval(buffer, index, [] if self.ranges else self.modes[letters_of(second)][size])
        except (IndexError, KeyError) as error:
            raise OSError(errno.EINVAL, "Invalid argument") from error
        return 0

    def _size(self, buffer: bytearray, size: tuple[int, int]) -> None:
        if self.ranges:
            struct.pack_into("=I6I", buffer, 8, STEPWISE, 320, 1920, 16, 180, 1080, 4)
        else:
            struct.pack_into("=III", buffer, 8, DISCRETE, *size)

    def _interval(self, buffer: bytearray, index: int, intervals: list[tuple[int, int]]) -> None:
        if self.ranges:
            struct.pack_into("=I6I", buffer, 16, STEPWISE, 1, 50, 1, 5, 1, 1000)
        else:
            struct.pack_into("=III", buffer, 16, DISCRETE, *intervals[index])


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> FakeDriver:
    driver = FakeDriver()
    play(driver, monkeypatch)
    return driver


def test_what_the_driver_lists_is_offered_compressed_and_large_ones_first(driver: FakeDriver, device: str):
    """Not offered are formats that cannot be read, sizes too small for hands, and rates below the best ones."""
    assert offered_modes(device) == (
        CameraMode(1920, 1080, 30.0, "MJPG"),
        CameraMode(640, 480, 29.97, "MJPG"),
        CameraMode(640, 480, 60.0, "MJPG"),
        CameraMode(1280, 720, 10.0, "YUYV"),
        CameraMode(640, 480, 30.0, "YUYV"),
        CameraMode(640, 480, None, "GREY"),
    )


def test_of_a_range_the_usual_ones_are_offered(driver: FakeDriver, device: str):
    driver.modes = {"YUYV": {(1, 1): []}}
    driver.ranges = True
    assert [str(mode) for mode in offered_modes(device)] == [
        "1920x1080@30:YUYV",
        "1280x960@30:YUYV",
        "1280x720@30:YUYV",
        "800x600@30:YUYV",
        "640x480@30:YUYV",
        "640x360@30:YUYV",
    ]


def test_a_list_without_an_end_is_not_read_for_ever(driver: FakeDriver, device: str):
    driver.endless = True
    assert set(offered_modes(device)) == {CameraMode(1280, 720, 10.0, "YUYV"), CameraMode(640, 480, 30.0, "YUYV")}


def test_no_camera_and_other_systems_list_none(device: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert offered_modes(device) == (), "the kernel's own answer for a file that is no camera"
    assert offered_modes(str(tmp_path / "gone")) == ()
    monkeypatch.setattr("sys.platform", "darwin")
    assert offered_modes("0") == ()
