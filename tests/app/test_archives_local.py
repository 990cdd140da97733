"""Archives in worker processes: what is written, what survives, and what a person is told."""

import json
import multiprocessing
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from app.archives import local
from app.archives.archive import process_archive
from app.archives.catalog import Job, find_jobs
from app.archives.job import Outcome, do_job
from app.archives.local import run_local
from app.archives.progress import Tally
from app.processing import ProcessOptions, process_source
from app.sessions.session import read_info
from models.errors import BothhandsError
from tests.command_line import call
from tests.demo_cut import cut_demo
from tests.fakes import write_video
from tests.forked import fork_processes
from tracking.config import TrackerConfig


@pytest.fixture
def workers_begin_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    fork_processes(monkeypatch, local)


def cut(path: Path, first: int, count: int) -> Path:
    """Some frames of the demo clip, small: what hands are seen in them is not the point."""
    return cut_demo(path, first, count, (320, 180))


def hidden(folder: Path) -> list[str]:
    return [entry.name for entry in folder.rglob(".*")]


def test_an_archive_from_the_command_line(monkeypatch, capsys, tmp_path):
    archive, out = tmp_path / "archive", tmp_path / "out"
    cut(archive / "a.mp4", 0, 12)
    cut(archive / "sub" / "b.mkv", 60, 9)
    (archive / "broken.mp4").write_bytes(bytes(range(256)) * 40)
    light = ["--no-video", "--model", "landmark-fit"]
    arguments = ["process", archive, "--out", out, *light]
    assert call(monkeypatch, *arguments, "--workers", 2) == 1
    said = capsys.readouterr().out
    assert "3 videos: 2 done, 0 done before, 1 failed" in said

    report = json.loads((out / "report.json").read_text())
    videos = {video["name"]: video for video in report["videos"]}
    assert videos["a.mp4"]["state"] == videos["sub/b.mkv"]["state"] == "done"
    assert (videos["a.mp4"]["frames"], videos["sub/b.mkv"]["frames"]) == (12, 9)
    assert "broken.mp4" in videos["broken.mp4"]["reason"]
    assert report["totals"]["frames"] == 21
    assert report["totals"]["frames_per_core_second"] > 0
    assert hidden(out) == []

    # One at a time, as `process` does it: the same bytes, whichever worker did them and whatever it did before.
    for name in ("a.mp4", "sub/b.mkv"):
        alone = tmp_path / "alone" / name
        assert call(monkeypatch, "process", archive / name, "--out", alone, *light) == 0
        assert (out / name / "hands.arrows").read_bytes() == (alone / "hands.arrows").read_bytes()

    # Again, with one session as a killed worker would have left it, and the broken file fixed.
    fork_processes(monkeypatch, local)  # how workers begin was seen above
    written = (out / "a.mp4" / "session.json").stat().st_mtime_ns
    (out / "sub" / "b.mkv" / ".recording").touch()
    cut(archive / "broken.mp4", 100, 5)
    capsys.readouterr()
    arguments += ["--workers", 1]
    assert call(monkeypatch, *arguments) == 0
    assert "3 videos: 2 done, 1 done before, 0 failed" in capsys.readouterr().out
    assert (out / "a.mp4" / "session.json").stat().st_mtime_ns == written
    assert not (out / "sub" / "b.mkv" / ".recording").exists()

    # With other settings nothing is written over.
    before = (out / "a.mp4" / "hands.arrows").read_bytes()
    assert call(monkeypatch, *arguments, "--raw") == 1
    assert "another setting of smoothing" in " ".join(capsys.readouterr().out.split())
    assert (out / "a.mp4" / "hands.arrows").read_bytes() == before


