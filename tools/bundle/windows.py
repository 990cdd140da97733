"""The folder that becomes a zip for Windows: `python -m tools.bundle.windows WHEEL`. Made on any system; needs uv.

    Bothhands/Bothhands.cmd     opens the window; with arguments it is the command `bothhands`
    Bothhands/packages/         the packages of requirements-base.lock for Windows, and the wheel
    Bothhands/python/           Python's embeddable package, and where it finds packages/

Python's embeddable package (python-3.11.*-embed-amd64.zip of python.org) is given by `--python`; without it the zip
says in its name that it lacks one. Nothing of this was run on Windows: `missing_libraries` reads what compiled files
ask for.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from app import __version__
from tools.bundle import parts
from tools.release.licences import collect

_ROOT = Path(__file__).resolve().parents[2]
_SHORT = "311"
LAUNCHER = """\
@echo off\r
rem Opens the window; with arguments it runs a command: Bothhands.cmd process video.mp4\r
if not exist "%~dp0python\\python.exe" (\r
  echo bothhands: Python is missing: unpack python-3.11.*-embed-amd64.zip of python.org into "%~dp0python".\r
  pause\r
  exit /b 2\r
)\r
if "%~1"=="" (\r
  start "" "%~dp0python\\pythonw.exe" -m bothhands\r
) else (\r
  "%~dp0python\\python.exe" -m bothhands %*\r
)\r
"""
SEARCHED = f"python{_SHORT}.zip\r\n.\r\n..\\packages\r\n"
"""Where the embeddable Python looks for modules, relative to itself, and nowhere else."""
_OF_PYTHON = re.compile(r"python3\d*\.dll|vcruntime140(_1)?\.dll|libffi-\d\.dll|sqlite3\.dll", re.IGNORECASE)
"""What the embeddable package brings."""


def build(folder: Path, wheel: Path, lock: Path, python: Path | None) -> None:
    """Make the folder.

    Args:
        folder: to be made; what is there goes.
        wheel: of Bothhands.
        lock: with hashes.
        python: zip of the embeddable Python, or None.

    Raises:
        CalledProcessError: a package cannot be had for Windows.
    """
    shutil.rmtree(folder, ignore_errors=True)
    packages = folder / "packages"
    uv = ["uv", "pip", "install", "--no-config", "--quiet", "--target", packages, "--python-platform", "windows"]
    uv += ["--python-version", "3.11", "--only-binary", ":all:", "--no-deps", "--link-mode", "copy"]
    subprocess.run([*uv, "--require-hashes", "-r", lock], check=True)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    (folder / "LICENSES.txt").write_text(collect([packages]), encoding="utf-8")
    parts.trim(packages)
    parts.mark(packages)
    (folder / "Bothhands.cmd").write_text(LAUNCHER, encoding="ascii", newline="")
    (folder / "python").mkdir()
    if python is not None:
        with zipfile.ZipFile(python) as archive:
            archive.extractall(folder / "python")
    # After Python's own, which knows of no packages.
    (folder / "python" / f"python{_SHORT}._pth").write_text(SEARCHED, encoding="ascii", newline="")


def imported(path: Path) -> list[str]:
    """Names of the DLLs that a compiled file of Windows asks for."""
    listed = subprocess.run(["objdump", "-p", path], capture_output=True, text=True, check=True).stdout
    return re.findall(r"DLL Name: (\S+)", listed)


def missing_libraries(folder: Path) -> Iterator[tuple[Path, str]]:
    """Compiled files and the DLLs that they ask for and that neither the folder, Python nor Windows has.

    Args:
        folder: with packages.
    """
    compiled = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in (".pyd", ".dll")]
    there = {path.name.lower() for path in compiled} | set(parts.patterns("of_every_windows.txt"))
    for path in compiled:
        for name in imported(path):
            known = name.lower() in there or name.lower().startswith(("api-ms-win-", "ext-ms-"))
            if not known and not _OF_PYTHON.fullmatch(name):
                yield path, name


def pack(folder: Path, target: Path) -> None:
    """Write the folder into a zip, in the order of names and without times."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(Path(folder.name, path.relative_to(folder)).as_posix())
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())


def main() -> int:
    """Read the command line and build; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.bundle.windows", description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--lock", type=Path, default=_ROOT / "requirements-base.lock")
    parser.add_argument("--python", type=Path, help="zip of Python's embeddable package")
    parser.add_argument("--out", type=Path, default=_ROOT / "dist")
    parser.add_argument("--build", type=Path, default=_ROOT / "build" / "windows")
    given = parser.parse_args()
    folder = given.build / "Bothhands"
    build(folder, given.wheel, given.lock, given.python)
    missing = [f"{path.relative_to(folder)} asks for {name}" for path, name in missing_libraries(folder)]
    if missing:
        print("windows: " + "\nwindows: ".join(missing), file=sys.stderr)
        return 1
    given.out.mkdir(parents=True, exist_ok=True)
    lacking = "" if given.python else "-without-python"
    made = given.out / f"bothhands-{__version__}-windows-x86_64{lacking}.zip"
    pack(folder, made)
    print(f"{made}: {made.stat().st_size / 1e6:.0f} MB, unpacked {parts.size(folder) / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
