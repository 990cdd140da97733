from __future__ import annotations

import logging
import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PyQt5.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRect, Qt, QTimer
from PyQt5.QtGui import QColor, QWheelEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QAbstractSlider,
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QPushButton,
    QScrollBar,
    QSlider,
    QWidget,
)
from qt_images import pixels
from window_fakes import MS, FakeSession, an_image, camera, widest_states

from app.live import HandState, LiveStatus, Message, RecordingStatus
from app.live.player import Player
from app.live.stall_watch import Stalls
from app.log_buffer import MOST_LINES, LogBuffer
from app.outputs.streaming.hub import StreamStatus
from app.settings import Language, Settings, SettingsStore
from app.window import weights_actions
from app.window.application import show_what_escapes
from app.window.banner import Banner
from app.window.help_panel import HelpPanel, show_help
from app.window.image_view import ImageView
from app.window.language import apply_language, key_text, worded
from app.window.main_window import FIRST_SIZE, MainWindow
from app.window.texts import stalls_text
from app.window.theme import DARK
from models.registry import ModelCard, list_models, model_card
from models.values import SIDES
from render.protocol import OverlayStyle
from tracking.sources.camera_mode import CameraMode


def refresh(window: MainWindow) -> None:
    window._refresh()


def paint(window: MainWindow, application: QApplication) -> None:
    """Let the window pull what lies ready, and paint it."""
    window._pull()
    window.view.repaint()


def choose(box: QComboBox, row: int) -> None:
    box.setCurrentIndex(row)
    box.activated.emit(row)


# The image


@pytest.mark.parametrize("mirrored", [True, False])
def test_the_image_is_mirrored_on_the_screen_only(application: QApplication, mirrored: bool):
    image = np.random.default_rng(0).integers(0, 256, (240, 320, 3), dtype=np.uint8)
    before = image.copy()
    view = ImageView()
    view.resize(320, 240)
    view.set_mirrored(mirrored)
    view.show_image(an_image(image))
    shown = pixels(view.grab().toImage())
    wanted = image[:, ::-1] if mirrored else image
    assert np.abs(shown.astype(int) - wanted).max() <= 3  # Qt rounds where it filters
    assert np.array_equal(image, before)


@pytest.mark.parametrize(
    ("size", "rect"), [((800, 300), QRect(200, 0, 400, 300)), ((400, 400), QRect(0, 50, 400, 300))]
)
def test_the_image_keeps_its_shape(application: QApplication, size: tuple[int, int], rect: QRect):
    view = ImageView()
    view.resize(*size)
    view.show_image(an_image(np.full((240, 320, 3), 255, np.uint8)))
    assert view.image_rect().toRect() == rect
    shown = pixels(view.grab().toImage()).max(axis=2)
    outside = np.ones(shown.shape, bool)
    outside[rect.top() : rect.top() + rect.height(), rect.left() : rect.left() + rect.width()] = False
    assert shown[~outside].min() == 255
    assert shown[outside].max() < 20


@pytest.mark.parametrize("words", [3, 9, 12, 15, 18, 21, 30])
def test_a_sentence_over_the_image_keeps_off_the_edges_of_its_box(application: QApplication, words: int):
    view = ImageView()
    view.resize(800, 600)
    view.show_image(an_image(np.full((240, 320, 3), 128, np.uint8)))
    view.set_hint(" ".join(["Loading lwa-hand, it is read"] * words)[: 6 * words])
    shown = pixels(view.grab().toImage()).max(axis=2).astype(int)
    box, text = ((np.nonzero(part.any(axis=0))[0][[0, -1]]) for part in (shown < 70, shown > 170))
    assert text[0] - box[0] >= 12
    assert box[1] - text[1] >= 12


def test_age_is_paint_time_less_capture_time(window: MainWindow, session: FakeSession, application: QApplication):
    for frame, age in enumerate((10, 20, 30)):
        captured = frame * 33 * MS
        session.pending.append(an_image(np.zeros((48, 64, 3), np.uint8), captured))
        session.clock_ns = captured + age * MS
        paint(window, application)
    window.view.repaint()  # the same image again is no new age
    refresh(window)
    assert window.figures.age.text() == "age 20 ms (95 %: 29 ms)"
    assert "detect: 2.0 ms (2.0 ms)" in window.figures.age.toolTip()
    assert "to the screen: 17.0 ms (26.0 ms)" in window.figures.age.toolTip()
    assert re.search(r"age +20.0 +29.0\n", window._health())
    assert re.search(r"to the screen +17.0 +26.0", window._health())


def test_a_hint_after_five_seconds_without_hands(window: MainWindow, session: FakeSession, application: QApplication):
    black = np.zeros((48, 64, 3), np.uint8)
    hints = []
    for second, hands in enumerate((True, False, False, False, False, False, False, True)):
        session.pending.append(an_image(black, second * 1000 * MS, hands))
        paint(window, application)
        hints.append("No hand in view" in window.view._hint)
    assert hints == [False] * 5 + [True, True, False]


def test_a_still_image_says_that_nothing_runs(window: MainWindow, session: FakeSession, application: QApplication):
    session.pending.append(an_image(np.zeros((48, 64, 3), np.uint8)))
    paint(window, application)
    session.status = LiveStatus(model="landmark-fit")
    refresh(window)
    assert "No source is running" in window.view._hint


@pytest.mark.parametrize(
    "over", [{"stalled": True, "live": True}, {"source": "", "source_spec": None}], ids=["stalled", "gone"]
)
def test_a_image_of_a_source_that_is_silent_or_gone_is_dim_and_without_hands(
    window: MainWindow, session: FakeSession, application: QApplication, over: dict
):
    drawn = an_image(np.full((48, 64, 3), 255, np.uint8))
    seen = replace(drawn.tracked, frame=replace(drawn.tracked.frame, image=np.full((48, 64, 3), 120, np.uint8)))
    session.pending.append(replace(drawn, tracked=seen))
    paint(window, application)
    refresh(window)
    middle = window.view.image_rect().center().toPoint()

    def shown() -> int:
        return QColor(window.view.grab().toImage().pixel(middle)).red()

    assert shown() > 250
    running = session.status
    session.status = replace(running, **over)
    refresh(window)
    assert shown() < 80
    assert window.view._hint
    session.status = running
    refresh(window)
    assert shown() > 250


