"""Makes a folder of programs stand on its own: shared libraries that a fresh desktop may lack are copied into it.

Which ones every desktop has, and must have of its own, is the AppImage project's rule of thumb: the C library, the
graphics drivers and what speaks to them, the fonts. The rest of what compiled files need is copied from this machine,
and found relative to the file that needs it (`$ORIGIN`), so that no variable has to be set that other programs would
inherit. Uses `readelf` (binutils) and `patchelf`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.bundle.parts import patterns

OF_EVERY_DESKTOP = frozenset(patterns("of_every_desktop.txt"))
_PATCHELF = ("patchelf", "--page-size", "4096")  # else every file grows by the two megabytes of a large page


class MissingLibraryError(Exception):
    """A library is neither in the folder nor on this machine."""


def compiled_files(folder: Path) -> Iterator[Path]:
    """Programs and shared libraries (ELF) in a folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        if ".so" in path.name or os.access(path, os.X_OK):
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path


def needed(path: Path) -> list[str]:
    """Names of the libraries that a compiled file asks for."""
    listed = subprocess.run(["readelf", "-dW", path], capture_output=True, text=True, check=True).stdout
    return re.findall(r"\(NEEDED\)\s+Shared library: \[(.+?)\]", listed)


def c_library_version(folder: Path) -> tuple[int, ...]:
    """The oldest version of the GNU C library with which everything in a folder can be loaded."""
    versions = {(0,)}
    for path in compiled_files(folder):
        listed = subprocess.run(["readelf", "-VW", path], capture_output=True, text=True, check=True).stdout
        asked = listed.partition("Version needs section")[2]
        versions |= {tuple(map(int, found.split("."))) for found in re.findall(r"GLIBC_(\d[\d.]*\d)", asked)}
    return max(versions)


def complete(folder: Path, library: Path) -> list[str]:
    """Copy the libraries that are needed and neither in the folder nor `OF_EVERY_DESKTOP`.

    Args:
        folder: with compiled files.
        library: in it, where the copies go.

    Returns:
        Names of the copies.

    Raises:
        MissingLibraryError: this machine lacks one as well.
    """
    inside = {path.name for path in folder.rglob("*.so*")}
    machine = _of_this_machine()
    copies: list[str] = []
    waiting = list(compiled_files(folder))
    while waiting:
        path = waiting.pop()
        wants = needed(path)
        for name in wants:
            if name in inside or name in OF_EVERY_DESKTOP:
                continue
            if name not in machine:
                raise MissingLibraryError(f"{path.relative_to(folder)} needs {name}, which this machine lacks.")
            copy = library / name
            shutil.copy2(machine[name].resolve(), copy)
            copy.chmod(0o755)
            subprocess.run([*_PATCHELF, "--set-rpath", "$ORIGIN", copy], check=True)
            inside.add(name)
            copies.append(name)
            waiting.append(copy)
        own = path.parent != library and any((library / name).is_file() for name in wants)
        _search(path, f"$ORIGIN/{os.path.relpath(library, path.parent)}" if own else None)
    return sorted(copies)


def copyrights(names: list[str], packages: Sequence[str] = ()) -> str:
    """The copyright files of Debian's packages that libraries of this machine come from.

    Args:
        names: such as "libffi.so.8".
        packages: whose libraries are taken without being files of their own.

    Raises:
        MissingLibraryError: a library belongs to no package, or a package brings no such file.
    """
    machine = _of_this_machine()
    texts: dict[str, list[str]] = {package: ["its static libraries"] for package in packages}
    for name in names:
        # The loader's path may go through a link of a folder, /lib to /usr/lib, that dpkg does not know.
        asked = ["dpkg", "--search", f"*/{machine[name].resolve().name}"]
        found = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.partition(":")[0]
        texts.setdefault(found, []).append(name)
    parts = []
    for package, libraries in sorted(texts.items()):
        file = Path("/usr/share/doc", package, "copyright")
        if not package or not file.is_file():
            raise MissingLibraryError(f"No package of this machine says what licence {package or libraries[0]} has.")
        text = file.read_text(encoding="utf-8", errors="replace").strip()
        parts.append(f"{'=' * 100}\nDebian's {package} ({', '.join(libraries)})\n{'-' * 100}\n{text}\n")
    return "".join(parts)


def _search(path: Path, further: str | None) -> None:
    """Let a compiled file look for libraries relative to itself alone, and in one more such folder."""
    printed = subprocess.run([*_PATCHELF, "--print-rpath", path], capture_output=True, text=True, check=True)
    before = [folder for folder in printed.stdout.strip().split(":") if folder]
    after = [folder for folder in before if folder.startswith("$ORIGIN")]
    if further is not None and further not in after:
        after.append(further)
    if after != before:
        path.chmod(path.stat().st_mode | 0o200)
        subprocess.run([*_PATCHELF, "--set-rpath", ":".join(after), path], check=True)


def unused(folder: Path, libraries: Path) -> Iterator[Path]:
    """Shared libraries directly in `libraries` that nothing in the folder asks for, but each other."""
    wants = {path: set(needed(path)) for path in compiled_files(folder)}
    own = {path.name: path for path in libraries.iterdir() if ".so" in path.name}
    kept: set[str] = set()
    waiting = [path for path in wants if path.parent != libraries]
    while waiting:
        for name in wants.get(waiting.pop().resolve(), set()) & set(own) - kept:
            kept.add(name)
            waiting.append(own[name])
    targets = {own[name].resolve() for name in kept}
    for name, path in sorted(own.items()):
        if name not in kept and path.resolve() not in targets:
            yield path


def _of_this_machine() -> dict[str, Path]:
    """Where the loader finds libraries, by name."""
    listed = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    found: dict[str, Path] = {}
    for name, kind, path in re.findall(r"^\s+(\S+) \((.*?)\) => (\S+)$", listed, re.MULTILINE):
        if "x86-64" in kind or "AArch64" in kind:
            found.setdefault(name, Path(path))
    return found
