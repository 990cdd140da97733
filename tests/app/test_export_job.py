"""What an export leaves behind, whatever happens: the file whole, or nothing; older files as they were."""

import errno
import json
import os
import resource
import shutil
import signal
import threading
from pathlib import Path

import av
import pandas as pd
import pytest
from export_fakes import STEP_NS, record, write_hand_files

from app.outputs.export import FORMATS, ExportCancelled, ExportJob, ExportOptions, export_session, job
from models.errors import BothhandsError
from models.values import SIDES
from tests.command_line import call

PLAIN = ("npz", "csv", "glb", "bvh", "mp4")


@pytest.fixture(scope="module")
def session(tmp_path_factory) -> Path:
    return record(tmp_path_factory.mktemp("session"), frames=12)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("kind", PLAIN)
def test_the_command_writes_a_file_and_says_so(monkeypatch, capsys, tmp_path, session, kind):
    out = tmp_path / f"hands.{kind}"
    assert call(monkeypatch, "export", session, "--format", kind, "--out", out) == 0
    assert names(tmp_path) == {out.name}
    assert f"Wrote {out}" in capsys.readouterr().out.replace("\n", "")


def test_a_folder_gets_a_file_named_after_the_session(tmp_path, session):
    assert export_session(ExportOptions(session=session, format="csv", out=tmp_path)).path == tmp_path / "take.csv"


def test_without_a_place_it_goes_into_the_session(tmp_path):
    session = record(tmp_path, frames=2)
    assert export_session(ExportOptions(session=session, format="bvh")).path == session / "take.bvh"


@pytest.mark.parametrize("kind", PLAIN)
def test_an_older_file_is_only_replaced_when_told(monkeypatch, capsys, tmp_path, session, kind):
    out = tmp_path / f"hands.{kind}"
    out.write_bytes(b"precious")
    assert call(monkeypatch, "export", session, "--format", kind, "--out", out) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "--overwrite" in told
    assert out.read_bytes() == b"precious"
    assert call(monkeypatch, "export", session, "--format", kind, "--out", out, "--overwrite") == 0
    assert out.stat().st_size > 1000
    assert names(tmp_path) == {out.name}


def test_a_file_that_comes_meanwhile_is_not_replaced(tmp_path, session):
    out = tmp_path / "hands.csv"

    def progress(done: int, total: int) -> None:
        out.write_text("came first")

    with pytest.raises(BothhandsError, match="exists already"):
        export_session(ExportOptions(session=session, format="csv", out=out), progress)
    assert out.read_text() == "came first"
    assert names(tmp_path) == {out.name}


@pytest.mark.parametrize("room", [1500, 0])
@pytest.mark.parametrize("kind", FORMATS)
def test_a_full_disk_leaves_nothing_and_harms_nothing(tmp_path, session, kind, room):
    """The limit on a file's size is the system's own way to fail a write."""
    if kind == "rrd":
        pytest.importorskip("rerun")
    out = tmp_path / f"hands.{kind}"
    out.write_bytes(b"precious")
    FORMATS[kind].writer()  # Python would write half of its bytecode, and believe it from then on
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        with pytest.raises(BothhandsError, match="free some space or choose another"):
            export_session(ExportOptions(session=session, format=kind, out=out, overwrite=True))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert out.read_bytes() == b"precious"
    assert names(tmp_path) == {out.name}


def test_a_disk_that_is_full_only_when_asked_to_keep_its_word(monkeypatch, capsys, tmp_path, session):
    """Network disks say so at fsync."""

    def fsync(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    out = tmp_path / "hands.glb"
    out.write_bytes(b"precious")
    monkeypatch.setattr(os, "fsync", fsync)
    assert call(monkeypatch, "export", session, "--format", "glb", "--out", out, "--overwrite") == 2
    assert "No space left on device" in capsys.readouterr().err
    assert out.read_bytes() == b"precious"
    assert names(tmp_path) == {out.name}


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_without_permission(tmp_path, session):
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    with pytest.raises(BothhandsError, match="Permission denied"):
        export_session(ExportOptions(session=session, format="npz", out=folder))


@pytest.mark.parametrize("kind", FORMATS)
def test_a_folder_that_forbids_new_files(monkeypatch, tmp_path, session, kind):
    """As the test above, also for root: the system call itself says no, before any work is done."""

    def forbidden(self, *arguments, **options):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))

    monkeypatch.setattr(Path, "touch", forbidden)
    steps: list[int] = []
    with pytest.raises(BothhandsError, match=rf"take\.{kind} cannot be written: Permission denied"):
        export_session(
            ExportOptions(session=session, format=kind, out=tmp_path), lambda done, total: steps.append(done)
        )
    assert steps == []
    assert names(tmp_path) == set()


