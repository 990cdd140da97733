"""`process` where something comes between: a full disk, a second process, a signal."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import av
import pytest
from PIL import Image

from app import processing
from app.archives.catalog import Job
from app.archives.job import do_job
from app.cli import main
from app.interruption import interruptible
from app.processing import ProcessOptions, process_source
from app.sessions import session as session_module
from app.sessions.listing import summarize
from app.sessions.recorded_config import recorded_config
from app.sessions.session import SessionWriter, load_session
from models.errors import BothhandsError
from tests.command_line import call
from tests.demo_cut import DEMO, cut_demo
from tracking.config import TrackerConfig
from tracking.tracker import Tracker
from tracking.values import Frame, TrackedFrame

ROOT = Path(__file__).resolve().parents[2]
FRAMES, FEW = 20, 3
RAW = TrackerConfig(model="landmark-fit", smoothing=None)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut_demo(tmp_path_factory.mktemp("clip") / "clip.mp4", 0, FRAMES, (320, 180))


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Frames enough where it is not they that count."""
    return cut_demo(tmp_path_factory.mktemp("few") / "clip.mp4", 0, FEW, (320, 180))


def options(source: Path, out: Path, **others: object) -> ProcessOptions:
    return ProcessOptions(source=str(source), out=out, **{"tracker": RAW, **others})  # type: ignore[arg-type]


def run(source: Path, out: Path, **others: object) -> processing.ProcessResult:
    return process_source(options(source, out, **others), lambda done, total: None)


def room(monkeypatch: pytest.MonkeyPatch, *looks: int) -> None:
    """What the disk has free, look by look; the last for good."""
    left, usage = list(looks), shutil.disk_usage("/")
    monkeypatch.setattr(
        session_module.shutil,
        "disk_usage",
        lambda path: usage._replace(free=left.pop(0) if len(left) > 1 else left[0]),
    )


def test_a_network_without_weights_is_refused_before_anything_is_written(tmp_path: Path, few: Path):
    given = options(few, tmp_path / "s")
    with pytest.raises(BothhandsError, match="eanet-light has no weights"):
        process_source(replace(given, tracker=replace(given.tracker, model="eanet-light")), lambda done, total: None)
    assert not (tmp_path / "s").exists()


def test_a_small_disk_is_filled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clip: Path):
    room(monkeypatch, 20 << 20)
    assert run(clip, tmp_path / "s", overlay=False).frames == FRAMES
    assert summarize(tmp_path / "s").state == "complete"


def test_a_disk_that_fills_up_leaves_a_complete_session_that_says_where_it_ends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clip: Path
):
    room(monkeypatch, *[1 << 30] * 7, 3 << 20)
    with pytest.raises(
        BothhandsError, match=r"not tracked to its end: what was tracked is complete in .*s \(7 frames\)"
    ):
        run(clip, tmp_path / "s", keep_frames=True)
    summary, session = summarize(tmp_path / "s"), load_session(tmp_path / "s")
    assert (summary.state, summary.frames, summary.problem) == ("complete", 7, "")
    (ended,) = session.info.events
    assert (ended.kind, ended.frame, ended.value) == ("ended", 6, "the disk was nearly full")
    assert {file.name for file in (tmp_path / "s").iterdir()} == {
        "session.json",
        "hands.arrows",
        "video.mkv",
        "overlay.mp4",
    }


def test_a_full_disk_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, few: Path):
    room(monkeypatch, 1000)
    with pytest.raises(BothhandsError, match=r"nearly full.*nothing is kept"):
        run(few, tmp_path / "new" / "s")
    assert list(tmp_path.iterdir()) == []


def test_what_could_not_begin_leaves_nothing(tmp_path: Path, few: Path):
    with pytest.raises(BothhandsError, match="none-such"):
        run(few, tmp_path / "a" / "b", tracker=TrackerConfig(model="none-such"))
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "notes.txt").write_text("mine")
    with pytest.raises(BothhandsError, match="none-such"):
        run(few, tmp_path / "there", tracker=TrackerConfig(model="none-such"))
    assert [file.name for file in (tmp_path / "there").iterdir()] == ["notes.txt"]


