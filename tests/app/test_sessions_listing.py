"""`sessions` and `replay` on the command line."""

import errno
import json
import os
import shutil
import tracemalloc
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import av
import pyarrow as pa
import pytest
from replay_fakes import short_session

from app.sessions import marker
from app.sessions import session as session_module
from app.sessions.catalogue import session_folders
from app.sessions.journal import BatchWriter, read_journal
from app.sessions.listing import list_sessions, summarize
from app.sessions.recovery import recover
from app.sessions.schema import SCHEMA_VERSION, journal_schema
from app.sessions.session import SessionWriter, load_session
from models.errors import BothhandsError
from tests.command_line import call
from tests.fakes import session_info, tracked_frame


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    settings = tmp_path / "config" / "settings.json"
    settings.parent.mkdir()
    settings.write_text(json.dumps({"recordings": str(tmp_path / "takes")}))
    monkeypatch.setenv("BOTHHANDS_CONFIG", str(settings))


@pytest.fixture
def takes(tmp_path: Path) -> Path:
    """One session of every state, and a folder that is none."""
    root = tmp_path / "takes"
    whole, _ = short_session(root)
    whole.rename(root / "a-complete")
    for name in ("b-unfinished", "c-recording", "d-cut", "e-newer"):
        shutil.copytree(root / "a-complete", root / name)
    marker.release(root / "b-unfinished")
    marker.claim(root / "c-recording")
    journal = root / "d-cut" / "hands.arrows"
    journal.write_bytes(journal.read_bytes()[:-100])
    info = root / "e-newer" / "session.json"
    info.write_text(json.dumps({**json.loads(info.read_text()), "schema_version": SCHEMA_VERSION + 1}))
    (root / "holiday images").mkdir()
    return root


def test_every_state_is_told(takes: Path):
    found = {summary.path.name: summary for summary in list_sessions(takes)}
    assert {name: summary.state for name, summary in found.items()} == {
        "a-complete": "complete",
        "b-unfinished": "unfinished",
        "c-recording": "recording",
        "d-cut": "damaged",
        "e-newer": "damaged",
    }
    whole = found["a-complete"]
    assert (whole.frames, whole.model, whole.problem) == (15, "landmark-fit", "")
    assert whole.seconds == pytest.approx(15 / 30, abs=0.05)
    assert whole.size == sum(file.stat().st_size for file in whole.path.iterdir())
    assert "recover" in found["d-cut"].problem
    assert "version 4" in found["e-newer"].problem
    assert found["e-newer"].frames is None


def test_a_length_without_video_is_that_of_the_hands(tmp_path: Path):
    path, frames = short_session(tmp_path, video=False)
    seen = [frame.frame.captured_ns for frame in frames if frame.hands.hands]
    assert summarize(path).seconds == pytest.approx((seen[-1] - seen[0]) * 1e-9)


