"""Numbers, devices and names that cannot be: one sentence before anything begins."""

from __future__ import annotations

import contextlib
import errno
import signal
from collections.abc import Callable
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from typer.models import ArgumentInfo, OptionInfo, ParameterInfo

from app import cli
from app.cli import os_error_sentence
from app.commands import console, window
from app.commands.options import site_origins
from app.interruption import ask_to_stop
from models.errors import BothhandsError
from models.runtime.device import check_device_name
from tests.command_line import call

LONG = "n" * 300
NEEDED = {
    "label": ["x", "--out", "labels", "--source-name", "a", "--licence", "b"],
    "train run": ["lwa-hand", "--out", "run"],
    "train pack": ["lwa-hand", "--out", "run"],
    "export": ["x", "--format", "npz"],
    "label-sequences": ["x", "--out", "labels", "--source-name", "a", "--licence", "b"],
    "cut-out": ["x", "--out", "labels"],
    "weights install": ["x", "--model", "eanet"],
    "weights import": ["x", "--model", "eanet", "--out", "w"],
    "run": [],
    "doctor": [],
}
"""What a command cannot do without, besides a SOURCE."""


@pytest.fixture(autouse=True)
def _nothing_begins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """In a folder of its own, with a display that is taken for granted and a window that must not open."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOTHHANDS_CONFIG", str(tmp_path / "settings.json"))
    monkeypatch.setattr(window, "display_problem", lambda: None)
    monkeypatch.setattr(window, "_open_window", lambda store: pytest.fail("a window opened"))
    yield
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("settings.json", "clip.mp4 ")] == []


def refused(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr()
    assert said.err.startswith("bothhands: ")
    assert len(said.err.strip().splitlines()) == 1, said.err
    assert said.out == ""
    return said.err


def options(of: type[ParameterInfo] = OptionInfo) -> list[tuple[str, str, frozenset[type]]]:
    """Every option, or argument, of every command, with what it takes."""
    found = []
    groups = [("", cli.cli)]
    for group in cli.cli.registered_groups:
        assert group.typer_instance is not None
        groups.append((f"{group.name} ", group.typer_instance))
    for prefix, registered in [(prefix, command) for prefix, app in groups for command in app.registered_commands]:
        assert registered.callback is not None
        for hint in get_type_hints(registered.callback, include_extras=True).values():
            # Annotated[int | None, Option(...)]
            for info in getattr(hint, "__metadata__", ()):
                if isinstance(info, of):
                    kind = hint.__origin__
                    name = prefix + (registered.name or registered.callback.__name__.replace("_", "-"))
                    # Inside Annotated the first name of an option stands where its default does elsewhere.
                    found.append((name, str(info.default), frozenset(get_args(kind) or (kind,))))
    return found


def numbers() -> list[tuple[str, str]]:
    return [(command, option) for command, option, kinds in options() if kinds & {int, float}]


def test_every_number_is_found():
    assert {("run", "--fov"), ("bench", "--frames"), ("synthesize", "--seed"), ("train run", "--workers")} <= set(
        numbers()
    )


@pytest.mark.parametrize("value", ["-1", "1e30", "9" * 40, "-inf", "nan", "", "five", "0x10"])
@pytest.mark.parametrize(("command", "option"), numbers())
def test_a_number_out_of_range_is_refused(monkeypatch, capsys, command: str, option: str, value: str):
    given = NEEDED.get(command, ["x"])
    assert call(monkeypatch, *command.split(), *given, f"{option}={value}") == 2
    said = refused(capsys)
    assert option in said
    assert f"main.py {command} --help" in said


def devices() -> list[str]:
    return [command for command, option, _ in options() if option == "--device"]


@pytest.mark.parametrize("device", ["banana", "", "cuda:", "cuda:-1", "cuda:x", "CPU", "cuda:99999", "cuda:١"])
@pytest.mark.parametrize("command", devices())
def test_what_is_no_device_is_refused_before_a_window_opens(monkeypatch, capsys, command: str, device: str):
    given = NEEDED.get(command, ["x"])
    assert call(monkeypatch, *command.split(), *given, f"--device={device}") == 2
    assert "use auto, cpu, cuda or cuda:N" in refused(capsys)


@pytest.mark.parametrize("device", ["auto", "cpu", "cuda", "cuda:0", "cuda:15"])
def test_devices(device: str):
    assert check_device_name(device) == device


@pytest.mark.parametrize("size", ["1x1", "99999x99999", "640", "0x0", "-1x5", "640x"])
def test_sizes_that_cannot_be_measured(monkeypatch, capsys, size: str):
    assert call(monkeypatch, "bench", "x", "--size", size) == 2
    assert "640x360" in refused(capsys)


def test_the_ends_of_a_range_belong_to_it():
    from app.settings import Settings

    for degrees in (5.0, 170.0):
        assert Settings().changed(fov=degrees).fov == degrees
    for degrees in (4.9, 170.1, float("nan"), float("inf")):
        with pytest.raises(BothhandsError, match="fov"):
            Settings().changed(fov=degrees)


@pytest.mark.parametrize(
    "arguments",
    [
        ["process", LONG],
        ["process", "x", "--out", LONG],
        ["process", "x", "--video", f"{LONG}.mp4"],
        ["process", "x", "--video", f"{'n' * 250}.mp4"],  # would fit, but not while it is written
        ["export", "x", "--format", "npz", "--out", f"folder/{LONG}/x.npz"],
        ["export", LONG, "--format", "npz"],
        ["replay", LONG],
        ["sessions", "list", LONG],
        ["sessions", "recover", LONG],
        ["evaluate", "synthetic:one", "--out", LONG],
        ["synthesize", LONG],
        ["label", "x", "--out", LONG, "--source-name", "a", "--licence", "b"],
        ["train", "lwa-hand", "--out", LONG],
        ["weights", "import", "x", "--model", "eanet", "--out", LONG],
        ["bench", LONG],
    ],
    ids=lambda arguments: " ".join(arguments).replace("n" * 100, ""),
)
def test_names_that_are_too_long_are_called_that(monkeypatch, capsys, arguments: list[str]):
    assert call(monkeypatch, *arguments) == 2
    assert "too long" in refused(capsys)


@pytest.mark.parametrize(
    "arguments",
    [["process", "x", "--out"], ["process", "x", "--video"], ["export", "x", "--format", "csv", "--out"]],
)
def test_the_working_folder_is_a_name_and_nothing_is_none(monkeypatch, capsys, arguments: list[str]):
    assert call(monkeypatch, *arguments, ".") == 2
    assert " x" in refused(capsys)  # which is not there; the place to write to is none to complain of
    assert call(monkeypatch, *arguments, "") == 2
    assert "without a name" in refused(capsys)


@pytest.mark.parametrize(
    ("command", "option"), [(command, option) for command, option, kinds in options() if Path in kinds]
)
def test_a_file_or_folder_without_a_name_is_not_the_working_folder(monkeypatch, capsys, command: str, option: str):
    assert call(monkeypatch, *command.split(), *NEEDED.get(command, ["x"]), f"{option}=") == 2
    assert "without a name" in refused(capsys)


@pytest.mark.parametrize("command", sorted({command for command, _, kinds in options(ArgumentInfo) if Path in kinds}))
def test_nothing_is_no_name_of_what_a_command_takes(monkeypatch, capsys, command: str):
    assert call(monkeypatch, *command.split(), "", *NEEDED.get(command, ["x"])[1:]) == 2
    assert "without a name" in refused(capsys)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "--camera", ""], "no camera called ''"),
        (["process", "x", "--camera", ""], "no camera called ''"),
        (["run", "--websocket", ""], "'' is no address"),
        (["process", "x", "--websocket", ""], "'' is no address"),
        (["bench", "x", "--renderer", ""], "moderngl, pyrender"),
        (["run", "--renderer", "CPU"], "moderngl, pyrender"),
        (["evaluate", ""], "source is empty"),
        (["evaluate", "synthetic:one", "--weights", "/"], "no weights at /"),
    ],
    ids=" ".join,
)
def test_odd_values_are_named(monkeypatch, capsys, arguments: list[str], says: str):
    assert call(monkeypatch, *arguments) == 2
    assert says in refused(capsys)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="other systems have no file without an end")
@pytest.mark.parametrize(
    ("command", "name", "says"),
    [
        (["run", "--camera"], "camera.json", "too large"),
        (["process"], "list.txt", "it is no file"),
        (["evaluate"], "annotations.json", "it is no file"),
    ],
    ids=["camera", "list", "annotations"],
)
def test_what_does_not_end_is_not_read(
    monkeypatch, capsys, tmp_path_factory: pytest.TempPathFactory, command: list[str], name: str, says: str
):
    endless = tmp_path_factory.mktemp("elsewhere") / name
    endless.symlink_to("/dev/zero")
    assert call(monkeypatch, *command, endless) == 2
    assert says in refused(capsys)


@pytest.mark.parametrize(("sheet", "says"), [("sheet.txt", ".png or .jpg"), ("nowhere/sheet.png", "no folder nowhere")])
@pytest.mark.parametrize("command", ["label", "label-sequences", "cut-out"])
def test_a_contact_sheet_that_cannot_be_is_refused_before_the_work(
    monkeypatch, capsys, command: str, sheet: str, says: str
):
    notes = [] if command == "cut-out" else ["--source-name", "x", "--licence", "x"]
    assert call(monkeypatch, command, "nothing here", "--out", "labels", *notes, "--preview", sheet) == 2
    assert says in refused(capsys)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("https://example.org", "https://example.org"),
        ("https://Example.org/page?x=1", "https://example.org"),
        ("HTTP://example.org:80/", "http://example.org"),
        ("http://example.org:8080", "http://example.org:8080"),
        ("http://[::2]:443", "http://[::2]:443"),
    ],
)
def test_sites_are_named_as_browsers_name_them(given: str, sent: str):
    assert site_origins([given]) == [sent]


@pytest.mark.parametrize(
    "site", ["example.org", "*", "", "ftp://example.org", "https://", "http://x:port", "http://[x"]
)
def test_what_no_browser_would_name_is_no_site(monkeypatch, capsys, site: str):
    assert call(monkeypatch, "process", "x", "--websocket", "8765", "--websocket-origin", site) == 2
    assert "is no site" in refused(capsys)


def test_sites_without_a_server_are_refused(monkeypatch, capsys):
    assert call(monkeypatch, "process", "x", "--websocket-origin", "https://example.org") == 2
    assert "give its port" in refused(capsys)


def test_a_name_may_end_in_a_space(monkeypatch, capsys, tmp_path: Path):
    (tmp_path / "clip.mp4 ").write_bytes(b"no video")
    assert call(monkeypatch, "process", "clip.mp4 ") == 2
    assert "no file" not in refused(capsys)  # it is found, and is no video


@pytest.mark.parametrize(
    "arguments", [["nosuch"], ["process"], ["run", "[/x]"], ["export", "x", "--format"], ["run", "-z"]]
)
def test_usage_errors_are_one_sentence_that_says_where_help_is(monkeypatch, capsys, arguments: list[str]):
    assert call(monkeypatch, *arguments) == 2
    assert "--help" in refused(capsys)


@pytest.mark.parametrize("group", ["sessions", "weights"])
def test_a_group_alone_shows_its_help(monkeypatch, capsys, group: str):
    assert call(monkeypatch, group) == 2
    assert capsys.readouterr().err == ""


def test_what_the_system_refuses_is_one_sentence():
    assert "too long" in os_error_sentence(OSError(errno.ENAMETOOLONG, "File name too long", LONG))
    assert LONG not in os_error_sentence(OSError(errno.ENAMETOOLONG, "File name too long", LONG))
    assert os_error_sentence(OSError(errno.ENOSPC, "No space left on device", "/x")).startswith("/x cannot be used")
    assert "printed" in os_error_sentence(OSError(errno.ENOSPC, "No space left on device"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_the_exit_code_is_the_same_where_nothing_can_be_printed(monkeypatch):
    with Path("/dev/full").open("w", buffering=1) as full:
        monkeypatch.setattr("sys.stderr", full)
        assert call(monkeypatch, "nosuch") == 2
        with contextlib.suppress(OSError):
            full.close()


def test_interrupts_are_left_as_somebody_set_them():
    before = signal.getsignal(signal.SIGINT)
    try:
        for handler, expected in ((signal.SIG_IGN, signal.SIG_IGN), (signal.SIG_DFL, ask_to_stop)):
            signal.signal(signal.SIGINT, handler)
            console.catch_ctrl_c()
            assert signal.getsignal(signal.SIGINT) is expected
    finally:
        signal.signal(signal.SIGINT, before)


def _drops_it(tick: Callable[[int, int], None]) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    tick(1, 2)


def _fails_of_it(tick: Callable[[int, int], None]) -> None:
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        raise AttributeError("partially initialized module") from None


@pytest.mark.parametrize("library", [_drops_it, _fails_of_it])
def test_ctrl_c_stops_the_work_whatever_a_library_makes_of_it(library: Callable[[Callable[[int, int], None]], None]):
    before = signal.getsignal(signal.SIGINT)
    try:
        with pytest.raises(KeyboardInterrupt):
            console.with_progress("Working", library)
    finally:
        signal.signal(signal.SIGINT, before)


def test_what_fails_after_ctrl_c_in_words_of_ours_is_said():
    def work(tick: Callable[[int, int], None]) -> None:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        raise BothhandsError("The disk is full.")

    before = signal.getsignal(signal.SIGINT)
    try:
        with pytest.raises(BothhandsError, match="full"):
            console.with_progress("Working", work)
    finally:
        signal.signal(signal.SIGINT, before)
