"""Names of the files in a session folder."""

from __future__ import annotations

from pathlib import Path

INFO_FILE = "session.json"
JOURNAL_FILE = "hands.arrows"
VIDEO_FILE = "video.mkv"
MARKER_FILE = ".recording"
"""There while a session is written; left over where its writer was killed."""


def is_session(folder: Path) -> bool:
    """Whether a folder holds a session, or the beginning of one."""
    return (folder / INFO_FILE).is_file() or (folder / MARKER_FILE).is_file()