@pytest.mark.parametrize("kind", FORMATS)
def test_cancelling_leaves_nothing(tmp_path, session, kind):
    if kind == "rrd":
        pytest.importorskip("rerun")
    asked = iter(range(100))
    with pytest.raises(ExportCancelled):
        export_session(ExportOptions(session=session, format=kind, out=tmp_path), cancelled=lambda: next(asked) > 0)
    assert names(tmp_path) == set()


@pytest.mark.parametrize("kind", PLAIN)
def test_ctrl_c_leaves_nothing(monkeypatch, capsys, tmp_path, session, kind):
    out = tmp_path / f"hands.{kind}"
    out.write_bytes(b"precious")

    def interrupt(self, *args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("rich.progress.Progress.update", interrupt)
    assert call(monkeypatch, "export", session, "--format", kind, "--out", out, "--overwrite") == 130
    assert "nothing was written" in capsys.readouterr().out
    assert out.read_bytes() == b"precious"
    assert names(tmp_path) == {out.name}


def test_progress_reaches_its_end(tmp_path, session):
    for kind in PLAIN:
        steps: list[tuple[int, int]] = []
        export_session(
            ExportOptions(session=session, format=kind, out=tmp_path),
            lambda done, total, s=steps: s.append((done, total)),
        )
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1] > 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--format", "fbx"), "no export format 'fbx'; choose one of: npz, csv, glb, bvh, mp4, rrd"),
        (("--format", "glb", "--unit", "cm"), "--unit makes no difference to the format glb"),
        (("--format", "bvh", "--rig-only"), "--rig-only makes no difference to the format bvh"),
        (("--format", "bvh", "--unit", "mm"), "--unit cannot be 'mm'"),
        (("--format", "glb", "--out", "hands.gltf"), "hands.gltf must end in .glb"),
        (("--format", "glb", "--out", "nowhere/hands.glb"), "There is no folder"),
        (("--preset", "maya"), "no export preset 'maya'; choose one of: blender, unreal, unity, vtubing, science."),
        (("--preset", "blender", "--format", "glb"), "by --format or by --preset"),
        ((), "by --format or by --preset"),
        (("--preset", "science", "--rig-only"), "--rig-only makes no difference to the formats csv and npz"),
        (("--preset", "science", "--out", "hands.npz"), "hands.npz must end in .csv"),
    ],
)
def test_what_cannot_be_meant_is_told(monkeypatch, capsys, tmp_path, session, arguments, told):
    monkeypatch.chdir(tmp_path)
    assert call(monkeypatch, "export", session, *arguments) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert names(tmp_path) == set()


@pytest.mark.parametrize(
    ("name", "says"),
    [("nowhere", "There is no session folder {path}; check"), ("clip.mp4", "{path} is a file, and a session")],
)
def test_what_is_no_session_is_called_that_and_not_a_wrong_place_to_write_to(monkeypatch, capsys, tmp_path, name, says):
    (tmp_path / "clip.mp4").touch()
    assert call(monkeypatch, "export", tmp_path / name, "--format", "csv") == 2
    assert says.format(path=tmp_path / name) in capsys.readouterr().err


def newer(session: Path) -> None:
    info = json.loads((session / "session.json").read_text())
    (session / "session.json").write_text(json.dumps({**info, "schema_version": 99}))


