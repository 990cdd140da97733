"""Whether a session's files are whole and of one session: a person may have copied one of them from another."""

from __future__ import annotations

from app.sessions.files import INFO_FILE, JOURNAL_FILE, VIDEO_FILE
from app.sessions.session import SessionOutline
from models.amounts import frames_text
from models.sentences import say

_SLACK_NS = 2_000_000_000
"""By which hands may be older than the first image or younger than the last: what a killed writer had not written."""


def cut_off(session: SessionOutline) -> str:
    """Whether the video of a session that was completed lacks its end, as a sentence; "" where it does not."""
    if session.video is None or session.interrupted or session.extent.whole:
        return ""
    return say(
        "{video_file} of {path} is cut off; `sessions recover` fixes it.", video_file=VIDEO_FILE, path=session.path
    )


def mismatch(session: SessionOutline) -> str:
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
    taken = None if session.interrupted else session.extent.span_ns
    moments = session.journal.span_ns
    if taken is None or moments is None:
        return ""
    begin, end = moments[0] - taken[0], moments[1] - taken[1]
    if begin < -_SLACK_NS or end > _SLACK_NS or (_is_entered_to_its_end(session) and end < -_SLACK_NS):
        return say(
            "{journal} and {video} of {path} were not taken at the same time: one of them seems to be of another "
            "session.",
            journal=JOURNAL_FILE,
            video=VIDEO_FILE,
            path=session.path,
        )
    return ""


def _is_entered_to_its_end(session: SessionOutline) -> bool:
    """Whether the journal says when the last image was taken, also where there was no hand in it."""
    last = session.journal.batches[-1].until_ns
    return last is not None and session.every_frame_tracked and session.info.recovered is None and not session.damage
