"""What of an AppDir is neither Python nor a package: how it is started, and what a desktop shows of it."""

from __future__ import annotations

import shutil
from pathlib import Path

DESKTOP = Path(__file__).resolve().parent / "desktop"
APP_RUN = """\
#!/bin/sh
# Starts Bothhands from wherever this folder lies; Python packages of the person's own are not looked at.
here="$(dirname "$(readlink -f "$0")")"
unset PYTHONHOME PYTHONPATH PYTHONSTARTUP
export PYTHONNOUSERSITE=1 PYTHONDONTWRITEBYTECODE=1
exec "$here/usr/bin/python3" -P -m bothhands "$@"
"""


def write(appdir: Path, version: str) -> None:
    """Write `AppRun`, the desktop entry, the icon and the AppStream metadata.

    Args:
        appdir: the folder.
        version: of the program.
    """
    run = appdir / "AppRun"
    run.write_text(APP_RUN)
    run.chmod(0o755)
    share = appdir / "usr" / "share"
    icons, metainfo = share / "icons" / "hicolor" / "scalable" / "apps", share / "metainfo"
    for folder in (share / "applications", icons, metainfo):
        folder.mkdir(parents=True)
    for place in (appdir, share / "applications"):
        shutil.copyfile(DESKTOP / "bothhands.desktop", place / "bothhands.desktop")
    for place in (appdir, icons):
        shutil.copyfile(DESKTOP / "bothhands.svg", place / "bothhands.svg")
    (appdir / ".DirIcon").symlink_to("bothhands.svg")
    described = (DESKTOP / "bothhands.metainfo.xml").read_text(encoding="utf-8").replace("@VERSION@", version)
    (metainfo / "bothhands.metainfo.xml").write_text(described, encoding="utf-8")
