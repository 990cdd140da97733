"""Programs in containers often run as a number without a name and without a home folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from models import user_folders

ROOT = Path(__file__).parents[2]
NOBODY = """
import os, pwd, sys

def nobody(number):
    raise KeyError(f"getpwuid(): uid not found: {number}")

pwd.getpwuid = nobody
sys.argv = ["main.py", *sys.argv[1:]]
sys.modules["torch"] = sys.modules["mediapipe"] = None  # seconds, and they keep nothing
from app.cli import main
main()
"""
SAID = "There is no home folder that can be written"


def call(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command line as somebody without a name, whose temporary files go to a folder."""
    return subprocess.run(
        [sys.executable, "-c", NOBODY, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "TMPDIR": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Short enough for sockets."""
    (tmp_path / "t").mkdir()
    return tmp_path / "t"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for several, of which the first makes what the others find in the cache."""
    return tmp_path_factory.mktemp("t")


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="users have numbers on POSIX")
@pytest.mark.parametrize("variables", [{}, {"HOME": ""}, {"HOME": "relative"}], ids=str)
def test_settings_and_sessions_have_a_folder_that_stands_in(folder: Path, variables: dict[str, str]):
    done = call(folder, "sessions", "list", **variables)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count(SAID) == 1
    assert str(folder) in done.stdout
    assert not (ROOT / "~").exists()
    assert not (ROOT / "relative").exists()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="users have numbers on POSIX")
def test_process_tracks_and_keeps_its_cache_for_the_next_time(kept: Path, tmp_path: Path):
    picture = str(ROOT / "docs" / "replay.jpg")
    done = call(kept, "process", picture, "--model", "landmark-fit", "--no-video", "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert done.stderr.count(SAID) == 1
    assert json.loads((tmp_path / "out" / "session.json").read_text())["frames"] == 1
    (stand_in,) = kept.glob("bothhands-*")
    assert stand_in.stat().st_mode & 0o077 == 0
    assert list(stand_in.glob("cache/openvino/*/*.blob"))


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="users have numbers on POSIX")
def test_the_doctor_blames_the_folders_and_nothing_else(kept: Path):
    done = call(kept, "doctor")
    blamed = [line for line in done.stdout.splitlines() if line.startswith(("missing", "limited"))]
    assert any("folders" in line and str(kept) in line for line in blamed)
    assert not any("detector" in line or "model" in line or "lambda" in line for line in blamed)
    assert "RuntimeError" not in done.stdout


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(user_folders.tempfile, "tempdir", None)
    monkeypatch.delenv("BOTHHANDS_STAND_IN", raising=False)
    user_folders.stand_in.cache_clear()
    yield tmp_path
    monkeypatch.setattr(user_folders.tempfile, "tempdir", None)
    os.environ.pop("BOTHHANDS_STAND_IN", None)
    user_folders.stand_in.cache_clear()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="users have numbers on POSIX")
@pytest.mark.parametrize("trap", ["open to others", "link", "file"])
def test_a_folder_that_somebody_else_prepared_is_not_used(nobody: Path, trap: str):
    usual = nobody / f"bothhands-{os.getuid()}"
    if trap == "link":
        (nobody / "elsewhere").mkdir(mode=0o700)
        usual.symlink_to(nobody / "elsewhere")
    elif trap == "file":
        usual.touch(mode=0o700)
    else:
        usual.mkdir()
        usual.chmod(0o777)
    found = user_folders.stand_in()
    assert found != usual
    assert found.stat().st_mode & 0o077 == 0
    assert user_folders.stand_in() == found


def test_processes_that_are_started_use_the_same_folder_and_say_nothing(nobody: Path, caplog):
    found = user_folders.stand_in()
    assert [record.getMessage().startswith(SAID) for record in caplog.records] == [True]
    user_folders.stand_in.cache_clear()  # as in another process
    assert user_folders.stand_in() == found
    assert len(caplog.records) == 1


def test_a_home_folder_that_can_only_be_read_is_read(monkeypatch: pytest.MonkeyPatch, nobody: Path):
    home = nobody / "home"
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.json").touch()
    (home / "cache").mkdir()
    monkeypatch.setattr(user_folders.os, "access", lambda place, mode: not str(place).startswith(str(home)))
    monkeypatch.setattr(platformdirs, "user_config_path", lambda app: home / "config")
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda app: home / "cache")
    assert user_folders.config_folder() == home / "config"
    assert user_folders.cache_folder() == user_folders.stand_in() / "cache"
