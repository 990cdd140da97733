"""The window in German and English, and going over from one to the other while it runs."""

from __future__ import annotations

import gc
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PyQt5 import sip
from PyQt5.QtCore import QLocale, Qt
from PyQt5.QtWidgets import (
    QAbstractButton,
    QAction,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QMessageBox,
    QScrollArea,
    QWidget,
)
from test_text_size import cut_off
from window_fakes import FakeSession, an_image, widest_states

from app.cameras import CameraCalibration
from app.live import HandState, LiveStatus, Message, RecordingStatus
from app.live.board_calibration import MeasuredCamera
from app.live.board_loop import BoardProgress
from app.live.model_facts import model_facts
from app.live.values import MessageBoard
from app.replay.clip import open_clip
from app.replay.replay_session import ReplaySession
from app.sessions.catalogue import Entry
from app.sessions.listing import SessionSummary
from app.settings import Settings, SettingsStore
from app.window import cameras, language
from app.window.application import show_what_escapes
from app.window.camera_texts import LACK_TEXTS, NEED_TEXTS
from app.window.combo import narrow_combo
from app.window.export_dialog import ExportDialog
from app.window.help_panel import HelpPanel, show_help
from app.window.language import (
    CATALOGUES,
    Texts,
    apply_language,
    chosen_language,
    date_text,
    forms,
    key_text,
    worded,
)
from app.window.main_window import MainWindow
from app.window.replay_window import ReplayWindow
from app.window.section import Section
from app.window.shortcut_editor import ShortcutEditor
from app.window.texts import age_text, exact_time, hand_text, session_lines
from app.window.theme import apply_theme
from models.amounts import frames_text, size_text
from models.errors import BothhandsError
from models.registry import list_models, model_card
from models.sentences import joined, said, say
from models.values import SIDES
from tests.app.live_fakes import FakeRenderer
from tests.app.replay_fakes import short_session
from tracking.camera_model import KnownCamera, from_angle
from tracking.sources import SourceError, open_source

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _english_again(application: QApplication) -> Iterator[None]:
    apply_language("en")
    yield
    apply_language("en")
    apply_theme(application)


def entry(window: QWidget, name: str) -> QAction:
    found = [action for action in window.findChildren(QAction) if action.text().replace("&", "") == name]
    return found[-1]


def settle() -> None:
    for _ in range(5):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, 52)  # what was replaced is deleted
    QApplication.processEvents()


def speak(window: MainWindow, name: str) -> None:
    entry(window, name).trigger()
    settle()


def shown(root: QWidget) -> list[str]:
    """Every text that a window, its controls, menus and dialogs have."""
    found = [root.windowTitle()]
    for part in (root, *root.findChildren(QWidget)):
        found += [part.toolTip(), part.accessibleName(), part.windowTitle()]
        if isinstance(part, (QAbstractButton, QLabel)):
            found.append(part.text())
        if isinstance(part, QLineEdit):
            found.append(part.placeholderText())
        if isinstance(part, QMenu):
            found.append(part.title())
        if isinstance(part, QComboBox):
            found += [part.itemText(row) for row in range(part.count())]
            found += [str(part.itemData(row, 3) or "") for row in range(part.count())]
    found += [action.text() for action in root.findChildren(QAction)]
    return [text for text in found if text]


def english_left(texts: list[str]) -> list[str]:
    """Those that the German catalogue has another text for."""
    german = forms(CATALOGUES / "bothhands_de.ts")
    sources = {source for (_, source, _), translated in german.items() if source not in translated}
    translations = {form for translated in german.values() for form in translated}
    plain = {source.replace("&", "").casefold() for source in sources} - {
        form.replace("&", "").casefold() for form in translations
    }
    return [text for text in texts if text.replace("&", "").casefold() in plain]


def show_all(window: MainWindow, session: FakeSession) -> None:
    for _ in range(2):
        window._refresh()  # what a model is called is known, then shown
    window.model_cards.show_models(session.model_cards, {}, "landmark-fit", False)
    show_help(window)
    settle()


