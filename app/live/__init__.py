"""The live session behind the window, without Qt: threads, recording, figures."""

from app.live.live_session import LiveSession
from app.live.player import PlaybackStatus, Player
from app.live.source_choice import DEMO
from app.live.values import (
    BesideFrame,
    ComparisonStatus,
    HandState,
    LiveStatus,
    Message,
    RecordingStatus,
    RenderedFrame,
    Severity,
)

__all__ = [
    "DEMO",
    "BesideFrame",
    "ComparisonStatus",
    "HandState",
    "LiveSession",
    "LiveStatus",
    "Message",
    "PlaybackStatus",
    "Player",
    "RecordingStatus",
    "RenderedFrame",
    "Severity",
]
