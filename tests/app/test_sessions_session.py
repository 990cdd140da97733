import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import av
import pytest

from app.sessions.info import read_info
from app.sessions.recovery import recover
from app.sessions.session import DroppedFrames, Session, SessionInfo, SessionWriter, load_session
from models.errors import BothhandsError
from tests.fakes import session_info, tracked_frame

ROOT = Path(__file__).parents[2]


def record(root: Path, frames: int = 30, video: bool = True) -> Path:
    with SessionWriter.create(root, session_info(), video=video) as writer:
        for index in range(frames):
            writer.append(tracked_frame(index))
    return writer.path


def frames_in(video: Path | None) -> int:
    assert video is not None
    with av.open(str(video)) as container:
        return sum(1 for _ in container.decode(video=0))


def test_a_whole_session(tmp_path: Path):
    path = record(tmp_path)
    assert path == tmp_path / "20261121-123456"
    assert {file.name for file in path.iterdir()} == {"session.json", "hands.arrows", "video.mkv"}
    session = load_session(path)
    assert isinstance(session, Session)
    assert session.table.num_rows == 60
    assert frames_in(session.video) == 30
    assert not session.interrupted
    info = session.info
    assert (info.frames, info.dropped, info.schema_version) == (30, 0, 3)
    assert vars(info.intrinsics) == vars(session_info().intrinsics)
    assert info.settings == session_info().settings
    assert info.started == session_info().started


def test_session_json_is_for_other_programs_too(tmp_path: Path):
    values = json.loads((record(tmp_path) / "session.json").read_text())
    assert values["schema_version"] == 3
    assert values["intrinsics"] == {"fx": 600.25, "fy": 601.5, "cx": 319.5, "cy": 239.5, "width": 640, "height": 480}
    assert values["weights_sha256"] is None
    assert values["frames"] == 30


def test_the_start_is_noted_with_its_time_zone():
    camera = session_info().intrinsics
    info = SessionInfo(app_version="0", model="m", weights_sha256=None, hand_model="h", source="s", intrinsics=camera)
    assert info.started[10] == "T"
    assert info.started[-6] in "+-"


def test_a_session_without_video(tmp_path: Path):
    session = load_session(record(tmp_path, video=False))
    assert session.video is None
    assert session.table.num_rows == 60


def test_a_taken_name_gets_a_number(tmp_path: Path):
    assert [record(tmp_path, 1).name for _ in range(3)] == ["20261121-123456", "20261121-123456-2", "20261121-123456-3"]


def test_while_recording_there_is_a_mark_and_all_is_readable(tmp_path: Path):
    writer = SessionWriter.create(tmp_path, session_info(), video=True)
    assert int((writer.path / ".recording").read_text()) == os.getpid()
    for index in range(60):
        writer.append(tracked_frame(index))
    session = load_session(writer.path)
    assert session.interrupted
    assert session.info.frames is None
    assert session.table.num_rows >= 2 * (60 - 15)
    writer.finish(dropped=DroppedFrames(not_delivered=3, not_written=7))
    session = load_session(writer.path)
    assert not session.interrupted
    assert (session.info.frames, session.info.tracked, session.info.dropped) == (70, 60, 10)
    assert session.info.dropped_by == DroppedFrames(not_delivered=3, not_written=7)
    assert session.table.num_rows == 120


def test_an_exception_leaves_the_mark_and_whole_files(tmp_path: Path):
    writer = SessionWriter.create(tmp_path, session_info(), video=True)

    def fail() -> None:
        with writer:
            for index in range(10):
                writer.append(tracked_frame(index))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    session = load_session(writer.path)
    assert session.interrupted
    assert session.table.num_rows == 20
    assert frames_in(session.video) == 10
    with pytest.raises(ValueError, match="closed"):
        writer.append(tracked_frame(10))


