"""`python -m tools.release`: everything that is published of a version, from a clean commit; see `make release`.

Into dist/release: wheel, sdist, the bundle for Linux (`tools.bundle`), which is tried, the licences of all parts, the
list of parts (SBOM) and SHA256SUMS.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from models.errors import BothhandsError
from tools.release import checksums, sbom, tree

_ROOT = Path(__file__).resolve().parents[2]


def make(root: Path, out: Path, work: Path, bundle_options: list[str], with_bundle: bool = True) -> None:
    """Make a release of the commit that a checkout shows.

    Args:
        root: the checkout.
        out: an empty or new folder for what is published.
        work: a folder for what is made on the way; what is in it goes. Everything is made here, so that a release
            that fails leaves nothing in `out`.
        bundle_options: for `tools.bundle`.
        with_bundle: whether the bundle is made; it cannot be, but on Linux.

    Raises:
        BothhandsError: the checkout is not clean, or `out` is not empty.
        CalledProcessError: a part cannot be made.
    """
    commit = tree.clean_commit(root)
    if out.exists() and any(out.iterdir()):
        raise BothhandsError(f"{out} holds another release: move it away first.")
    shutil.rmtree(work, ignore_errors=True)
    source = work / "source"
    tree.export(root, commit, source)
    made = work / "made"
    made.mkdir()
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(commit.seconds)}
    subprocess.run([sys.executable, "-m", "build", "--outdir", made, source], check=True, env=environment)
    (wheel,) = made.glob("bothhands-*.whl")
    version = wheel.name.split("-")[1]
    lock = source / "requirements-base.lock"
    if with_bundle:
        command = [sys.executable, "-m", "tools.bundle", wheel.resolve(), "--lock", lock, "--out", made.resolve()]
        command += ["--build", (work / "bundle").resolve(), *bundle_options]
        subprocess.run(command, check=True, cwd=source, env=environment)
        appdir = work / "bundle" / "Bothhands.AppDir"
        shutil.copyfile(appdir / "LICENSES.txt", made / "LICENSES.txt")
        try_bundles(made, appdir, source)
    sbom.write(source, lock, made / f"bothhands-{version}.cdx.json", version)
    checksums.write(made)
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.exists():
        out.rmdir()
    shutil.move(made, out)
    print(f"{commit.name}: {', '.join(sorted(path.name for path in out.iterdir()))} in {out}")


def try_bundles(made: Path, appdir: Path, source: Path) -> None:
    """Start what was bundled as a new user does, and track the demo: nothing that is used may have been left out.

    Args:
        made: folder of the bundles.
        appdir: what they carry, whose Python tries them, for it has numpy.
        source: of the program, with `tools.try_installation`.

    Raises:
        CalledProcessError: one of them fails.
    """
    window = shutil.which("Xvfb") is not None
    if not window:
        print("Xvfb is not installed: the window of what was bundled is not tried.", flush=True)
    for program in sorted([*made.glob("*.AppImage"), *made.glob("*.run")]):
        print(f"{program.name}:", flush=True)
        command = [appdir / "usr" / "bin" / "python3", "-B", "-m", "tools.try_installation", program.resolve()]
        subprocess.run([*command, *([] if window else ["--no-window"])], check=True, cwd=source)


def main() -> int:
    """Read the command line and make the release; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.release", description=__doc__)
    parser.add_argument("--out", type=Path, default=_ROOT / "dist" / "release")
    parser.add_argument("--work", type=Path, default=_ROOT / "build" / "release")
    parser.add_argument("--formats", nargs="+", default=["run", "appimage"], help="of the bundle, for `tools.bundle`")
    parser.add_argument("--level", help="of the .run file's compression, 0..9")
    parser.add_argument("--no-bundle", action="store_true", help="without the bundle, as on other systems than Linux")
    given = parser.parse_args()
    options = ["--formats", *given.formats, *(["--level", given.level] if given.level else [])]
    try:
        make(_ROOT, given.out, given.work, options, not given.no_bundle and sys.platform == "linux")
    except BothhandsError as error:
        print(f"release: {error}", file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
