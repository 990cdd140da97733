"""Larger and smaller text in the whole application."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QToolButton, QWidget
from window_fakes import FakeSession, widest_states

from app.live import HandState
from app.live.player import PlaybackStatus
from app.settings import LARGEST_TEXT, SMALLEST_TEXT, SettingsStore
from app.window.main_window import PANEL_WIDTH, MainWindow
from app.window.replay_controls import TransportBar
from app.window.theme import apply_theme, style_sheet
from models.values import SIDES


@pytest.fixture(autouse=True)
def _usual_size_again(application: QApplication) -> Iterator[None]:
    yield
    apply_theme(application)


def make_larger(window: MainWindow, times: int) -> None:
    for _ in range(times):
        window.commands.actions["larger-text"].trigger()
    QApplication.processEvents()


def cut_off(part: QWidget) -> str:
    """The text of a control if not all of it is seen, "" where it is. Boxes shorten theirs by design."""
    if not part.isVisible() or isinstance(part, QComboBox):
        return ""
    metrics, room = part.fontMetrics(), part.contentsRect()
    if isinstance(part, QLineEdit):
        return part.text() or "a field" if metrics.height() > room.height() else ""
    if not isinstance(part, (QLabel, QPushButton, QToolButton, QCheckBox)) or not part.text():
        return ""
    text = part.text().replace("&", "")
    if isinstance(part, QLabel) and part.wordWrap():
        flags = int(Qt.TextFlag.TextWordWrap)
        wanted = metrics.boundingRect(0, 0, room.width(), 10_000, flags, text)
        return f"{text} {wanted} {room}" if wanted.height() > part.height() or wanted.width() > room.width() else ""
    wide = max(metrics.horizontalAdvance(line) for line in text.splitlines())
    if isinstance(part, QCheckBox):
        wide += 16 + 9  # its box and the gap beside it
    high = metrics.height() * len(text.splitlines())
    return f"{text} {wide} {high} {part.size()}" if wide > part.width() or high > part.height() else ""


@pytest.mark.parametrize("times", [0, 5])
def test_no_text_of_the_panel_is_cut(window: MainWindow, session: FakeSession, times: int):
    window.resize(1400, 1000)
    make_larger(window, times)
    for _ in widest_states(window, session):
        for _ in range(20):
            QApplication.processEvents()
        parts = window.panel.findChildren(QWidget)
        assert len([part for part in parts if part.isVisible()]) > 40
        assert [text for part in parts if (text := cut_off(part))] == []
        viewport = window._scroll.viewport()
        assert viewport is not None
        assert window.panel.width() <= viewport.width()


def test_what_is_cut_is_noticed(application: QApplication):
    """The check of the test above can fail."""
    label, button = QLabel("A sentence that is long"), QPushButton("A button that says much")
    for part in (label, button):
        part.resize(60, 30)
        part.show()
        assert cut_off(part)
        part.resize(400, 40)
        assert not cut_off(part)
        part.close()


def test_all_text_grows_and_is_remembered(window: MainWindow, store: SettingsStore, application: QApplication):
    usual = application.font().pointSizeF()
    caption = window.panel.findChild(QLabel, "caption")
    height, small = window.panel.record_button.height(), caption.fontMetrics().height()
    make_larger(window, 20)
    assert store.current.text_size == LARGEST_TEXT
    assert application.font().pointSizeF() == pytest.approx(1.5 * usual)
    assert window.menuBar().font().pointSizeF() == pytest.approx(1.5 * usual)
    assert caption.fontMetrics().height() > 1.35 * small, "the style sheet's sizes too"
    assert window.panel.record_button.height() > height
    assert window._scroll.width() == round(1.5 * PANEL_WIDTH)
    for _ in range(20):
        window.commands.actions["smaller-text"].trigger()
    assert store.current.text_size == SMALLEST_TEXT
    make_larger(window, 1)
    assert application.font().pointSizeF() == pytest.approx(usual)
    store.save()
    assert SettingsStore.load(store.path).current.text_size == 100


@pytest.mark.parametrize("times", [0, 5])
def test_the_line_below_says_as_much_as_there_is_room_for(window: MainWindow, session: FakeSession, times: int):
    states = {side: HandState(0.99, "both", "open palm") for side in SIDES}
    session.status = replace(session.status, hands=frozenset(SIDES), hand_states=states, model="lwa-hand")
    make_larger(window, times)
    for width in (2400, 1000):
        window.resize(width, 900)
        QApplication.processEvents()
        window._refresh()
        QApplication.processEvents()
        for label in window.figures.hands.values():
            assert label.sizeHint().width() <= label.width(), width
            assert ("landmarks" in label.text()) == (width == 2400)
        assert window.figures.hands["right"].geometry().right() < window.figures.width()


def test_the_clip_s_place_takes_no_room_that_is_not_there(application: QApplication):
    """With large text, time and frame made the German window wider than a screen of 1280 px."""
    bar = TransportBar()
    bar.show()
    for percent in (100, LARGEST_TEXT):
        apply_theme(application, "dark", percent)
        bar.show_status(PlaybackStatus(192, 360, 6.4, 12.0, True, 1.0, True, False))
        for width, text in ((0, "00:06.40 / 00:12.00"), (2000, "00:06.40 / 00:12.00     frame 193 of 360")):
            bar.resize(max(width, bar.minimumSizeHint().width()), 80)
            QApplication.processEvents()
            assert bar.place.text() == text
            assert cut_off(bar.place) == ""
    bar.close()


def test_the_log_grows_too(window: MainWindow, application: QApplication):
    window.log_panel.show()
    before = window.log_panel.lines.font().pointSizeF()
    make_larger(window, 5)
    assert window.log_panel.lines.font().pointSizeF() == pytest.approx(1.5 * before)
    window.log_panel.hide()


def test_lines_and_corners_do_not_grow():
    usual, large = style_sheet("dark"), style_sheet("dark", 150)
    assert "font-size: 18px" in large
    assert "min-height: 33px" in large
    assert usual.count("border: 1px") == large.count("border: 1px")
    assert usual.count("border-radius: 6px") == large.count("border-radius: 6px")
    assert style_sheet("light", 100) == style_sheet("light")