_RECORDS_UNTIL_KILLED = """
import sys
from pathlib import Path
from app.sessions.session import SessionWriter
from tests.fakes import session_info, tracked_frame

writer = SessionWriter.create(Path(sys.argv[1]), session_info(), video=True)
for index in range(int(sys.argv[2])):
    writer.append(tracked_frame(index))
print(writer.path, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("frames", [20, 100])
def test_a_killed_recording_loses_half_a_second_of_hands_and_a_second_of_video(tmp_path: Path, frames: int):
    process = subprocess.Popen(
        [sys.executable, "-c", _RECORDS_UNTIL_KILLED, str(tmp_path), str(frames)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        path = Path(process.stdout.readline().strip())
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    session = load_session(path)
    assert session.interrupted
    rows = session.table.to_pylist()
    expected = [(index, side) for index in range(frames) for side in ("left", "right")][: len(rows)]
    assert [(row["frame"], row["side"]) for row in rows] == expected
    assert len(rows) >= 2 * (frames - 0.5 * 30)
    assert frames_in(session.video) >= frames - 30


_RECORDS_ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
import numpy as np
from app.sessions.session import SessionWriter
from models.errors import BothhandsError
from tests.fakes import session_info, tracked_frame

noise = np.random.default_rng(0)
writer = SessionWriter.create(Path(sys.argv[1]), session_info(), video=sys.argv[2] == "video")
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
try:
    for index in range(100_000):
        writer.append(tracked_frame(index, image=noise.integers(0, 256, (48, 64, 3), dtype=np.uint8)))
except BothhandsError as error:
    print(error)
    print(index)
    writer.finish()  # nothing more to do, and nothing more to complain about
"""


@pytest.mark.parametrize("kept", ["video", "hands only"])
def test_a_full_disk_stops_the_recording_and_keeps_what_was_written(tmp_path: Path, kept: str):
    # The largest file that the process may write stands in for the size of a disk.
    result = subprocess.run(
        [sys.executable, "-c", _RECORDS_ON_A_FULL_DISK, str(tmp_path), kept],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    message, count = result.stdout.strip().splitlines()
    path = tmp_path / "20261121-123456"
    assert message.startswith(f"The recording stopped; {path} keeps {count} frames. The reason:")
    assert "File too large" in message
    assert result.stderr == ""
    session = load_session(path)
    assert session.interrupted
    assert session.table.num_rows >= 2 * (int(count) - 15)


def test_no_session_where_nothing_can_be_written(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BothhandsError, match="choose another folder"):
        SessionWriter.create(tmp_path / "file" / "sessions", session_info(), video=False)


def change_info(path: Path, **changes: object) -> None:
    file = path / "session.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def drop(key: str):
    def change(path: Path) -> None:
        values = json.loads((path / "session.json").read_text())
        del values[key]
        (path / "session.json").write_text(json.dumps(values))

    return change


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda path: (path / "session.json").unlink(), "is no session: it lacks session.json"),
        (lambda path: (path / "hands.arrows").unlink(), "lacks its journal of hands"),
        (lambda path: (path / "hands.arrows").write_bytes(b"?" * 999), "is not a journal"),
        (lambda path: (path / "session.json").write_text("{"), "not JSON"),
        (lambda path: (path / "session.json").write_text("[]"), "is damaged"),
        (lambda path: (path / "session.json").write_bytes(b"\xff\xfe"), "is damaged"),
        (drop("intrinsics"), r"is damaged: intrinsics: Field required"),
        (lambda path: change_info(path, frames="many"), r"is damaged: frames"),
        (lambda path: change_info(path, schema_version=4, another_thing=1), r"version 4 .* update it"),
    ],
)
def test_damaged_and_newer_sessions_are_refused_in_one_sentence(tmp_path: Path, damage, says: str):
    path = record(tmp_path, 2)
    damage(path)
    with pytest.raises(BothhandsError, match=says) as caught:
        load_session(path)
    assert "\n" not in str(caught.value)


def test_a_missing_folder_is_named(tmp_path: Path):
    with pytest.raises(BothhandsError, match="There is no session folder"):
        load_session(tmp_path / "none")


@pytest.mark.parametrize("read", [load_session, read_info, recover])
def test_a_file_in_place_of_a_folder_is_called_that(tmp_path: Path, read):
    (tmp_path / "clip.mp4").touch()
    with pytest.raises(BothhandsError, match=r"clip\.mp4 is a file, and a session is a folder; `process` makes one"):
        read(tmp_path / "clip.mp4")


def test_a_lost_video_is_no_error(tmp_path: Path):
    path = record(tmp_path, 2)
    (path / "video.mkv").unlink()
    assert load_session(path).video is None
