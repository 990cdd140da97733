"""Every command with every faulty input: an answer or one sentence; never a traceback, a signal or a hang.

Inputs are the folders of `../shared/reference/faults` and of `BOTHHANDS_FAULTS` (several with `:` between them), and
names that files can have. Each is copied before it is touched. A few pairs run with the fast tests, all with the slow
ones.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from tests.faults.runner import ROOT, Call, Result, Runner, patience

FOLDERS = [
    ROOT.parent / "shared" / "reference" / "faults",
    *(Path(place) for place in os.environ.get("BOTHHANDS_FAULTS", "").split(os.pathsep) if place),
]
INPUTS = {
    folder.name: folder for place in FOLDERS if place.is_dir() for folder in sorted(place.iterdir()) if folder.is_dir()
}
NOT_INPUTS = ("README", "faulthandler.txt")
FORMATS = ("npz", "csv", "glb", "bvh", "mp4", "rrd")
NAMES = (
    b"Vid\xe9o.mp4",
    b"[red]x.mp4",
    b"take:1.mp4",
    b"x .mp4 ",
    b"-x.mp4",
    b"a%20b.mp4",
    b"\xf0\x9f\x91\x8b.mp4",
    b"x" * 251 + b".mp4",
)
"""Names that a file may have on Linux."""
# Codes that say something else than an error: an archive that is not complete, and a machine that lacks something.
_ALSO = {"process": (1,), "doctor": (1,)}

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
needs_inputs = pytest.mark.skipif(not INPUTS, reason="the faulty inputs are not here")


def commands(target: str) -> list[list[str]]:
    """What can be asked of any path."""
    light = ["--model", "landmark-fit"]
    return [
        ["process", target, *light, "--no-video", "--out", "o1", "--workers", "1"],
        ["process", target, *light, "--sequence", "--keep-frames", "--out", "o2"],
        ["process", target, *light, "--no-video", "--raw", "--detector", "full-frame", "--out", "o3"],
        ["process", "clip.mp4", *light, "--no-video", "--out", "o4", "--camera", target],
        ["process", "clip.mp4", *light, "--no-video", "--out", "o5", "--mano", target],
        ["sessions", "list", target],
        ["sessions", "recover", target],
        *(["export", target, "--format", name, "--out", f"e.{name}"] for name in FORMATS),
        ["export", target, "--format", "glb", "--smooth", "--out", "smooth.glb"],
        ["replay", target],
        ["run", "--source", target],
        ["evaluate", f"images:{target}", "--model", "mediapipe", "--count", "4"],
        ["evaluate", f"interhand:{target}", "--count", "2"],
        ["evaluate", "synthetic:one", "--count", "1", "--weights", target],
        ["label", target, "--out", "labels", "--source-name", "x", "--licence", "x"],
        ["synthesize", "drawn", "--count", "1", "--backgrounds", target],
        ["weights", "import", target, "--model", "eanet", "--out", "w.safetensors"],
        ["weights", "install", target, "--model", "eanet-light"],
        ["train", target, "--out", "trained", "--workers", "0"],
        ["bench", target, "--frames", "20"],
        ["doctor", "--mano", target],
    ]


SECONDS = {"bench": 40.0, "label": 40.0, "evaluate": 40.0}
"""Of commands whose work takes long where the input is good after all: every look measured, or ten at each image."""
ALONE = [["doctor"], ["models"], ["models", "--json"], ["sessions", "list"], ["process", "nowhere.mp4", "--out", "o"]]


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    running = Runner()
    yield running
    running.close()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four good frames."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"  # type: ignore[union-attr]
        for number in range(4):
            picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 40 * number, np.uint8), format="rgb24")
            container.mux(stream.encode(picture))  # type: ignore[union-attr]
        container.mux(stream.encode())  # type: ignore[union-attr]
    return path


def call(runner: Runner, folder: Path, arguments: list[str], **environment: str | None) -> Result:
    """Run a command in a folder, with settings and caches of its own and no display."""
    seconds = patience(SECONDS.get(arguments[0], 20.0))
    own = {
        "BOTHHANDS_CONFIG": str(folder / "settings.json"),
        "DISPLAY": None,
        "WAYLAND_DISPLAY": None,
        "COLUMNS": "200",
    }
    return runner.run(Call(arguments, str(folder), {**own, **environment}, seconds))


def copied(source: Path, folder: Path, clip: Path) -> Path:
    """A place to run in, with a copy of the input in it."""
    folder.mkdir()
    shutil.copyfile(clip, folder / "clip.mp4")
    shutil.copytree(source, folder / "in", copy_function=shutil.copyfile)
    for path in (folder / "in", *(folder / "in").rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def targets(folder: Path) -> list[str]:
    """The input's files and folders, relative to where commands run."""
    inner = folder / "in"
    found = [path for path in (inner, *sorted(inner.rglob("*"))) if path.name not in NOT_INPUTS]
    return [path.relative_to(folder).as_posix() for path in found]


