"""Live sessions of fake parts that are begun, fed and waited for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from live_fakes import PATIENCE, FakeCamera, FakeParts, texts

from app.live import LiveSession, RenderedFrame
from app.settings import Settings


@contextmanager
def running(parts: FakeParts, settings: Settings | None = None) -> Iterator[LiveSession]:
    """A session that tracks, and is closed at the end."""
    session = LiveSession(settings or Settings(model="landmark-fit"), parts.factories())
    session.start()
    while session._tracking.starting:  # images of before are shown without hands
        threading.Event().wait(0.001)
    try:
        yield session
    finally:
        session.close()


def next_image(session: LiveSession) -> RenderedFrame:
    picture = session.newest(timeout=PATIENCE)
    assert picture is not None, f"no image came; messages: {texts(session.messages())}"
    return picture


def fed(session: LiveSession, camera: FakeCamera, frames: int = 1) -> RenderedFrame:
    """Feed frames, each once the one before it was shown; returns the last one's image."""
    for _ in range(frames):
        camera.feed()
        image = next_image(session)
    return image


def until(session: LiveSession, feed: Callable[[], None], reached: Callable[[RenderedFrame], bool]) -> RenderedFrame:
    """Feed frame by frame until an image is as wanted."""
    for _ in range(10_000):
        feed()
        picture = next_image(session)
        if reached(picture):
            return picture
    raise AssertionError("the image that the test waits for did not come")


def at_end(session: LiveSession) -> bool:
    playback = session.status.playback
    return playback is not None and playback.ended


def until_ended(session: LiveSession) -> None:
    """Until the source is gone, or a clip is at its end."""
    while session.status.opening or (session.status.source and not at_end(session)):
        session.newest(timeout=0.01)