def test_the_language_is_changed_at_once_and_nothing_english_is_left(
    window: MainWindow, session: FakeSession, store: SettingsStore
):
    session.model_cards = {name: model_card(name) for name in list_models()}
    session.status = replace(session.status, last_recording=Path("/sessions/20260101-120000"))
    show_all(window, session)
    before = Counter(shown(window))
    assert english_left(list(before))
    speak(window, "Deutsch")
    show_all(window, session)
    german = shown(window)
    assert english_left(german) == []
    assert {"&Datei", "Aufnehmen", "Deckkraft", "QUELLE", "Demo-Clip", "Schließen", "S&prache"} <= set(german)
    assert store.current.language == "de"
    assert entry(window, "Deutsch").isChecked()
    speak(window, "English")
    show_all(window, session)
    assert Counter(shown(window)) == before
    assert "close" not in [call[0] for call in session.calls]


def test_the_event_loop_turns_while_a_language_is_made(window: MainWindow):
    """What takes long is made in turns of its own, and the window as it was is there meanwhile."""
    before = window.panel
    apply_language("de")
    QApplication.sendPostedEvents()
    assert window._next_panel is None
    window._make_more()
    panel = window._next_panel
    assert panel is not None
    assert panel.record_button.text() == "Aufnehmen"
    assert window._next_page is None, "one piece in a turn"
    window._make_more()
    page = window._next_page
    assert page is not None
    assert window.panel is before
    assert before.isVisible()
    window._make_more()
    assert (window.panel, window.setup_page) == (panel, page)
    assert not window.updatesEnabled(), "nothing is painted that does not show yet what goes on"
    settle()
    assert window.updatesEnabled()
    assert panel.isVisible()


def test_translators_are_never_destroyed(application: QApplication):
    """Qt asks them under a lock that their end waits for, and Python ends what nobody uses whenever it likes."""
    first = list(language._translators("de"))
    apply_language("en")
    gc.collect()
    assert not any(sip.isdeleted(translator) for translator in first)
    apply_language("de")
    assert [id(translator) for translator in language._installed] == [id(translator) for translator in first]
    apply_language("en")


def test_a_second_language_on_the_heels_of_the_first_one_holds(window: MainWindow):
    for name in ("de", "en", "de"):
        apply_language(name)
        QApplication.sendPostedEvents()
    apply_language("en")
    settle()
    assert window.panel.record_button.text() == "Record"
    assert len(window.findChildren(type(window.panel))) == 1


def test_a_window_that_is_closed_makes_nothing_anew(window: MainWindow):
    before = window.panel
    apply_language("de")
    QApplication.sendPostedEvents()
    window.close()
    settle()
    assert window.panel is before


def test_what_is_not_in_the_window_yet_is_not_styled(application: QApplication):
    """Qt styles a control anew with everything that it is put into, once it has styled it."""
    label = QLabel("Hello")
    section = Section("Source", label)
    box = narrow_combo("Speed", "How fast", 8)
    assert not any(part.testAttribute(Qt.WidgetAttribute.WA_WState_Polished) for part in (label, section.body))
    assert box.findChildren(QWidget) == []  # the list is made when it opens


def test_a_box_is_as_wide_as_its_characters_whatever_it_offers(application: QApplication):
    short, long, wide = (narrow_combo("", "", characters) for characters in (6, 6, 12))
    short.addItem("A")
    long.addItem("A very long choice that has no room here")
    wide.addItem("A")
    assert short.sizeHint().width() == long.sizeHint().width() == long.minimumSizeHint().width()
    step = wide.sizeHint().width() - short.sizeHint().width()
    assert step == 6 * wide.fontMetrics().horizontalAdvance("X")


