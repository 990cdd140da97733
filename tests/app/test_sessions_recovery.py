import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import av
import numpy as np
import pyarrow as pa
import pytest

from app.sessions import marker, salvage
from app.sessions import recovery as recovery_module
from app.sessions.listing import list_sessions
from app.sessions.marker import find_unfinished
from app.sessions.recovery import is_whole, recover
from app.sessions.session import SessionWriter, load_session
from models.errors import BothhandsError
from tests.fakes import number_of, session_info, tracked_frame

FRAMES = 40


def record(root: Path, frames: int = FRAMES, *, video: bool = True, hands_until: int = FRAMES) -> Path:
    """A whole session; from `hands_until` on no hands are in view."""
    with SessionWriter.create(root, session_info(), video=video) as writer:
        for index in range(frames):
            writer.append(tracked_frame(index, sides=("left", "right") if index < hands_until else ()))
    return writer.path


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """What lies on the disk after a kill: a recording that was never completed, by nobody."""
    writer = SessionWriter.create(tmp_path / "recorded", session_info(), video=True)
    for index in range(FRAMES):
        writer.append(tracked_frame(index))
    path = tmp_path / "sessions" / "killed"
    shutil.copytree(writer.path, path)
    writer.finish()
    marker.release(path)
    return path


def cut(file: Path, length: int) -> None:
    file.write_bytes(file.read_bytes()[:length])


def contents(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(path.iterdir())}


