"""Which videos an archive has, what is skipped, and how many workers a machine gets."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from app.archives.catalog import find_jobs, is_archive
from app.archives.job import Outcome
from app.archives.report import ArchiveReport
from app.archives.sizing import default_workers, device_of
from app.archives.state import Wanted, look, partial_of, remove_partials, settle
from app.processing import ENDED_EARLY, ProcessOptions, file_mark
from app.sessions.session import SessionInfo, SessionWriter
from app.terminal import PlainConsole
from models.errors import BothhandsError
from models.values import Intrinsics
from tests.fakes import tracked_frame
from tracking.config import TrackerConfig
from tracking.smoothing import SmoothingSettings

OPTIONS = ProcessOptions(source="", tracker=TrackerConfig(model="landmark-fit"))
GIB = 1 << 30


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def names(jobs):
    return [job.name for job in jobs]


def test_a_folder_is_searched_for_videos_and_nothing_else(tmp_path):
    archive, out = tmp_path / "archive", tmp_path / "archive" / "out"
    touch(
        archive / "b.MP4",
        archive / "a" / "deep" / "c.mkv",
        archive / "notes.doc",
        archive / ".trash" / "d.mp4",
        archive / "._b.mp4",
        archive / "session" / "session.json",
        archive / "session" / "video.mkv",
        out / "b.MP4" / "overlay.mp4",
    )
    jobs = find_jobs(str(archive), out)
    assert names(jobs) == ["b.MP4", "a/deep/c.mkv"]
    assert jobs[1].source == archive / "a" / "deep" / "c.mkv"
    assert jobs[1].folder == out / "a" / "deep" / "c.mkv"


def test_videos_of_one_name_do_not_meet(tmp_path):
    touch(tmp_path / "clip.mp4", tmp_path / "clip.mov", tmp_path / "other" / "clip.mp4")
    folders = {job.folder for job in find_jobs(str(tmp_path), tmp_path / "out")}
    assert len(folders) == 3


def test_a_list_names_videos_relative_to_itself(tmp_path):
    listing = tmp_path / "lists" / "all.txt"
    touch(listing)
    elsewhere = tmp_path / "videos" / "y.mp4"
    listing.write_text(f"# to be done\n\n  x.mp4 \nsub/../x.mp4\n../videos/z.mp4\n{elsewhere}\n", encoding="utf-8-sig")
    jobs = find_jobs(str(listing), tmp_path / "out")
    below_root = tmp_path.relative_to(tmp_path.anchor).as_posix()
    assert names(jobs) == ["x.mp4", f"{below_root}/videos/z.mp4", f"{below_root}/videos/y.mp4"]
    assert jobs[2].source == elsewhere
    assert all(job.folder.is_relative_to(tmp_path / "out") for job in jobs)


@pytest.mark.parametrize(
    "entry",
    [
        "../evil.mp4",
        "../../../evil.mp4",
        "~nouser/../../evil.mp4",
        "~nouser/evil.mp4",
        "/../../evil.mp4",
        "a/../../../evil.mp4",
        "..\\..\\evil.mp4",
        "C:\\..\\evil.mp4",
        "\\\\host\\share\\evil.mp4",
        "//evil.mp4",
        "..",
        ".",
        "/",
        "~",
        "folder/..",
        "x" * 300 + ".mp4",
        "a/" * 3000 + "b.mp4",
    ],
)
def test_whatever_a_list_names_its_session_stays_below_the_folder(tmp_path, entry):
    listing, out = tmp_path / "lists" / "all.txt", tmp_path / "out" / "deep"
    touch(listing)
    listing.write_text(entry)
    [job] = find_jobs(str(listing), out)
    assert job.folder != out
    assert out in job.folder.parents
    assert Path(os.path.normpath(job.folder)) == job.folder
    assert "\\" not in job.name
    assert ".." not in job.folder.parts


def test_files_that_would_share_a_name_get_sessions_of_their_own(tmp_path):
    elsewhere = tmp_path / "lists" / tmp_path.relative_to(tmp_path.anchor) / "a.mp4"
    touch(tmp_path / "a.mp4", elsewhere, tmp_path / "lists" / "all.txt")
    (tmp_path / "lists" / "all.txt").write_text(f"{elsewhere}\n{tmp_path / 'a.mp4'}\n{elsewhere}\n")
    jobs = find_jobs(str(tmp_path / "lists" / "all.txt"), tmp_path / "out")
    assert [job.source for job in jobs] == [elsewhere, tmp_path / "a.mp4"]
    assert jobs[1].name == f"{jobs[0].name} (2)"


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_lists_and_folders_have_names_of_any_bytes(tmp_path):
    names = [os.fsdecode(b"Vid\xe9o.mp4"), "Vidéo.mp4", "a.mp4 ", " b.mp4", "c\x0bd.mp4"]
    touch(*(tmp_path / "videos" / name for name in names))
    listing = tmp_path / "videos" / "all.txt"
    listing.write_bytes(b"\r\n".join(os.fsencode(name) for name in names) + b"\r\n  padded.mp4  \n")
    assert [job.source.name for job in find_jobs(str(listing), tmp_path / "out")] == [*names, "padded.mp4"]
    found = {job.source.name for job in find_jobs(str(tmp_path / "videos"), tmp_path / "out") if job.source.is_file()}
    assert found == {name for name in names if name.strip() == name or name == " b.mp4"}


def test_hidden_images_make_no_folder_of_images(tmp_path):
    touch(tmp_path / "._cover.jpg", tmp_path / "a.mp4")
    assert is_archive(str(tmp_path))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_of_an_archive_that_cannot_be_read_is_a_job_that_fails(tmp_path):
    touch(tmp_path / "a.mp4")
    (tmp_path / "locked").mkdir(mode=0)
    assert names(find_jobs(str(tmp_path), tmp_path / "out")) == ["a.mp4", "locked"]


def test_a_session_is_written_beside_its_place_also_where_its_name_is_as_long_as_names_can_be(tmp_path):
    for name in ("a.mp4", "x" * 251 + ".mp4", "é" * 125 + ".mp4"):
        partial = partial_of(tmp_path / name, "12345678")
        partial.mkdir()
        assert partial.parent == tmp_path
    remove_partials({tmp_path})
    assert list(tmp_path.iterdir()) == []


def test_a_session_of_a_video_that_was_not_whole_stays_incomplete_until_the_video_changes(tmp_path):
    video = tmp_path / "a.mp4"
    video.write_bytes(b"half")
    wanted = Wanted.by(OPTIONS)
    write_session(tmp_path / "session", settings={**wanted.settings, ENDED_EARLY: file_mark(video)})
    found = look(tmp_path / "session", wanted, video)
    assert (found.state, found.frames) == ("incomplete", 1)
    video.write_bytes(b"whole now")
    assert look(tmp_path / "session", wanted, video).state == "half-done"


def test_sessions_of_versions_without_mirroring_are_as_wanted(tmp_path):
    wanted = Wanted.by(OPTIONS)
    old = {name: value for name, value in wanted.settings.items() if name != "mirrored"}
    write_session(tmp_path / "session", settings=old)
    assert look(tmp_path / "session", wanted).state == "done"
    mirrored = Wanted.by(replace(OPTIONS, mirrored=True))
    assert "mirrored" in look(tmp_path / "session", mirrored).reason


def test_a_folder_with_images_is_no_archive(tmp_path, monkeypatch):
    touch(tmp_path / "pictures" / "a.png", tmp_path / "pictures" / "b.mp4")
    touch(tmp_path / "videos" / "deep" / "b.mp4")
    (tmp_path / "empty").mkdir()
    assert not is_archive(str(tmp_path / "pictures"))
    assert is_archive(str(tmp_path / "videos"))
    assert not is_archive(str(tmp_path / "empty"))
    assert is_archive(str(tmp_path / "list.txt"))
    assert not is_archive("0")
    monkeypatch.chdir(tmp_path / "videos")
    assert not is_archive("")
    assert is_archive(".")
    assert not is_archive("x" * 300)
    assert not is_archive(str(tmp_path / "videos" / "deep" / "b.mp4"))


@pytest.mark.parametrize(
    ("text", "named"), [(b"", "names no video"), (b"# nothing\n\n", "names no video"), (b"\xff\xfe\x00", "UTF-8")]
)
def test_a_list_that_names_nothing_is_one_sentence(tmp_path, text, named):
    listing = tmp_path / "list.txt"
    listing.write_bytes(text)
    with pytest.raises(BothhandsError, match=named):
        find_jobs(str(listing), tmp_path / "out")


def test_a_list_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(BothhandsError, match=r"missing\.txt"):
        find_jobs(str(tmp_path / "missing.txt"), tmp_path / "out")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_read_is_one_sentence(tmp_path):
    (tmp_path / "locked").mkdir(mode=0)
    with pytest.raises(BothhandsError, match="locked"):
        is_archive(str(tmp_path / "locked"))


def write_session(folder: Path, finish: bool = True, **changes) -> None:
    wanted = Wanted.by(OPTIONS)
    info = SessionInfo(
        app_version="0.1.0",
        model="landmark-fit",
        weights_sha256=None,
        hand_model="free",
        source="clip.mp4",
        intrinsics=Intrinsics.from_fov(64, 48),
        settings={**wanted.settings, "independent": False},
    )
    folder.mkdir(parents=True)
    writer = SessionWriter(folder, replace(info, **changes), video=False)
    writer.append(tracked_frame(0))
    if finish:
        writer.finish()
    else:
        writer.abort()


def test_a_finished_session_of_the_same_making_is_done(tmp_path):
    write_session(tmp_path / "session")
    found = look(tmp_path / "session", Wanted.by(OPTIONS))
    assert (found.state, found.frames) == ("done", 1)


def test_a_session_whose_writer_was_killed_is_half_done(tmp_path):
    write_session(tmp_path / "session", finish=False)
    assert look(tmp_path / "session", Wanted.by(OPTIONS)).state == "half-done"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"model": "eanet"}, "model eanet"),
        ({"weights_sha256": "0" * 64}, "other weights"),
        ({"hand_model": "mano"}, "hand model mano"),
        ({"settings": {"smoothing": None}}, "smoothing"),
    ],
)
def test_a_session_of_another_making_is_left_alone(tmp_path, changes, named):
    write_session(tmp_path / "session", **changes)
    found = look(tmp_path / "session", Wanted.by(OPTIONS))
    assert found.state == "taken"
    assert named in found.reason
    write_session(tmp_path / "partial")
    with pytest.raises(BothhandsError, match="choose another --out"):
        settle(tmp_path / "partial", tmp_path / "session", Wanted.by(OPTIONS))


def test_other_files_are_left_alone(tmp_path):
    touch(tmp_path / "holiday" / "beach.jpg")
    assert look(tmp_path / "holiday", Wanted.by(OPTIONS)).state == "taken"
    assert look(tmp_path / "nothing", Wanted.by(OPTIONS)).state == "absent"


def test_a_finished_session_takes_the_place_of_a_half_done_one_and_of_none_other(tmp_path):
    wanted = Wanted.by(OPTIONS)
    write_session(tmp_path / "half", finish=False)
    write_session(tmp_path / "first")
    settle(tmp_path / "first", tmp_path / "half", wanted)
    assert look(tmp_path / "half", wanted).state == "done"
    before = (tmp_path / "half" / "session.json").read_bytes()
    write_session(tmp_path / "second", started="2026-01-01T00:00:00+00:00")
    settle(tmp_path / "second", tmp_path / "half", wanted)  # the worker that was taken for lost comes second
    assert (tmp_path / "half" / "session.json").read_bytes() == before
    assert not (tmp_path / "second").exists()


def test_what_killed_workers_left_is_removed_and_nothing_else(tmp_path):
    touch(tmp_path / ".a.mp4.partial-12ab" / "session.json", tmp_path / "a.partial-x" / "mine.txt", tmp_path / "b.mp4")
    remove_partials({tmp_path, tmp_path / "not there"})
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.partial-x", "b.mp4"]


@pytest.mark.parametrize(
    ("model", "overlay", "cores", "memory", "gpus", "workers"),
    [
        ("landmark-fit", False, 8, 64 * GIB, 0, 8),
        ("landmark-fit", True, 8, 64 * GIB, 0, 4),
        ("landmark-fit", False, 64, 10 * GIB, 0, 10),
        ("landmark-fit", False, 1, GIB // 2, 0, 1),
        ("landmark-fit", False, 64, 256 * GIB, 1, 64),
        ("lwa-hand", False, 64, 256 * GIB, 2, 8),
        ("lwa-hand", False, 4, 256 * GIB, 2, 4),
    ],
)
def test_workers_fit_the_machine(model, overlay, cores, memory, gpus, workers):
    options = ProcessOptions(source="", tracker=TrackerConfig(model=model), overlay=overlay)
    assert default_workers(options, cores, memory, gpus) == workers


def test_what_follows_from_the_machine_does_not_tell_sessions_apart(tmp_path):
    wanted = Wanted.by(OPTIONS)
    elsewhere = TrackerConfig(model="landmark-fit", device="cuda:1", detector="mediapipe", mano_dir=None)
    assert Wanted.by(replace(OPTIONS, tracker=elsewhere)) == wanted
    tuned = replace(OPTIONS.tracker, smoothing=SmoothingSettings().scaled(0.9, 0.5))
    assert Wanted.by(replace(OPTIONS, tracker=tuned)) != wanted


def test_gpus_are_dealt_out_in_turn_unless_one_is_named():
    network = TrackerConfig(model="lwa-hand")
    assert [device_of(worker, network, 2) for worker in range(3)] == ["cuda:0", "cuda:1", "cuda:0"]
    assert device_of(1, replace(network, device="cuda:0"), 2) == "cuda:0"
    assert device_of(1, replace(network, device="cpu"), 2) == "cpu"
    assert device_of(1, OPTIONS.tracker, 2) == "auto"


def test_a_report_shows_names_as_they_are(tmp_path):
    outcomes = [
        Outcome("a[/b].mp4", "done", frames=30, seconds=2.0, cpu_seconds=1.0),
        Outcome("bad\udcff.mp4", "failed"),
    ]
    report = ArchiveReport(tmp_path, Wanted.by(OPTIONS), "2026-01-01T00:00:00+00:00", 3.0, "local", 2, outcomes)
    with (tmp_path / "printed").open("w", encoding="utf-8") as file:
        PlainConsole(file=file, width=200).print(report.table())
    printed = (tmp_path / "printed").read_text(encoding="utf-8")
    assert "a[/b].mp4" in printed
    assert r"bad\xff.mp4" in printed
    assert not report.complete
    assert report.totals["frames_per_second"] == 10.0
    assert report.totals["frames_per_core_second"] == 30.0
    assert json.loads(report.write().read_text())["videos"][1] == {"name": "bad\udcff.mp4", "state": "failed"}
