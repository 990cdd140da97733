"""The menu item that locks the sides of the hands."""

from __future__ import annotations

from app.settings import SettingsStore
from app.window.main_window import MainWindow
from tests.window.window_fakes import FakeSession


def test_the_menu_locks_sides_at_once_and_it_is_remembered(
    window: MainWindow, session: FakeSession, store: SettingsStore
):
    action = window.commands.actions["lock-sides"]
    assert action.isCheckable()
    assert not action.isChecked()
    action.trigger()
    assert session.calls[-1] == ("set_lock_sides", True)
    assert store.current.tracker.lock_sides
    action.trigger()
    assert session.calls[-1] == ("set_lock_sides", False)
    assert not store.current.tracker.lock_sides
