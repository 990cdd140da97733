"""A display that is named and not there: one sentence, and what works without a window."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.window import display
from app.window.display import display_problem

ROOT = Path(__file__).parents[2]
VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_SESSION_TYPE", "XAUTHORITY")
STALE = (
    {"DISPLAY": ":987"},
    {"DISPLAY": "no display"},
    {"DISPLAY": "localhost:19.0"},  # left over from ssh -X
    {"WAYLAND_DISPLAY": "wayland-7"},
    {"DISPLAY": ":987", "WAYLAND_DISPLAY": "wayland-7"},
    {"DISPLAY": ":987", "XDG_SESSION_TYPE": "wayland"},
    {"DISPLAY": ":987", "QT_QPA_PLATFORM": "nonsense"},
)
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")


def environment(**values: str) -> dict[str, str]:
    return {**{name: value for name, value in os.environ.items() if name not in VARIABLES}, **values}


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch):
    def set_variables(values: dict[str, str]) -> None:
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return set_variables


def call(values: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "main.py", *arguments],
        cwd=ROOT,
        env=environment(**values),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("stale", STALE, ids=str)
def test_a_stale_display_is_named(only, stale: dict[str, str]):
    only(stale)
    problem = display_problem()
    assert problem is not None
    for variable in ("DISPLAY", "WAYLAND_DISPLAY"):
        assert stale.get(variable, "") in problem
    assert "cannot be opened" in problem


@pytest.mark.parametrize(("stale", "command"), [(STALE[0], ["run"]), (STALE[3], ["run", "--source", "demo"])], ids=str)
def test_run_says_what_works_without_a_window(stale: dict[str, str], command: list[str]):
    done = call(stale, *command)
    assert done.returncode == 2
    assert done.stderr.startswith("bothhands: The display ")
    assert "process" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_without_a_command_the_demo_clip_is_processed(tmp_path: Path):
    code = (
        "import sys, app.cli; from app.commands import process;"
        "process.process = lambda source: print('processed', source);"
        "sys.argv = ['main.py']; app.cli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment(DISPLAY=":987"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "The display :987 cannot be opened" in done.stdout
    assert "demo.mp4" in done.stdout


def test_the_doctor_names_the_display(only):
    from app import doctor

    only({"DISPLAY": ":987"})
    found = doctor._display()
    assert (found.state, ":987" in found.detail) == ("limited", True)


def test_no_display_is_no_problem_of_a_display(only):
    only({})
    assert display_problem() == "There is no display to open a window on"


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs an X server without a screen")
@pytest.mark.parametrize("more", [{}, {"WAYLAND_DISPLAY": "wayland-7", "XDG_SESSION_TYPE": "wayland"}], ids=str)
def test_a_display_that_is_there_is_opened_whatever_else_is_named(only, display: str, more: dict[str, str]):
    only({"DISPLAY": display, **more})
    assert display_problem() is None


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("Authorization required, but no authorization protocol specified", "does not let this user in"),
        (
            "Cannot load library /x/libqxcb.so: (libxcb-icccm.so.4: cannot open shared object file: No",
            "install libxcb-icccm4`",
        ),
        ("ImportError: libGL.so.1: cannot open shared object file: No such file or directory", "install libgl1`"),
        ("ModuleNotFoundError: No module named 'PyQt5'", "PyQt5 is not installed"),
        ("qt.qpa.xcb: could not connect to display :987", "nothing answers"),
    ],
)
def test_reasons(said: str, reason: str):
    assert reason in display._reason(said)


@pytest.mark.parametrize(
    ("library", "package"),
    [
        ("libGL.so.1", "libgl1"),
        ("libEGL.so.1", "libegl1"),
        ("libxcb-xinerama.so.0", "libxcb-xinerama0"),
        ("libxcb-render-util.so.0", "libxcb-render-util0"),
        ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
        ("libX11-xcb.so.1", "libx11-xcb1"),
        ("libdbus-1.so.3", "libdbus-1-3"),
        ("libfontconfig.so.1", "libfontconfig1"),
        ("libSM.so.6", "libsm6"),
        ("libglib-2.0.so.0", "libglib2.0-0"),
        ("libgthread-2.0.so.0", "libglib2.0-0"),
        ("libwayland-client.so.0.21.0", "libwayland-client0"),
        ("libz.so.1", "zlib1g"),
    ],
)
def test_a_missing_library_is_named_with_its_package(library: str, package: str):
    assert display.debian_package(library) == package


def test_a_display_that_does_not_answer_is_not_waited_for(only, monkeypatch: pytest.MonkeyPatch):
    only({"DISPLAY": ":0"})
    monkeypatch.setattr(display, "_PROBE", "import signal; signal.pause()")
    monkeypatch.setattr(display, "_PATIENCE_SECONDS", 0.2)
    assert "does not answer" in (display_problem() or "")
