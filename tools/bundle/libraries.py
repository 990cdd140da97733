"""Makes a folder of programs stand on its own: shared libraries that a fresh desktop may lack are copied into it.

Which ones every desktop has, and must have of its own, is the AppImage project's rule of thumb: the C library, the
graphics drivers and what speaks to them, the fonts. The rest of what compiled files need is copied from this machine,
and found relative to the file that needs it (`$ORIGIN`), so that no variable has to be set that other programs would
inherit, and the desktop's own drivers find the desktop's. Uses `readelf` and `strip` (binutils) and `patchelf`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.window.display import debian_package
from tools.bundle.parts import patterns

OF_EVERY_DESKTOP = frozenset(patterns("of_every_desktop.txt"))
_PATCHELF = ("patchelf", "--page-size", "4096")
_OF_A_PACKAGE = re.compile(r"lib[\w+-]+\.so")
"""How names of shared libraries begin; modules of Python begin otherwise."""
_LOADED = """
import ctypes, os, sys
ctypes.CDLL(sys.argv[1], os.RTLD_NOW)
with open("/proc/self/maps") as maps:
    print("\\n".join({line.split()[-1] for line in maps if ".so" in line}))
"""


class MissingLibraryError(Exception):
    """A library is neither in the folder nor on this machine."""


class BrokenLibraryError(Exception):
    """A library of the folder cannot be loaded."""


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

    A copy goes where the file that needs it looks already; only a file that looks nowhere in the folder is told to look
    in `library`: a longer search path adds a page to a file, and pages of Qt's files have two megabytes.

    Args:
        folder: with compiled files.
        library: in it, where the other copies go.

    Returns:
        Names of the copies.

    Raises:
        MissingLibraryError: this machine lacks some as well; all are named, with the packages that bring them.
    """
    inside = {path.name for path in folder.rglob("*.so*")}
    machine = _of_this_machine()
    copies: set[str] = set()
    lacking: dict[str, Path] = {}
    waiting = list(compiled_files(folder))
    while waiting:
        path = waiting.pop()
        searched = _search_path(path)
        own = [place for place in (_folder(path, entry) for entry in searched) if place.is_relative_to(folder)]
        for name in needed(path):
            if name in OF_EVERY_DESKTOP or any((place / name).is_file() for place in own):
                continue
            if name in inside:
                if not (library / name).is_file():
                    continue  # a neighbour, which whoever loads this file has told where to look
                place = library
            elif name in machine:
                place = own[0] if own else library
            else:
                lacking.setdefault(name, path.relative_to(folder))
                continue
            if place not in own:
                own.append(place)
                searched.append(f"$ORIGIN/{os.path.relpath(place, path.parent)}")
            if not (copy := place / name).is_file():
                shutil.copy2(machine[name].resolve(), copy)
                copy.chmod(0o755)
                _set_search_path(copy, ["$ORIGIN"])
                copies.add(name)
                waiting.append(copy)
        _set_search_path(path, [entry for entry in searched if entry.startswith("$ORIGIN")])
    if lacking:
        needs = "; ".join(f"{path} needs {name}" for name, path in sorted(lacking.items()))
        remedy = f"apt-get install {' '.join(sorted({debian_package(name) for name in lacking}))}"
        raise MissingLibraryError(f"This machine lacks libraries: {needs}. On Debian `{remedy}` brings them.")
    return sorted(copies)


def strip(folder: Path) -> None:
    """Take out of compiled files what only linkers and debuggers read.

    Libraries that auditwheel put beside a package stay as they are: it moved their parts in a way that `strip` spoils.
    """
    for path in compiled_files(folder):
        if path.parent.name.endswith(".libs"):
            continue
        path.chmod(path.stat().st_mode | 0o200)
        subprocess.run(["strip", "--strip-unneeded", path], check=True)


def forget(folder: Path) -> None:
    """Let compiled files ask no more for what is `needless`."""
    for path, name in list(needless(folder)):
        subprocess.run([*_PATCHELF, "--remove-needed", name, path], check=True)


def needless(folder: Path) -> Iterator[tuple[Path, str]]:
    """Compiled files, and the libraries of the folder that they ask for without using anything of them."""
    symbols = {path: _symbols(path) for path in compiled_files(folder)}
    offered = {path.name: own for path, (_, own) in symbols.items()}
    for path, (wanted, _) in symbols.items():
        for name in needed(path):
            if name in offered and not wanted & offered[name]:
                yield path, name


def _symbols(path: Path) -> tuple[set[str], set[str]]:
    """Names that a compiled file asks others for, and those that it has."""
    listed = subprocess.run(["readelf", "--dyn-syms", "-W", path], capture_output=True, text=True, check=True).stdout
    wanted: set[str] = set()
    own: set[str] = set()
    for number, place, name in re.findall(r"^\s*(\d+):(?:\s+\S+){5}\s+(\S+)\s+([^\s@]+)", listed, re.MULTILINE):
        if int(number):
            (wanted if place == "UND" else own).add(name)
    return wanted, own


def faults(folder: Path, program: Path) -> list[str]:
    """What is wrong with compiled files of a folder: each that no other asks for is loaded, with all that it needs.

    Args:
        folder: on which `complete` was called.
        program: its Python.

    Returns:
        One line for each file that cannot be loaded, or that takes a library of this machine which is not
        `OF_EVERY_DESKTOP`. A library that every desktop has and this machine lacks is no fault.
    """
    found = []
    wants = {path: needed(path) for path in compiled_files(folder) if ".so" in path.name}
    asked = {name for names in wants.values() for name in names}
    for path in wants:
        if path.name in asked:
            continue
        command = [program, "-I", "-S", "-c", _LOADED, path]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env={})
        if done.returncode:
            said = done.stderr.strip().rpartition("\n")[2]
            if not any(f"OSError: {name}: cannot open" in said for name in OF_EVERY_DESKTOP):
                found.append(f"{path.relative_to(folder)}: {said or f'ended with {done.returncode}'}")
        for place in map(Path, done.stdout.splitlines()):
            # What the desktop's own libraries bring with them is the desktop's as well.
            if not place.is_relative_to(folder) and place.name in asked - OF_EVERY_DESKTOP:
                found.append(f"{path.relative_to(folder)}: takes {place}")
    return found


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


def _search_path(path: Path) -> list[str]:
    """Folders in which a compiled file looks for libraries, as it says it."""
    printed = subprocess.run([*_PATCHELF, "--print-rpath", path], capture_output=True, text=True, check=True)
    return [entry for entry in printed.stdout.strip().split(":") if entry]


def _folder(path: Path, entry: str) -> Path:
    """What an entry of a compiled file's search path means."""
    return Path(os.path.normpath(entry.replace("$ORIGIN", str(path.parent))))


def _set_search_path(path: Path, entries: Sequence[str]) -> None:
    """Let a compiled file look in these folders and no others."""
    if list(entries) != _search_path(path):
        path.chmod(path.stat().st_mode | 0o200)
        subprocess.run([*_PATCHELF, "--set-rpath", ":".join(entries), path], check=True)


def unused(folder: Path, libraries: Path) -> Iterator[Path]:
    """Shared libraries directly in `libraries` that no other compiled file in the folder asks for, but each other."""
    wants = {path: set(needed(path)) for path in compiled_files(folder)}
    own = {path.name: path for path in libraries.iterdir() if _OF_A_PACKAGE.match(path.name)}
    kept: set[str] = set()
    waiting = [path for path in wants if path.parent != libraries or path.name not in own]
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
