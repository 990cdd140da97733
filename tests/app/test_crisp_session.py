"""Hands with the screen's pixels, in a running session."""

from __future__ import annotations

import numpy as np
import pytest
from live_fakes import PATIENCE, FakeCamera, FakeFile, FakeParts, our_threads
from running_sessions import running, until

from app.live import LiveSession, render_loop
from app.live.framing import Framing, Zoom
from app.outputs.streaming.hub import StreamHub
from app.settings import Settings
from render.protocol import OverlayStyle

FRAME = (64, 48)
FRAMING = Framing.of(FRAME, (256, 192), Zoom(), False)


@pytest.fixture(autouse=True)
def _long_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sessions' clock leaps by hours, which is no time to draw in."""
    monkeypatch.setattr(render_loop.Crispness, "add", lambda crispness, scale, milliseconds: None)


def crisp(session: LiveSession, camera: FakeCamera):
    session.set_framing(FRAMING)
    return until(session, camera.feed, lambda picture: picture.layers is not None)


def test_hands_come_by_themselves_where_frames_are_framed(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        assert until(session, camera.feed, lambda picture: True).layers is None
        picture = crisp(session, camera)
        assert np.array_equal(picture.image, picture.tracked.frame.image), "the frame is left alone"
        (layer,) = picture.layers or ()
        assert layer.pixels.shape[1] == pytest.approx(layer.width * 4.0), "four px of the screen for one of the frame"
        drawn = session.draw(picture)
        assert drawn.shape == picture.image.shape
        assert (drawn[..., 0] == 255).all(), "a snapshot has them, at the frame's size"
        session.set_framing(None)
        plain = until(session, camera.feed, lambda picture: picture.layers is None)
        assert (plain.image[..., 0] == 255).all()
        assert session.draw(plain) is plain.image
    assert our_threads() == []


def test_frames_of_another_size_than_the_framed_ones_have_them_drawn_in(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        crisp(session, camera)
        session.set_framing(Framing.of((640, 480), (256, 192), Zoom(), False))
        until(session, camera.feed, lambda picture: picture.layers is None)


def test_a_window_as_small_as_the_frame_has_them_drawn_in(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        crisp(session, camera)
        session.set_framing(Framing.of(FRAME, FRAME, Zoom(), False))
        until(session, camera.feed, lambda picture: picture.layers is None)


def test_both_of_two_models_are_crisp(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        session.set_framing(FRAMING)
        session.compare_with("eanet")
        picture = until(session, camera.feed, lambda picture: picture.beside is not None and picture.layers is not None)
        assert picture.beside is not None
        assert picture.beside.layers
        assert np.array_equal(picture.beside.image, picture.tracked.frame.image)


@pytest.mark.parametrize("watched", [False, True])
def test_streams_of_images_get_the_frames_size_and_cost_nothing_while_none_runs(
    parts: FakeParts, camera: FakeCamera, monkeypatch: pytest.MonkeyPatch, watched: bool
):
    sent: list[np.ndarray] = []
    monkeypatch.setattr(StreamHub, "offer_drawn", lambda hub, tracked: sent.append(tracked.frame.image))
    monkeypatch.setattr(StreamHub, "shows_images", property(lambda hub: watched))
    with running(parts) as session:
        crisp(session, camera)
        before = len(sent)
        until(session, camera.feed, lambda picture: True)
        until(session, camera.feed, lambda picture: True)
    assert (len(sent) > before) == watched
    for image in sent:
        assert image.shape == (48, 64, 3)
        assert (image[..., 0] == 255).all()


def test_a_paused_clip_is_drawn_anew_when_it_is_looked_at_otherwise(parts: FakeParts):
    parts.sources["clip.mp4"] = lambda: FakeFile("clip.mp4", 3)
    with running(parts, Settings(source="clip.mp4")) as session:
        while (playback := session.status.playback) is None or not playback.ended:
            session.newest(timeout=0.01)
        while (last := session.newest(timeout=0.2)) is not None:
            pass
        tracked = len(parts.tracker.tracked)
        for wish in (
            lambda: session.set_framing(FRAMING),
            lambda: session.set_framing(Framing.of(FRAME, (256, 192), Zoom(2.0), True)),
            lambda: session.set_style(OverlayStyle(view="skeleton")),
        ):
            wish()
            picture = session.newest(timeout=PATIENCE)
            assert picture is not None
            assert picture.layers
            assert picture.tracked.frame.index == 2
        assert last is None
        assert session.newest(timeout=0.2) is None, "once each"
        assert len(parts.tracker.tracked) == tracked
