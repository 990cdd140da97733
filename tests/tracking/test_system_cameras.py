"""Cameras of Windows and macOS, as a system lists them that a test plays: only the function that asks it is faked."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from types import ModuleType, SimpleNamespace
from typing import Any

import cv2
import pytest

from tests.fakes import FakeCameraDevice
from tracking.sources import SourceError, cameras_are_listed, is_camera, list_cameras, open_source, system_cameras
from tracking.sources.cameras import camera_identity

C270, STUDIO = (0x046D, 0x0825), (0x1532, 0x0E05)
FIRST_PLACE = r"\\?\usb#vid_046d&pid_0825&mi_00#6&1a2b&0&0000"
OTHER_PLACE = r"\\?\usb#vid_046d&pid_0825&mi_00#7&9f9f&0&0000"
MSMF_END, DSHOW_END = r"#{e5323777-f976-4f5b-9b55-b94699c46e44}\global", r"#{65e8773d-8f56-11d0-a3b9}\global"


def listed(index: int, name: str, place: str | None, kind: tuple[int, int] | None = None) -> SimpleNamespace:
    maker, product = kind or (None, None)
    return SimpleNamespace(index=index, name=name, path=place, vid=maker, pid=product)


class System:
    """What a system lists, by OpenCV's numbers of its parts; and which camera OpenCV was told to open."""

    def __init__(self, platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cameras: Mapping[int, Sequence[Any]] = {}
        self.opened: list[tuple[object, ...]] = []
        module = ModuleType("cv2_enumerate_cameras")
        module.enumerate_cameras = lambda backend: list(self.cameras.get(backend, ()))  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", module)
        monkeypatch.setattr("sys.platform", platform)
        device = FakeCameraDevice()

        def capture(*target: object) -> object:
            self.opened.append(target)
            return device.capture()

        monkeypatch.setattr(cv2, "VideoCapture", capture)


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> System:
    system = System("win32", monkeypatch)
    system.cameras = {cv2.CAP_MSMF: [listed(0, "HD Webcam C270", FIRST_PLACE + MSMF_END, C270)]}
    return system


def opened_by(system: System, spec: str) -> tuple[object, ...]:
    system.opened.clear()
    source = open_source(spec)
    source.close()
    return system.opened[0]


def test_cameras_have_their_makers_names_and_none_is_opened(windows: System):
    assert [(found.spec, found.name, found.device) for found in list_cameras()] == [
        ("camera:046d:0825", "HD Webcam C270", "0")
    ]
    assert windows.opened == []
    assert cameras_are_listed()
    assert is_camera("camera:046d:0825")


@pytest.mark.parametrize("spec", ["camera:046d:0825", "0"])
def test_the_system_is_asked_once_for_each_camera_that_is_opened(
    windows: System, monkeypatch: pytest.MonkeyPatch, spec: str
):
    """It takes a while on Windows and macOS."""
    asked: list[str] = []
    listed = system_cameras.system_cameras
    monkeypatch.setattr(system_cameras, "system_cameras", lambda: asked.append("") or listed())
    monkeypatch.setattr("tracking.sources.cameras.system_cameras", system_cameras.system_cameras)
    source = open_source(spec)
    source.close()
    assert len(asked) == 1
    assert windows.opened == [(0, cv2.CAP_MSMF)]
    assert source.name == "camera 0 (HD Webcam C270)"


def test_a_camera_is_found_again_after_another_one_was_plugged_in(windows: System):
    source = open_source("camera:046d:0825")
    source.close()
    assert source.name == "camera 0 (HD Webcam C270)"
    assert windows.opened == [(0, cv2.CAP_MSMF)]
    windows.cameras = {
        cv2.CAP_MSMF: [
            listed(0, "Studio", r"\\?\usb#vid_1532&pid_0e05#1" + MSMF_END, STUDIO),
            listed(1, "HD Webcam C270", OTHER_PLACE + MSMF_END, C270),  # in another socket as well
        ]
    }
    assert opened_by(windows, "camera:046d:0825") == (1, cv2.CAP_MSMF)
    assert camera_identity("1") == camera_identity("camera:046d:0825") == "camera:046d:0825"
    assert camera_identity("0") == "camera:1532:0e05"


def test_two_of_one_kind_are_told_apart_by_where_they_are(windows: System):
    two = [listed(0, "C270", OTHER_PLACE + MSMF_END, C270), listed(1, "C270", FIRST_PLACE + MSMF_END, C270)]
    windows.cameras = {cv2.CAP_MSMF: two}
    other, first = (found.spec for found in list_cameras())
    assert first == f"camera:046d:0825:{FIRST_PLACE}"
    assert opened_by(windows, first) == (1, cv2.CAP_MSMF)
    windows.cameras = {cv2.CAP_MSMF: two[::-1]}
    two[0].index, two[1].index = 1, 0
    assert opened_by(windows, first) == (0, cv2.CAP_MSMF)
    assert opened_by(windows, other) == (1, cv2.CAP_MSMF)
    assert opened_by(windows, "camera:046d:0825") == (0, cv2.CAP_MSMF), "it was the only one when it was remembered"
    windows.cameras = {cv2.CAP_MSMF: [listed(0, "C270", r"\\?\usb#elsewhere" + MSMF_END, C270)]}
    assert opened_by(windows, first) == (0, cv2.CAP_MSMF), "the only one of its kind is it"


def test_what_directshow_alone_has_is_listed_once_and_opened_by_it(windows: System):
    windows.cameras = {
        **windows.cameras,
        cv2.CAP_DSHOW: [
            listed(0, "HD Webcam C270", FIRST_PLACE.upper() + DSHOW_END, C270),
            listed(1, "OBS Virtual Camera", None),
        ],
    }
    assert [found.spec for found in list_cameras()] == ["camera:046d:0825", "camera:OBS Virtual Camera"]
    assert opened_by(windows, "camera:OBS Virtual Camera") == (1, cv2.CAP_DSHOW)
    assert opened_by(windows, "0") == (0, cv2.CAP_MSMF), "a number is what it always was"


def test_macs_name_their_cameras(monkeypatch: pytest.MonkeyPatch):
    system = System("darwin", monkeypatch)
    system.cameras = {
        cv2.CAP_AVFOUNDATION: [
            listed(0, "HD Webcam C270", "0x14200000046d0825", C270),
            listed(1, "FaceTime HD Camera", "47B4B64B-7067-4B9C-AD2B-AE273A71F4B5"),
        ]
    }
    assert [(found.spec, found.name) for found in list_cameras()] == [
        ("camera:046d:0825", "HD Webcam C270"),
        ("camera:47b4b64b-7067-4b9c-ad2b-ae273a71f4b5", "FaceTime HD Camera"),
    ]
    assert opened_by(system, "camera:47b4b64b-7067-4b9c-ad2b-ae273a71f4b5") == (1, cv2.CAP_AVFOUNDATION)


def test_a_camera_that_is_gone_is_said(windows: System, monkeypatch: pytest.MonkeyPatch):
    nothing = FakeCameraDevice()
    nothing.unplug()
    monkeypatch.setattr(cv2, "VideoCapture", lambda *target: nothing.capture())
    with pytest.raises(SourceError, match=r"camera 1532:0e05 gives no image; .*camera:046d:0825 \(HD Webcam C270\)"):
        open_source("camera:1532:0e05")
    assert camera_identity("camera:1532:0e05") == "camera:1532:0e05"


def test_where_the_system_cannot_be_asked_numbers_are_tried(windows: System, monkeypatch: pytest.MonkeyPatch):
    def fail(backend: int) -> list[Any]:
        raise OSError("Class not registered")

    monkeypatch.setattr(sys.modules["cv2_enumerate_cameras"], "enumerate_cameras", fail)
    assert [found.spec for found in list_cameras()] == ["0", "1", "2", "3"]
    assert not cameras_are_listed()
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", None)
    assert [found.spec for found in list_cameras()] == ["0", "1", "2", "3"]
    assert camera_identity("0") == "0"
