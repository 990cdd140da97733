"""The folder for Windows, as far as it can be seen from another system: its layout, launcher and libraries."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from models.places import BUNDLE_MARK
from tools.bundle import parts, windows

objdump = shutil.which("objdump")
reads_windows = (
    objdump is not None
    and "pei-x86-64" in subprocess.run([objdump, "-i"], capture_output=True, text=True, check=False).stdout
)


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    target = tmp_path / "bothhands-1.0.0-py3-none-any.whl"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("bothhands/__main__.py", "")
        archive.writestr(
            "bothhands-1.0.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: bothhands\nVersion: 1.0.0\n"
        )
    return target


@pytest.fixture
def built(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder with a made-up embeddable Python; no package is downloaded."""
    python = tmp_path / "python-3.11.9-embed-amd64.zip"
    with zipfile.ZipFile(python, "w") as archive:
        archive.writestr("python.exe", "")
        archive.writestr("python311._pth", "python311.zip\n.\n#import site\n")
    monkeypatch.setattr(windows.subprocess, "run", lambda command, check: None)
    folder = tmp_path / "Bothhands"
    windows.build(folder, wheel, tmp_path / "none.lock", python)
    return folder


def test_python_looks_into_the_packages_and_nowhere_else(built: Path):
    searched = (built / "python" / "python311._pth").read_text().split()
    assert searched == ["python311.zip", ".", "..\\packages"]
    assert (built / "packages" / "bothhands" / "__main__.py").is_file()
    assert "bothhands 1.0.0" in (built / "LICENSES.txt").read_text(encoding="utf-8")


def test_the_program_knows_that_it_is_in_a_bundle(built: Path):
    assert (built / "packages" / "bothhands" / BUNDLE_MARK).is_file()


def test_the_launcher_names_files_that_are_there(built: Path):
    text = (built / "Bothhands.cmd").read_bytes()
    assert text.count(b"\r\n") == text.count(b"\n")
    text = text.decode("ascii")
    assert '"%~dp0python\\python.exe" -m bothhands %*' in text
    assert (built / "python" / "python.exe").is_file()
    assert text.count("(") == text.count(")")


def test_the_zip_has_one_folder(built: Path, tmp_path: Path):
    windows.pack(built, tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"Bothhands"}
    assert "Bothhands/Bothhands.cmd" in names


@pytest.mark.skipif(not reads_windows, reason="objdump does not read files of Windows")
def test_libraries_that_are_missing_are_named(tmp_path: Path):
    launcher = next(Path(windows.__file__).parents[2].glob(".venv/lib/python*/site-packages/distlib/w64.exe"), None)
    if launcher is None:
        pytest.skip("no program of Windows is at hand")
    (tmp_path / "own.dll").write_bytes(launcher.read_bytes())
    asked = {name.lower() for name in windows.imported(tmp_path / "own.dll")}
    assert "kernel32.dll" in asked
    assert list(windows.missing_libraries(tmp_path)) == []


@pytest.mark.skipif(not reads_windows, reason="objdump does not read files of Windows")
def test_a_library_that_windows_does_not_have_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "one.pyd").write_bytes(b"")
    (tmp_path / "two.dll").write_bytes(b"")
    asked = {"one.pyd": ["KERNEL32.dll", "TWO.dll", "python311.dll", "api-ms-win-crt-heap-l1-1-0.dll"]}
    monkeypatch.setattr(windows, "imported", lambda path: asked.get(path.name, ["ze_loader.dll", "VCRUNTIME140.dll"]))
    assert [(path.name, name) for path, name in windows.missing_libraries(tmp_path)] == [("two.dll", "ze_loader.dll")]


def test_the_lists_of_libraries_are_in_small_letters():
    names = parts.patterns("of_every_windows.txt")
    assert names == tuple(sorted(name.lower() for name in names))