def test_what_a_person_has_done_outlives_a_language(window: MainWindow, session: FakeSession):
    image = np.zeros((48, 64, 3), np.uint8)
    session.pending = [an_image(image)]
    window._pull()
    window.panel.title_edit.setText("Piano")
    window.panel.notes_edit.setText("second take")
    window.setup_page.open()
    window.panel.sections[0].button.click()
    session.status = replace(session.status, recording=RecordingStatus(Path("/x"), 3.0, 90, 0))
    window.banners.show_message(Message("error", "It stays."))
    orbit = window.scene_view.orbit.turned(20, 10)
    window.scene_view.orbit = orbit
    calls = list(session.calls)
    speak(window, "Deutsch")
    assert (window.panel.title_edit.text(), window.panel.notes_edit.text()) == ("Piano", "second take")
    assert window.view.has_image
    assert window.setup_page.isVisible()
    assert not window.panel.sections[0].body.isVisible()
    assert window.panel.record_button.text() == "Stopp   00:03"
    assert [banner.message.text for banner in window.banners.banners] == ["It stays."]
    assert window.banners.isVisible()
    assert window.scene_view.orbit == orbit
    asked = [call for call in session.calls[len(calls) :] if call[0] != "set_framing"]  # the new view's size
    assert asked == [], "nothing was asked of the session"


def test_everything_works_once_after_a_change(window: MainWindow, session: FakeSession):
    for name in ("Deutsch", "English", "Deutsch"):
        speak(window, name)
    session.calls.clear()
    window.panel.record_button.click()
    window.commands.actions["find-cameras"].trigger()
    entry(window, "eanet").trigger()
    assert session.calls == [("start_recording",), ("find_cameras",), ("select_model", "eanet")]
    assert len([action for action in window.actions() if action.shortcut().toString() == "Ctrl+R"]) == 1
    assert len([part for part in window.children() if isinstance(part, QMenu)]) <= 8
    session.model_cards = {}
    assert len(window.findChildren(type(window.panel))) == 1


def test_full_screen_stays_full_screen(window: MainWindow):
    window.commands.actions["full-screen"].trigger()
    settle()
    apply_language("de")
    settle()
    assert window.isFullScreen()
    assert not window._scroll.isVisible()
    assert not window.figures.isVisible()
    window.commands.actions["leave-full-screen"].trigger()
    settle()
    assert window._scroll.isVisible()
    bar = window.menuBar()
    assert bar is not None
    assert [action.text() for action in bar.actions()] == [
        "&Datei",
        "&Wiedergabe",
        "&Ansicht",
        "&Modell",
        "&Kamera",
        "Hä&nde",
        "&Hilfe",
    ]


def test_a_measurement_goes_on(window: MainWindow, session: FakeSession):
    window.commands.actions["calibrate-hands"].trigger()
    apply_language("de")
    settle()
    assert window.hands.measuring
    assert window.hands.guide.isVisible()
    assert window.hands.guide.text.text() == "Beide Hände zeigen, etwa einen halben Meter entfernt."


def test_dialogs_of_the_old_language_are_closed_but_not_an_export(window: MainWindow, tmp_path: Path):
    path, _ = short_session(tmp_path)
    window._edit_shortcuts()
    waiting, writing = ExportDialog(path, window), ExportDialog(path, window)
    waiting.open()
    writing.open()
    waiting_said = waiting.windowTitle()
    writing._job = type("Job", (), {"cancel": lambda self: None, "wait": lambda self: None})()  # type: ignore[assignment]
    apply_language("de")
    settle()
    assert waiting_said.startswith("Export ")
    titles = {dialog.windowTitle() for dialog in QApplication.topLevelWidgets() if dialog.isVisible()}
    assert titles == {window.windowTitle(), writing.windowTitle()}
    writing._job = None
    writing.close()


def test_the_list_of_sessions_changes_while_it_is_open(window: MainWindow, tmp_path: Path, store: SettingsStore):
    short_session(tmp_path / "takes")
    store.change(recordings=tmp_path / "takes")
    window.sessions.browse()
    browser = window.sessions.browser
    assert browser is not None

    def read() -> None:
        while browser.tasks._tasks:
            browser.tasks.wait()
            browser.tasks.poll()

    read()
    apply_language("de")
    settle()
    read()
    assert browser.isVisible()
    assert english_left(shown(browser)) == []
    item = browser.list.item(0)
    assert item is not None
    assert " Bilder  ·  " in item.text()
    assert browser.caption.text().startswith("1 von 1 Sitzung in ")
    started = item.data(256).started
    for words, found in ((date_text(started, "dddd MMMM").upper(), True), ("Bilder", True), ("Klavier", False)):
        browser.search_edit.setText(words)
        assert item.isHidden() != found, words