def pictures(video: Path) -> list[int]:
    """Numbers of the images modulo 20."""
    with av.open(str(video)) as container:
        return [number_of(frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]


def test_a_killed_session_becomes_a_complete_one(killed: Path):
    result = recover(killed)
    session = load_session(killed)
    assert {file.name for file in killed.iterdir()} == {"session.json", "hands.arrows", "video.mkv"}
    assert not session.interrupted
    assert is_whole(killed)
    # The last image's cluster was still open; the journal is flushed every 0.4 s.
    assert pictures(killed / "video.mkv") == [index % 20 for index in range(FRAMES - 1)]
    assert session.table["frame"].to_pylist() == [index for index in range(37) for _ in range(2)]
    note = session.info.recovered
    assert note is not None
    assert (note.pictures, note.rows, session.info.frames) == (39, 74, 39)
    assert note.lost_hands_seconds == pytest.approx(3 / 30, abs=0.005)  # up to the last image
    assert note.lost_video_seconds == pytest.approx(1 / 30, abs=0.005)
    assert "39 frames and 74 hands" in result.text()


def test_a_recovered_video_can_be_searched_and_says_when_it_was_taken(killed: Path):
    def seekable(path: Path) -> bool:
        with av.open(str(path)) as container:
            return container.duration is not None

    assert not seekable(killed / "video.mkv")
    recover(killed)
    with av.open(str(killed / "video.mkv")) as container:
        assert container.duration == pytest.approx(39 / 30 * 1e6, rel=0.01)
        assert container.metadata["CAPTURED_NS_ORIGIN"] == "0"
        times = [frame.time for frame in container.decode(video=0)]
        np.testing.assert_allclose(times, np.arange(39) / 30, atol=5e-6)  # not FFmpeg's milliseconds
        container.seek(1_100_000)
        first = next(container.decode(video=0))
        assert (first.time, first.key_frame) == (1.0, True)


def test_recovering_again_changes_nothing(killed: Path):
    recover(killed)
    before = contents(killed)
    result = recover(killed)
    assert result.already_complete
    assert contents(killed) == before


def test_frames_without_hands_are_counted(tmp_path: Path):
    writer = SessionWriter.create(tmp_path, session_info(), video=False)
    for index in range(37):
        writer.append(tracked_frame(index, sides=("left",) if index < 5 else ()))
    marker.release(writer.path)
    info = recover(writer.path).info
    assert info is not None
    assert info.recovered is not None
    assert (info.frames, info.recovered.rows, info.recovered.lost_hands_seconds) == (37, 5, 0.4)
    assert info.recovered.lost_video_seconds is None
    writer.abort()


@pytest.mark.parametrize("kept", range(0, 15_000, 1171))
def test_a_cut_journal_keeps_its_whole_batches(killed: Path, tmp_path: Path, kept: int):
    whole = load_session(killed).table
    cut(killed / "hands.arrows", kept)
    recover(killed)
    table = load_session(killed).table
    assert table.equals(whole.slice(0, table.num_rows))
    with pa.OSFile(str(killed / "hands.arrows")) as file:  # an independent reader, to the end mark
        assert pa.ipc.open_stream(file).read_all().num_rows == table.num_rows


@pytest.mark.parametrize("kept", range(0, 4600, 457))
def test_a_cut_video_keeps_its_whole_images(killed: Path, kept: int):
    cut(killed / "video.mkv", kept)
    note = recover(killed).info
    assert note is not None
    assert note.recovered is not None
    video = load_session(killed).video
    if note.recovered.pictures == 0:
        assert video is None
        assert kept < 1500, "the header and an image have about 1200 bytes"
    else:
        assert video is not None
        assert pictures(video) == [index % 20 for index in range(note.recovered.pictures)]
    assert is_whole(killed)
    assert load_session(killed).table.num_rows == 74


def test_a_video_with_only_its_header_is_kept_aside(killed: Path):
    """What a kill in the first moments leaves."""
    cut(killed / "video.mkv", 570)
    result = recover(killed)
    assert result.info is not None
    assert result.info.recovered is not None
    assert result.info.recovered.set_aside == ("video.damaged.mkv",)
    assert result.info.recovered.lost_video_seconds == pytest.approx(36 / 30)  # as long as the hands
    assert (killed / "video.damaged.mkv").stat().st_size == 570
    assert "video.damaged.mkv" in result.text()
    session = load_session(killed)
    assert (session.video, session.table.num_rows) == (None, 74)


@pytest.mark.parametrize("left", [{"session.json"}, {"session.json", "hands.arrows"}, {"session.json", "video.mkv"}])
def test_a_kill_between_two_files_leaves_a_session(killed: Path, left: set[str]):
    for name in {"hands.arrows", "video.mkv"} - left:
        (killed / name).unlink()
    recover(killed)
    session = load_session(killed)
    assert session.table.num_rows == (74 if "hands.arrows" in left else 0)
    assert (session.video is not None) == ("video.mkv" in left)


def test_a_folder_in_which_nothing_was_recorded_yet_goes(tmp_path: Path):
    path = tmp_path / "begun"
    path.mkdir()
    marker.release(path)
    (path / "session.json.part").write_text("{")
    result = recover(path)
    assert result.info is None
    assert "Nothing had been recorded" in result.text()
    assert not path.exists()


def test_damage_in_the_middle_keeps_the_journal_aside(killed: Path):
    data = bytearray((killed / "hands.arrows").read_bytes())
    second = len(data) // 2
    data[second : second + 30_000] = b"\xee" * len(data[second : second + 30_000])
    (killed / "hands.arrows").write_bytes(data)
    result = recover(killed)
    assert result.info is not None
    assert result.info.recovered is not None
    assert result.info.recovered.rows > 0
    if result.info.recovered.rows < 74:
        assert (killed / "hands.damaged.arrows").read_bytes() == data


def test_a_session_cut_off_by_a_bad_copy_is_recovered_as_well(tmp_path: Path):
    path = record(tmp_path)
    cut(path / "hands.arrows", 40_000)
    cut(path / "video.mkv", 4000)
    assert [summary.state for summary in list_sessions(tmp_path)] == ["damaged"]
    info = recover(path).info
    assert info is not None
    assert info.recovered is not None
    assert info.frames == FRAMES  # known from before
    assert info.recovered.lost_video_seconds == pytest.approx((FRAMES - info.recovered.pictures) / 30, abs=0.05)
    assert [summary.state for summary in list_sessions(tmp_path)] == ["complete"]


# What is refused, and left as it is.


def test_a_session_that_is_being_recorded_is_refused(tmp_path: Path):
    writer = SessionWriter.create(tmp_path, session_info(), video=False)
    before = contents(writer.path)
    with pytest.raises(BothhandsError, match=f"still being recorded by process {os.getpid()}"):
        recover(writer.path)
    assert contents(writer.path) == before
    assert find_unfinished(tmp_path) == []
    assert [summary.state for summary in list_sessions(tmp_path)] == ["recording"]
    writer.abort()  # as after a disk error: the process lives on and records no more
    assert find_unfinished(tmp_path) == [writer.path]
    recover(writer.path)


def test_a_process_that_began_later_is_not_the_writer(killed: Path):
    marker.claim(killed)
    assert marker.writer_of(killed) == os.getpid()
    os.utime(killed / ".recording", (1_000_000_000, 1_000_000_000))  # before this process began
    assert marker.writer_of(killed) is None


def test_a_process_that_ended_is_not_the_writer(killed: Path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (killed / ".recording").write_text(str(ended.pid))
    assert marker.writer_of(killed) is None


def change_info(path: Path, **values: object) -> None:
    file = path / "session.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda path: change_info(path, schema_version=4), "has version 4 and this program reads up to 3: update it"),
        (lambda path: (path / "session.json").write_text("{"), "not JSON"),
        (lambda path: (path / "session.json").unlink(), "is no session"),
        (lambda path: shutil.rmtree(path), "There is no session folder"),
    ],
)
def test_what_cannot_be_recovered_is_left_alone(killed: Path, damage, says: str):
    damage(killed)
    before = contents(killed) if killed.exists() else {}
    with pytest.raises(BothhandsError, match=says) as caught:
        recover(killed)
    assert "\n" not in str(caught.value)
    assert (contents(killed) if killed.exists() else {}) == before


