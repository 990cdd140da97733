"""Camera modes as they are written and read."""

from __future__ import annotations

import pytest

from models.errors import BothhandsError
from tracking.sources.camera_mode import USUAL_MODE, CameraMode, mode_text, read_mode


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("1280x720@30:MJPG", USUAL_MODE),
        ("1920x1080", CameraMode(1920, 1080)),
        ("@59.94", CameraMode(fps=59.94)),
        (":Y16", CameraMode(pixel_format="Y16")),
        ("640x480:YUYV", CameraMode(640, 480, None, "YUYV")),
        ("driver", CameraMode()),
    ],
)
def test_a_mode_is_written_as_it_is_read(text: str, mode: CameraMode):
    assert read_mode(text) == mode
    assert str(mode) == text


def test_case_and_spaces_around_it_do_not_matter():
    assert read_mode(" 640X480@15.0:yuyv ") == CameraMode(640, 480, 15.0, "YUYV")
    assert read_mode("Driver") == CameraMode()


@pytest.mark.parametrize("text", ["", " ", "1280", "1280x720@", "x720", "1280x720:MJ", "1280x720,30", "fast", ":MJPEG"])
def test_what_is_no_mode_is_said_with_one_that_is(text: str):
    with pytest.raises(BothhandsError, match=r"is no camera mode; write .* 1280x720@30:MJPG"):
        read_mode(text)


@pytest.mark.parametrize("text", ["0x720", "1280x0", "16385x720", "@0", "@1000.5"])
def test_a_mode_that_no_camera_has_is_refused(text: str):
    with pytest.raises(BothhandsError, match="No camera has the mode"):
        read_mode(text)


@pytest.mark.parametrize(
    ("mode", "text"),
    [
        (USUAL_MODE, "1280x720, 30/s, MJPG"),
        (CameraMode(640, 480, 29.97), "640x480, 30/s"),
        (CameraMode(fps=60.0, pixel_format="NV12"), "60/s, NV12"),
        (CameraMode(640, 480), "640x480"),
        (CameraMode(), "the driver's choice"),
    ],
)
def test_a_mode_is_told_in_words(mode: CameraMode, text: str):
    assert mode_text(mode) == text
