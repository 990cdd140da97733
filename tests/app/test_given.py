"""What is named on the command line of a window and is not there is said before the window opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.given import check_given
from models.errors import BothhandsError


@pytest.mark.parametrize("source", ["demo", "0", "/dev/video7", "rtsp://camera/1", "http://host/clip.mp4", None])
def test_what_can_only_be_tried_is_left_to_the_window(source: str | None):
    check_given(source)


@pytest.mark.parametrize("source", ["clip.mp4", "~/clip.mp4", "folder/", " clip.mp4 ", "", "a\0b", "n" * 5000])
def test_a_file_that_is_not_there_is_named(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BothhandsError, match=r"no file or folder|source is empty"):
        check_given(source)


@pytest.mark.parametrize("name", ["clip.mp4", " with spaces .mp4", "folder"])
def test_a_file_that_is_there_is_left_to_the_window(name: str, tmp_path: Path):
    (tmp_path / name).touch()
    check_given(str(tmp_path / name))


def test_a_camera_file_is_read(tmp_path: Path):
    for content in (None, "nonsense"):
        file = tmp_path / "camera.json"
        if content is not None:
            file.write_text(content, encoding="utf-8")
        with pytest.raises(BothhandsError, match=r"camera\.json"):
            check_given(camera_file=file)


def test_the_folder_of_mano_files_has_both(tmp_path: Path):
    (tmp_path / "MANO_LEFT.pkl").touch()
    with pytest.raises(BothhandsError, match=r"MANO_RIGHT\.pkl"):
        check_given(mano_dir=tmp_path)
    (tmp_path / "MANO_RIGHT.pkl").touch()
    check_given(mano_dir=tmp_path)
