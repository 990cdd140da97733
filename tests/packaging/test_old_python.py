"""A Python that is too old is told in one sentence, before anything that it cannot read is imported."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
START = "import sys; sys.version_info = (3, 10, 13); from bothhands.__main__ import main; main()"


def assert_told(done: subprocess.CompletedProcess[str], version: str) -> None:
    assert done.returncode == 2
    assert done.stderr == (
        f"bothhands: Bothhands needs Python 3.11 or newer, and this is {version}; start it by python3.11.\n"
    )


def test_the_program_tells_it():
    command = [sys.executable, "-c", START]
    assert_told(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False), "3.10")


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.10"])
def test_a_real_one_gets_as_far_as_telling_it(version: str):
    python = shutil.which(f"python{version}")
    if python is None or subprocess.run([python, "--version"], capture_output=True, check=False).returncode:
        pytest.skip(f"Python {version} is not installed")
    command = [python, "main.py", "--version"]
    assert_told(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False), version)


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_tells_it_before_it_makes_anything(tmp_path: Path):
    python = tmp_path / "python3.10"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -c "import sys; sys.version_info = (3, 10, 13); $2"\n')
    python.chmod(0o755)
    make = ["make", "--no-print-directory", "venv", f"PYTHON={python}", f"VENV={tmp_path / 'made'}"]
    done = subprocess.run(make, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "Bothhands needs Python 3.11 or 3.12, and this is 3.10: make PYTHON=python3.11\n" in done.stderr
    assert not (tmp_path / "made").exists()
