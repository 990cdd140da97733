from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SETTINGS = """
[tool.slipcover]
source = ["rooms"]
omit = ["rooms/left_out.py"]
exclude-also = ["raise NotImplementedError"]
fail-under = 72
"""
ROOMS = {
    "tested.py": """
def shut(door):
    if door == "open":
        return "shut"
    if door == "locked":
        raise NotImplementedError
    return door
""",
    "never_imported.py": """
def window():
    return "open"
""",
    "left_out.py": "window = 1",
}
TESTS = {
    "test_open.py": 'from rooms.tested import shut\n\ndef test_open():\n    assert shut("open") == "shut"\n',
    "test_shut.py": 'from rooms.tested import shut\n\ndef test_shut():\n    assert shut("shut") == "shut"\n',
}


def test_a_run_in_several_processes_fails_where_its_lines_together_are_below_the_floor(tmp_path: Path) -> None:
    """Either test alone runs three and four of seven lines, both five; a file that nothing imports has two."""
    rooms = tmp_path / "rooms"
    rooms.mkdir()
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    for name, text in ROOMS.items():
        (rooms / name).write_text(text)
    for name, text in TESTS.items():
        (tmp_path / name).write_text(text)

    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "tests.line_coverage"]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=tmp_path, env=surroundings, capture_output=True, text=True)

    assert run.returncode == pytest.ExitCode.TESTS_FAILED, run.stdout + run.stderr
    assert "2 passed" in run.stdout
    assert "71.4 % of 7 lines are run, and 72 % have to be" in run.stdout
    table = {line.split()[0]: line.split()[1:] for line in run.stdout.splitlines() if line.startswith("rooms")}
    assert table == {str(Path("rooms", "never_imported.py")): ["2", "2", "0", "2-3"]}
    assert (tmp_path / "build" / "lines.txt").read_text(encoding="utf-8") in run.stdout
