"""What is printed is plain text, in whatever encoding, whatever names say."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.table import Table

from app.terminal import PlainConsole, prepare_streams, printable
from tests.command_line import call

ROOT = Path(__file__).parents[2]
NAMES = ["[red]take", "[/x]", "[link=file:///x]y", ":smile:", "a\x1b[2Jb", "back\\[slash]", "[", "\udcff", "–…×“”"]


def printed(what: object, encoding: str = "utf-8") -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    before, sys.stdout = sys.stdout, stream
    try:
        prepare_streams()
        console = PlainConsole(width=200)
        if isinstance(what, str):
            console.say(what)
        else:
            console.print(what)
        stream.flush()
        return stream.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]
    finally:
        sys.stdout = before


@pytest.mark.parametrize("name", ["[red]take", "[/x]", "[link=file:///x]y", ":smile:", "back\\[slash]", "[", "[bold"])
def test_names_are_shown_as_they_are(name: str):
    table = Table(box=None)
    table.add_column("[b]name")
    table.add_row(name)
    assert printed(name) == f"{name}\n"
    shown = printed(table)
    assert name in shown
    assert "[b]name" in shown


def test_what_would_control_a_terminal_is_escaped():
    assert printable("a\x1b[2J\x07\x9b\r\u202eb\tc\nd") == "a\\x1b[2J\\x07\\x9b\\r\\u202eb\tc\nd"
    assert "\x1b" not in printed("a\x1b[2Jb")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii", "cp437", "cp1252", "utf-16"])
@pytest.mark.parametrize("name", NAMES)
def test_every_text_can_be_printed_in_every_encoding(encoding: str, name: str):
    table = Table("name", title=name)
    table.add_row(name)
    assert printed(table, encoding)
    assert printed(f"a{name}b", encoding).startswith("a")


def test_what_an_encoding_lacks_is_spelt_or_escaped():
    assert printed("0–5 × 3…", "ascii") == "0-5 x 3...\n"
    assert printed("日本.mp4 \udcff", "latin-1") == "\\u65e5\\u672c.mp4 \\xff\n"
    assert printed("é\udcff", "utf-8") == "é\\xff\n"


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii"])
def test_columns_stand_below_each_other_whatever_is_in_them(encoding: str):
    """Names with bytes that are no text were measured as one character for each and written as six."""
    table = Table("name", "frames", box=None)
    for name in (*NAMES, os.fsdecode(b"gr\xfc\xdfe")):
        table.add_row(name, "120")
    lines = printed(table, encoding).splitlines()
    assert {cell_len(line.partition("120")[0]) for line in lines[1:]} == {cell_len(lines[0].partition("frames")[0])}
    assert "gr\\xfc\\xdfe" in lines[-1]


def odd_sessions(folder: Path) -> None:
    """Folders that look like sessions, with odd names and with odd fields."""
    for number, name in enumerate(["[red]take", "[", ":smile:", "日本", os.fsdecode(b"bytes\xff"), "a\x1b[31mb"]):
        session = folder / name
        session.mkdir()
        (session / "session.json").write_text(json.dumps({"schema": 3, "model": "[/x]", "number": number}))


@pytest.mark.parametrize(
    ("encoding", "errors"),
    [
        ("latin-1", "strict"),
        ("ascii", "strict"),
        ("cp437", "strict"),
        ("utf-8", "strict"),
        ("utf-8", "surrogateescape"),  # of LC_ALL=C
    ],
)
def test_sessions_are_listed_whatever_they_are_called(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, encoding: str, errors: str
):
    odd_sessions(tmp_path)
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors=errors) for _ in range(2))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    assert call(monkeypatch, "sessions", "list", tmp_path) == 0
    out.flush()
    assert_listed(out.buffer.getvalue())  # type: ignore[attr-defined]


def test_sessions_are_listed_where_names_of_files_are_read_as_ascii(tmp_path: Path):
    odd_sessions(tmp_path)
    done = subprocess.run(
        [sys.executable, "main.py", "sessions", "list", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert_listed(done.stdout)


def assert_listed(printed: bytes) -> None:
    assert b"[red]take" in printed
    assert b":smile:" in printed
    assert b"\x1b" not in printed


FAULT = ROOT.parent / "shared" / "reference" / "faults" / "sessions_list_markup"


@pytest.mark.skipif(not FAULT.is_dir(), reason="the reference inputs are not here")
def test_a_folder_and_a_field_that_look_like_markup_are_listed(tmp_path: Path):
    shutil.copytree(FAULT, tmp_path / "sessions")
    done = subprocess.run(
        [sys.executable, "main.py", "sessions", "list", str(tmp_path / "sessions")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "[red]take" in done.stdout
    assert "[/x]" in done.stdout