@pytest.mark.usefixtures("workers_begin_at_once")
def test_a_video_that_ends_early_counts_as_incomplete_until_it_is_whole(monkeypatch, capsys, tmp_path):
    archive, out = tmp_path / "archive", tmp_path / "out"
    archive.mkdir()
    noise = np.random.default_rng(0)
    images = [noise.integers(0, 256, (48, 64, 3), dtype=np.uint8) for _ in range(24)]
    whole = write_video(archive / "a.mkv", images).read_bytes()
    (archive / "a.mkv").write_bytes(whole[: len(whole) // 3])
    arguments = ["process", archive, "--out", out, "--no-video", "--workers", 1, "--model", "landmark-fit"]
    assert call(monkeypatch, *arguments) == 1
    assert "1 videos: 0 done, 1 incomplete, 0 done before, 0 failed" in capsys.readouterr().out
    [video] = json.loads((out / "report.json").read_text())["videos"]
    assert video["state"] == "incomplete"
    assert 0 < video["frames"] < 24
    assert "ends early" in video["notices"][0]

    written = (out / "a.mkv" / "session.json").stat().st_mtime_ns
    assert call(monkeypatch, *arguments) == 1
    assert "1 incomplete" in capsys.readouterr().out
    assert (out / "a.mkv" / "session.json").stat().st_mtime_ns == written

    (archive / "a.mkv").write_bytes(whole)
    assert call(monkeypatch, *arguments) == 0
    assert read_info(out / "a.mkv").frames == 24


def test_nothing_is_written_through_a_link_that_leads_out_of_the_folder(monkeypatch, capsys, tmp_path):
    outside, out = tmp_path / "outside", tmp_path / "out"
    outside.mkdir()
    out.mkdir()
    (out / "sub").symlink_to(outside)
    (out / "a.mp4").symlink_to(outside)
    cut(tmp_path / "archive" / "a.mp4", 0, 2)
    cut(tmp_path / "archive" / "sub" / "b.mp4", 0, 2)
    arguments = ["process", tmp_path / "archive", "--out", out, "--no-video", "--workers", 1, "--model", "landmark-fit"]
    assert call(monkeypatch, *arguments) == 1
    assert "2 failed" in capsys.readouterr().out
    assert list(outside.iterdir()) == []


# What workers do here instead of tracking; they import it from this file.


def done(job, options, progress):
    progress(3, 3)
    return Outcome(job.name, "done", frames=3)


def kills_its_worker(job, options, progress):
    first = not job.folder.exists()
    job.folder.mkdir(exist_ok=True)
    if job.name == "poison" or (job.name == "unlucky" and first):
        os.kill(os.getpid(), signal.SIGKILL)
    return done(job, options, progress)


def jobs(tmp_path, *names):
    return [Job(name, tmp_path / f"{name}.mp4", tmp_path / name) for name in names]


RAW = TrackerConfig(model="landmark-fit", smoothing=None)
OPTIONS = ProcessOptions(source="", tracker=TrackerConfig(model="landmark-fit"), overlay=False)


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.usefixtures("workers_begin_at_once")
def test_a_lost_workers_video_is_done_again_and_one_that_kills_its_workers_stops_no_other(tmp_path):
    tally = Tally(5)
    run_local(jobs(tmp_path, "a", "poison", "b", "unlucky", "c"), OPTIONS, 2, tally, kills_its_worker)
    outcomes = {outcome.name: outcome for outcome in tally.outcomes}
    assert [outcomes[name].state for name in ("a", "b", "c", "unlucky")] == ["done"] * 4
    assert outcomes["poison"].state == "failed"
    assert "signal 9" in outcomes["poison"].reason
    assert (tally.frames, tally.videos_done) == (12, 5)
    assert not multiprocessing.active_children()


@pytest.mark.usefixtures("workers_begin_at_once")
def test_stopping_keeps_what_is_done_and_says_what_is_left(tmp_path):
    archive, out = tmp_path / "archive", tmp_path / "out"
    for name in ("a.mp4", "b.mp4", "c.mp4"):
        cut(archive / name, 0, 3)

    def stop(tally):
        if tally.outcomes:
            raise KeyboardInterrupt

    options = ProcessOptions(source=str(archive), tracker=RAW, out=out, overlay=False)
    report = process_archive(options, workers=1, changed=stop)
    assert [outcome.state for outcome in report.outcomes] == ["done", "left", "left"]
    assert not report.complete
    assert json.loads((out / "report.json").read_text())["totals"]["left"] == 2
    assert not multiprocessing.active_children()
    assert hidden(out) == []


def test_tracking_that_breaks_off_leaves_no_session_that_looks_finished(monkeypatch, tmp_path):
    source = cut(tmp_path / "a.mp4", 0, 4)

    def breaks(done, total):
        if done == 3:
            raise BothhandsError("The cable was pulled.")

    options = replace(OPTIONS, source=str(source), out=tmp_path / "alone")
    with pytest.raises(BothhandsError, match="cable"):
        process_source(options, breaks)
    assert (tmp_path / "alone" / ".recording").exists()
    assert read_info(tmp_path / "alone").frames is None
    outcome = do_job(Job("a.mp4", source, tmp_path / "out" / "a.mp4"), OPTIONS, breaks)
    assert (outcome.state, outcome.reason) == ("failed", "The cable was pulled.")
    assert list((tmp_path / "out").iterdir()) == []


def test_each_kind_of_bad_input_is_one_sentence(monkeypatch, capsys, tmp_path):
    archive = tmp_path / "archive"
    cut(archive / "a.mp4", 0, 2)
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "nothing.txt").write_text("# nothing\n")
    cases = [
        ([tmp_path / "empty"], "empty"),
        ([tmp_path / "nothing.txt"], "names no video"),
        ([tmp_path / "missing.txt"], "missing.txt"),
        ([archive, "--out", tmp_path / "file" / "out"], "choose another --out"),
        ([archive, "--out", archive], "take the place of their videos"),
        ([archive, "--video", tmp_path / "all.mp4"], "--no-video"),
        ([archive, "--vmc", "39539"], "Streams"),
        ([archive, "--model", "nonsense"], "landmark-fit"),
        ([archive, "--mano", tmp_path / "empty"], "MANO_"),
        ([archive / "a.mp4", "--workers", "2"], "archives"),
    ]
    monkeypatch.chdir(tmp_path)
    for arguments, named in cases:
        assert call(monkeypatch, "process", *arguments) == 2, arguments
        said = capsys.readouterr().err.strip()
        assert "Traceback" not in said
        assert said.count("bothhands: ") == 1
        assert named in said, (arguments, said)


def test_a_missing_file_of_a_list_fails_by_itself(tmp_path):
    (tmp_path / "list.txt").write_text("gone.mp4\n")
    (job,) = find_jobs(str(tmp_path / "list.txt"), tmp_path / "out")
    outcome = do_job(job, OPTIONS)
    assert outcome.state == "failed"
    assert outcome.reason.startswith(f"There is no file or folder {tmp_path / 'gone.mp4'}")


def test_a_bug_fails_one_video_and_is_kept_for_those_who_fix_it(monkeypatch, tmp_path):
    monkeypatch.setattr("app.archives.job.process_source", lambda options, progress: 1 / 0)
    (job,) = jobs(tmp_path, "a")
    outcome = do_job(job, OPTIONS)
    assert outcome.state == "failed"
    assert "ZeroDivisionError" in outcome.reason
    assert "1 / 0" in outcome.trace


def test_a_session_that_cannot_be_written_fails_by_itself(tmp_path):
    source = cut(tmp_path / "a.mp4", 0, 2)
    (tmp_path / "out").touch()
    outcome = do_job(Job("a.mp4", source, tmp_path / "out" / "a.mp4"), OPTIONS)
    assert outcome.state == "failed"
    assert "choose another --out" in outcome.reason


def test_no_cluster_at_the_address_is_one_sentence(monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(sys.modules, "ray", SimpleNamespace())  # found, and not reached
    cut(tmp_path / "archive" / "a.mp4", 0, 2)
    out = tmp_path / "out"
    assert call(monkeypatch, "process", tmp_path / "archive", "--out", out, "--no-video", "--ray", "127.0.0.1:1") == 2
    assert "There is no Ray cluster at 127.0.0.1:1" in capsys.readouterr().err


def test_without_ray_the_option_says_what_to_install(monkeypatch, capsys, tmp_path):
    cut(tmp_path / "archive" / "a.mp4", 0, 2)
    monkeypatch.setitem(sys.modules, "ray", None)
    out = tmp_path / "out"
    assert call(monkeypatch, "process", tmp_path / "archive", "--out", out, "--no-video", "--ray", "auto") == 2
    assert "pip install ray" in capsys.readouterr().err
