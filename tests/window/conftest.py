from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

# Windows are painted into memory; a test of the real platform starts a process of its own.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PyQt5.QtCore import QCoreApplication, QEvent
from PyQt5.QtWidgets import QApplication
from window_fakes import FakeSession

from app.settings import SettingsStore
from app.window.main_window import MainWindow
from app.window.theme import apply_theme
from tests.demo_cut import cut_demo
from tests.virtual_display import virtual_display


@pytest.fixture(scope="session")
def application() -> QApplication:
    made = QApplication.instance() or QApplication([])
    assert isinstance(made, QApplication)
    apply_theme(made)
    return made


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


@pytest.fixture(autouse=True)
def _no_window_is_left() -> Iterator[None]:
    """Each window that lives on would be styled anew whenever a test changes colours or the size of text."""
    yield
    if QApplication.instance() is not None:
        for widget in QApplication.topLevelWidgets():
            widget.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.DeferredDelete)


@pytest.fixture
def session() -> FakeSession:
    return FakeSession()


@pytest.fixture
def store(tmp_path: Path) -> SettingsStore:
    return SettingsStore.load(tmp_path / "settings.json")


@pytest.fixture
def window(application: QApplication, session: FakeSession, store: SettingsStore) -> Iterator[MainWindow]:
    made = MainWindow(session, store)  # type: ignore[arg-type]
    made.resize(1000, 700)
    made.show()
    application.processEvents()
    yield made
    made.close()


@pytest.fixture
def display() -> Iterator[str]:
    """An X server without a screen."""
    yield from virtual_display()


@pytest.fixture(scope="session")
def slow_demo(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Lines of Python after which the demo clip has few frames a second: a window tracks and draws them while a test
    waits for something else."""
    clip = cut_demo(tmp_path_factory.mktemp("demo") / "demo.mp4", 0, 60, rate=6)
    return f"""
from pathlib import Path
from app.live import source_choice
source_choice.demo_clip = lambda: Path({str(clip)!r})
"""
