"""Recorded sessions as a person looks for them: with an image, a name and notes, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from av.error import FFmpegError

from app.isolation import call_isolated
from app.sessions.files import VIDEO_FILE, is_session, open_video
from app.sessions.info import read_info
from app.sessions.listing import SessionSummary, summarize
from models.errors import BothhandsError
from models.sentences import said, say

BATCH = 8
"""Sessions that are read at a time: the first ones are there while the others are still read."""
THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT = 160, 90
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, eq=False)
class Entry:
    """A session in the catalogue.

    Attributes:
        summary: its state, length, frames and size.
        title: what the person called it, "" for nothing.
        notes: what the person said of it.
        source: what was recorded.
        started: local time, None where unknown.
        thumbnail: (H, W, 3) uint8 RGB, its first image, at most 160 by 90; None where it has none.
    """

    summary: SessionSummary
    title: str = ""
    notes: str = ""
    source: str = ""
    started: datetime | None = None
    thumbnail: np.ndarray | None = None

    @property
    def path(self) -> Path:
        """Its folder."""
        return self.summary.path

    @property
    def recoverable(self) -> bool:
        """Whether `recover` may help."""
        return self.summary.state in ("unfinished", "damaged")

    @property
    def in_use(self) -> bool:
        """Whether it is being written."""
        return self.summary.state == "recording"


def session_folders(root: Path) -> list[Path]:
    """The sessions in a folder, newest first by their names, which begin with when they were made; none where there is
    no such folder yet.

    Raises:
        BothhandsError: it cannot be read.
    """
    try:
        return sorted((path for path in root.iterdir() if path.is_dir() and is_session(path)), reverse=True)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise BothhandsError(
            say("The folder {folder} cannot be read: {reason}.", folder=root, reason=str(error.strerror or error))
        ) from error


def read_entries(paths: Sequence[Path]) -> list[Entry]:
    """Read some sessions in another process; one that crashes it is damaged, and the others are read all the same."""
    if not paths:
        return []
    try:
        what = say("The session {path}", path=paths[0])
        return call_isolated(_read_all, list(paths), what=what, patience=_PATIENCE_SECONDS)
    except BothhandsError as error:
        if len(paths) == 1:
            return [Entry(SessionSummary(path=paths[0], state="damaged", problem=said(error)))]
    half = len(paths) // 2
    return read_entries(paths[:half]) + read_entries(paths[half:])


def read_entry(path: Path) -> Entry:
    """Read a session in this process; one that cannot be read has an entry as well."""
    summary = summarize(path)
    try:
        info = read_info(path)
    except BothhandsError:
        return Entry(summary, thumbnail=first_image(path / VIDEO_FILE))
    return Entry(
        summary,
        title=str(info.settings.get("title") or ""),
        notes=str(info.settings.get("notes") or ""),
        source=info.source,
        started=_time(info.started),
        thumbnail=first_image(path / VIDEO_FILE),
    )


def first_image(video: Path) -> np.ndarray | None:
    """The first image of a video, small, (H, W, 3) uint8 RGB; None where none can be read."""
    try:
        with open_video(video) as container:
            frame = next(container.decode(video=0))
            scale = min(THUMBNAIL_WIDTH / frame.width, THUMBNAIL_HEIGHT / frame.height, 1.0)
            width, height = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
            return frame.reformat(width=width, height=height, format="rgb24").to_ndarray()
    except (FFmpegError, OSError, StopIteration, IndexError, ValueError):
        return None


def matches(entry: Entry, words: str, shown: str = "") -> bool:
    """Whether a session has all these words in its name, title, notes, source, model, state or date.

    Args:
        entry: of the session.
        words: with blanks between.
        shown: what a person reads of it besides, in their language.
    """
    date = "" if entry.started is None else f"{entry.started:%Y-%m-%d %H:%M %d.%m.%Y %B %A}"
    summary = entry.summary
    text = " ".join(
        (entry.path.name, entry.title, entry.notes, entry.source, summary.model, summary.state, date, shown)
    )
    return all(word in text.casefold() for word in words.casefold().split())


def _read_all(paths: list[Path]) -> list[Entry]:
    return [read_entry(path) for path in paths]


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
