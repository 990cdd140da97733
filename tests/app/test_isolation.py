"""What reads files of unknown origin in a process of its own, and what becomes of its crash."""

import signal
from pathlib import Path

import pytest
from isolated_work import add, complain, crash, crash_on, give_what_cannot_be_sent, wait_for_ever
from replay_fakes import short_session

from app.isolation import call_isolated
from app.replay import probe
from app.replay.probe import open_clip_safely, recover_safely
from app.sessions import marker
from models.errors import BothhandsError


def test_a_value_comes_back():
    assert call_isolated(add, 2, 3, what="A sum") == 5


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_a_crash_is_one_sentence(number: signal.Signals):
    with pytest.raises(BothhandsError, match=rf"^The file x is damaged .*\({number.name}\); it was not opened\.$"):
        call_isolated(crash, int(number), what="The file x")


def test_an_error_is_raised_here():
    with pytest.raises(BothhandsError, match="no such thing"):
        call_isolated(complain, "no such thing", what="A thing")


def test_what_does_not_end_is_ended():
    with pytest.raises(BothhandsError, match="could not be read within 0 s"):
        call_isolated(wait_for_ever, what="A thing", patience=0.0)


def test_what_cannot_be_sent_is_told():
    with pytest.raises(BothhandsError, match="exit code 1"):
        call_isolated(give_what_cannot_be_sent, what="A thing")


def test_a_session_is_opened_and_recovered(tmp_path: Path):
    path, _ = short_session(tmp_path, 4)
    assert len(open_clip_safely(path).times_ns) == 4
    marker.release(path)
    recovery = recover_safely(path)
    assert recovery.info is not None
    assert not marker.is_marked(path)
    (path / "session.json").unlink()
    with pytest.raises(BothhandsError, match="is no session"):
        open_clip_safely(path)


def test_a_session_that_crashes_its_reader_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path, _ = short_session(tmp_path, 2)
    monkeypatch.setattr(probe, "probe", crash_on)
    with pytest.raises(BothhandsError, match=rf"^The session {path} is damaged in a way that crashes .*SIGSEGV"):
        probe.open_clip_safely(path)
