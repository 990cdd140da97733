"""A pipe in place of a file is not waited for, and not replaced."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from replay_fakes import short_session

from app.outputs.export.place import whole_file
from app.replay.runs import read_run, run_path
from app.sessions import marker
from app.sessions.listing import summarize
from app.settings import SettingsStore
from models.errors import BothhandsError
from models.plain_files import open_file

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have names on POSIX")


def put_pipe(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    return path


def test_a_pipe_is_no_file(tmp_path: Path):
    with pytest.raises(OSError, match="it is no file"):
        open_file(put_pipe(tmp_path / "pipe"))


def test_what_is_no_file_is_not_replaced(tmp_path: Path):
    """Who may write everywhere would have a file in place of a device, as of /dev/null for settings of nobody."""
    pipe = put_pipe(tmp_path / "pipe")
    for path in (pipe, tmp_path / "link"):
        if path != pipe:
            path.symlink_to(pipe)
        with pytest.raises(BothhandsError, match="it is no file"):
            SettingsStore.load(path).save()
    with pytest.raises(BothhandsError, match="it is no file"), whole_file(pipe, overwrite=True):
        pass
    assert pipe.is_fifo()
    assert {file.name for file in tmp_path.iterdir()} == {"pipe", "link"}


def test_a_session_with_pipes_is_read_as_far_as_it_can_be(tmp_path: Path):
    path, _ = short_session(tmp_path, video=False)
    put_pipe(path / ".recording")
    assert marker.writer_of(path) is None
    assert summarize(path).state == "unfinished"
    put_pipe(run_path(path, "other"))
    with pytest.raises(BothhandsError, match="cannot be read: it is no file"):
        read_run(path, "other", "free")
    put_pipe(path / "hands.arrows")
    assert "lacks its journal" in summarize(path).problem