# The controls


def test_every_control_has_a_name_and_a_tooltip(window: MainWindow):
    controls = [
        control
        for kind in (QPushButton, QComboBox, QCheckBox, QAbstractSlider)
        for control in window.panel.findChildren(kind)
        if not isinstance(control, QScrollBar)
    ]
    assert len(controls) >= 13
    for control in controls:
        assert control.accessibleName(), control
        assert len(control.accessibleName().split()) < 6, "a name, and no sentence"
        assert control.toolTip() or control is window.panel.folder_button, control.accessibleName()


def test_the_focus_is_seen_wherever_it_is(window: MainWindow, session: FakeSession):
    """Not on boxes that are ticked, the view that is chosen, and the panel itself, at which Tab stopped as well."""
    session.player = Player(250, 40_000_000, False, lambda: 0)
    session.status = replace(session.status, playback=session.player.status, last_recording=Path("/x"))
    for section in window.panel.sections:
        section.fold(False)
    refresh(window)
    QApplication.processEvents()
    stops, part = [], window.nextInFocusChain()
    while part is not window:
        takes = int(part.focusPolicy()) & int(Qt.FocusPolicy.TabFocus)  # type: ignore[union-attr]
        if takes and part.isVisible() and part.isEnabled() and part.focusProxy() is None:  # type: ignore[union-attr]
            stops.append(part)
        part = part.nextInFocusChain()  # type: ignore[union-attr]
    assert len(stops) > 35
    for part in stops:
        part.setFocus()
        shown = pixels(part.grab().toImage()).astype(int)
        part.clearFocus()
        changed = np.abs(shown - pixels(part.grab().toImage())).max(-1) > 60
        assert changed.sum() >= 40, part.accessibleName()


def test_links_are_as_high_as_their_text_in_a_full_panel(window: MainWindow, session: FakeSession):
    """They were four pixels high where the panel has to be scrolled."""
    session.status = replace(session.status, last_recording=Path("/x"))
    for section in window.panel.sections:
        section.fold(False)
    refresh(window)
    QApplication.processEvents()
    assert window.panel.height() > window._scroll.height()
    for button in (*window.panel._last_buttons, window.panel.cards_button, window.panel.sessions_button):
        assert button.height() >= button.fontMetrics().height(), button.text()


def test_a_screen_reader_says_what_is_shown(window: MainWindow, session: FakeSession):
    """A label's name is read in place of its text, a button's too: figures were hidden, and *Stop* was *Record*."""
    player = Player(250, 40_000_000, False, lambda: 0)
    session.status = replace(session.status, playback=player.status, recording=RecordingStatus(Path("/x"), 5.0, 9, 0))
    refresh(window)
    assert window.figures.rate.text()
    assert {label.accessibleName() for label in window.findChildren(QLabel) if label.text()} == {""}
    assert window.panel.record_button.accessibleName() == "Stop the recording"
    window.panel.show_countdown(3)
    assert window.panel.record_button.accessibleName() == "Cancel the countdown"
    session.status = replace(session.status, recording=None)
    refresh(window)
    assert window.panel.record_button.accessibleName() == "Record"


def turn_wheel(control: QWidget | None) -> None:
    """Turn the wheel over a control: as the system's events do, it goes up to the first one that takes it."""
    while control is not None and not _turned(control):
        control = control.parentWidget()


