"""About the program, and its colours."""

from __future__ import annotations

from PyQt5.QtWidgets import QApplication

from app import __version__
from app.licences import libraries, notice
from app.settings import SettingsStore
from app.window.about import AboutDialog
from app.window.main_window import MainWindow
from app.window.theme import DARK, LIGHT, apply_theme, current


def test_libraries_are_named_with_their_licences():
    found = {library.name.lower(): library for library in libraries(["numpy.linalg", "PyQt5.QtCore", "json"])}
    assert {"numpy", "pyqt5"} <= set(found)
    assert "BSD" in found["numpy"].licence
    assert "GPL" in found["pyqt5"].licence
    assert all("\n" not in library.licence for library in libraries())


def test_the_notice_names_what_is_brought_along():
    assert "MediaPipe" in notice()
    assert "CC0" in notice()


def test_about_shows_versions_and_licences(window: MainWindow, application: QApplication):
    window.commands.actions["about"].trigger()
    window.tasks.wait()
    window.tasks.poll()
    (dialog,) = window.findChildren(AboutDialog)
    assert dialog.isVisible()
    assert __version__ in dialog.versions
    said = dialog.browser.toPlainText()
    assert "MediaPipe" in said
    assert "PyQt5" in said
    dialog.close()
    application.sendPostedEvents(None, 52)  # QEvent::DeferredDelete
    assert window.findChildren(AboutDialog) == []


def test_light_colours_hold_at_once_and_at_the_next_start(
    window: MainWindow, store: SettingsStore, application: QApplication
):
    try:
        window.commands.actions["theme"].trigger()
        window._appearance.finish()
        assert current() == "light"
        shown = window.panel.grab().toImage().pixelColor(2, 2).name()
        assert shown == LIGHT["SURFACE"]
        window.close()
        assert SettingsStore.load(store.path).current.theme == "light"
    finally:
        apply_theme(application)
    assert application.palette().window().color().name() == DARK["SURFACE"]