def test_a_replay_changes_while_it_plays(application: QApplication, tmp_path: Path):
    clip = open_clip(short_session(tmp_path, 9)[0])
    session = ReplaySession(clip, lambda faces: FakeRenderer(), clock=lambda: 0)
    replay = ReplayWindow(session, Settings(view="none"), ["landmark-fit", "lwa-hand"])
    replay.show()
    settle()
    before = Counter(shown(replay))
    session.seek(4)
    entry(replay, "Mirror the video").trigger()
    apply_language("de")
    settle()
    assert english_left(shown(replay)) == []
    assert "Bild 5 von 9" in replay.transport.place.text()
    assert entry(replay, "Video spiegeln").isChecked()
    assert no_letter_twice(replay) == []
    session.seek(0)
    apply_language("en")
    settle()
    assert no_letter_twice(replay) == []
    replay._refresh()
    assert Counter(shown(replay)) == before
    replay.close()


# Menus


def no_letter_twice(window: QMainWindow) -> list[str]:
    """Letters that two entries of one menu, or two menus of the bar, have."""
    bar = window.menuBar()
    assert bar is not None
    twice = []
    for menu in (bar, *bar.findChildren(QMenu), *window.findChildren(QMenu)):
        letters = Counter(
            found[1].casefold()
            for action in menu.actions()
            if (found := re.search(r"&([^&])", action.text().replace("&&", "")))
        )
        twice += [f"{letter} in {[a.text() for a in menu.actions()]}" for letter, times in letters.items() if times > 1]
    return twice


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_letter_opens_one_entry(window: MainWindow, store: SettingsStore, language: str):
    apply_language(language)  # type: ignore[arg-type]
    settle()
    menus = [menu for menu in window.findChildren(QMenu) if menu.title()]
    assert len(menus) >= 8
    assert no_letter_twice(window) == []
    bar = window.menuBar()
    assert bar is not None
    assert all("&" in action.text() for action in bar.actions())


# What fits


@pytest.mark.parametrize("times", [0, 5])
def test_no_german_text_of_the_panel_is_cut(window: MainWindow, session: FakeSession, times: int):
    apply_language("de")
    settle()
    window.resize(1400, 1000)
    for _ in range(times):
        window.commands.actions["larger-text"].trigger()
    for _ in widest_states(window, session):
        settle()
        parts = window.panel.findChildren(QWidget)
        assert [text for part in parts if (text := cut_off(part))] == []
        viewport = window._scroll.viewport()
        assert viewport is not None
        assert window.panel.width() <= viewport.width()


@pytest.mark.parametrize("times", [0, 5])
def test_german_cards_and_keys_fit(window: MainWindow, session: FakeSession, times: int):
    apply_language("de")
    settle()
    session.model_cards = {name: model_card(name) for name in list_models()}
    for _ in range(times):
        window.commands.actions["larger-text"].trigger()
    settle()
    window._show_models()
    window._edit_shortcuts()
    settle()
    (area,) = window.model_cards.findChildren(QScrollArea)
    viewport, body = area.viewport(), area.widget()
    assert viewport is not None
    assert body is not None
    assert body.minimumSizeHint().width() <= viewport.width()
    (editor,) = window.findChildren(ShortcutEditor)
    while editor._filling.isActive():
        settle()
    fields = [edit for edit in editor.findChildren(QLineEdit) if edit.isVisible()]
    assert "Strg+Umschalt+O" in [edit.text() for edit in fields]
    cut = [edit.text() for edit in fields if edit.fontMetrics().horizontalAdvance(edit.text()) > edit.width() - 12]
    assert cut == []


