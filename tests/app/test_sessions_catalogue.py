"""Sessions as a person looks for them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from replay_fakes import short_session

from app.sessions import catalogue, marker
from app.sessions.catalogue import Entry, matches, read_entries, read_entry, session_folders
from app.sessions.listing import SessionSummary
from models.errors import BothhandsError


@pytest.fixture
def take(tmp_path: Path) -> Path:
    path, _ = short_session(tmp_path / "takes")
    info = path / "session.json"
    values = json.loads(info.read_text())
    values["settings"] |= {"title": "Piano <b>", "notes": "left hand slow"}
    info.write_text(json.dumps(values))
    return path


def test_a_session_has_a_image_a_name_and_notes(take: Path):
    entry = read_entry(take)
    assert (entry.title, entry.notes, entry.path) == ("Piano <b>", "left hand slow", take)
    assert entry.thumbnail is not None
    assert entry.thumbnail.shape == (48, 64, 3), "no larger than it is"
    assert entry.thumbnail.any()
    assert entry.started is not None
    assert not entry.recoverable


def test_what_cannot_be_read_is_listed_all_the_same(take: Path):
    (take / "video.mkv").write_bytes(b"nonsense")
    (take / "session.json").write_text("nonsense")
    entry = read_entry(take)
    assert entry.thumbnail is None
    assert entry.summary.state == "damaged"
    assert entry.recoverable


def test_a_session_that_is_written_is_in_use(take: Path):
    marker.claim(take)
    assert read_entry(take).in_use


def test_the_newest_comes_first_and_other_folders_are_none(take: Path):
    root = take.parent
    for name in ("20200101-000000", "20990101-000000"):
        (root / name).mkdir()
        (root / name / "session.json").touch()
    (root / "holiday images").mkdir()
    assert session_folders(root) == [root / "20990101-000000", take, root / "20200101-000000"]
    assert session_folders(root / "none") == []


def test_a_session_that_crashes_its_reader_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch):
    def call(work, paths, **options):
        if any(path.name == "bad" for path in paths):
            raise BothhandsError("It is damaged in a way that crashes what reads it.")
        return [Entry(SessionSummary(path=path, state="complete")) for path in paths]

    monkeypatch.setattr(catalogue, "call_isolated", call)
    entries = read_entries([Path(name) for name in ("a", "b", "bad", "c", "d")])
    states = {entry.path.name: entry.summary.state for entry in entries}
    assert states == {"a": "complete", "b": "complete", "bad": "damaged", "c": "complete", "d": "complete"}


def test_entries_come_out_of_another_process(take: Path):
    (entry,) = read_entries([take])
    assert entry.title == "Piano <b>"
    assert isinstance(entry.thumbnail, np.ndarray)
    assert read_entries([]) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", True),
        ("piano", True),
        ("PIANO slow", True),
        ("piano fast", False),
        ("lwa", True),
        ("2026-03", True),
        ("march", True),
        ("unfinished", False),
        ("clip.mp4", True),
    ],
)
def test_search(words: str, found: bool):
    summary = SessionSummary(path=Path("/takes/20260301-120000"), state="complete", model="lwa-hand")
    entry = Entry(summary, "Piano", "left hand slow", "clip.mp4", datetime(2026, 3, 1, 12))
    assert matches(entry, words) == found
    assert matches(replace(entry, started=None), "20260301")