def _turned(control: QWidget) -> bool:
    middle = control.rect().center()
    event = QWheelEvent(
        QPointF(middle),
        QPointF(control.mapToGlobal(middle)),
        QPoint(),
        QPoint(0, -240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(control, event)
    return event.isAccepted()


@pytest.mark.parametrize("focused", [True, False])
def test_the_wheel_scrolls_the_panel_and_changes_nothing(window: MainWindow, session: FakeSession, focused: bool):
    session.cameras = [camera("/dev/video0", "HD Webcam"), camera("/dev/video2", "Other")]
    refresh(window)
    window.resize(1000, 480)
    QApplication.processEvents()
    calls = list(session.calls)
    bar = window._scroll.verticalScrollBar()
    assert bar is not None
    assert bar.maximum() > 0
    controls = [*window.panel.findChildren(QComboBox), *window.panel.findChildren(QSlider)]
    assert len(controls) >= 5
    for control in controls:
        if focused:
            control.setFocus()
        value = control.currentIndex() if isinstance(control, QComboBox) else control.value()
        bar.setValue(0)
        turn_wheel(control)
        assert value == (control.currentIndex() if isinstance(control, QComboBox) else control.value())
        if control.isVisible():
            assert bar.value() > 0
    assert session.calls == calls


def test_everything_of_the_panel_is_in_view_at_the_default_size(window: MainWindow):
    window.resize(FIRST_SIZE)
    QApplication.processEvents()
    last = window.panel.streams.boxes["virtual-camera"]
    bottom = last.mapTo(window._scroll, last.rect().bottomLeft()).y()
    assert bottom < window._scroll.height()


def test_nothing_of_the_panel_is_cut_off_at_its_side(window: MainWindow, session: FakeSession):
    for status in widest_states(window, session):
        QApplication.processEvents()
        viewport = window._scroll.viewport()
        assert viewport is not None
        assert window.panel.width() <= viewport.width(), status


def test_sections_fold_and_stay_so(window: MainWindow, store: SettingsStore):
    section = next(section for section in window.panel.sections if section.title == "Smoothing")
    assert not window.panel.steadiness_slider.isVisible()
    section.button.click()
    assert window.panel.steadiness_slider.isVisible()
    assert "Smoothing" not in store.current.folded
    next(section for section in window.panel.sections if section.title == "View").button.click()
    assert "View" in store.current.folded
    assert not window.panel.opacity_slider.isVisible()


def test_models_are_chosen_from_the_box_and_by_key(window: MainWindow, session: FakeSession):
    choose(window.panel.model_box, 1)
    assert session.calls[-1] == ("select_model", "eanet")
    QTest.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert session.calls[-1] == ("select_model", "lwa-hand")


def test_the_model_box_waits_while_a_model_is_loaded(window: MainWindow, session: FakeSession):
    session.status = replace(session.status, loading_model="eanet")
    refresh(window)
    box = window.panel.model_box
    assert (box.isEnabled(), box.currentText()) == (False, "eanet")
    session.status = replace(session.status, loading_model=None)  # it failed: the old one goes on
    refresh(window)
    assert (box.isEnabled(), box.currentText()) == (True, "landmark-fit")


def test_cards_become_tooltips(window: MainWindow, session: FakeSession):
    card = ModelCard("eanet", "Both hands by attention", "Park 2023, https://x", "research only", parameters=39_000_000)
    session.model_cards = {"eanet": card}
    refresh(window)
    tooltip = window.panel.model_box.itemData(1, Qt.ItemDataRole.ToolTipRole)
    assert "Both hands by attention" in tooltip
    assert "39.0 million weights" in tooltip
    assert "research only" in tooltip


def test_a_model_without_weights_is_shown_grey_and_offers_their_import(
    window: MainWindow, session: FakeSession, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    session.model_cards = {"eanet": ModelCard("eanet", "EANet (untrained)", "", "MIT", parameters=39_000_000)}
    refresh(window)
    box = window.panel.model_box
    assert box.itemText(1) == "eanet (no weights: import…)"
    assert box.itemData(1, Qt.ItemDataRole.ForegroundRole) == QColor(DARK["MUTED"])
    assert any(action.text() == "eanet (no weights: import…)" for action in window.actions())
    before = list(session.calls)
    choose(box, 1)
    assert box.currentText() == "landmark-fit"
    (dialog,) = window.findChildren(QFileDialog)
    assert (dialog.isVisible(), dialog.windowTitle()) == (True, "Import the weights of eanet")
    assert session.calls == before, "it is not loaded"

    imported = []
    monkeypatch.setattr(weights_actions, "import_in_place", lambda *given: imported.append(given) or "It has them now.")
    dialog.fileSelected.emit(str(tmp_path / "snapshot.pth.tar"))
    dialog.close()
    window.weights.tasks.wait()
    window.weights.tasks.poll()
    assert imported == [("eanet", tmp_path / "snapshot.pth.tar")]
    assert session.calls[-1] == ("reread_cards",)
    assert window.banners.banners[-1].message.text == "It has them now."
    session.model_cards = {"eanet": ModelCard("eanet", "EANet", "", "MIT", weights="x", parameters=39_000_000)}
    refresh(window)
    choose(box, 1)
    assert session.calls[-1] == ("select_model", "eanet")


def test_a_checkpoint_that_cannot_be_imported_is_told(window: MainWindow, tmp_path: Path):
    (tmp_path / "snapshot.pth.tar").write_bytes(b"nonsense")
    window.weights.begin("eanet", tmp_path / "snapshot.pth.tar")
    window.weights.tasks.wait()
    window.weights.tasks.poll()
    last = window.banners.banners[-1].message
    assert last.severity == "error"
    assert "snapshot.pth.tar" in last.text


def test_sources_are_cameras_the_running_one_and_the_demo_clip(window: MainWindow, session: FakeSession):
    session.cameras = [camera("/dev/video0", "HD Webcam"), camera("/dev/video2", "Other")]
    session.status = replace(session.status, source="clip.mp4", source_spec="/videos/clip.mp4")
    refresh(window)
    box = window.panel.source_box
    texts = [box.itemText(row) for row in range(box.count())]
    assert texts == [
        "HD Webcam", "Other", "clip.mp4", "Demo clip", "", "Open file…", "Open folder of images…"
    ]  # fmt: skip
    assert box.currentText() == "clip.mp4"
    choose(box, 1)
    assert session.calls[-1] == ("select_source", "/dev/video2")
    QTest.mouseClick(window.panel.refresh_button, Qt.MouseButton.LeftButton)
    assert session.calls[-1] == ("find_cameras",)


def test_a_camera_that_was_plugged_in_is_used_only_when_a_person_says_so(window: MainWindow, session: FakeSession):
    session.new_cameras = [camera("/dev/video0", "HD Webcam")]
    for _ in range(3):
        refresh(window)
    (banner,) = window.banners.banners
    assert banner.message.text == "Camera found: use HD Webcam?"
    assert not any(call[0] == "select_source" for call in session.calls)
    next(button for button in banner.findChildren(QPushButton) if button.text() == "Use it").click()
    assert session.calls[-1] == ("select_source", "/dev/video0")
    assert window.banners.banners == []


def test_recording_from_the_button_and_by_key(window: MainWindow, session: FakeSession):
    button = window.panel.record_button
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert session.calls[-1] == ("start_recording",)
    session.status = replace(
        session.status,
        recording=RecordingStatus(Path("/sessions/x"), 75.3, 2259, 4, 2300, 2263, 52_000_000, 12_400_000_000),
    )
    refresh(window)
    assert button.text() == "Stop   01:15"
    assert window.panel._recording_caption.text() == ("2300 captured, 2263 tracked\n4 dropped, 52.0 MB, 12.4 GB left")
    assert window.view._sign == ("REC 01:15", True)
    assert not window.panel.folder_button.isVisible()
    QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert session.calls[-1] == ("stop_recording",)
    assert button.text() == "Record"
    assert window.panel.folder_button.isVisible()


def test_a_countdown_comes_before_a_recording(window: MainWindow, session: FakeSession, store: SettingsStore):
    choose(window.panel.countdown_box, 1)
    assert store.current.countdown == 3
    window.panel.title_edit.setText("Waving ")
    window.panel.notes_edit.setText("left first")
    button = window.panel.record_button
    button.click()
    for second, left in ((0.1, 3), (1.1, 2), (2.5, 1)):
        session.clock_ns = int(second * 1e9)
        refresh(window)
        assert (button.text(), window.view._sign) == (f"Recording in {left}…   cancel", (str(left), False))
    assert not any(call[0] == "start_recording" for call in session.calls)
    session.clock_ns = 3 * 10**9
    refresh(window)
    assert session.calls[-1] == ("start_recording", "Waving", "left first")
    assert window.panel.title_edit.text() == ""
    button.click()
    assert session.calls[-1] == ("stop_recording",)
    button.click()
    button.click()  # cancels
    session.clock_ns = 99 * 10**9
    refresh(window)
    assert session.calls[-1] == ("stop_recording",)
    assert button.text() == "Record"
    button.click()
    session.status = replace(session.status, source="", source_spec=None)
    session.clock_ns = 199 * 10**9
    refresh(window)
    assert session.calls[-1] == ("stop_recording",), "there is nothing to record any more"


def test_a_gesture_that_is_held_records_and_stops(window: MainWindow, session: FakeSession, store: SettingsStore):
    box = window.panel.gesture_box
    image = np.zeros((4, 4, 3), np.uint8)

    def hold(first: int, count: int, gesture: str | None) -> None:
        for number in range(first, first + count):
            picture = an_image(image, number * 33 * MS)
            gestures = {} if gesture is None else {"left": gesture}
            tracked = replace(picture.tracked, gestures=gestures)  # type: ignore[arg-type]
            session.pending = [replace(picture, tracked=tracked)]
            window._pull()

    hold(0, 40, "thumb up")
    assert session.calls == [], "no gesture records unless a person wants it"
    choose(box, box.findText("Thumb up records and stops"))
    assert store.current.gesture_recording == "thumb up"
    hold(40, 20, "thumb up")
    assert "to record" in window.view._hint
    hold(60, 40, "thumb up")
    assert session.calls == [("start_recording",)], "once, however long it is held"
    hold(100, 10, None)
    hold(110, 40, "thumb up")
    assert session.calls == [("start_recording",), ("stop_recording",)]
    choose(box, 0)
    hold(200, 60, "thumb up")
    assert len(session.calls) == 2
    assert store.current.gesture_recording is None


def test_view_and_opacity_become_a_style(window: MainWindow, session: FakeSession, store: SettingsStore):
    QTest.mouseClick(window.panel.view_buttons["mesh+skeleton"], Qt.MouseButton.LeftButton)
    window.panel.opacity_slider.setValue(40)
    assert session.calls[-1] == ("set_style", OverlayStyle(view="mesh+skeleton", opacity=0.4))
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert session.calls[-1] == ("set_style", OverlayStyle(view="skeleton", opacity=0.4))
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert session.calls[-1] == ("set_style", OverlayStyle(view="mesh", opacity=0.4))
    assert (store.current.view, store.current.opacity) == ("mesh", 0.4)


def test_smoothing_controls(window: MainWindow, session: FakeSession, store: SettingsStore):
    window.panel.steadiness_slider.setValue(80)
    window.panel.response_slider.setValue(30)
    assert session.calls[-1] == ("set_smoothing", True, 0.8, 0.3)
    assert "Hz" in window.panel.steadiness_slider.toolTip()
    window.panel.smoothing_box.click()
    assert session.calls[-1] == ("set_smoothing", False, 0.8, 0.3)
    assert not window.panel.steadiness_slider.isEnabled()
    assert (store.current.smoothing, store.current.steadiness, store.current.response) == (False, 0.8, 0.3)


def test_smoothing_has_presets_and_shows_what_it_does(
    window: MainWindow, session: FakeSession, store: SettingsStore, application: QApplication
):
    panel = window.panel
    assert panel.preset_box.currentText() == "Balanced"
    choose(panel.preset_box, panel.preset_box.findText("Quick"))
    assert session.calls[-1] == ("set_smoothing", True, 0.3, 0.75)
    assert (store.current.steadiness, store.current.response) == (0.3, 0.75)
    panel.steadiness_slider.setValue(42)
    assert panel.preset_box.currentText() == "Own"
    choose(panel.preset_box, panel.preset_box.findText("Own"))
    assert panel.steadiness_slider.value() == 42
    panel.sections[5].fold(False)
    application.processEvents()
    for number in range(12):
        picture = an_image(np.zeros((4, 4, 3), np.uint8), number * 33 * MS)
        raw = {side: hand.parameters for side, hand in picture.tracked.hands.hands.items()}
        session.pending = [replace(picture, tracked=replace(picture.tracked, raw=raw))]
        window._pull()
    refresh(window)
    assert panel.plot.curves.caption == "jitter 0.0 → 0.0 mm"
    panel.plot.curves.grab()
    choose(panel.plot.side_box, 1)
    refresh(window)
    assert panel.plot.curves.caption == "", "no right hand is in view"
    panel.plot.curves.grab()


def test_sources_that_are_mirrored_are_chosen_by_their_kind(
    application: QApplication, window: MainWindow, session: FakeSession, store: SettingsStore
):
    action = window._mirrored_action
    window._refresh()
    assert not action.isEnabled(), "the demo clip is as it is"
    session.status = replace(session.status, source_spec="selfie.mp4")
    window._refresh()
    action.trigger()
    assert session.calls[-1] == ("set_mirrored", {"files": True, "cameras": False})
    assert (store.current.mirrored_files, store.current.mirrored_cameras) == (True, False)
    session.status = replace(session.status, source_spec="0", live=True, mirrored=False)
    window._refresh()
    assert not action.isChecked()
    action.trigger()
    assert session.calls[-1] == ("set_mirrored", {"files": True, "cameras": True})
    session.status = replace(session.status, mirrored=True)
    window._refresh()
    action.trigger()
    assert (store.current.mirrored_files, store.current.mirrored_cameras) == (True, False)


def test_mirroring_is_remembered_for_each_kind_of_source(
    window: MainWindow, session: FakeSession, store: SettingsStore
):
    box = window.panel.mirror_box
    clip = replace(session.status, source="clip.mp4", source_spec="/videos/clip.mp4")
    webcam = replace(session.status, source="HD Webcam", source_spec="0", live=True)
    for status, mirrored in ((webcam, True), (clip, False), (webcam, True)):
        session.status = status
        refresh(window)
        assert (box.isChecked(), window.view._mirrored) == (mirrored, mirrored)
    assert (store.current.mirror, store.current.mirror_files) == (True, False)
    box.click()
    session.status = clip
    refresh(window)
    box.click()
    assert (store.current.mirror, store.current.mirror_files) == (False, True)
    session.status = webcam
    refresh(window)
    assert (box.isChecked(), window.view._mirrored) == (False, False)


def test_a_clip_has_a_timeline(window: MainWindow, session: FakeSession):
    assert not window.transport.isVisible()
    session.player = Player(250, 40_000_000, False, lambda: 0)
    session.player.shown(100, 4_000_000_000)
    session.status = replace(session.status, playback=session.player.status)
    refresh(window)
    assert window.transport.isVisible()
    assert window.transport.place.text().startswith("00:04.00 / 00:10.00")
    assert (window.transport.timeline.value(), window.transport.timeline.maximum()) == (100, 249)
    window.transport.play_button.click()
    assert not session.player.status.playing
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert session.player.status.playing
    window.transport.timeline.sliderMoved.emit(17)
    assert session.player.take_wanted() == 17
    window.transport.loop_box.click()
    assert session.player.loop
    session.status = replace(session.status, playback=None, live=True)
    refresh(window)
    assert not window.transport.isVisible()


def test_another_model_sees_the_image_of_a_paused_clip(window: MainWindow, session: FakeSession):
    """The hands of the one before stayed, or none were seen where it was paused while the first was loaded."""
    session.player = player = Player(250, 40_000_000, False, lambda: 0)
    player.shown(17, 680_000_000)
    session.status = replace(session.status, playback=player.status)
    refresh(window)
    session.status = replace(session.status, model="lwa-hand")
    refresh(window)
    assert player.take_wanted() is None, "it plays"
    player.toggle()
    session.status = replace(session.status, playback=player.status, recording=RecordingStatus(Path("/x"), 5.0, 9, 0))
    for model in ("eanet", ""):
        session.status = replace(session.status, model=model)
        refresh(window)
        assert player.take_wanted() is None, "it is recorded, or nothing would see it"
    session.status = replace(session.status, model="lwa-hand", recording=None)
    refresh(window)
    assert player.take_wanted() == 17
    refresh(window)
    assert player.take_wanted() is None


def test_files_are_offered_again_and_cameras_are_where_the_next_start_begins(
    application: QApplication, window: MainWindow, session: FakeSession, store: SettingsStore
):
    for number in range(10):
        path = f"/videos/{number}.mp4"
        window.sources.select(path)
        session.status = replace(session.status, source=f"{number}.mp4", source_spec=path)
        refresh(window)
    assert store.current.source is None
    assert store.current.recent == tuple(f"/videos/{number}.mp4" for number in range(9, 1, -1))
    window.sources.select("/dev/video0")
    session.status = replace(session.status, source="HD Webcam", source_spec="/dev/video0", live=True)
    refresh(window)
    assert store.current.source == "/dev/video0"
    box = window.panel.source_box
    assert box.findData("/videos/9.mp4") >= 0
    window.close()
    again = MainWindow(session, SettingsStore.load(store.path))  # type: ignore[arg-type]
    choose(again.panel.source_box, again.panel.source_box.findData("/videos/4.mp4"))
    assert session.calls[-1] == ("select_source", "/videos/4.mp4")
    again.close()


def test_mirror_by_key(window: MainWindow, session: FakeSession, store: SettingsStore):
    session.status = replace(session.status, source_spec="0", live=True, source="HD Webcam")
    refresh(window)
    QTest.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert store.current.mirror is False
    assert window.view._mirrored is False
    assert window.panel.mirror_box.isChecked() is False


def test_no_message_covers_that_it_is_recorded(window: MainWindow, session: FakeSession):
    session.status = replace(session.status, recording=RecordingStatus(Path("/x"), 5.0, 9, 0))
    refresh(window)

    def sign() -> int:
        """Upper edge of the red dot, px."""
        QApplication.processEvents()
        seen = pixels(window.view.grab().toImage()).astype(int)
        rows = np.nonzero(((seen[..., 0] > 200) & (seen[..., 1] < 100)).any(1))[0]
        return round(rows[0] / window.view.devicePixelRatioF())

    usual = sign()
    window.banners.show_message(Message("warning", "The disk is nearly full."))
    assert sign() > window.banners.height() > usual
    window.banners.dismiss("The disk is nearly full.")
    assert sign() == usual


def test_full_screen_shows_the_image_and_that_it_is_recorded(window: MainWindow, session: FakeSession):
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    assert not window.panel.isVisible()
    session.status = replace(session.status, recording=RecordingStatus(Path("/x"), 5.0, 9, 0))
    refresh(window)
    assert window.view._sign == ("REC 00:05", True)
    assert not window.transport.isVisible()
    red = pixels(window.view.grab().toImage()).astype(int)
    assert ((red[..., 0] > 200) & (red[..., 1] < 100)).sum() > 20, "the sign is seen"
    session.status = replace(session.status, recording=None)
    refresh(window)
    assert window.view._sign == ("", False)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert window.panel.isVisible()


def test_full_screen_is_left_with_the_mouse_alone(window: MainWindow):
    window.commands.actions["full-screen"].trigger()
    (banner,) = window.banners.banners
    assert "a right click on the video" in banner.message.text
    assert any(timer.isActive() for timer in banner.findChildren(QTimer)), "it goes by itself"
    assert window.view.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu
    assert window.commands.actions["leave-full-screen"] in window.view.actions()
    window.commands.actions["leave-full-screen"].trigger()
    assert not window.isFullScreen()
    assert not window.banners.banners, "what was said of the full screen goes with it"


def test_no_key_that_types_something_acts(window: MainWindow, session: FakeSession):
    """Somebody types a path or an address, and the focus is elsewhere for a moment."""
    before = list(session.calls), window.panel.mirror_box.isChecked()
    typing = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    keys = [action.shortcut() for action in window.actions() if not action.shortcut().isEmpty()]
    assert len(keys) >= 15
    assert len({key.toString() for key in keys}) == len(keys), "no key does two things"
    for key in keys:
        assert int(key[0]) & int(typing) or int(key[0]) & 0x1FFFFFF >= int(Qt.Key.Key_Escape), key.toString()
    window.setFocus()
    QTest.keyClicks(window, "/home/marsR1234567890 FMSlr")
    assert (list(session.calls), window.panel.mirror_box.isChecked()) == before
    assert not window.isFullScreen()


@pytest.mark.parametrize("hands", [True, False])
def test_a_snapshot_is_the_image_as_it_was_shown_unmirrored(
    window: MainWindow, session: FakeSession, application: QApplication, tmp_path: Path, hands: bool
):
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    window._snapshots = tmp_path / "new"
    QTest.keyClick(window, Qt.Key.Key_S, control)
    assert "no frame" in window.banners.banners[-1].message.text
    drawn = an_image(np.random.default_rng(1).integers(0, 256, (48, 64, 3), dtype=np.uint8))
    seen = replace(drawn.tracked, frame=replace(drawn.tracked.frame, image=255 - drawn.image))
    session.pending.append(replace(drawn, tracked=seen))
    paint(window, application)
    for _ in range(2):
        QTest.keyClick(window, Qt.Key.Key_S, control if hands else control | shift)
        window.tasks.wait()
        window.tasks.poll()
    files = sorted((tmp_path / "new").iterdir())
    assert len(files) == 2
    for file in files:
        assert file.stem.count("hands") == hands
        assert np.array_equal(np.asarray(Image.open(file)), drawn.image if hands else 255 - drawn.image)
    assert files[0].name in window.banners.banners[-2].message.text + window.banners.banners[-1].message.text


def test_a_snapshot_that_cannot_be_written_is_told(
    window: MainWindow, session: FakeSession, application: QApplication, tmp_path: Path
):
    (tmp_path / "a file").write_text("")
    window._snapshots = tmp_path / "a file"
    session.pending.append(an_image(np.zeros((48, 64, 3), np.uint8)))
    paint(window, application)
    window._snapshot(hands=True)
    window.tasks.wait()
    window.tasks.poll()
    assert "cannot be written" in window.banners.banners[-1].message.text


def test_the_log_can_be_looked_at_and_copied(application: QApplication, session: FakeSession, store: SettingsStore):
    log = LogBuffer()
    logger = logging.getLogger("app.a_test")
    logger.setLevel("INFO")
    logger.addHandler(log)
    logger.info("the camera is back")
    window = MainWindow(session, store, log)  # type: ignore[arg-type]
    window.show()
    next(action for action in window.actions() if "Log" in action.text()).trigger()
    panel = window.log_panel
    assert panel.isVisible()
    assert not panel.isModal()
    assert "INFO app.a_test: the camera is back" in panel.lines.toPlainText()
    assert "model landmark-fit" in panel.figures.toPlainText()
    logger.info("and gone again")
    panel.refresh()
    assert "and gone again" in panel.lines.toPlainText()
    panel.copy_button.click()
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    assert "model landmark-fit" in clipboard.text()
    assert "and gone again" in clipboard.text()
    assert panel.copy_button.text() == "Copied"  # nothing else says so
    panel.copy_button.timer.timeout.emit()
    assert panel.copy_button.text() == "Copy all"
    logger.removeHandler(log)
    window.close()


def test_the_log_keeps_its_newest_lines():
    log = LogBuffer()
    for number in range(MOST_LINES + 5):
        log.handle(logging.LogRecord("app", logging.INFO, "", 0, f"line {number}", None, None))
    lines = log.text.splitlines()
    assert (len(lines), lines[0].endswith("line 5")) == (MOST_LINES, True)


def test_help_lists_the_keys_and_blocks_nothing(window: MainWindow):
    QTest.keyClick(window, Qt.Key.Key_F1)
    (panel,), screen = window.findChildren(HelpPanel), QApplication.primaryScreen()
    assert panel.isVisible()
    assert not panel.isModal()
    keys, doings = panel.keys.text().splitlines(), panel.doings.text().splitlines()
    assert {key_text(key) for key in ("Ctrl+O", "Ctrl+R", "Ctrl+M", "Ctrl+K", "F11", "Ctrl+1")} <= set(keys)
    assert doings[keys.index(key_text("Ctrl+R"))] == "Record or stop"
    assert f"{key_text('Ctrl+R')}: Record or stop" in panel.doings.accessibleName()  # a screen reader says it
    assert panel.keys.height() == panel.doings.height(), "each key stands beside its line"
    bullets = [label for label in panel.findChildren(QLabel) if label.text() == "\N{BULLET}"]
    tips = [label for label in panel.findChildren(QLabel) if label.wordWrap()]
    assert len(bullets) == len(tips) > 2
    for bullet, tip in zip(bullets, tips, strict=True):
        assert bullet.y() == tip.y(), tip.text()
        assert bullet.geometry().right() < tip.x(), "a second line begins below the first one, not below the bullet"
    assert screen is not None
    assert panel.height() < screen.availableGeometry().height(), "its button can be reached"
    bar, page = panel.area.verticalScrollBar(), panel.area.widget()
    assert bar is not None
    assert page is not None
    assert bar.maximum() > 0 or page.height() >= page.heightForWidth(page.width()), "all of it can be read"
    assert panel.area.viewport().width() >= page.minimumSizeHint().width()  # type: ignore[union-attr]


# Figures and messages


def test_figures(window: MainWindow, session: FakeSession):
    window.resize(2000, 700)
    session.status = replace(session.status, frames_per_second=59.94, hands=frozenset({"left"}))
    refresh(window)
    assert window.figures.rate.text() == "59.9 frames/s"
    assert window.figures.model.text() == "landmark-fit"
    left, right = window.figures.hands["left"], window.figures.hands["right"]
    assert "●</span> left" in left.text()
    assert "○ right" in right.text()
    states = {"left": HandState(0.914, "landmarks", "thumb up"), "right": HandState(0.5, "predicted")}
    session.status = replace(session.status, hands=frozenset(states), hand_states=states)
    refresh(window)
    assert "91 % landmarks, thumb up" in left.text()
    assert "50 % predicted" in right.text()


@pytest.mark.parametrize("width", [2000, 1250, 900])
def test_no_figure_shifts_when_another_one_changes(window: MainWindow, session: FakeSession, width: int):
    """The words beside a gesture went to and fro with it."""
    window.resize(width, 700)
    QApplication.processEvents()
    nothing = replace(session.status, frames_per_second=9.9, hands=frozenset(), hand_states={})
    gesturing = {side: HandState(1.0, "both", "open palm") for side in SIDES}
    fast = replace(nothing, frames_per_second=120.0, hands=frozenset(SIDES), hand_states=gesturing)
    places = []
    for status in (nothing, fast, nothing):
        session.status = status
        refresh(window)
        QApplication.processEvents()
        parts = [window.figures.age, window.figures.model, *window.figures.hands.values()]
        places.append([part.geometry() for part in parts])
        assert parts[-1].geometry().right() <= window.figures.width()
    assert places[1:] == places[:-1]


def test_the_line_below_does_not_hold_a_window_wide(window: MainWindow, session: FakeSession):
    """What it shows in a wide window kept that from becoming narrow."""
    session.status = replace(session.status, hands=frozenset(SIDES))
    for width in (2000, 800):
        window.resize(width, 700)
        QApplication.processEvents()
        refresh(window)
        QApplication.processEvents()
        assert window.width() == width
    assert window.figures.hands["right"].geometry().right() <= window.figures.width()


def test_messages_are_shown_until_dismissed(window: MainWindow, session: FakeSession):
    session.news = [Message("error", "Camera 0 was unplugged."), Message("info", "The clip has ended.")]
    refresh(window)
    first, second = window.banners.banners
    assert first.isVisible()
    assert first.accessibleName() == "error: Camera 0 was unplugged."
    assert second.property("severity") == "info"
    QTest.mouseClick(first.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    assert [banner.message.text for banner in window.banners.banners] == ["The clip has ended."]


def test_good_news_go_after_a_while_with_a_button_too(window: MainWindow, session: FakeSession):
    """A message with *Undo* stood over the video until it was clicked away."""
    window.banners.show_message(Message("info", "Gone."), [("Undo", lambda: None)])
    (banner,) = window.banners.banners
    assert banner.timer.isActive()
    QApplication.sendEvent(banner, QEvent(QEvent.Type.Enter))
    assert not banner.timer.isActive(), "not from under the mouse"
    QApplication.sendEvent(banner, QEvent(QEvent.Type.Leave))
    assert banner.timer.isActive()
    window.activateWindow()
    banner.findChildren(QPushButton)[0].setFocus()
    banner.timer.timeout.emit()
    assert window.banners.banners == [banner], "nor while the keyboard is on its buttons"
    window.panel.record_button.setFocus()
    banner.timer.timeout.emit()
    assert window.banners.banners == []


def test_warnings_errors_and_questions_stay(window: MainWindow, session: FakeSession):
    session.news = [Message("error", "An error."), Message("warning", "A warning.")]
    session.new_cameras = [camera("1", "HD Webcam")]
    refresh(window)
    assert len(window.banners.banners) == 3
    assert not [banner.message for banner in window.banners.banners if banner.timer.isActive()]


def test_the_newest_message_about_a_thing_stands_for_it(window: MainWindow):
    window.banners.show_message(Message("info", "Ann was deleted."), [("Undo", lambda: None)], about="Ann")
    window.banners.show_message(Message("info", "Ben is saved."), about="Ben")
    window.banners.show_message(Message("info", "Ann is saved."), about="Ann")
    assert [banner.message.text for banner in window.banners.banners] == ["Ben is saved.", "Ann is saved."]


def test_what_lies_beside_the_button_of_a_message_is_level_with_it(application: QApplication):
    """The sign and the cross stood above the line of text, which a button makes higher."""
    banner = Banner(Message("info", "Gone."), [("Undo", lambda: None)])
    banner.resize(400, banner.sizeHint().height())
    banner.ensurePolished()
    layout = banner.layout()
    assert layout is not None
    layout.activate()
    middles = {part.geometry().center().y() for kind in (QLabel, QPushButton) for part in banner.findChildren(kind)}
    assert max(middles) - min(middles) <= 1


def test_few_messages_at_a_time_and_errors_the_longest(window: MainWindow, session: FakeSession):
    session.news = [Message("error", "An error."), *(Message("info", f"News {number}.") for number in range(4))]
    refresh(window)
    assert [banner.message.text for banner in window.banners.banners] == ["An error.", "News 2.", "News 3."]
    session.news = [Message("info", "News 2.")]
    refresh(window)
    assert [banner.message.text for banner in window.banners.banners] == ["An error.", "News 3.", "News 2."]


# Settings


def test_what_works_is_remembered_and_what_fails_is_not(window: MainWindow, session: FakeSession, store: SettingsStore):
    choose(window.panel.model_box, 1)
    window.sources.select("1")
    refresh(window)
    assert (store.current.model, store.current.source) == (Settings().model, None)
    session.status = replace(session.status, model="eanet", source="HD Webcam", source_spec="1", live=True)
    refresh(window)
    assert (store.current.model, store.current.source) == ("eanet", "1")


def test_closing_saves_and_ends_the_session(window: MainWindow, session: FakeSession, store: SettingsStore):
    window.panel.opacity_slider.setValue(10)
    window.setGeometry(40, 50, 900, 650)
    window.close()
    assert session.calls[-1] == ("close",)
    again = SettingsStore.load(store.path).current
    assert again.opacity == 0.1
    assert again.geometry is not None
    assert (again.geometry.width, again.geometry.height) == (900, 650)


def test_the_window_comes_back_where_it_was(application: QApplication, session: FakeSession, store: SettingsStore):
    first = MainWindow(session, store)  # type: ignore[arg-type]
    first.setGeometry(40, 50, 730, 520)  # on the 800 x 600 px of a screen that is not there
    first.show()
    first.close()
    second = MainWindow(session, SettingsStore.load(store.path))  # type: ignore[arg-type]
    assert (second.geometry().x(), second.geometry().y()) == (40, 50)
    assert (second.width(), second.height()) == (730, 520)
    second.close()


def test_settings_that_cannot_be_saved_are_told(
    window: MainWindow, store: SettingsStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    (tmp_path / "a file").write_text("")
    store.path = tmp_path / "a file" / "settings.json"
    window.panel.opacity_slider.setValue(10)
    window.saver.poll()
    window.saver.wait()
    (banner,) = window.banners.banners
    assert banner.message.severity == "warning"
    assert "Settings cannot be saved" in banner.message.text


def test_a_damaged_settings_file_is_told(application: QApplication, session: FakeSession, tmp_path: Path):
    path = tmp_path / "settings.json"
    path.write_text("{")
    window = MainWindow(session, SettingsStore.load(path))  # type: ignore[arg-type]
    assert "damaged" in window.banners.banners[0].message.text
    window.close()


def test_an_error_in_the_window_becomes_a_message(window: MainWindow, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # is put back
    show_what_escapes(window.banners)
    monkeypatch.setattr(window.view, "repaint", lambda: 1 / 0)
    window.panel.mirror_box.toggled.connect(lambda: window.view.repaint())
    window.panel.mirror_box.click()
    (banner,) = window.banners.banners
    assert "ZeroDivisionError" in banner.message.text


def test_help_is_shown_once_however_often_it_is_asked_for(window: MainWindow):
    for _ in range(3):
        window.commands.actions["help"].trigger()
    (panel,) = window.findChildren(HelpPanel)
    (button,) = panel.findChildren(QPushButton)
    button.click()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert window.findChildren(HelpPanel) == []


def test_the_list_of_keys_is_plain_text(window: MainWindow):
    """A table of rich text took two turns of 50 ms to lay out, and as long again at each change of colours."""
    show_help(window)
    (panel,) = window.findChildren(HelpPanel)
    texts = panel.findChildren(QLabel)
    assert panel.doings in texts
    assert not [label.text() for label in texts if label.textFormat() != Qt.TextFormat.PlainText]


def test_health_tells_how_long_the_window_stood_still(window: MainWindow, application: QApplication):
    assert "never stood still for more than 50 ms" in stalls_text(Stalls())
    window.watch_for_stalls()
    window.stall_watch._note(180.0, "app.window.somewhere")
    told = window._health().splitlines()[-2:]
    assert "for more than 50 ms" in told[0]
    assert "180 ms in app.window.somewhere" in " ".join(told)


@pytest.mark.parametrize("source", ["clip", "camera"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_what_is_unfolded_at_first_fits_into_the_smallest_usual_screen(
    application: QApplication, session: FakeSession, store: SettingsStore, language: Language, source: str
):
    apply_language(language)
    session.model_cards = {name: model_card(name) for name in list_models()}
    longest = max(list_models(), key=lambda name: len(model_card(name).title))
    session.status = replace(session.status, model=longest)
    if source != "clip":  # a camera has two rows more
        mode = CameraMode(1920, 1080, 60.0, "MJPG")
        session.status = replace(session.status, camera="/dev/video0", live=True, asked_mode=mode, mode=mode)
    made = MainWindow(session, store)  # type: ignore[arg-type]
    made.resize(1280, 720)
    made.show()
    bar = made._scroll.verticalScrollBar()
    assert bar is not None
    folder = Path("/sessions/20260101-120000")
    running = RecordingStatus(folder, 3_600.0, 108_000, 0, 108_000, 108_000, 10**10, 10**11)
    for changes in ({}, {"recording": running}, {"recording": None, "last_recording": folder}):
        session.status = replace(session.status, **changes)
        made._refresh()
        for _ in range(20):
            application.processEvents()
        assert bar.maximum() == 0, f"the last stream is cut: {changes}"
    assert str(folder) in made.panel.folder_button.toolTip()
    assert made.panel.camera_modes.isVisible() == (source == "camera")
    assert worded(model_card(longest).title) in made.panel.model_box.toolTip(), "there is no room for a line of it"
    made.close()
    apply_language("en")


def test_nothing_in_the_panel_jumps_when_a_sentence_comes_or_goes(
    window: MainWindow, session: FakeSession, application: QApplication
):
    """When a model was loaded its box was 17 px lower for a turn of the event loop, and got a click below it."""
    panel = window.panel
    parts = [panel.source_box, panel.model_box, panel.sessions_button, panel.record_button, panel.mirror_box]
    parts += [*panel.streams.addresses.values(), *panel.streams.boxes.values()]

    def places() -> list[QRect]:
        return [QRect(part.mapTo(window, QPoint()), part.size()) for part in parts]

    running = RecordingStatus(Path("/sessions/20260101-120000"), 3.0, 90, 0)
    for changes in (
        {"model": "", "loading_model": "eanet", "loading_reason": "it is read"},
        {"model": "eanet", "loading_model": None},
        {"recording": running},
        {"recording": None, "last_recording": running.folder},
    ):
        session.status = replace(session.status, **changes)
        window._refresh()
        at_once = places()
        for _ in range(10):
            application.processEvents()
            assert places() == at_once, changes
    for state in ("failing", "off"):
        session.streams = {"vmc": StreamStatus(state, "127.0.0.1:39539")}  # type: ignore[arg-type]
        window._refresh()
        at_once = places()
        for _ in range(10):
            application.processEvents()
            assert places() == at_once, state


def test_the_same_message_is_shown_once_and_last(window: MainWindow, session: FakeSession):
    session.news = [Message("error", "It failed."), Message("warning", "Mind this."), Message("error", "It failed.")]
    window._refresh()
    assert [banner.message.text for banner in window.banners.banners] == ["Mind this.", "It failed."]
