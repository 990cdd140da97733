"""Completes sessions whose writer was killed.

What can be read is copied into new files beside the old ones, and only when these are whole and on the disk do they
take the old ones' places. So a recovery that is killed itself can be run again, at any point.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app.sessions import marker
from app.sessions.extent import read_extent
from app.sessions.files import INFO_FILE, JOURNAL_FILE, MARKER_FILE, PART_SUFFIX, VIDEO_FILE, is_bare
from app.sessions.info import RecoveryNote, SessionInfo, no_folder, read_info, write_info
from app.sessions.reading import NotAJournalError
from app.sessions.salvage import Remains, salvage_journal, salvage_video
from app.sessions.schema import SCHEMA_VERSION
from app.sessions.session import outline_session
from models.amounts import frames_text, hands_text
from models.errors import BothhandsError
from models.sentences import joined, say

_UNFLUSHED_HANDS_SECONDS = 0.4
"""The journal writes its rows this often, so that much may be missing behind the last ones. Where there is a video,
its last image says more."""
_SECOND_NS = 1_000_000_000


@dataclass(frozen=True)
class Recovery:
    """What `recover` did.

    Attributes:
        path: the folder.
        info: session.json as it is now; None where nothing had been recorded yet and the empty folder was removed.
        already_complete: nothing was to be done.
    """

    path: Path
    info: SessionInfo | None
    already_complete: bool = False

    def text(self) -> str:
        """One or two sentences for a person."""
        if self.info is None:
            return say("Nothing had been recorded in {path} yet; the empty folder was removed.", path=str(self.path))
        note = self.info.recovered
        if self.already_complete or note is None:
            return say("The session {path} is complete; there was nothing to recover.", path=str(self.path))
        path, rows, hands = str(self.path), hands_text(note.rows), note.lost_hands_seconds
        saved = (
            say(
                "Recovered {path}: {rows}. At most about {hands:.1f} s of hands are missing at the end.",
                path=path,
                rows=rows,
                hands=hands,
            )
            if note.lost_video_seconds is None
            else say(
                "Recovered {path}: {frames} and {rows}. At most about {hands:.1f} s of hands and "
                "{video:.1f} s of video are missing at the end.",
                path=path,
                frames=frames_text(note.pictures),
                rows=rows,
                hands=hands,
                video=note.lost_video_seconds,
            )
        )
        within = (
            say("The hands of 1 frame before that could not be read.")
            if note.lost_frames == 1
            else say("The hands of {count} frames before that could not be read.", count=note.lost_frames)
        )
        aside = say("What was damaged is kept as {names}.", names=", ".join(note.set_aside))
        return joined(saved, within if note.lost_frames else "", aside if note.set_aside else "")


def recover(path: Path) -> Recovery:
    """Complete a session, or fix one that was cut off later; one that is whole is left as it is.

    Raises:
        BothhandsError: no session, made by a newer version, still being recorded, or the disk is full or cannot be
            written; nothing that was recorded is lost then.
    """
    if not path.is_dir():
        raise no_folder(path)
    writer = marker.writer_of(path)
    if writer is not None:
        raise BothhandsError(
            say(
                "The session {path} is still being recorded by process {writer}; stop that recording first.",
                path=path,
                writer=writer,
            )
        )
    if is_bare(path) or (marker.is_marked(path) and _is_empty(path)):
        _remove_empty(path)
        return Recovery(path, None)
    info = read_info(path)
    if is_whole(path):
        return Recovery(path, info, already_complete=True)
    try:
        marker.claim(path)
        try:
            info = _complete(path, info)
        except BaseException:
            marker.release(path)
            raise
        marker.remove(path)
    except OSError as error:
        raise BothhandsError(
            say(
                "The session {path} cannot be recovered now: {reason}. Nothing of it was lost; free some "
                "space or make the folder writable, and try again.",
                path=path,
                reason=str(error.strerror or error),
            )
        ) from error
    return Recovery(path, info)


def is_whole(path: Path) -> bool:
    """Whether a session was completed, all its hands can be read, or a recovery has seen what is missing, and its video
    reaches to its own end.

    Raises:
        BothhandsError: as `outline_session`, but for a journal that is missing or damaged as a whole.
    """
    if marker.is_marked(path) or not (path / JOURNAL_FILE).is_file():
        return False
    try:
        if outline_session(path).damaged:
            return False
    except NotAJournalError:
        return False
    video = path / VIDEO_FILE
    return not video.exists() or read_extent(video).whole


def _is_empty(path: Path) -> bool:
    """Whether the writer was killed before session.json, with which a session begins."""
    return {file.name for file in path.iterdir()} <= {MARKER_FILE, f"{INFO_FILE}{PART_SUFFIX}"}


def _remove_empty(path: Path) -> None:
    for file in path.iterdir():
        file.unlink()
    path.rmdir()


def _complete(path: Path, info: SessionInfo) -> SessionInfo:
    aside: list[str] = []
    hands = salvage_journal(path / JOURNAL_FILE, info, aside)
    video_file = path / VIDEO_FILE
    video = salvage_video(video_file, aside) if video_file.exists() else None
    frames = max(hands.frames, video.frames if video else 0)
    tracked_known = info.frames if info.tracked is None else info.tracked
    images_known = None if info.frames is None else info.frames - info.dropped
    unseen = video.step_seconds if video and video.frames else _UNFLUSHED_HANDS_SECONDS
    note = RecoveryNote(
        at=datetime.now().astimezone().isoformat(timespec="seconds"),
        pictures=video.frames if video else 0,
        rows=hands.rows,
        lost_hands_seconds=_lost(hands, video, tracked_known) + unseen,
        lost_video_seconds=None if video is None else _lost(video, hands, images_known) + video.step_seconds,
        lost_frames=hands.lost_frames,
        set_aside=tuple(aside),
    )
    completed = replace(
        info,
        cameras=info.camera_table,
        frames=max(frames, info.frames or 0),
        tracked=max(hands.frames, tracked_known or 0),
        recovered=note,
        schema_version=SCHEMA_VERSION,
    )
    write_info(path, completed)
    for part in path.glob(f"*{PART_SUFFIX}"):  # what the writer had begun and nobody can read
        part.unlink(missing_ok=True)
    return completed


def _lost(rest: Remains, other: Remains | None, frames_known: int | None) -> float:
    """Seconds that are missing at the end of a file, judged by the other one, which may go on for longer, and by the
    number of frames where that was noted.
    """
    by_number = max(0, (frames_known or 0) - rest.frames) * rest.step_seconds
    if other is None or other.until_ns is None:
        return by_number
    until_ns = rest.until_ns if rest.until_ns is not None else other.since_ns
    by_time = 0.0 if until_ns is None else max(0.0, (other.until_ns - until_ns) / _SECOND_NS)
    return round(max(by_number, by_time), 3)
