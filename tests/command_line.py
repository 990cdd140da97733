"""The command line, called in the process of the test."""

import sys

import pytest

from app.cli import main


def call(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Run `main.py` with these arguments; returns its exit code."""
    monkeypatch.setattr(sys, "argv", ["main.py", *map(str, arguments)])
    monkeypatch.setattr("app.cli.leave", sys.exit)  # the threads of a test would end the test run
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)