@pytest.mark.parametrize("times", [0, 5])
def test_calibrating_a_camera_speaks_german_and_fits(
    window: MainWindow, session: FakeSession, monkeypatch: pytest.MonkeyPatch, times: int
):
    """Every state of the page, in a window of the usual size."""
    monkeypatch.setattr(cameras, "BoardLoop", lambda board: loop)
    loop = SimpleNamespace(
        **{name: lambda *_: None for name in ("start", "restart", "see", "close")}, progress=BoardProgress()
    )
    apply_language("de")
    settle()
    window.resize(1200, 800)
    for _ in range(times):
        window.commands.actions["larger-text"].trigger()
    session.pending = [an_image(np.zeros((72, 128, 3), np.uint8))]
    window._pull()
    page, refused = window.cameras.page, said(BothhandsError(say("{count} views are too few.", count=3)))
    camera = KnownCamera.of(from_angle(128, 72, 60, "diagonal"))
    measured = MeasuredCamera(camera, (-0.1, 0.02, 0.0, 0.0, 0.0), 0.31, 0.002, 2.4, 11.0, 14, 3)
    states = [BoardProgress(lack=lack, need=need, views=3) for lack in LACK_TEXTS for need in NEED_TEXTS]
    states += [BoardProgress(computing=True), BoardProgress(error=refused), BoardProgress(result=measured)]

    def check() -> None:
        settle()
        assert [text for part in page.findChildren(QWidget) if (text := cut_off(part))] == []
        assert english_left(shown(page)) == []

    window.cameras.by_angle()
    check()
    page.field_of_view.angle_box.setValue(90.0)
    check()
    assert "Eine Hand, die bei 50 cm war, ist damit bei" in page.text.text()
    assert "," in page.field_of_view.angle_box.text()
    window.cameras.by_board()
    for loop.progress in states:
        window._refresh()
        check()
    assert "Abweichung 0,31 px" in page.text.text()
    window.cameras.leave()
    assert "Kamera" in window.cameras.page.accessibleName()


def test_a_kept_camera_s_entries_are_german(window: MainWindow, session: FakeSession, store: SettingsStore):
    camera = KnownCamera.of(from_angle(128, 72, 60, "diagonal"))
    store.change(cameras=(CameraCalibration(name="Schreibtisch", source="demo", camera=camera),))
    session.pending = [an_image(np.zeros((72, 128, 3), np.uint8))]
    window._pull()
    apply_language("de")
    settle()
    window.cameras.show_cameras()
    assert no_letter_twice(window) == []
    titles = [action.text() for action in window.cameras.entries.actions]  # type: ignore[union-attr]
    assert titles[:2] == ["&Keine: 60° Bildbreite annehmen", "Schreibtisch"]
    assert titles[-2:] == ["Schreibtisch &umbenennen…", "Schreibtisch &löschen"]
    window.cameras.rename_to("Schreibtisch", "")
    assert "Dieser Name geht nicht" in window.banners.banners[-1].accessibleName()


