"""Names of the files in a session folder."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

INFO_FILE = "session.json"
JOURNAL_FILE = "hands.arrows"
VIDEO_FILE = "video.mkv"
MARKER_FILE = ".recording"
"""There while a session is written; left over where its writer was killed."""


_NAME = re.compile(r"\d{8}-\d{6}(-\d+)?")


def session_name(started: datetime) -> str:
    """Name of the folder of a session that started then."""
    return f"{started:%Y%m%d-%H%M%S}"


def is_bare(folder: Path) -> bool:
    """Whether a folder is named as a session's and holds nothing: its writer was killed before it could be marked."""
    return _NAME.fullmatch(folder.name) is not None and next(folder.iterdir(), None) is None


def is_session(folder: Path) -> bool:
    """Whether a folder holds a session, or the beginning of one."""
    return (folder / INFO_FILE).is_file() or (folder / MARKER_FILE).is_file()
