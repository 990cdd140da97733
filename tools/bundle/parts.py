"""What goes into the AppDir, and what of the packages is left out because nothing here ever loads it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from models.places import BUNDLE_MARK

VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"
_STANDARD_LIBRARY = (
    *("site-packages", "test", "idlelib", "tkinter", "turtledemo", "turtle.py", "ensurepip", "lib2to3", "pydoc_data"),
    *("config-*", "__pycache__", "_pydecimal_test*", "lib-dynload/_tkinter*", "lib-dynload/nis.*"),
    *("lib-dynload/readline*", "lib-dynload/_curses*", "lib-dynload/_test*", "lib-dynload/xxlimited*"),
    *("*/test", "*/tests"),
)
"""Of Python's own: what tests it, what needs Tk or a terminal's library, and what installs packages."""


def patterns(name: str) -> tuple[str, ...]:
    """The lines of a list beside this module; those that begin with "#" say why."""
    lines = (Path(__file__).with_name(name)).read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def copy_python(target: Path) -> None:
    """The running Python, without packages: `target`/bin/python3, `target`/lib.

    Args:
        target: a folder like /usr.
    """
    base = Path(sys.base_prefix)
    library = Path(os.__file__).resolve().parent
    (target / "bin").mkdir(parents=True)
    shutil.copy2(Path(sys.executable).resolve(), target / "bin" / "python3")

    def unwanted(folder: str, names: list[str]) -> set[str]:
        place = Path(folder).relative_to(library)
        return {name for name in names if matches((place / name).as_posix(), _STANDARD_LIBRARY)}

    shutil.copytree(library, target / "lib" / VERSION, ignore=unwanted, symlinks=False)
    (target / "lib" / VERSION / "site-packages").mkdir()
    for shared in (base / "lib").glob(f"lib{VERSION}.so.*"):
        shutil.copy2(shared, target / "lib" / shared.name)


def install(target: Path, lock: Path, wheel: Path) -> Path:
    """Put the packages of a lock and the wheel into a Python that `copy_python` made; returns its site-packages."""
    packages = target / "lib" / VERSION / "site-packages"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-compile"]
    subprocess.run([*pip, "--target", packages, "--require-hashes", "--no-deps", "-r", lock], check=True)
    subprocess.run([*pip, "--target", packages, "--no-deps", wheel], check=True)
    return packages


def mark(packages: Path) -> None:
    """Tell the program that it is in a bundle, so that it advises nothing that cannot be done there.

    Args:
        packages: site-packages, with the program in it.
    """
    (packages / "bothhands" / BUNDLE_MARK).write_text("This is a bundle: packages cannot be added.\n", encoding="ascii")


def matches(path: str, names: tuple[str, ...]) -> bool:
    """Whether a path with "/" is what one of the patterns names."""
    return any(fnmatch(path, pattern) for pattern in names)


def left_out(packages: Path) -> Iterator[Path]:
    """Files and folders of site-packages that left_out.txt names; what lies in such a folder is not named again."""
    named = patterns("left_out.txt")
    own = tuple(pattern for pattern in named if pattern.startswith("bothhands/"))
    waiting = [packages]
    while waiting:
        for path in sorted(waiting.pop().iterdir()):
            place = path.relative_to(packages).as_posix()
            # Of our own files only those go that are named as ours: folders may have names that mean rubbish elsewhere.
            if matches(place, own if place.split("/")[0] == "bothhands" else named):
                yield path
            elif path.is_dir() and not path.is_symlink():
                waiting.append(path)


def trim(packages: Path) -> int:
    """Delete what is `left_out`; returns the bytes that are saved."""
    saved = 0
    for path in list(left_out(packages)):
        saved += size(path)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return saved


def size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.lstat().st_size for file in files if not file.is_dir())
