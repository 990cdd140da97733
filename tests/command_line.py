"""The command line, called in the process of the test."""

import functools
import sys
from typing import Any

import pytest
import typer

from app.cli import main
from app.commands import cli


@functools.cache
def _command() -> Any:
    """All commands as click has them. Typer makes them anew for every call, for which a program has no second one."""
    return typer.main.get_command(cli)


def call(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Run `main.py` with these arguments; returns its exit code."""
    monkeypatch.setattr(sys, "argv", ["main.py", *map(str, arguments)])
    monkeypatch.setattr("app.cli.leave", sys.exit)  # the threads of a test would end the test run
    monkeypatch.setattr("app.cli.cli", _command())
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)