def test_a_second_process_in_a_folder_is_refused_before_it_writes(tmp_path: Path, clip: Path):
    """The first is another process that has the folder and has not written yet."""
    folder = tmp_path / "s"
    folder.mkdir()
    other = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    with other:
        (folder / ".recording").write_text(str(other.pid))
        with pytest.raises(BothhandsError, match=f"is being written by process {other.pid}; choose another --out"):
            run(clip, folder)
        assert [file.name for file in folder.iterdir()] == [".recording"]
        assert (folder / ".recording").read_text() == str(other.pid)


def test_a_session_that_is_there_is_left_alone(tmp_path: Path, few: Path):
    run(few, tmp_path / "s", overlay=False)
    before = {file.name: file.read_bytes() for file in (tmp_path / "s").iterdir()}
    with pytest.raises(BothhandsError, match="holds a session already"):
        run(few, tmp_path / "s")
    assert {file.name: file.read_bytes() for file in (tmp_path / "s").iterdir()} == before


def test_a_session_that_could_not_be_finished_says_how_it_is_recovered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, few: Path
):
    def full(self: SessionWriter, tracked: TrackedFrame) -> None:
        if self.frames == 2:
            raise BothhandsError("No space left.")
        append(self, tracked)

    append = SessionWriter.append
    monkeypatch.setattr(SessionWriter, "append", full)
    with pytest.raises(BothhandsError, match=r"No space left\. .*`sessions recover .*s` completes it"):
        run(few, tmp_path / "s", overlay=False)
    assert summarize(tmp_path / "s").state == "unfinished"
    with pytest.raises(BothhandsError, match="not finished; complete it with `sessions recover`"):
        run(few, tmp_path / "s", overlay=False)
    job = Job("a", few, tmp_path / "archived")
    assert do_job(job, options(few, tmp_path, overlay=False)).reason == "No space left."


def test_the_session_names_crop_mode_and_detector(tmp_path: Path, few: Path):
    run(few, tmp_path / "hands", overlay=False)
    whole = replace(RAW, crop_mode="full-frame", detector="openvino")
    run(few, tmp_path / "whole", overlay=False, tracker=whole)
    found = [load_session(tmp_path / name).info.settings for name in ("hands", "whole")]
    assert [settings["crop_mode"] for settings in found] == ["hands", "full-frame"]
    assert [settings["detector"] for settings in found] == ["openvino", "openvino"]
    assert recorded_config(load_session(tmp_path / "whole").info) == whole


def test_an_overlay_that_cannot_be_written_is_one_sentence(tmp_path: Path, few: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BothhandsError, match=r"The overlay .*pictures cannot be written: ") as caught:
        run(few, tmp_path / "s", video=tmp_path / "file" / "pictures")
    assert "\n" not in str(caught.value)


_STOPPED = """
import os, signal, sys
# Under nohup, or in a shell's background, it would begin with the signal ignored.
told = int(sys.argv[1])
signal.signal(told, signal.default_int_handler if told == signal.SIGINT else signal.SIG_DFL)
from app.cli import main
from tracking.tracker import Tracker

track = Tracker.track

def stopping(self, frame, **options):
    if frame.index == 5:
        os.kill(os.getpid(), int(sys.argv[0]))
    return track(self, frame, **options)

Tracker.track = stopping
number, *arguments = sys.argv[1:]
sys.argv = [number, *arguments]
main()
"""


