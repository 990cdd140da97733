"""Calibrations of cameras: which of them holds for the frames of a source, and how they are kept and named."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cameras import (
    ASSUMED,
    MOST_CHOICES,
    CameraCalibration,
    CameraRule,
    given_camera,
    offered_name,
    renamed,
    source_identity,
    with_choice,
    without_name,
)
from app.naming import LONGEST_NAME
from models.errors import BothhandsError
from models.values import Intrinsics
from tracking.camera_model import KnownCamera
from tracking.sources import cameras as listed


def calibration(name: str, source: str = "cam", width: int = 1280, height: int = 720) -> CameraCalibration:
    return CameraCalibration(name=name, source=source, camera=KnownCamera.of(Intrinsics.from_fov(width, height, 70)))


WIDE, OLD, SQUARE, OTHER = (
    calibration("Wide"),
    calibration("Old"),
    calibration("Square", width=640, height=480),
    calibration("Other", "elsewhere"),
)
ALL = (OLD, WIDE, SQUARE, OTHER)


def test_a_source_takes_the_newest_calibration_of_its_own_that_fits_the_image():
    rule = CameraRule(ALL)
    assert rule.chosen("cam", 1280, 720) is WIDE
    assert rule.chosen("cam", 640, 360) is WIDE, "the same image scaled"
    assert rule.chosen("cam", 800, 600) is SQUARE
    assert rule.chosen("cam", 720, 1280) is None
    assert rule.chosen("unknown", 1280, 720) is None
    assert rule.chosen("", 1280, 720) is None
    assert rule.camera("cam", 640, 480) == SQUARE.camera
    assert CameraRule().camera("cam", 640, 480) is None


def test_what_was_chosen_comes_first_where_it_fits():
    rule = CameraRule(ALL, {"cam": "Old", "clip.mp4": "Other", "bare": ASSUMED, "gone": "Nobody's"})
    assert rule.chosen("cam", 1280, 720) is OLD
    assert rule.chosen("cam", 640, 480) is SQUARE
    assert rule.chosen("clip.mp4", 1920, 1080) is OTHER, "made with another source"
    assert rule.chosen("clip.mp4", 640, 480) is None
    assert rule.chosen("gone", 1280, 720) is None
    assert CameraRule((calibration("Own", "bare"),), {"bare": ASSUMED}).chosen("bare", 1280, 720) is None


def test_what_is_tried_holds_for_its_source_and_shape_alone():
    tried = KnownCamera.of(Intrinsics.from_fov(1280, 720, 90))
    rule = CameraRule(ALL, {}, ("cam", tried))
    assert rule.camera("cam", 640, 360) == tried
    assert rule.camera("cam", 640, 480) == SQUARE.camera
    assert rule.camera("elsewhere", 1280, 720) == OTHER.camera


def test_the_oldest_choices_go():
    choices: dict[str, str] = {}
    for number in range(MOST_CHOICES + 5):
        choices = with_choice(choices, str(number), "Wide")
    assert len(choices) == MOST_CHOICES
    assert "4" not in choices
    assert list(with_choice(choices, "5", "Old").items())[-1] == ("5", "Old")
    assert without_name({"a": "Wide", "b": "Old"}, "Wide") == {"b": "Old"}


def test_choices_follow_a_new_name():
    kept, choices = renamed(ALL, {"cam": "Wide", "b": "Old", "c": ASSUMED}, "Wide", "  Wider  ")
    assert [each.name for each in kept] == ["Old", "Wider", "Square", "Other"]
    assert choices == {"cam": "Wider", "b": "Old", "c": ASSUMED}
    with pytest.raises(BothhandsError, match="Old already"):
        renamed(ALL, {}, "Wide", "Old")


def test_a_camera_is_named_by_its_name_or_a_file(tmp_path: Path):
    assert given_camera(ALL, " Wide ") is WIDE
    file = tmp_path / "camera"
    file.touch()
    for path in (file, Path("missing.json"), tmp_path / "missing"):
        assert given_camera(ALL, str(path)) == path
    with pytest.raises(BothhandsError, match="known are Old, Wide, Square, Other"):
        given_camera(ALL, "Narrow")
    with pytest.raises(BothhandsError, match="Camera menu"):
        given_camera((), "Narrow")
    with pytest.raises(BothhandsError, match="no such file"):
        given_camera(ALL, "a\0b")


def test_a_source_is_known_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    assert source_identity("/clips/hands.mp4") == "/clips/hands.mp4"
    assert source_identity("rtsp://me:secret@cam:554/live?key=1") == "rtsp://cam:554/live"
    assert source_identity("http://[bad") == "http://[bad"
    links = tmp_path / "by-id"
    links.mkdir()
    (links / "usb-maker").symlink_to("/dev/video7")
    monkeypatch.setattr(listed, "_BY_ID", links)
    monkeypatch.setattr(listed.sys, "platform", "linux")
    for spec in ("7", "/dev/video7", str(links / "usb-maker")):
        assert listed.camera_identity(spec) == str(links / "usb-maker")
    assert listed.camera_identity("8") == "/dev/video8", "without a link"
    monkeypatch.setattr(listed.sys, "platform", "win32")
    assert source_identity(" 7") == "7"


@pytest.mark.parametrize("name", ["camera 0 (HD Webcam)", "", "x" * 300, "a\x1b\0b"])
def test_the_offered_name_can_be_kept(name: str):
    offered = offered_name(name, 1280, 720)
    assert offered.endswith(" 1280x720")
    assert len(offered) <= LONGEST_NAME
    assert calibration(offered).name == offered


@pytest.mark.parametrize("wrong", [{"fx": 0.0}, {"fy": float("nan")}, {"cx": -3.0}, {"cy": 480.0}, {"width": 0}])
def test_no_camera_is_known_by_what_none_has(wrong: dict[str, float]):
    good = {"fx": 600.0, "fy": 600.0, "cx": 320.0, "cy": 240.0, "width": 640, "height": 480}
    assert KnownCamera(**good).intrinsics.fx == 600.0  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no camera"):
        KnownCamera(**{**good, **wrong})  # type: ignore[arg-type]
