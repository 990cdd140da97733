"""Files of a session that were copied from another, or cut, are told; of sessions as they are written nothing is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.outputs.export import ExportOptions, export_session
from app.sessions.belonging import cut_off, mismatch
from app.sessions.listing import summarize
from app.sessions.session import load_session
from tests.app.export_fakes import record

HOUR_NS = 3600 * 1_000_000_000


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("short"), frames=20)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("long"), frames=120)


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As long as the short one, an hour later."""
    return record(
        tmp_path_factory.mktemp("later"), frames=20, times_ns=[HOUR_NS + 33_333_333 * number for number in range(20)]
    )


@pytest.fixture
def mixed(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A session whose named file is that of another one."""
    own, other, name = request.param
    folder = tmp_path / "session"
    shutil.copytree(request.getfixturevalue(own), folder)
    shutil.copyfile(request.getfixturevalue(other) / name, folder / name)
    return folder


def test_nothing_is_said_of_a_session_as_it_was_written(short: Path, long: Path, later: Path):
    for folder in (short, long, later):
        session = load_session(folder)
        assert mismatch(session) == cut_off(session) == ""


@pytest.mark.parametrize(
    ("mixed", "says"),
    [
        (("short", "long", "hands.arrows"), "has 120 frames and session.json says 20"),
        (("long", "short", "session.json"), "has 120 frames and session.json says 20"),
        (("short", "later", "hands.arrows"), "were not taken at the same time"),
        (("short", "later", "video.mkv"), "were not taken at the same time"),
        (("short", "long", "video.mkv"), "were not taken at the same time"),
        (("long", "short", "video.mkv"), "were not taken at the same time"),
    ],
    indirect=["mixed"],
)
def test_a_file_of_another_session_is_told_by_list_and_export(mixed: Path, says: str):
    assert says in mismatch(load_session(mixed))
    assert says in summarize(mixed).problem
    assert any(says in warning for warning in export_session(ExportOptions(session=mixed, format="csv")).warnings)


def test_an_export_tells_that_the_video_is_cut_off(long: Path, tmp_path: Path):
    shutil.copytree(long, tmp_path / "s")
    video = tmp_path / "s" / "video.mkv"
    video.write_bytes(video.read_bytes()[: video.stat().st_size // 2])
    result = export_session(ExportOptions(session=tmp_path / "s", format="mp4"))
    assert [warning for warning in result.warnings if "is cut off" in warning] == list(result.warnings)
    assert len(result.warnings) == 1