def test_what_fails_in_the_window_is_said_in_german(window: MainWindow, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    show_what_escapes(window.banners)
    apply_language("de")
    error = RuntimeError("bad.")
    sys.excepthook(RuntimeError, error, None)
    assert window.banners.banners[-1].message.text.startswith("Im Fenster ist etwas fehlgeschlagen: RuntimeError: bad.")


# Words and numbers


def test_numbers_have_the_decimal_sign_of_the_language():
    tr = Texts("FiguresBar")
    for spoken, sign in (("en", "."), ("de", ",")):
        apply_language(spoken)  # type: ignore[arg-type]
        assert worded(size_text(1_234_567_890)) == f"1{sign}2 GB"
        assert tr("{rate:.1f} frames/s", rate=29.97).startswith(f"30{sign}0 ")
        assert tr("{rate:.1f} frames/s", rate=np.float64(29.97)).startswith(f"30{sign}0 ")
        assert worded(say("{value:.2f}", value=0.125)) == f"0{sign}12"
        assert tr("{name}", name="v1.5.mp4") == "v1.5.mp4", "names stay as they are"
        assert exact_time(75.5) == f"01:15{sign}50"
    assert age_text((12.0, 30.0)) == "Alter 12 ms (95 %: 30 ms)"


def test_a_number_decides_on_the_plural():
    when = datetime(2026, 3, 5, 9, 8, 7)

    def frames(count: int) -> str:
        entry = Entry(SessionSummary(path=Path("/s/a"), state="complete", frames=count), started=when)
        return session_lines(entry)[1].split("  ·  ")[0]

    assert [frames(count) for count in (0, 1, 2)] == ["0 frames", "1 frame", "2 frames"]
    apply_language("de")
    assert [frames(count) for count in (0, 1, 2, 1500)] == ["0 Bilder", "1 Bild", "2 Bilder", "1500 Bilder"]


def test_dates_have_the_names_of_the_language():
    when = datetime(2026, 3, 5, 9, 8, 7).astimezone()
    entry = Entry(SessionSummary(path=Path("/s/a"), state="complete"), started=when)
    assert session_lines(entry)[0] == "05 Mar 2026, 09:08:07"
    apply_language("de")
    assert session_lines(entry)[0] == "5. März 2026, 09:08:07"
    assert date_text(when, "dddd") == "Donnerstag"


def test_what_the_program_says_is_said_in_the_window_s_language():
    error = BothhandsError(say("There is somebody called {name} already; choose another name.", name="A {b}"))
    loading = LiveStatus("x", "x", loading_model="m", loading_reason=say("it is read and compiled"))
    both = joined(say("Recorded {frames} in {folder}.", frames=frames_text(3), folder="/x"), "", "As it is.")
    assert both == "Recorded 3 frames in /x. As it is."
    board = MessageBoard()
    board.post_error(say("Opening the source"), error)
    board.post_error(say("Opening the source"), ValueError("bad"))
    known, unknown = board.drain()
    assert known.text == str(error) == "There is somebody called A {b} already; choose another name."
    apply_language("de")
    assert worded(error) == worded(said(error)) == "Es gibt schon jemanden namens A {b}; ein anderer Name hilft."
    assert worded(known.text) == worded(error)
    assert worded(unknown.text).startswith("Öffnen der Quelle ist fehlgeschlagen: ValueError: bad.")
    assert worded(loading.loading_reason) == "wird gelesen und kompiliert"
    assert worded(both) == "3 Bilder in /x aufgenommen. As it is."
    assert worded("Whatever {else} is said") == "Whatever {else} is said", "what has no translation stays"
    assert worded(BothhandsError("A rare one.")) == "A rare one."
    assert worded(model_facts(model_card("landmark-fit"), 12.3).speed) == (
        "12 ms je Bild auf diesem Rechner, höchstens 81 je Sekunde"
    )
    assert hand_text(HandState(0.98, "both", "open palm")) == "98 % Netz und Landmarken, offene Hand"


def test_a_damaged_file_is_told_in_german(tmp_path: Path):
    """What files say is put together from several sentences; what the system says of them stays as it is."""
    apply_language("de")
    (tmp_path / "settings.json").write_text('{"opacity": 7, "view": 3}')
    notice = SettingsStore.load(tmp_path / "settings.json").notice
    assert notice is not None
    assert notice.startswith("In the settings file opacity, view cannot be used")
    assert worded(notice) == (
        "In der Einstellungsdatei: opacity, view sind nicht verwendbar und stehen wie beim ersten Start; sie ist als "
        f"{tmp_path / 'settings.damaged.json'} aufgehoben."
    )
    (tmp_path / "a").mkdir()
    for number in range(2):
        (tmp_path / "a" / f"{number}.png").write_bytes(b"none")
    with pytest.raises(SourceError) as none:
        open_source(str(tmp_path / "a"))
    assert worded(none.value) == f"Keines der 2 Bilder in {tmp_path / 'a'} ist lesbar; sind die Dateien vollständig?"
    assert worded(say("{seconds:,.0f} of {all:.1f}", seconds=1234.0, all=0.5)) == "1.234 of 0,5"


def test_sentences_reach_the_banner_and_stay_what_they_are(window: MainWindow, session: FakeSession):
    apply_language("de")
    settle()
    session.news = [Message("info", say("{name} ended.", name="clip.mp4"))]
    window._refresh()
    (banner,) = window.banners.banners
    assert "clip.mp4 ist zu Ende." in [label.text() for label in banner.findChildren(QLabel)]
    assert banner.message.text == "clip.mp4 ended."
    assert banner.accessibleName() == "Hinweis: clip.mp4 ist zu Ende."


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS writes keys as signs")
def test_keys_are_called_as_the_language_calls_them(window: MainWindow):
    assert key_text("Ctrl+R") == "Ctrl+R"
    apply_language("de")
    settle()
    assert key_text("Ctrl+R") == "Strg+R"
    assert window.panel.record_button.toolTip().endswith("(Strg+R)")
    show_help(window)
    (panel,) = window.findChildren(HelpPanel)
    assert "Strg+R" in panel.keys.text()
    assert window.commands.keys["record"] == "Ctrl+R", "settings keep Qt's portable names"


def test_qt_s_own_texts_are_german(application: QApplication):
    apply_language("de")
    box = QMessageBox()
    box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel)
    assert {button.text().replace("&", "") for button in box.buttons()} == {"Ja", "Abbrechen"}
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons is not None
    assert "Abbrechen" in {button.text().replace("&", "") for button in buttons.buttons()}
    assert any("Dateien des Typs" in label.text() for label in dialog.findChildren(QLabel))
    for widget in (box, dialog):
        widget.deleteLater()


