"""One file out of an AppDir."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from tools.bundle.runtime import compile_runtime

LEVEL = 1
"""Of xz. 42 MB of a bundle become 7.6 MB in 4.1 s of a core; at level 3 they become 7.4 MB in 7.8 s, at 6 6.7 MB in
22.7 s, and at 6 without the filter for machine code 7.5 MB in 25.1 s."""
_SQUASHED = ("-comp", "zstd", "-Xcompression-level", "9", "-b", "256K")
"""Of mksquashfs: 291 MB in 24 s of a core. Its own level and blocks (15, 128K) give 282 MB, and took six times as long
for a part; reading larger blocks costs the first commands no more that could be measured."""
_HEADER = """\
#!/bin/sh
# Bothhands @VERSION@ for Linux, x86-64. This file carries the program: at its first start it unpacks it into the cache
# folder, and starts it from there from then on. --unpack DIR only unpacks it, --add-to-menu lists it with the others.
set -eu
fail() { echo "bothhands: $1" >&2; exit 2; }
unpack() {
    command -v tar >/dev/null || fail "tar is missing, which unpacks the program: install the package tar."
    command -v xz >/dev/null || fail "xz is missing, which unpacks the program: install the package xz-utils (or xz)."
    mkdir -p "$1" 2>/dev/null || fail "$1 cannot be written; set BOTHHANDS_UNPACKED to a folder that can."
    tail -c +@OFFSET@ "$0" | tar -xJf - -C "$1" || fail "it cannot be unpacked into $1; is there @MB@ MB of room?"
}
if [ "${1-}" = --unpack ]; then
    [ $# -eq 2 ] || fail "--unpack wants one folder."
    unpack "$2"
    exit 0
fi
place="${BOTHHANDS_UNPACKED:-${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}}"
[ -n "$place" ] || fail "there is no home folder; set BOTHHANDS_UNPACKED to a folder that can be written."
program="$place/bothhands/program-@VERSION@-@DIGEST@"
if [ ! -x "$program/AppRun" ]; then
    echo "bothhands: unpacking into $program, once ..." >&2
    partial="$program.$$"
    trap 'rm -rf "$partial"' EXIT
    trap 'exit 130' INT TERM HUP
    unpack "$partial"
    # Two may unpack at once: the one that comes second takes what is there.
    mv -T "$partial" "$program" 2>/dev/null || [ -x "$program/AppRun" ] || fail "$program cannot be written."
    rm -rf "$partial"
    trap - EXIT INT TERM HUP
fi
if [ "${1-}" = --add-to-menu ]; then
    data="${XDG_DATA_HOME:-${HOME:?}/.local/share}"
    mkdir -p "$data/applications" "$data/icons/hicolor/scalable/apps"
    case "$0" in /*) self="$0" ;; *) self="$PWD/$0" ;; esac
    sed "s|^Exec=.*|Exec=\\"$self\\"|" "$program/bothhands.desktop" >"$data/applications/bothhands.desktop"
    cp "$program/bothhands.svg" "$data/icons/hicolor/scalable/apps/"
    echo "Bothhands is among your programs now; delete $data/applications/bothhands.desktop to take it out." >&2
    exit 0
fi
exec "$program/AppRun" "$@"
"""


def self_extracting(appdir: Path, target: Path, version: str, level: int = LEVEL) -> None:
    """Write a shell script that carries an AppDir, unpacks it once and starts it.

    Args:
        appdir: the folder, with an executable `AppRun`.
        target: the file.
        version: of the program.
        level: of xz, 0..9.
    """
    archive = target.with_suffix(".tar.xz")
    # Sorted, without owners and times: the same AppDir gives the same file.
    tar = [
        "tar",
        "--sort=name",
        "--owner=0",
        "--group=0",
        "--numeric-owner",
        "--mtime=@0",
        "-C",
        appdir,
        "-cf",
        "-",
        ".",
    ]
    with archive.open("wb") as file:
        source = subprocess.Popen(tar, stdout=subprocess.PIPE)
        subprocess.run(
            ["xz", "-T0", "--x86", f"--lzma2=preset={level}", "-c"], stdin=source.stdout, stdout=file, check=True
        )
        if source.wait():
            raise subprocess.CalledProcessError(source.returncode, "tar")
    room = sum(path.lstat().st_size for path in appdir.rglob("*") if not path.is_dir())
    header = _HEADER.replace("@VERSION@", version).replace("@DIGEST@", _digest(archive))
    header = header.replace("@MB@", str(round(room / 1e6)))
    # The offset is as long as it is wide: bytes count from 1 for `tail`.
    header = header.replace("@OFFSET@", f"{len(header.encode()) - len('@OFFSET@') + 6 + 1:06d}")
    with target.open("wb") as out, archive.open("rb") as file:
        out.write(header.encode())
        shutil.copyfileobj(file, out)
    target.chmod(0o755)
    archive.unlink()


def appimage(appdir: Path, target: Path, version: str) -> None:
    """Write an AppImage of type 2: the runtime, then a squashfs of the AppDir (https://docs.appimage.org/reference).

    Args:
        appdir: the folder, with an executable `AppRun`.
        target: the file.
        version: of the program.

    Raises:
        CannotCompileError: the runtime cannot be made here.
    """
    squashfs, runtime = target.with_suffix(".squashfs"), target.with_suffix(".runtime")
    squash = ["mksquashfs", appdir, squashfs, "-root-owned", "-noappend", *_SQUASHED, "-all-time", "0", "-quiet"]
    # It refuses to be told times twice, and a release has told everybody.
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    try:
        subprocess.run([*squash, "-mkfs-time", "0", "-no-progress"], check=True, env=environment)
        compile_runtime(runtime, f"{version}-{_digest(squashfs)}")
        with target.open("wb") as out:
            for part in (runtime, squashfs):
                with part.open("rb") as file:
                    shutil.copyfileobj(file, out)
    finally:
        squashfs.unlink(missing_ok=True)
        runtime.unlink(missing_ok=True)
    target.chmod(0o755)


def _digest(path: Path) -> str:
    """The beginning of a file's SHA-256: it names the folder of what is in it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]