def test_the_list_on_the_command_line(monkeypatch, capsys, takes: Path):
    assert call(monkeypatch, "sessions", "list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["name", "length", "frames", "model", "size", "state"]
    assert lines[1].split()[:4] == ["a-complete", "0:00.5", "15", "landmark-fit"]
    assert lines[2].split()[-1] == "unfinished"
    assert " is damaged: 14 of 15 frames readable" in lines[-2]
    assert call(monkeypatch, "sessions", "list", takes / "a-complete") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_an_empty_list(monkeypatch, capsys, tmp_path: Path):
    assert call(monkeypatch, "sessions", "list") == 0
    assert f"There are no sessions in {tmp_path / 'takes'}" in capsys.readouterr().out
    assert call(monkeypatch, "sessions", "list", tmp_path / "none") == 2
    assert "cannot be read" in capsys.readouterr().err


def test_recovering_on_the_command_line(monkeypatch, capsys, takes: Path):
    assert call(monkeypatch, "sessions", "recover", takes / "b-unfinished") == 0
    assert "15 frames and 20 hands" in capsys.readouterr().out
    assert call(monkeypatch, "sessions", "recover", takes / "b-unfinished") == 0
    assert "nothing to recover" in capsys.readouterr().out
    assert call(monkeypatch, "sessions", "recover", takes / "d-cut") == 0
    capsys.readouterr()
    assert summarize(takes / "d-cut").state == "complete"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("sessions", "recover", "c-recording"), "still being recorded by process"),
        (("sessions", "recover", "e-newer"), "has version 4"),
        (("sessions", "recover", "holiday images"), "is no session"),
        (("sessions", "recover", "none"), "There is no session folder"),
        (("replay", "e-newer"), "has version 4"),
        (("replay", "holiday images"), "is no session"),
        (("replay", "a-complete", "--model", "none-such"), "none-such"),
        (("replay", "a-complete", "--mano", "none"), ""),
    ],
)
def test_what_is_wrong_is_one_sentence(monkeypatch, capsys, takes: Path, arguments: tuple[str, ...], says: str):
    monkeypatch.chdir(takes)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert call(monkeypatch, *arguments) == 2
    captured = capsys.readouterr()
    assert says in captured.err
    assert captured.err.startswith("bothhands: ")
    assert captured.err.count("\n") == 1
    assert captured.out == ""


def test_a_folder_that_may_not_be_looked_into_hides_no_other(takes: Path, monkeypatch: pytest.MonkeyPatch):
    before = list_sessions(takes)
    locked, status = takes / "locked", os.stat
    locked.mkdir()

    def refused(path: Any, **options: Any) -> os.stat_result:
        if Path(path).parent == locked:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return status(path, **options)

    monkeypatch.setattr(os, "stat", refused)
    assert list_sessions(takes) == before
    assert session_folders(takes) == [each.path for each in reversed(before)]


def test_a_video_is_opened_once(takes: Path, monkeypatch: pytest.MonkeyPatch):
    opened = Mock(wraps=av.open)
    monkeypatch.setattr(av, "open", opened)
    assert summarize(takes / "a-complete").problem == ""
    assert opened.call_count == 1


def test_a_long_journal_is_listed_and_recovered_in_little_memory(tmp_path: Path):
    """Of hours of hands only a block is held at a time."""
    with SessionWriter.create(tmp_path, session_info(), video=False) as writer:
        for index in range(128):
            writer.append_hands(tracked_frame(index))
    journal = writer.path / "hands.arrows"
    rows = pa.concat_batches(read_journal(journal).to_batches())
    repeats = 40
    with journal.open("wb") as file:
        batches = BatchWriter(file, journal_schema("free"))
        for number in range(repeats):
            batches.write(rows, 128 * number, 128 * (number + 1), number, number + 1)
    marker.release(writer.path)  # and the end mark is missing
    assert journal.stat().st_size > 8 << 20
    tracemalloc.start()
    try:
        assert summarize(writer.path).state == "unfinished"
        note = (recover(writer.path).info or session_info()).recovered
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert note is not None
    assert note.rows == 2 * 128 * repeats
    assert peak < 4 << 20, peak


# A disk that fills up.


def nearly_full(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """The disk has room for so many looks at it."""
    looks = iter([1 << 40] * after)
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(
        session_module.shutil, "disk_usage", lambda path: usage._replace(free=next(looks, (64 << 20) - 1))
    )


def test_a_disk_that_is_nearly_full_leaves_a_complete_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    writer = SessionWriter.create(tmp_path, session_info(), video=True)
    nearly_full(monkeypatch, after=2)

    def record() -> None:
        try:
            for index in range(100):
                writer.append(tracked_frame(index))
        finally:  # as `process` does
            writer.finish()

    with pytest.raises(BothhandsError, match=r"nearly full \(63 MB left\), so recording stopped"):
        record()
    assert summarize(writer.path).state == "complete"
    assert load_session(writer.path).table.num_rows == 2 * 32
