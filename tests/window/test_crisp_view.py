"""Hands with the screen's pixels, in the window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PyQt5.QtCore import QPointF
from PyQt5.QtWidgets import QApplication
from qt_images import pixels
from window_fakes import FakeSession, an_image

from app.live import RenderedFrame
from app.settings import SettingsStore
from app.window.image_view import ImageView
from app.window.main_window import MainWindow
from render.layers import Layer

GREY = 100


def a_layer(scale: float, *, mirrored: bool = False) -> Layer:
    """Stripes one px wide, green and nothing by turns, over 20x10 px of the frame from (30, 40) on."""
    pixels = np.zeros((round(10 * scale), round(20 * scale), 4), np.uint8)
    pixels[:, ::2] = (0, 200, 0, 255)
    return Layer(pixels[:, ::-1].copy() if mirrored else pixels, 30.0, 40.0, 20.0, 10.0, mirrored)


def a_frame(*layers: Layer) -> RenderedFrame:
    return replace(an_image(np.full((120, 160, 3), GREY, np.uint8)), layers=layers)


@pytest.fixture
def view(application: QApplication) -> ImageView:
    made = ImageView()
    made.resize(640, 480)  # four px of the screen for one of the frame
    made.set_mirrored(False)
    return made


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_layer_lies_where_it_belongs_px_by_px(view: ImageView, mirrored: bool):
    view.set_mirrored(mirrored)
    view.show_image(a_frame(a_layer(4.0, mirrored=mirrored)))
    shown = pixels(view.grab().toImage())
    left = 640 - (30 + 20) * 4 if mirrored else 30 * 4
    part = shown[160:200, left : left + 80]
    stripes = part[:, ::-1] if mirrored else part
    assert (stripes[:, ::2] == (0, 200, 0)).all(), "no filter has touched it"
    assert (stripes[:, 1::2] == GREY).all()
    shown[160:200, left : left + 80] = GREY
    assert (shown == GREY).all()


@pytest.mark.parametrize(("drawn", "shown_mirrored"), [(False, True), (True, False)])
def test_a_layer_of_the_moment_before_goes_to_its_place_all_the_same(
    view: ImageView, drawn: bool, shown_mirrored: bool
):
    view.set_mirrored(shown_mirrored)
    view.show_image(a_frame(a_layer(4.0, mirrored=drawn)))
    green = (pixels(view.grab().toImage())[..., 1] > GREY + 20).any(axis=0).nonzero()[0]
    left = 640 - 200 if shown_mirrored else 120
    assert abs(int(green.min()) - left) <= 2
    assert abs(int(green.max()) - (left + 79)) <= 2


def test_a_coarser_layer_is_scaled_up(view: ImageView):
    view.show_image(a_frame(a_layer(2.0)))
    part = pixels(view.grab().toImage())[160:200, 120:200]
    assert part[..., 1].astype(int).mean() > GREY + 20
    view.zoom_by(2.0, QPointF(160, 180))
    rows, columns = (pixels(view.grab().toImage())[..., 1] > GREY + 20).nonzero()
    assert columns.max() - columns.min() == pytest.approx(160, abs=4)
    assert rows.max() - rows.min() == pytest.approx(80, abs=4)


def test_a_dim_view_shows_no_layers(view: ImageView):
    view.set_dimmed(True)
    view.show_image(a_frame(a_layer(4.0)))
    assert pixels(view.grab().toImage()).max() < 80


def test_the_session_is_told_where_frames_lie(window: MainWindow, session: FakeSession, store: SettingsStore):
    session.pending = [a_frame()]
    window._pull()
    window.view.repaint()
    name, framing = session.calls[-1]
    assert name == "set_framing"
    assert framing == window.view.framing
    assert framing.frame == (160, 120)
    before = len(session.calls)
    window.view.repaint()
    assert len(session.calls) == before, "once"
    window.view.zoom_by(2.0)
    window.view.repaint()
    assert session.calls[-1][1].scale == pytest.approx(2 * framing.scale)
    window.commands.actions["crisp"].trigger()
    assert session.calls[-1] == ("set_framing", None)
    assert not store.current.crisp
    window.commands.actions["crisp"].trigger()
    assert session.calls[-1][1] == window.view.framing


def test_a_frame_that_is_drawn_again_is_no_new_one(window: MainWindow, session: FakeSession):
    first = a_frame(a_layer(4.0))
    session.pending = [first]
    window._pull()
    window.view.repaint()
    age = window._age.median_and_p95(session.now_ns())
    session.clock_ns = 10**9
    session.pending = [replace(first, layers=(a_layer(2.0),))]
    window._pull()
    window.view.repaint()
    assert window._age.median_and_p95(session.now_ns()) == age, "a clip that is paused does not become older"
    assert window._picture is not first
