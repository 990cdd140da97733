"""Whether a session's files are whole and of one session: a person may have copied one of them from another."""

from __future__ import annotations

from av.error import FFmpegError

from app.sessions.files import INFO_FILE, JOURNAL_FILE, VIDEO_FILE, open_video
from app.sessions.moments import origin_of
from app.sessions.salvage import reaches_its_end
from app.sessions.session import Session
from models.amounts import frames_text
from models.sentences import say

_SLACK_NS = 2_000_000_000
"""By which hands may be older than the first image or younger than the last: what a killed writer had not written."""


def cut_off(session: Session) -> str:
    """Whether the video of a session that was completed lacks its end, as a sentence; "" where it does not."""
    if session.video is None or session.interrupted or reaches_its_end(session.video):
        return ""
    return say(
        "{video_file} of {path} is cut off; `sessions recover` fixes it.", video_file=VIDEO_FILE, path=session.path
    )


def mismatch(session: Session) -> str:
    """Which files cannot be of one session, as a sentence; "" where they may be."""
    noted = session.tracked
    if noted is not None and session.journal.frames > noted:
        return say(
            "{journal} of {path} has {frames} and {info} says {noted}: one of them seems to be of another session.",
            journal=JOURNAL_FILE,
            path=session.path,
            frames=frames_text(session.journal.frames),
            info=INFO_FILE,
            noted=noted,
        )
    taken, moments = _taken(session), session.journal.moments_ns
    if taken is None or not len(moments):
        return ""
    begin, end = moments[0] - taken[0], moments[-1] - taken[1]
    if begin < -_SLACK_NS or end > _SLACK_NS or (_is_entered_to_its_end(session) and end < -_SLACK_NS):
        return say(
            "{journal} and {video} of {path} were not taken at the same time: one of them seems to be of another "
            "session.",
            journal=JOURNAL_FILE,
            video=VIDEO_FILE,
            path=session.path,
        )
    return ""


def _is_entered_to_its_end(session: Session) -> bool:
    """Whether the journal says when the last image was taken, also where there was no hand in it."""
    last = session.journal.batches[-1].until_ns
    return last is not None and session.every_frame_tracked and session.info.recovered is None and not session.damage


def _taken(session: Session) -> tuple[int, int] | None:
    """When the video's first and last image were taken; None where there is none, or the file does not say."""
    if session.video is None or session.interrupted:
        return None
    try:
        with open_video(session.video) as video:
            origin, duration = origin_of(video), video.duration
    except (FFmpegError, OSError):
        return None
    return None if origin is None or duration is None else (origin, origin + duration * 1000)
