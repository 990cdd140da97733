"""Keys that a person chooses in the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QKeySequence
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QWidget
from window_fakes import FakeSession

from app.settings import SettingsStore
from app.window.language import key_text
from app.window.main_window import MainWindow
from app.window.shortcut_editor import ShortcutEditor


@pytest.fixture
def editor(window: MainWindow, application: QApplication) -> Iterator[ShortcutEditor]:
    window.commands.actions["shortcuts"].trigger()
    (made,) = window.findChildren(ShortcutEditor)
    while made._filling.isActive():
        application.processEvents()
    yield made
    made.close()


def test_rows_are_made_a_few_at_a_time_and_tab_goes_through_them_in_order(editor: ShortcutEditor, window: MainWindow):
    following = ShortcutEditor({}, lambda _: None, {}, window)
    assert 0 < len(following.fields) < 10, "the window does not stand still for all"
    following.close()
    chain: list[QWidget] = [editor.fields["open-file"]]
    while (part := chain[-1].nextInFocusChain()) is not None and part is not chain[0]:
        chain.append(part)
    fields = list(editor.fields.values())
    assert [part for part in chain if part in fields] == fields
    assert chain.index(editor.reset_button) > chain.index(fields[-1])


def press(editor: ShortcutEditor, name: str, key: str) -> None:
    editor.fields[name].setKeySequence(QKeySequence(key))
    editor.fields[name].editingFinished.emit()


def test_another_key_holds_at_once_and_at_the_next_start(
    editor: ShortcutEditor, window: MainWindow, session: FakeSession, store: SettingsStore, application: QApplication
):
    press(editor, "record", "Ctrl+J")
    window.activateWindow()
    application.processEvents()
    QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert session.calls == []
    QTest.keyClick(window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert session.calls == [("start_recording",)]
    assert window.panel.record_button.toolTip().endswith(f"({key_text('Ctrl+J')})")
    window.close()
    assert SettingsStore.load(store.path).current.shortcuts == {"record": "Ctrl+J"}


def test_a_key_that_types_is_refused_and_said(editor: ShortcutEditor, store: SettingsStore):
    for key in ("R", "Space", "Shift+Left"):
        press(editor, "record", key)
        assert "while something is typed" in editor.message.text()
        assert editor.fields["record"].keySequence().toString() == "Ctrl+R"
    assert store.current.shortcuts == {}


def test_a_key_of_another_command_is_taken_from_it(editor: ShortcutEditor, window: MainWindow):
    press(editor, "view", "Ctrl+R")
    assert "Record or stop has no key any more" in editor.message.text()
    assert editor.fields["record"].keySequence().isEmpty()
    assert window.commands.actions["record"].shortcut().isEmpty()
    editor.reset_button.click()
    assert window.commands.actions["record"].shortcut().toString() == "Ctrl+R"
    assert window.commands.actions["view"].shortcut().toString() == "Ctrl+K"


def test_models_are_named_and_only_those_there_are(editor: ShortcutEditor, session: FakeSession):
    rows = [name for name in editor.fields if name.startswith("model-")]
    assert len(rows) == len(session.models)
    assert "eanet" in editor.fields["model-2"].toolTip()


def test_choices_of_a_file_that_cannot_be_leave_the_other_keys(
    application: QApplication, session: FakeSession, tmp_path: Path
):
    path = tmp_path / "settings.json"
    path.write_text('{"schema_version": 3, "shortcuts": {"record": "R", "view": "Ctrl+J", "x": "Ctrl+Y"}}')
    window = MainWindow(session, SettingsStore.load(path))  # type: ignore[arg-type]
    keys = {name: action.shortcut().toString() for name, action in window.commands.actions.items()}
    assert (keys["record"], keys["view"]) == ("Ctrl+R", "Ctrl+J")
    window.close()
