"""The list of sessions in the window."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtCore import QFile, Qt
from PyQt5.QtGui import QIcon
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QPushButton
from window_fakes import FakeSession

from app import isolation
from app.live import Message
from app.sessions import marker
from app.settings import SettingsStore
from app.window.export_dialog import ExportDialog
from app.window.main_window import MainWindow
from app.window.session_browser import SessionBrowser
from tests.app.replay_fakes import short_session
from tests.forked import fork_processes


@pytest.fixture(autouse=True)
def _readers_begin_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    fork_processes(monkeypatch, isolation)


@pytest.fixture
def takes(tmp_path: Path, store: SettingsStore) -> Path:
    root = tmp_path / "takes"
    path, _ = short_session(root)
    values = json.loads((path / "session.json").read_text())
    for name, title in (("20260101-000000", "Piano"), ("20260102-000000", "")):
        shutil.copytree(path, root / name)
        values["settings"] = {"title": title} if title else {}
        values["started"] = f"{name[:4]}-{name[4:6]}-{name[6:8]}T00:00:00+00:00"
        (root / name / "session.json").write_text(json.dumps(values))
    shutil.rmtree(path)
    store.change(recordings=root)
    return root


@pytest.fixture
def browser(window: MainWindow, takes: Path) -> SessionBrowser:
    window.commands.actions["sessions"].trigger()
    made = window.sessions.browser
    assert made is not None
    settle(made)
    return made


def settle(browser: SessionBrowser) -> None:
    while browser.tasks._tasks:
        browser.tasks.wait()
        browser.tasks.poll()


def shown(browser: SessionBrowser) -> list[str]:
    items = [browser.list.item(row) for row in range(browser.list.count())]
    return [item.data(Qt.ItemDataRole.UserRole).path.name for item in items if item is not None and not item.isHidden()]


def test_sessions_are_listed_newest_first_with_image_length_and_model(browser: SessionBrowser, takes: Path):
    assert shown(browser) == ["20260102-000000", "20260101-000000"]
    piano = browser.list.item(1)
    assert piano is not None
    assert piano.text().splitlines()[0] == "Piano"
    assert "15 frames" in piano.text()
    assert "landmark-fit" in piano.text()
    assert not piano.icon().isNull()
    modes = (QIcon.Mode.Normal, QIcon.Mode.Selected)
    plain, selected = (piano.icon().pixmap(browser.list.iconSize(), mode).toImage() for mode in modes)
    assert plain == selected, "the chosen one is not tinted"
    assert browser.caption.text() == f"2 of 2 sessions in {takes}"
    assert not browser.replay_button.isEnabled(), "none is chosen"


def test_what_is_still_read_is_said(browser: SessionBrowser):
    browser.refresh()
    assert "Reading" in browser.caption.text()
    browser.tasks.wait()
    browser.tasks.poll()
    assert browser.caption.text() == "0 of 2 sessions read…"
    settle(browser)
    assert "2 of 2 sessions in" in browser.caption.text()


def test_words_are_looked_for(browser: SessionBrowser):
    browser.list.setCurrentRow(0)
    QTest.keyClicks(browser.search_edit, "piano land")
    assert shown(browser) == ["20260101-000000"]
    assert browser.current is None, "what is hidden is not chosen"
    assert not browser.bin_button.isEnabled()
    browser.search_edit.clear()
    assert len(shown(browser)) == 2


def test_one_is_replayed_and_exported(browser: SessionBrowser, window: MainWindow, takes: Path):
    browser.list.setCurrentRow(1)
    browser.replay_button.click()
    window.sessions.tasks.wait()
    window.sessions.tasks.poll()
    (replay,) = window.sessions.replays
    assert replay.folder == takes / "20260101-000000"
    browser.export_button.click()
    (dialog,) = browser.findChildren(ExportDialog)
    assert "20260101-000000" in dialog.windowTitle()
    dialog.close()


def test_one_is_moved_to_the_bin_and_one_that_is_open_or_written_is_not(
    browser: SessionBrowser, window: MainWindow, takes: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    thrown = []

    def move(name: str) -> tuple[bool, str]:
        thrown.append(name)
        shutil.move(name, tmp_path / "bin")
        return True, str(tmp_path / "bin")

    monkeypatch.setattr(QFile, "moveToTrash", move)
    monkeypatch.setattr(window.sessions, "is_open", lambda folder: folder.name == "20260101-000000")
    browser.list.setCurrentRow(1)
    browser.bin_button.click()
    assert thrown == []
    assert "close that first" in browser.banners.banners[-1].message.text
    browser.list.setCurrentRow(0)
    browser.bin_button.click()
    assert thrown == [str(takes / "20260102-000000")]
    assert shown(browser) == ["20260101-000000"]
    marker.claim(takes / "20260101-000000")
    browser.refresh()
    settle(browser)
    browser.list.setCurrentRow(0)
    assert not browser.bin_button.isEnabled(), "it is being written"
    assert not browser.replay_button.isEnabled()


def test_where_there_is_no_bin_nothing_is_deleted(
    browser: SessionBrowser, takes: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(QFile, "moveToTrash", lambda name: (False, ""))
    browser.list.setCurrentRow(0)
    browser.bin_button.click()
    assert (takes / "20260102-000000" / "session.json").is_file()
    assert browser.banners.banners[-1].message.severity == "error"
    assert len(shown(browser)) == 2


def test_one_that_was_cut_off_is_recovered(browser: SessionBrowser, window: MainWindow, takes: Path):
    browser.list.setCurrentRow(0)
    assert browser.recover_button.isHidden(), "there is nothing to recover"
    marker.release(takes / "20260102-000000")
    browser.refresh()
    settle(browser)
    assert browser.current is not None, "the same one is still chosen"
    assert "Recover" in browser.list.currentItem().text()  # type: ignore[union-attr]
    browser.recover_button.click()
    window.sessions.tasks.wait()
    window.sessions.tasks.poll()
    settle(browser)
    assert not marker.is_marked(takes / "20260102-000000")
    assert browser.recover_button.isHidden()
    (banner,) = browser.banners.banners
    assert banner.message.text.startswith("Recovered"), "in the list, which covers the window"
    assert window.banners.banners == []


def test_one_that_is_recovered_already_is_not_recovered_twice(browser: SessionBrowser, window: MainWindow, takes: Path):
    marker.release(takes / "20260102-000000")
    for _ in range(2):
        window.sessions.recover(takes / "20260102-000000", lambda: None)
    assert len(window.sessions.tasks._tasks) == 1
    window.sessions.tasks.wait()
    window.sessions.tasks.poll()


def test_one_that_cannot_be_replayed_says_so_in_the_list(browser: SessionBrowser, window: MainWindow, takes: Path):
    (takes / "20260102-000000" / "session.json").write_text("{")
    browser.list.setCurrentRow(0)
    browser.replay_button.click()
    window.sessions.tasks.wait()
    window.sessions.tasks.poll()
    assert [banner.message.severity for banner in browser.banners.banners] == ["error"]
    assert window.banners.banners == []


def test_an_empty_folder_says_so(window: MainWindow, store: SettingsStore, tmp_path: Path, application: QApplication):
    store.change(recordings=tmp_path / "none")
    window.sessions.browse()
    assert window.sessions.browser is not None
    settle(window.sessions.browser)
    assert "There are no recordings" in window.sessions.browser.caption.text()


def test_a_new_recording_is_listed(browser: SessionBrowser, window: MainWindow, session: FakeSession, takes: Path):
    shutil.copytree(takes / "20260101-000000", takes / "20270101-000000")
    session.status = replace(session.status, last_recording=takes / "20270101-000000")
    window._refresh()
    settle(browser)
    assert shown(browser)[0] == "20270101-000000"
    assert len(shown(browser)) == 3


def test_one_that_is_replayed_is_not_thrown_away(browser: SessionBrowser, window: MainWindow, takes: Path):
    window.sessions.open(takes / ".." / "takes" / "20260102-000000")
    window.sessions.tasks.wait()
    window.sessions.tasks.poll()
    browser.list.setCurrentRow(0)
    browser.bin_button.click()
    assert "close that first" in browser.banners.banners[-1].message.text
    assert (takes / "20260102-000000").is_dir()


def test_what_is_in_the_bin_is_not_offered_beside_the_button_that_records(
    browser: SessionBrowser,
    window: MainWindow,
    session: FakeSession,
    takes: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    session.status = replace(session.status, last_recording=takes / "20260102-000000")
    window._refresh()
    assert not any(button.isHidden() for button in window.panel._last_buttons)
    monkeypatch.setattr(QFile, "moveToTrash", lambda name: (bool(shutil.move(name, tmp_path / "bin")), ""))
    settle(browser)
    browser.list.setCurrentRow(0)
    browser.bin_button.click()
    window._refresh()
    assert all(button.isHidden() for button in window.panel._last_buttons)


def test_enter_replays_and_presses_no_button(
    browser: SessionBrowser, window: MainWindow, takes: Path, monkeypatch: pytest.MonkeyPatch
):
    """It pressed the first button that Qt found: the list was read again, or *Undo* undid."""
    opened, pressed = [], []
    monkeypatch.setattr(window.sessions, "open", opened.append)
    browser.banners.show_message(Message("info", "Gone."), [("Undo", lambda: pressed.append("Undo"))])
    for button in browser.findChildren(QPushButton):
        button.clicked.connect(lambda _, button=button: pressed.append(button.text()))
    browser.search_edit.setFocus()
    QTest.keyClick(browser.search_edit, Qt.Key.Key_Return)
    browser.list.setCurrentRow(0)
    browser.list.setFocus()
    QTest.keyClick(browser.list, Qt.Key.Key_Return)
    assert (opened, pressed) == ([takes / "20260102-000000"], [])
    browser.folder_button.setFocus()
    monkeypatch.setattr(window.sessions, "show_folder", lambda folder: None)
    QTest.keyClick(browser.folder_button, Qt.Key.Key_Return)
    assert pressed == ["Show folder"], "it has the focus"


def test_while_the_folder_is_read_again_the_list_is_not_empty(browser: SessionBrowser, takes: Path):
    """It was blank for as long as the first sessions took."""
    browser.list.setCurrentRow(0)
    shutil.rmtree(takes / "20260101-000000")
    browser.refresh()
    browser.tasks.wait()
    browser.tasks.poll()  # knows what is there, and begins to read it
    assert len(shown(browser)) == 2
    assert browser.caption.text().startswith("0 of 1 ")
    settle(browser)
    assert shown(browser) == ["20260102-000000"]
    assert browser.current is not None, "still chosen"
    shutil.rmtree(takes / "20260102-000000")
    browser.refresh()
    settle(browser)
    assert shown(browser) == []


def test_closing_the_window_ends_the_list_with_it(browser: SessionBrowser, window: MainWindow):
    browser.refresh()
    window.close()
    assert not browser.isVisible()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system makes its own bin")
def test_one_in_the_bin_is_brought_back(
    browser: SessionBrowser,
    window: MainWindow,
    session: FakeSession,
    takes: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    folder, rubbish = takes / "20260102-000000", tmp_path / "share" / "Trash"
    session.status = replace(session.status, last_recording=folder)
    browser.list.setCurrentRow(0)
    browser.bin_button.click()
    assert [path.name for path in (rubbish / "info").iterdir()] == ["20260102-000000.trashinfo"]
    undo = browser.banners.banners[0].findChildren(QPushButton)[0]
    assert undo.text() == "Undo"
    assert browser.focusWidget() is browser.list, "not the message, which goes by itself"
    undo.setFocus()  # as a mouse does
    undo.click()
    assert browser.focusWidget() is browser.list
    settle(browser)
    assert (folder / "session.json").is_file()
    assert [*(rubbish / "files").iterdir(), *(rubbish / "info").iterdir()] == []
    assert shown(browser) == ["20260102-000000", "20260101-000000"]
    assert browser.current is not None
    assert browser.current.path == folder
    window._refresh()
    assert not any(button.isHidden() for button in window.panel._last_buttons), "it is offered again"
    browser.bin_button.click()
    folder.mkdir()
    browser.banners.banners[0].findChildren(QPushButton)[0].click()
    assert browser.banners.banners[-1].message.severity == "error"
    assert (rubbish / "files" / "20260102-000000" / "session.json").is_file(), "nothing is lost"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system makes its own bin")
def test_in_a_new_account_the_bin_is_made_and_nothing_lands_in_the_working_folder(
    browser: SessionBrowser, takes: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """Qt takes the working folder for a bin that it cannot make."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "new" / "share"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    browser.list.setCurrentRow(0)
    browser.bin_button.click()
    assert list((tmp_path / "here").iterdir()) == []
    assert (tmp_path / "new" / "share" / "Trash" / "files" / "20260102-000000" / "session.json").is_file()
    assert not (takes / "20260102-000000").exists()