def walk(runner: Runner, source: Path, place: Path, clip: Path, chosen: list[str] | None = None) -> list[str]:
    """What goes wrong, a line each; `chosen`: of these commands alone."""
    failures: list[str] = []
    number = 0
    for target in targets(copied(source, place / "names", clip)):
        for arguments in commands(target):
            if chosen is not None and arguments[0] not in chosen:
                continue
            number += 1
            folder = copied(source, place / str(number), clip)
            if (settings := folder / "in" / "settings.json").is_file():
                shutil.copyfile(settings, folder / "settings.json")
            problem = call(runner, folder, arguments).problem((0, 2, *_ALSO.get(arguments[0], ())))
            if problem is not None:
                failures.append(f"{' '.join(arguments)}: {problem}")
            elif outside := [
                path.name for path in place.iterdir() if not path.name.isdecimal() and path.name != "names"
            ]:
                failures.append(f"{' '.join(arguments)}: writes {outside} outside of its folder")
            shutil.rmtree(folder)
    return failures


@pytest.mark.slow
@needs_inputs
@pytest.mark.parametrize("name", INPUTS)
def test_every_command_with_every_faulty_input(name: str, runner: Runner, clip: Path, tmp_path: Path):
    failures = walk(runner, INPUTS[name], tmp_path, clip)
    assert not failures, f"{len(failures)} of all:\n" + "\n".join(failures)


@needs_inputs
@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("arrows_negative_length", ["sessions"]),
        ("json_glb_intrinsics", ["sessions", "replay"]),
        ("unknown_codec", ["run"]),
        ("jp2_named_jpg_segfault", ["train", "weights"]),
    ],
)
def test_some_commands_with_some_faulty_inputs(
    name: str, chosen: list[str], runner: Runner, clip: Path, tmp_path: Path
):
    if name not in INPUTS:
        pytest.skip("this input is not here")
    failures = walk(runner, INPUTS[name], tmp_path, clip, chosen)
    assert not failures, "\n".join(failures)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_every_command_with_names_that_files_can_have(name: bytes, runner: Runner, clip: Path, tmp_path: Path):
    source = tmp_path / "source"
    source.mkdir()
    try:
        shutil.copyfile(clip, source / os.fsdecode(name))
    except OSError:
        pytest.skip("no name on this disk")
    (tmp_path / "walk").mkdir()
    failures = walk(runner, source, tmp_path / "walk", clip)
    assert not failures, "\n".join(failures)


ENVIRONMENTS: dict[str, dict[str, str | None]] = {
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "ascii": {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"},
    "nobody's home": {"HOME": "/nonexistent/home", "XDG_CONFIG_HOME": None, "XDG_CACHE_HOME": None},
    "no home": {"HOME": None, "XDG_CONFIG_HOME": None, "XDG_CACHE_HOME": None, "BOTHHANDS_CONFIG": None},
    "no display there": {"DISPLAY": ":987"},
    "a narrow terminal": {"COLUMNS": "1"},
}


@pytest.mark.slow
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_commands_in_odd_environments(environment: str, clip: Path, tmp_path: Path):
    """In processes of their own: encodings are set when Python starts."""
    shutil.copyfile(clip, tmp_path / "vidéo.mp4")
    variables = {**os.environ, **ENVIRONMENTS[environment]}
    process = ["process", "vidéo.mp4", "--model", "landmark-fit", "--no-video", "--out", "o"]
    failures = []
    for arguments in [*ALONE, process, ["sessions", "list", "."], ["run", "--source", "vidéo.mp4"]]:
        if arguments[0] == "run" and environment != "no display there":
            variables.pop("DISPLAY", None)
        done = _in_a_process(arguments, tmp_path, {k: v for k, v in variables.items() if v is not None})
        if problem := done.problem((0, 2, *_ALSO.get(arguments[0], ()))):
            failures.append(f"{' '.join(arguments)}: {problem}")
    assert not failures, "\n".join(failures)


def _in_a_process(arguments: list[str], folder: Path, variables: dict[str, str]) -> Result:
    start = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, str(ROOT / "main.py"), *arguments],
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=patience(40.0),  # a process of its own imports what the runner has at hand
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Result(None, "", time.monotonic() - start)
    return Result(done.returncode, done.stdout.decode("utf-8", "replace"), time.monotonic() - start)


@pytest.mark.slow
@needs_inputs
@pytest.mark.parametrize("name", [name for name in INPUTS if any(INPUTS[name].rglob("*.m[pko]*"))])
def test_the_window_opens_every_faulty_video_and_ends(name: str, display: str, clip: Path, tmp_path: Path):
    """It shows the video or says what is wrong, goes on, and ends when it is told to."""
    folder = copied(INPUTS[name], tmp_path / "run", clip)
    videos = [target for target in targets(folder) if Path(target).suffix in (".mp4", ".mkv", ".mov")]
    failures = []
    for video in videos:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "main.py"), "run", "--source", video, "--model", "landmark-fit"],
            cwd=folder,
            env={
                **os.environ,
                "DISPLAY": display,
                "QT_QPA_PLATFORM": "xcb",
                "BOTHHANDS_CONFIG": str(folder / "settings.json"),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        start = time.monotonic()
        try:
            process.wait(patience(8.0))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
        try:
            printed, _ = process.communicate(timeout=patience())
            # Told while it still imports, it ends by the signal itself, which shells call 130 as well.
            code = 128 + signal.SIGINT if process.returncode == -signal.SIGINT else process.returncode
            result = Result(code, printed.decode("utf-8", "replace"), time.monotonic() - start)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            result = Result(None, "", time.monotonic() - start)
        if problem := result.problem((0, 2, 130)):
            failures.append(f"{video}: {problem}")
    assert not failures, "\n".join(failures)