def of_another_hand_model(session: Path) -> None:
    info = json.loads((session / "session.json").read_text())
    (session / "session.json").write_text(json.dumps({**info, "hand_model": "nimble"}))


def cut_at_its_beginning(session: Path) -> None:
    (session / "hands.arrows").write_bytes((session / "hands.arrows").read_bytes()[:100])


def gone(session: Path) -> None:
    (session / "hands.arrows").unlink()


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (newer, "has version 99"),
        (of_another_hand_model, "hand model 'nimble'"),
        (cut_at_its_beginning, "damaged at its beginning"),
        (gone, "lacks its journal"),
    ],
)
def test_sessions_that_cannot_be_exported(monkeypatch, capsys, tmp_path, harm, told):
    session = record(tmp_path / "s", frames=4, video=False)
    harm(session)
    before = {path: path.read_bytes() for path in session.iterdir()}
    assert call(monkeypatch, "export", session, "--format", "glb", "--out", tmp_path) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert names(tmp_path) == {"s"}
    assert {path: path.read_bytes() for path in session.iterdir()} == before


def test_another_hand_model_is_no_hindrance_to_tables(tmp_path):
    session = record(tmp_path, frames=4, video=False)
    of_another_hand_model(session)
    assert export_session(ExportOptions(session=session, format="csv")).size > 1000


def test_a_session_of_mano_needs_its_files(monkeypatch, capsys, tmp_path):
    files = write_hand_files(tmp_path / "files")
    session = record(tmp_path, frames=3, video=False, mano_dir=files)
    assert call(monkeypatch, "export", session, "--format", "bvh") == 2
    assert "--mano DIR" in capsys.readouterr().err
    assert call(monkeypatch, "export", session, "--format", "bvh", "--mano", files) == 0


@pytest.mark.parametrize("command", [("export", "--format", "npz"), ("replay",)], ids=lambda command: command[0])
def test_mano_files_for_a_session_that_needs_none_are_not_passed_over(monkeypatch, capsys, tmp_path, command):
    session = record(tmp_path, frames=3, video=False)
    name, *options = command
    assert call(monkeypatch, name, session, *options, "--mano", tmp_path / "nowhere") == 2
    assert "--mano makes no difference" in " ".join(capsys.readouterr().err.split())