def test_where_no_bin_can_be_made_nothing_is_moved(
    browser: SessionBrowser, takes: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file" / "share"))
    monkeypatch.setattr(QFile, "moveToTrash", lambda name: pytest.fail("Qt was asked"))
    browser.list.setCurrentRow(0)
    browser.bin_button.click()
    assert (takes / "20260102-000000" / "session.json").is_file()
    assert browser.banners.banners[-1].message.severity == "error"


def test_by_keys_alone_one_is_found_and_moved_to_the_bin(
    browser: SessionBrowser, monkeypatch: pytest.MonkeyPatch, takes: Path
):
    thrown = []
    monkeypatch.setattr(QFile, "moveToTrash", lambda name: (thrown.append(name), (False, ""))[1])
    browser.activateWindow()
    browser.search_edit.setFocus()
    browser.search_edit.setText("20260101")
    QTest.keyClick(browser.search_edit, Qt.Key.Key_Delete)
    assert thrown == [], "in the search it takes letters away"
    QTest.keyClick(browser.search_edit, Qt.Key.Key_Down)
    assert browser.focusWidget() is browser.list
    assert browser.current is not None
    assert browser.current.path == takes / "20260101-000000"
    QTest.keyClick(browser.list, Qt.Key.Key_Delete)
    assert thrown == [str(takes / "20260101-000000")]
