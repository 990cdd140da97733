"""Kills recording processes and looks at what is left."""

import random
import signal
import subprocess
import sys
from pathlib import Path

import av
import pytest

from app.sessions.files import MARKER_FILE
from app.sessions.listing import list_sessions
from app.sessions.marker import find_unfinished
from app.sessions.recovery import recover
from app.sessions.session import load_session
from tests.fakes import number_of

ROOT = Path(__file__).parents[2]
FPS = 30
LONGEST = 4 * FPS
"""Lines after which a recording is killed at the latest; the first two are not frames."""

_RECORDS_UNTIL_KILLED = """
import sys, threading
from itertools import count
from pathlib import Path
from app.sessions.recorder import Recorder
from app.sessions.session import SessionWriter
from tests.fakes import session_info, tracked_frame

room = threading.Semaphore(2)  # frames come faster than from a camera, but not faster than they are written

class Writer(SessionWriter):
    def append_image(self, frame):
        super().append_image(frame)
        room.release()

print("begins", flush=True)
recorder = Recorder(Writer.create(Path(sys.argv[1]), session_info(), video=True))
print("begun", flush=True)
for index in count():
    room.acquire()
    assert recorder.offer(tracked_frame(index))
    print(index, flush=True)
"""


def kill_after(lines: int, root: Path) -> int:
    """Record into `root` and kill the process soon after it has told so many lines; returns frames offered."""
    process = subprocess.Popen(
        [sys.executable, "-c", _RECORDS_UNTIL_KILLED, str(root)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        for _ in range(lines):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        told = process.stdout.read().splitlines()
    assert process.returncode == -signal.SIGKILL
    numbers = [int(line) for line in told if line.isdigit()]
    return numbers[-1] + 1 if numbers else max(0, lines - 2)


def _is_in_place(path: Path) -> bool:
    return not path.name.startswith(f"{MARKER_FILE}-")


def check_recovery(root: Path, offered: int) -> None:
    """Of what was offered, at most 0.5 s of hands and 1 s of video may be missing."""
    for path in find_unfinished(root):
        recover(path)
    # Killed between making the folder and writing into it, it leaves an empty one, or one with a mark that was not put
    # in place yet (`app.sessions.marker.claim`), which is no session.
    left = [path for path in root.iterdir() if any(map(_is_in_place, path.iterdir()))] if root.exists() else []
    if not left:
        assert offered <= FPS // 2, "a session with half a second in it is gone"
        return
    (path,) = left
    assert [summary.state for summary in list_sessions(root)] == ["complete"]
    session = load_session(path)
    frames = session.table["frame"].to_pylist()
    assert frames == [index for index in range(len(frames) // 2) for _ in range(2)]
    assert len(frames) // 2 >= offered - FPS // 2
    pictures = []
    if session.video is not None:
        with av.open(str(session.video)) as video:
            pictures = [number_of(picture.to_ndarray(format="rgb24")) for picture in video.decode(video=0)]
    assert pictures == [index % 20 for index in range(len(pictures))]
    assert len(pictures) >= offered - FPS
    assert session.info.recovered is not None
    assert session.info.frames is not None
    assert offered - FPS // 2 <= session.info.frames <= offered + 1  # the last one may not have been told any more


@pytest.mark.parametrize("lines", [1, 3, 75])
def test_a_killed_recording_recovers_within_the_bound(tmp_path: Path, lines: int):
    check_recovery(tmp_path / "sessions", kill_after(lines, tmp_path / "sessions"))


@pytest.mark.slow
@pytest.mark.parametrize("lines", random.Random(7).choices(range(LONGEST), k=20))
def test_recordings_killed_at_random_moments_recover_within_the_bound(tmp_path: Path, lines: int):
    check_recovery(tmp_path / "sessions", kill_after(lines, tmp_path / "sessions"))