def begun_is_complete(out: Path, said: str) -> None:
    """Five frames were tracked, and then it was told to stop."""
    assert "Stopped after 5 frames" in said
    assert {file.name for file in out.iterdir()} == {"session.json", "hands.arrows", "overlay.mp4"}
    assert summarize(out).state == "complete"
    events = json.loads((out / "session.json").read_text())["events"]
    assert [(event["kind"], event["frame"], event["value"]) for event in events] == [("ended", 4, "it was stopped")]
    with av.open(str(out / "overlay.mp4")) as video:
        assert sum(1 for _ in video.decode(video=0)) == 5


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, 130),
        pytest.param(signal.SIGTERM, 143, marks=pytest.mark.slow),
        pytest.param(signal.SIGHUP, 129, marks=pytest.mark.slow),
    ],
    ids=lambda each: str(int(each)),
)
def test_a_signal_completes_what_was_begun(tmp_path: Path, clip: Path, number: signal.Signals, code: int):
    out = tmp_path / "s"
    arguments = ["process", str(clip), "--model", "landmark-fit", "--out", str(out)]
    result = subprocess.run(
        [sys.executable, "-c", _STOPPED, str(int(number)), *arguments],
        cwd=ROOT,
        env={**os.environ, "BOTHHANDS_CONFIG": str(tmp_path / "settings.json")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    begun_is_complete(out, result.stdout)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=lambda each: str(int(each))
)
def test_the_system_and_the_terminal_are_obeyed_as_ctrl_c_is(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    clip: Path,
    number: signal.Signals,
    code: int,
):
    track = Tracker.track

    def stopping(self: Tracker, frame: Frame, **options: Any) -> Any:
        if frame.index == 5:
            os.kill(os.getpid(), number)
        return track(self, frame, **options)

    monkeypatch.setenv("BOTHHANDS_CONFIG", str(tmp_path / "settings.json"))
    monkeypatch.setattr(Tracker, "track", stopping)
    before = signal.signal(number, lambda number, frame: None)  # or it would end the tests
    try:
        left = call(monkeypatch, "process", clip, "--model", "landmark-fit", "--out", tmp_path / "s")
    finally:
        signal.signal(number, before)
    said = capsys.readouterr()
    assert left == code
    assert "Traceback" not in said.err
    begun_is_complete(tmp_path / "s", said.out)


@pytest.mark.parametrize(
    ("command", "module", "name"),
    [
        (("export", "s", "--format", "csv"), "app.outputs.export", "export_session"),
        (("sessions", "recover", "s"), "app.sessions.recovery", "recover"),
        (("sessions", "list", "s"), "app.sessions.listing", "list_sessions"),
        (("process", str(DEMO)), "app.processing", "process_source"),
        (("bench", str(DEMO)), "app.bench", "measure"),
        (("synthesize", "out"), "training.data.synthesize", "synthesize"),
        (("evaluate", "synthetic:one"), "app.evaluation", "evaluate_model"),
        (("doctor",), "app.doctor", "diagnose"),
        (("train", "eanet-light", "--out", "run"), "app.training", "train_model"),
    ],
)
def test_every_command_that_is_stopped_by_ctrl_c_says_so_alike(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: tuple[str, ...], module: str, name: str
):
    import importlib

    def stop(*arguments: object, **options: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setenv("BOTHHANDS_CONFIG", str(tmp_path / "settings.json"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(importlib.import_module(module), name, stop)
    monkeypatch.setattr(sys, "argv", ["main.py", *command])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 130


@pytest.mark.parametrize(
    ("command", "module", "name"),
    [
        (("export", "s", "--format", "csv"), "app.outputs.export", "export_session"),
        (("process", "videos", "--model", "landmark-fit", "--no-video"), "app.archives.archive", "run_local"),
    ],
)
def test_a_system_that_shuts_down_stops_what_writes_files_as_ctrl_c_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, few: Path, command: tuple[str, ...], module: str, name: str
):
    import importlib

    def shut_down(*arguments: object, **options: object) -> NoReturn:
        signal.raise_signal(signal.SIGTERM)
        raise AssertionError("nothing was made of it")

    (tmp_path / "videos").mkdir()
    shutil.copyfile(few, tmp_path / "videos" / "clip.mp4")
    monkeypatch.setenv("BOTHHANDS_CONFIG", str(tmp_path / "settings.json"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(importlib.import_module(module), name, shut_down)
    monkeypatch.setattr(sys, "argv", ["main.py", *command])
    before = signal.signal(signal.SIGTERM, lambda number, frame: None)  # or it would end the tests
    try:
        with pytest.raises(SystemExit) as left:
            main()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert left.value.code == 143


def test_handlers_are_as_they_were_afterwards():
    before = signal.getsignal(signal.SIGTERM)
    with interruptible() as interruption:
        assert signal.getsignal(signal.SIGTERM) is not before
        assert interruption.exit_code == 130
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_run_over_an_old_session_takes_the_detector_that_is_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clip: Path
):
    """Its "mediapipe" meant that crops were cut, and is no wish for MediaPipe's graph."""
    from app.replay import rerun
    from app.replay.clip import open_clip
    from app.replay.runs import read_run
    from tracking import tracker

    run(clip, tmp_path / "s", overlay=False, keep_frames=True)
    file = tmp_path / "s" / "session.json"
    values = json.loads(file.read_text())
    del values["cameras"], values["events"], values["settings"]["crop_mode"]
    values |= {"schema_version": 1, "settings": {**values["settings"], "detector": "mediapipe"}}
    file.write_text(json.dumps(values))
    asked: list[str] = []
    made = tracker.create_detector
    monkeypatch.setattr(tracker, "create_detector", lambda name: asked.append(name) or made("openvino"))
    name = rerun.run_model(open_clip(tmp_path / "s"), "landmark-fit")
    assert asked == ["auto"]
    _, found = read_run(tmp_path / "s", name, "free")
    assert found.num_rows > FRAMES  # both hands in nearly all images
    assert set(found["model"].to_pylist()) == {"landmark-fit"}


def test_a_video_of_another_kind_is_refused_before_the_work(clip: Path, tmp_path: Path):
    with pytest.raises(BothhandsError, match="must end in one of"):
        process_source(options(clip, tmp_path / "out", video=tmp_path / "v.xyz"), pytest.fail)
    assert not (tmp_path / "out").exists()


def test_an_overlay_never_takes_the_place_of_its_source(few: Path, tmp_path: Path):
    clip = Path(shutil.copy(few, tmp_path / "clip.mp4"))
    (tmp_path / "same.mp4").hardlink_to(clip)
    before = clip.read_bytes()
    for video in (clip, tmp_path / "same.mp4"):
        with pytest.raises(BothhandsError, match="would take the place of"):
            process_source(options(clip, tmp_path / "out", video=video), pytest.fail)
    assert clip.read_bytes() == before
    assert not (tmp_path / "out").exists()


def test_overlays_of_images_never_lie_among_them(tmp_path: Path):
    (tmp_path / "images").mkdir()
    image = tmp_path / "images" / "000000.png"
    Image.new("RGB", (64, 48)).save(image)
    before = image.read_bytes()
    with pytest.raises(BothhandsError, match="would take the place of"):
        run(tmp_path / "images", tmp_path / "out", video=tmp_path / "images")
    assert image.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nowhere/v.mp4", "There is no folder"),
        ("folder.mp4", "would be a video, and a folder has that name"),
        ("file", "would be a folder of images, and a file has that name"),
        ("out/video.mkv", "raw frames"),
        ("other/video.mkv", "raw frames"),
    ],
)
def test_an_overlay_that_cannot_be_is_refused_before_the_work(few: Path, tmp_path: Path, name: str, says: str):
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "session.json").touch()
    with pytest.raises(BothhandsError, match=says):
        process_source(options(few, tmp_path / "out", video=tmp_path / name), pytest.fail)
    assert not (tmp_path / "out").exists()


def test_an_overlay_may_lie_in_the_session_that_is_made_for_it(few: Path, tmp_path: Path):
    assert run(few, tmp_path / "out", video=tmp_path / "out" / "drawn.mp4").overlay is not None
    assert (tmp_path / "out" / "drawn.mp4").is_file()


def test_an_overlay_that_is_named_and_left_out_is_refused(few: Path, tmp_path: Path):
    with pytest.raises(BothhandsError, match="give one or the other"):
        run(few, tmp_path / "out", overlay=False, video=tmp_path / "v.mp4")


_HEAVY = """
import json, sys
from app.cli import main

sys.argv = ["main.py", *sys.argv[1:]]
try:
    main()
finally:
    print(json.dumps([name for name in ("torch", "mediapipe") if name in sys.modules]))
"""


def test_the_default_model_on_a_processor_loads_neither_torch_nor_mediapipe(tmp_path: Path, few: Path):
    done = subprocess.run(
        [sys.executable, "-c", _HEAVY, "process", str(few), "--device", "cpu", "--out", str(tmp_path / "s")],
        cwd=ROOT,
        env={**os.environ, "BOTHHANDS_CONFIG": str(tmp_path / "settings.json")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []
    session = load_session(tmp_path / "s")
    assert session.info.model == "lwa-hand"
    assert session.info.frames == FEW


def test_decoding_tracking_writing_and_drawing_go_on_in_threads_of_their_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clip: Path
):
    from app.overlay_output import _Video
    from tracking.sources.video import VideoSource

    threads: dict[str, set[int]] = {}

    def watch(owner: type, name: str) -> None:
        made = getattr(owner, name)

        def noted(*arguments, **options):
            threads.setdefault(name, set()).add(threading.get_ident())
            return made(*arguments, **options)

        monkeypatch.setattr(owner, name, noted)

    for owner, name in ((VideoSource, "read"), (Tracker, "track"), (SessionWriter, "append"), (_Video, "write")):
        watch(owner, name)
    before = set(threading.enumerate())
    run(clip, tmp_path / "s")
    threads["append"] -= threads["track"]  # which writes the first frame itself
    assert all(len(used) == 1 for used in threads.values())
    assert len(set().union(*threads.values())) == 4
    assert set(threading.enumerate()) <= before
    assert load_session(tmp_path / "s").frames == FRAMES


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("tracking.sources.video.VideoSource", "read"),
        ("tracking.tracker.Tracker", "track"),
        ("app.sessions.session.SessionWriter", "append"),
        ("app.overlay_output._Video", "write"),
    ],
)
def test_a_failure_anywhere_is_that_of_the_run_and_leaves_what_was_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clip: Path, module: str, name: str
):
    import importlib

    place, _, owner = module.rpartition(".")
    kind = getattr(importlib.import_module(place), owner)
    made, calls = getattr(kind, name), []

    def failing(*arguments, **options):
        calls.append(None)
        if len(calls) == 8:
            raise BothhandsError("the eighth was too much")
        return made(*arguments, **options)

    monkeypatch.setattr(kind, name, failing)
    before = set(threading.enumerate())
    with pytest.raises(BothhandsError, match="the eighth was too much"):
        run(clip, tmp_path / "s")
    assert set(threading.enumerate()) <= before
    frames = load_session(tmp_path / "s").frames
    assert frames == 7 if name != "write" else 0 < frames <= FRAMES


def test_an_overlay_that_cannot_be_completed_is_a_failure_and_no_hang(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    from app.overlay_output import OverlayOutput, _Images
    from render.protocol import OverlayStyle

    def fail(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(_Images, "__exit__", fail)
    output = OverlayOutput(tmp_path / "pictures", {}, "cpu", OverlayStyle(), lambda tracked: None)
    failures: list[Exception] = []

    def finish() -> None:
        try:
            output.finish()
        except BothhandsError as error:
            failures.append(error)

    finishing = threading.Thread(target=finish, daemon=True)
    finishing.start()
    finishing.join(60)
    assert [str(failure) for failure in failures] == [
        f"The overlay {tmp_path / 'pictures'} cannot be written: No space left on device; free some space or use "
        "--video."
    ]
