"""Recorded sessions played again, without Qt: pictures by time, the hands of every run, and new runs."""

from app.replay.clip import Clip, open_clip
from app.replay.session import ReplaySession
from app.replay.values import ReplayPicture, ReplayStatus, RunStatus

__all__ = ["Clip", "ReplayPicture", "ReplaySession", "ReplayStatus", "RunStatus", "open_clip"]
