"""The live session behind the window, without Qt: threads, recording, figures."""

from app.live.player import PlaybackStatus, Player
from app.live.session import LiveSession
from app.live.source_choice import DEMO
from app.live.values import HandState, LiveStatus, Message, Picture, RecordingStatus, Severity

__all__ = [
    "DEMO",
    "HandState",
    "LiveSession",
    "LiveStatus",
    "Message",
    "Picture",
    "PlaybackStatus",
    "Player",
    "RecordingStatus",
    "Severity",
]
