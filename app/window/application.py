"""From settings to a running window."""

from __future__ import annotations

import logging
import signal
import sys
from types import TracebackType

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication

from app.live import LiveSession, Message
from app.settings import SettingsStore
from app.window.main_window import MainWindow
from app.window.theme import apply_theme

logger = logging.getLogger(__name__)


def run(store: SettingsStore) -> int:
    """Show the window until it is closed; returns the exit code."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_EnableHighDpiScaling)
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_UseHighDpiPixmaps)
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Bothhands")
    application.setDesktopFileName("bothhands")
    apply_theme(application)
    session = LiveSession(store.current)
    window = MainWindow(session, store)
    show_what_escapes(window)
    # Python runs its signal handlers between two of the window's timer ticks, so Ctrl+C in the terminal closes it.
    signal.signal(signal.SIGINT, lambda number, frame: window.close())
    window.show()
    session.start()
    try:
        return application.exec()
    finally:
        session.close()


def show_what_escapes(window: MainWindow) -> None:
    """An exception in a slot is logged and shown; without a hook of our own PyQt would abort the program."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        logger.error("the window met an error", exc_info=(kind, error, trace))
        window.banners.show_message(
            Message(
                "error", f"Something in the window failed: {kind.__name__}: {error}. The log on the terminal says more."
            )
        )

    sys.excepthook = hook