@pytest.mark.parametrize("failing", ["_copy_batches", "_copy_images"])
def test_a_full_disk_loses_nothing(killed: Path, monkeypatch: pytest.MonkeyPatch, failing: str):
    def fail(*arguments: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    before = contents(killed)
    with monkeypatch.context() as full:
        full.setattr(salvage, failing, fail)
        with pytest.raises(BothhandsError, match="cannot be recovered now: No space left"):
            recover(killed)
    if failing == "_copy_batches":
        assert contents(killed) == before
    assert find_unfinished(killed.parent) == [killed]
    recover(killed)
    assert is_whole(killed)
    assert load_session(killed).table.num_rows == 74


def test_a_recovery_that_is_killed_can_be_run_again(killed: Path, monkeypatch: pytest.MonkeyPatch):
    class Killed(BaseException):
        pass

    def die(*arguments: object) -> NoReturn:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(recovery_module, "write_info", die)
        with pytest.raises(Killed):
            recover(killed)
    (killed / "video.mkv.part").write_bytes(b"half a copy")
    info = recover(killed).info
    assert info is not None
    assert info.recovered is not None
    assert (info.recovered.pictures, info.recovered.rows) == (39, 74)
    assert not (killed / "video.mkv.part").exists()


def test_unfinished_sessions_are_found(killed: Path):
    record(killed.parent)
    assert find_unfinished(killed.parent) == [killed]
    assert find_unfinished(killed.parent / "none") == []


def test_a_folder_whose_writer_was_killed_before_it_was_marked_is_removed(tmp_path: Path):
    bare, others = tmp_path / "20260102-030405-2", [tmp_path / "20260102-030406", tmp_path / "notes"]
    for folder in (bare, *others):
        folder.mkdir()
    (others[0] / "notes.txt").touch()
    assert find_unfinished(tmp_path) == [bare]
    assert recover(bare).info is None
    assert not bare.exists()
    for folder in others:
        with pytest.raises(BothhandsError, match="is no session"):
            recover(folder)
        assert folder.exists()


# Nothing is renamed that was not proved to be damaged.


@pytest.mark.parametrize("name", ["take:1", "file:x", "http:", "a?b#c%20d", "-o", "Vid\udce9o"])
def test_a_whole_video_stays_whatever_its_folder_is_called(
    killed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    whole = record(tmp_path)
    before = contents(whole)
    folder = tmp_path / "odd" / name
    folder.parent.mkdir()
    whole.rename(folder)
    marker.release(folder)
    monkeypatch.chdir(folder.parent)
    info = recover(Path(name)).info
    assert info is not None
    assert info.recovered is not None
    assert (info.recovered.pictures, info.recovered.set_aside) == (FRAMES, ())
    after = contents(folder)
    assert after.keys() == before.keys()
    assert after["video.mkv"] == before["video.mkv"]
    assert after["hands.arrows"] == before["hands.arrows"]
    assert [summary.state for summary in list_sessions(Path())] == ["complete"]


@pytest.mark.parametrize("file", ["video.mkv", "hands.arrows"])
def test_a_file_that_cannot_be_read_now_is_not_set_aside(killed: Path, monkeypatch: pytest.MonkeyPatch, file: str):
    before = contents(killed)
    real_open = Path.open

    def fail(self: Path, *arguments: object, **options: object) -> object:
        if self.name == file:
            raise OSError(5, "Input/output error")
        return real_open(self, *arguments, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(Path, "open", fail)
        with pytest.raises(BothhandsError, match="Input/output error"):
            recover(killed)
    after = contents(killed)
    assert after["video.mkv"] == before["video.mkv"]
    assert not any("damaged" in name for name in after)
    recover(killed)
    assert load_session(killed).table.num_rows == 74


def test_damage_in_the_middle_costs_what_is_damaged_and_no_more(tmp_path: Path):
    path = record(tmp_path, 200, hands_until=200, video=False)
    whole = load_session(path).table
    data = (path / "hands.arrows").read_bytes()
    middle = len(data) // 2
    (path / "hands.arrows").write_bytes(data[:middle] + b"inserted" + data[middle:])
    (summary,) = list_sessions(tmp_path)
    assert summary.state == "damaged"
    assert "damaged: 188 of 200 frames readable" in summary.problem
    result = recover(path)
    assert result.info is not None
    assert result.info.recovered is not None
    assert (result.info.recovered.lost_frames, result.info.recovered.set_aside) == (12, ("hands.damaged.arrows",))
    assert "The hands of 12 frames before that could not be read." in result.text()
    (summary,) = list_sessions(tmp_path)
    assert summary.state == "complete"
    assert "was damaged: 188 of 200 frames readable" in summary.problem
    assert recover(path).already_complete
    table = load_session(path).table
    kept = set(table["frame"].to_pylist())
    assert len(kept) == 188
    assert max(kept) == 199
    assert table.equals(whole.filter(pa.array([frame.as_py() in kept for frame in whole["frame"]])))


def test_what_a_killed_process_had_begun_beside_goes(killed: Path):
    (killed / "overlay.mp4.part").write_bytes(b"half a video")
    recover(killed)
    assert not (killed / "overlay.mp4.part").exists()


def test_of_two_that_claim_a_folder_one_is_refused(tmp_path: Path):
    script = "import sys; from pathlib import Path; from app.sessions import marker; marker.claim(Path(sys.argv[1])); "
    other = subprocess.Popen(
        [sys.executable, "-c", f"{script}print(1, flush=True); sys.stdin.read()", str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    with other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(BothhandsError, match=f"is being written by process {other.pid}"):
            marker.claim(tmp_path)
    marker.claim(tmp_path)  # it has ended
    assert marker.writer_of(tmp_path) == os.getpid()
    assert [file.name for file in tmp_path.iterdir()] == [".recording"]
