"""The window in German and English, and going over from one to the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PyQt5.QtWidgets import QAction, QApplication
from window_fakes import FakeSession

from app.window.language import apply_language
from app.window.main_window import MainWindow


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    apply_language("en")


def entry(window: MainWindow, name: str) -> QAction:
    return next(action for action in window.findChildren(QAction) if action.text().replace("&", "") == name)


def speak(window: MainWindow, name: str) -> None:
    entry(window, name).trigger()
    for _ in range(5):
        QApplication.processEvents()


def test_the_language_is_chosen_in_the_menu_and_remembered(window: MainWindow, session: FakeSession):
    speak(window, "Deutsch")
    assert window._store.current.language == "de"
    assert entry(window, "Deutsch").isChecked()
    speak(window, "English")
    assert entry(window, "English").isChecked()
    assert "close" not in [call[0] for call in session.calls]
