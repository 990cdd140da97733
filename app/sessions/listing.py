"""Which sessions a folder holds, and in what state they are."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.table import Table

from app.sessions import marker
from app.sessions.belonging import cut_off, mismatch
from app.sessions.files import is_session
from app.sessions.session import SessionOutline, outline_session
from models.amounts import size_text
from models.errors import BothhandsError
from models.sentences import joined, said, say

State = Literal["complete", "recording", "unfinished", "damaged"]


@dataclass(frozen=True, kw_only=True)
class SessionSummary:
    """One row of the list.

    Attributes:
        path: of the folder.
        state: "recording": a running process writes it; "unfinished": its writer was killed, `recover` completes it;
            "damaged": a part is missing, cut off or cannot be read.
        model: that made the hands; "" where unknown.
        seconds: length; None where unknown.
        frames: captured, tracked or not; None where unknown.
        tracked: frames among them in which hands were looked for; None where unknown.
        dropped: frames among them that are not in the video; None where unknown.
        size: bytes of all its files.
        problem: what is wrong, "" where nothing is.
    """

    path: Path
    state: State
    model: str = ""
    seconds: float | None = None
    frames: int | None = None
    tracked: int | None = None
    dropped: int | None = None
    size: int = 0
    problem: str = ""


def list_sessions(folder: Path) -> list[SessionSummary]:
    """All sessions in a folder by name, or the one that the folder itself is.

    Raises:
        BothhandsError: there is no such folder, or it cannot be read.
    """
    try:
        if is_session(folder):
            return [summarize(folder)]
        return [summarize(path) for path in sorted(folder.iterdir()) if path.is_dir() and is_session(path)]
    except OSError as error:
        raise BothhandsError(
            say("The folder {folder} cannot be read: {reason}.", folder=folder, reason=str(error.strerror or error))
        ) from error


def summarize(path: Path) -> SessionSummary:
    """One session's row; a session that cannot be read has one as well."""
    size = _size(path)
    state: State = "complete"
    if marker.is_marked(path):
        state = "unfinished" if marker.writer_of(path) is None else "recording"
    try:
        session = outline_session(path)
    except BothhandsError as error:
        return SessionSummary(
            path=path, state="damaged" if state == "complete" else state, size=size, problem=said(error)
        )
    problem = ""
    if state == "complete":
        video_cut = cut_off(session)
        problem = _problem(session, video_cut)
        state = "damaged" if session.damaged or video_cut else state
    return SessionSummary(
        path=path,
        state=state,
        model=", ".join(session.info.models),
        seconds=length_of(session),
        frames=session.info.frames,
        tracked=session.tracked,
        dropped=None if session.info.frames is None else session.info.dropped,
        size=size,
        problem=problem,
    )


def length_of(session: SessionOutline) -> float | None:
    """Seconds from the first image to the last: of the video, else of the hands; None where there are neither."""
    if session.extent.seconds is not None:
        return float(session.extent.seconds)
    span = session.journal.hands_span_ns
    return None if span is None else (span[1] - span[0]) * 1e-9


def sessions_table(summaries: Sequence[SessionSummary]) -> Table:
    """Name, length, frames, model, size and state for a person."""
    table = Table(box=None)
    table.add_column("name", overflow="fold")
    for name in ("length", "frames"):
        table.add_column(name, justify="right")
    table.add_column("model", overflow="fold")
    table.add_column("size", justify="right")
    table.add_column("state")
    for summary in summaries:
        table.add_row(
            summary.path.name,
            "–" if summary.seconds is None else _clock(summary.seconds),
            _frames(summary),
            summary.model or "–",
            size_text(summary.size),
            summary.state,
        )
    return table


def _problem(session: SessionOutline, video_cut: str) -> str:
    """What is missing, as a sentence or two; "" where nothing is."""
    sentences = []
    if session.damaged:
        sentences.append(
            say(
                "{path} is {damage}; `sessions recover` saves what can be read.",
                path=session.path,
                damage=session.damage,
            )
        )
    elif session.damage:
        sentences.append(
            say(
                "{path} was {damage}; the rest was lost before it was recovered.",
                path=session.path,
                damage=session.damage,
            )
        )
    return joined(*sentences, mismatch(session) or video_cut)


def _frames(summary: SessionSummary) -> str:
    """How many frames were captured, and how many of them were not tracked or are not in the video, if any."""
    if summary.frames is None:
        return "–"
    notes = [f"{summary.tracked} tracked"] if summary.tracked not in (None, summary.frames) else []
    notes += [f"{summary.dropped} dropped"] if summary.dropped else []
    return f"{summary.frames} ({', '.join(notes)})" if notes else str(summary.frames)


def _size(path: Path) -> int:
    size = 0
    for file in path.rglob("*"):
        with contextlib.suppress(OSError):  # gone meanwhile
            size += file.stat().st_size if file.is_file() else 0
    return size


def _clock(seconds: float) -> str:
    minutes, tenths = divmod(round(10 * seconds), 600)
    hours, minutes = divmod(minutes, 60)
    rest = f"{tenths / 10:04.1f}"
    return f"{hours}:{minutes:02}:{rest}" if hours else f"{minutes}:{rest}"