def test_a_journal_cut_short_gives_what_is_whole(tmp_path):
    session = record(tmp_path, frames=60, video=False)
    journal = session / "hands.arrows"
    journal.write_bytes(journal.read_bytes()[: journal.stat().st_size * 2 // 3])
    (session / ".recording").write_text("1")
    result = export_session(ExportOptions(session=session, format="csv"))
    rows = len(result.path.read_text().splitlines()) - 1
    assert 20 <= rows < 120
    assert "27 of 60 frames readable" in result.warnings[0]
    assert "not finished" in result.warnings[1]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_folder_that_goes_while_it_is_written_to_is_told(tmp_path, session, kind):
    if kind == "rrd":
        pytest.importorskip("rerun")
    place = tmp_path / "place"
    place.mkdir()

    def progress(done: int, total: int) -> None:
        shutil.rmtree(place, ignore_errors=True)

    with pytest.raises(BothhandsError, match=f"hands.{kind}") as caught:
        export_session(ExportOptions(session=session, format=kind, out=place / f"hands.{kind}"), progress)
    assert "\n" not in str(caught.value)


def test_a_journal_damaged_in_the_middle_is_exported_and_told_on_stderr(monkeypatch, capsys, tmp_path):
    session = record(tmp_path, frames=60, video=False)
    journal = session / "hands.arrows"
    data = journal.read_bytes()
    journal.write_bytes(data[: len(data) // 2] + b"inserted" * 9 + data[len(data) // 2 :])
    assert call(monkeypatch, "export", session, "--format", "csv", "--out", tmp_path / "x.csv") == 0
    captured = capsys.readouterr()
    assert "damaged: 47 of 60 frames readable" in captured.err
    assert "readable" not in captured.out
    rows = pd.read_csv(tmp_path / "x.csv")
    assert rows["frame"].nunique() == 47
    assert rows["frame"].max() == 59  # what is behind the damage is there


def test_a_switch_of_the_model_is_told(tmp_path):
    session = record(tmp_path, frames=20, video=False, models=["landmark-fit"] * 12 + ["lwa-hand"] * 8)
    for kind in ("csv", "bvh", "glb"):
        result = export_session(ExportOptions(session=session, format=kind))
        assert "Hands were made by landmark-fit, then lwa-hand from frame 12 on." in result.notes
    rows = pd.read_csv(session / "take.csv")
    assert rows["model"].tolist() == ["landmark-fit"] * 24 + ["lwa-hand"] * 16


def jumping(frames: int, at: int, jump_ns: int) -> list[int]:
    return [STEP_NS * index + (jump_ns if index >= at else 0) for index in range(frames)]


def test_an_hour_without_images_does_not_become_an_hour_of_frames(tmp_path):
    session = record(tmp_path, times_ns=jumping(40, 20, 3600 * 10**9))
    told = "A pause of more than 10 s in which the source gave no frame (3600 s in all) is shortened to 1 s."
    for kind in ("bvh", "glb", "csv", "mp4"):
        result = export_session(ExportOptions(session=session, format=kind))
        assert told in result.notes
    lines = (session / "take.bvh").read_text().splitlines()
    assert next(line for line in lines if line.startswith("Frames:")) == "Frames: 69"
    rows = pd.read_csv(session / "take.csv")
    assert rows["captured_ns"].max() - rows["captured_ns"].min() > 3600 * 10**9
    assert rows["seconds"].max() == pytest.approx(1 + 38 * STEP_NS * 1e-9, abs=1e-3)
    with av.open(str(session / "take.mp4")) as video:
        assert video.duration / av.time_base == pytest.approx(2.3, abs=0.1)


def test_hands_that_are_away_for_long_are_no_pause(tmp_path):
    """Images came all the while."""
    away = range(5, 400)
    session = record(tmp_path, frames=405, gone={"left": away, "right": away}, video=False)
    result = export_session(ExportOptions(session=session, format="bvh"))
    assert not any("pause" in note for note in result.notes)
    assert "Frames: 405" in (session / "take.bvh").read_text()


def test_damage_is_no_pause(tmp_path):
    session = record(tmp_path, frames=1000, gone={side: range(20, 980) for side in SIDES}, video=False)
    journal = session / "hands.arrows"
    data = journal.read_bytes()
    journal.write_bytes(data[: len(data) // 5] + bytes(len(data) * 3 // 5) + data[len(data) * 4 // 5 :])
    result = export_session(ExportOptions(session=session, format="csv"))
    assert "damaged" in result.warnings[0]
    assert not any("pause" in note for note in result.notes)


def test_a_session_without_hands(tmp_path):
    session = record(tmp_path, frames=3, gone={"left": range(3), "right": range(3)})
    with pytest.raises(BothhandsError, match="No hand was found"):
        export_session(ExportOptions(session=session, format="glb"))


def test_a_job_runs_beside_and_tells_how_it_ended(tmp_path, session):
    state = ExportJob(ExportOptions(session=session, format="glb", out=tmp_path)).wait()
    assert state.finished
    assert state.error is None
    assert state.result is not None
    assert state.result.path == tmp_path / "take.glb"
    assert (state.done, state.total) == (3, 3)
    state = ExportJob(ExportOptions(session=session, format="glb", out=tmp_path)).wait()
    assert isinstance(state.error, BothhandsError)
    assert state.result is None


def test_a_job_can_be_cancelled(monkeypatch, tmp_path, session):
    go_on, load_take = threading.Event(), job.load_take

    def load_slowly(*arguments, **options):
        assert go_on.wait(30)
        return load_take(*arguments, **options)

    monkeypatch.setattr(job, "load_take", load_slowly)
    export = ExportJob(ExportOptions(session=session, format="npz", out=tmp_path))
    export.cancel()
    go_on.set()
    state = export.wait()
    assert (state.finished, state.result, state.error) == (True, None, None)
    assert names(tmp_path) == set()