# Which language


@pytest.mark.parametrize(
    ("spoken", "language"),
    [
        (["de-DE", "de-Latn-DE"], "de"),
        (["de-AT"], "de"),
        (["en-GB"], "en"),
        (["fr-FR", "fr"], "en"),
        (["fr-CH", "de-CH", "en-US"], "de"),
        (["C"], "en"),
        ([], "en"),
    ],
)
def test_the_system_s_language_holds_unless_it_is_another(
    monkeypatch: pytest.MonkeyPatch, spoken: list[str], language: str
):
    class System:
        def uiLanguages(self) -> list[str]:  # noqa: N802
            return spoken

    monkeypatch.setattr(QLocale, "system", System)
    assert chosen_language("system") == language
    assert chosen_language("de") == "de"
    assert chosen_language("en") == "en"


_START = """
import sys
from pathlib import Path
from PyQt5.QtWidgets import QApplication
from app.settings import SettingsStore
from app.window.application import _application
from app.window.main_window import MainWindow
sys.path.insert(0, "tests/window")
from window_fakes import FakeSession
store = SettingsStore.load(Path(sys.argv[1]))
application = _application(store.current)
window = MainWindow(FakeSession(), store)
window.show()
application.processEvents()
print(window.panel.record_button.text(), [action.text() for action in window.menuBar().actions()])
window.close()
"""


@pytest.mark.parametrize(
    ("content", "lang", "record"),
    [
        ("{}", "fr_FR.UTF-8", "Record"),
        ('{"language": "en"}', "de_DE.UTF-8", "Record"),
        ('{"language": "klingon"}', "de_DE.UTF-8", "Aufnehmen"),  # as where nothing is chosen
    ],
)
def test_the_first_window_speaks_the_language(tmp_path: Path, content: str, lang: str, record: str):
    path = tmp_path / "settings.json"
    path.write_text(content)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    done = subprocess.run(
        [sys.executable, "-c", _START, str(path)],
        env={**environment, "QT_QPA_PLATFORM": "offscreen", "LANG": lang, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{record} ")
    assert ("&Datei" in done.stdout) == (record == "Aufnehmen")


def test_messages_cover_the_signs_of_no_new_view_either(window: MainWindow):
    window.banners.show_message(Message("warning", "The disk is nearly full."))
    speak(window, "Deutsch")
    settle()
    assert window.view._covered == window.banners.height() > 0


def test_the_line_below_has_german_words_where_there_is_room(window: MainWindow, session: FakeSession):
    apply_language("de")
    settle()
    states = {side: HandState(0.99, "both", "open palm") for side in SIDES}
    session.status = replace(session.status, hands=frozenset(SIDES), hand_states=states, model="lwa-hand")
    forms = {2000: "99 % Netz und Landmarken, offene Hand<", 1250: "99 %, offene Hand<", 900: "99 %<"}
    for width, words in forms.items():
        window.resize(width, 900)
        settle()
        window._refresh()
        settle()
        for side, label in window.figures.hands.items():
            assert label.sizeHint().width() <= label.width(), width
            assert words in label.text(), width
            assert {"left": "links", "right": "rechts"}[side] in label.text()
