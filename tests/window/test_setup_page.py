"""The page that checks the setup: when it comes, what it shows, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PyQt5.QtCore import QPoint, QRect
from PyQt5.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from window_fakes import MS, FakeSession, an_image

from app.live import LiveStatus
from app.live.setup_check import FARTHEST, NEAREST, TOPICS, Cause, Finding
from app.settings import SettingsStore
from app.shortcuts import COMMANDS
from app.window.main_window import MainWindow
from app.window.setup_page import DistanceBar, SetupPage
from app.window.texts import SETUP_TEXTS
from app.window.theme import apply_theme

CAUSES = tuple(SETUP_TEXTS)
LONGEST = "brightness 100 %, hands 100 %, contrast 100 %"


@pytest.fixture
def first(session: FakeSession) -> FakeSession:
    session.status = LiveStatus(source="Webcam", source_spec="0", live=True, source_fps=30.0, model="landmark-fit")
    return session


def see(window: MainWindow, session: FakeSession, count: int, value: int = 10) -> None:
    for number in range(count):
        session.clock_ns = number * 33 * MS
        picture = an_image(np.full((480, 640, 3), value, np.uint8), session.clock_ns, hands=False)
        tracked = replace(picture.tracked, frame=replace(picture.tracked.frame, index=number))
        session.pending = [replace(picture, tracked=tracked)]
        window._pull()
        window.view.repaint()


def shown(window: MainWindow, topic) -> tuple[str, str]:
    line = window.setup_page.lines[topic]
    return line.measured.text(), line.advice.text()


def test_it_comes_at_the_first_start_and_not_again_after_done(
    application: QApplication, window: MainWindow, session: FakeSession, store: SettingsStore
):
    assert not window.setup_page.isVisible()
    window.offer_setup_check()
    assert window.setup_page.isVisible()
    window.setup_page.done_button.click()
    assert not window.setup_page.isVisible()
    assert store.current.setup_checked
    window.close()
    again = MainWindow(session, SettingsStore.load(store.path))  # type: ignore[arg-type]
    again.show()
    again.offer_setup_check()
    assert not again.setup_page.isVisible()
    again.commands.actions["setup"].trigger()
    assert again.setup_page.isVisible(), "a person may ask for it"
    again.close()


def is_offered_again(session: FakeSession, store: SettingsStore) -> bool:
    """Whether another start, with what was saved, shows the page."""
    again = MainWindow(session, SettingsStore.load(store.path))  # type: ignore[arg-type]
    again.show()
    again.offer_setup_check()
    offered = again.setup_page.isVisible()
    again.close()
    return offered


def test_who_closes_the_window_has_seen_it_too(window: MainWindow, session: FakeSession, store: SettingsStore):
    window.offer_setup_check()
    window.close()
    assert not is_offered_again(session, store)


def test_who_is_done_does_not_see_it_again_though_the_window_was_never_closed(
    window: MainWindow, session: FakeSession, store: SettingsStore
):
    window.offer_setup_check()
    window.setup_page.done_button.click()
    store.save()
    assert not is_offered_again(session, store)


@pytest.mark.parametrize(
    ("source", "comes"), [("clip.mp4", False), ("demo", False), ("0", True), ("rtsp://camera/1", True), (None, True)]
)
def test_it_does_not_come_over_a_clip_that_was_asked_for(
    application: QApplication, session: FakeSession, tmp_path: Path, source: str | None, comes: bool
):
    window = MainWindow(session, SettingsStore.load(tmp_path / "none.json", source=source))  # type: ignore[arg-type]
    window.show()
    window.offer_setup_check()
    assert window.setup_page.isVisible() == comes
    window.close()


def test_it_shows_what_the_frames_say(window: MainWindow, first: FakeSession):
    window.setup_page.open()
    assert shown(window, "light") == ("", SETUP_TEXTS["no image"])
    see(window, first, 40)
    window.setup_page.refresh()
    assert shown(window, "camera") == ("640x480 px, 30 frames/s", SETUP_TEXTS["good"])
    assert shown(window, "light") == ("brightness 4 %, contrast 0 %", SETUP_TEXTS["covered"])
    assert shown(window, "speed") == ("30 of 30 frames/s tracked, 0 ms old (95 %)", SETUP_TEXTS["good"])
    assert shown(window, "distance") == ("", SETUP_TEXTS["no hand"])
    signs = {topic: window.setup_page.lines[topic].accessibleName().split(": ")[1] for topic in TOPICS}
    assert signs["camera"].startswith("ok, 640x480")
    assert signs["light"].startswith("needs attention")
    assert signs["distance"].startswith("not known yet")
    assert shown(window, "light")[0] in window.setup_page.lines["light"].accessibleName()


def test_another_source_is_checked_anew(window: MainWindow, first: FakeSession):
    window.setup_page.open()
    see(window, first, 40)
    first.status = replace(first.status, source="Another")
    window._refresh()
    window.setup_page.refresh()
    assert shown(window, "light") == ("", SETUP_TEXTS["no image"])


def test_frames_are_looked_at_only_while_it_is_shown(window: MainWindow, first: FakeSession):
    see(window, first, 3)
    window.setup_page.open()
    window.setup_page.refresh()
    assert shown(window, "light")[0] == ""
    assert window.setup_page._timer.isActive()
    window.setup_page.done_button.click()
    assert not window.setup_page._timer.isActive()


def in_window(part: QWidget, window: MainWindow) -> QRect:
    return QRect(part.mapTo(window, QPoint(0, 0)), part.size())


@pytest.mark.parametrize("size", [(1200, 800), (1280, 720), (800, 600)])
def test_it_covers_neither_the_video_nor_a_control(
    application: QApplication, window: MainWindow, first: FakeSession, size: tuple[int, int]
):
    window.resize(*size)
    window.setup_page.open()
    see(window, first, 3)
    application.processEvents()
    own = in_window(window.setup_page, window)
    assert not window.setup_page.isWindow()
    for part in (window._scroll, window.view, window.figures, window.menuBar()):
        assert part is not None
        assert not own.intersects(in_window(part, window)), part
    assert window.view.height() >= 240


def test_it_takes_no_focus_and_no_key(window: MainWindow, application: QApplication):
    window.activateWindow()
    window.panel.record_button.setFocus()
    before = application.focusWidget()
    window.commands.actions["setup"].trigger()
    application.processEvents()
    assert application.focusWidget() is before
    window.setup_page.done_button.click()
    assert application.focusWidget() is before
    assert COMMANDS["setup"].key == ""


def test_full_screen_leaves_no_room_for_it(window: MainWindow, application: QApplication):
    window.setup_page.open()
    window._toggle_full_screen()
    application.processEvents()
    assert not window.setup_page.isVisible()
    window._leave_full_screen()
    assert window.setup_page.isVisible()


@pytest.fixture
def large_text(application: QApplication) -> Iterator[None]:
    apply_theme(application, "light", 150)
    yield
    apply_theme(application)


def _cut(page: SetupPage) -> list[str]:
    """Texts that have less room than they need."""
    labels = [label for line in page.lines.values() for label in (line.measured, line.advice)]
    return [label.text() for label in labels if label.text() and label.height() < label.heightForWidth(label.width())]


@pytest.mark.parametrize("width", [500, 900])
def test_no_sentence_is_cut_and_none_moves_the_video(application: QApplication, width: int):
    _check_room(application, width)


@pytest.mark.usefixtures("large_text")
def test_no_sentence_is_cut_in_large_letters(application: QApplication):
    _check_room(application, 900)


def _check_room(application: QApplication, width: int) -> None:
    causes: list[Cause] = ["good"]
    page = SetupPage(lambda check: [Finding(topic, causes[0], LONGEST) for topic in TOPICS])
    above, whole = QWidget(), QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(above, 1)
    column.addWidget(page)
    whole.resize(width, 700)
    whole.show()
    page.open()
    heights = set()
    for cause in CAUSES:
        causes[0] = cause
        page.refresh()
        for _ in range(4):  # each layout asks the one around it
            application.processEvents()
        assert not _cut(page), cause
        heights.add(above.height())
    if width >= 900:
        assert len(heights) == 1, "the video would jump"
    whole.close()


def test_the_bar_has_its_good_part_between_far_and_near(application: QApplication):
    bar = DistanceBar()
    bar.resize(400, 18)
    places = [bar.place_of(size) for size in (0.001, FARTHEST, 0.3, NEAREST, 5.0)]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (0.0, 1.0)
    empty = bar.grab().toImage()
    bar.show_sizes((0.3,))
    assert bar.grab().toImage() != empty


def test_every_cause_has_one_sentence():
    for cause, text in SETUP_TEXTS.items():
        assert text.endswith("."), cause
        assert text.count(". ") == 0, cause


def test_a_topic_stands_beside_the_first_line_of_its_figures(window: MainWindow):
    """With large text the figures take two lines, and the topic stood between them."""
    window.commands.actions["setup"].trigger()
    line = window.setup_page.lines["light"]
    line.measured.setText("brightness 60 %, hands 73 %, contrast 18 %, " * 4)
    QApplication.processEvents()
    topic = line.findChild(QLabel, "setupTopic")
    assert topic is not None
    assert topic.y() == line.measured.y()
    assert topic.height() < line.measured.height()
