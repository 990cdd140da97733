"""From settings to a running window."""

from __future__ import annotations

import logging
import signal
import sys
from types import TracebackType
from typing import TYPE_CHECKING

from PyQt5.QtCore import Qt, QTimer
from PyQt5.QtWidgets import QApplication, QWidget

from app.live import LiveSession, Message
from app.log_buffer import keep_log
from app.settings import Settings, SettingsStore
from app.window.banner import BannerStack
from app.window.display_loss import end_with_display
from app.window.language import Texts, apply_language
from app.window.main_window import MainWindow
from app.window.session_actions import open_replay
from app.window.theme import apply_theme

if TYPE_CHECKING:
    from app.replay.clip import Clip

logger = logging.getLogger(__name__)

tr = Texts("Application")
_outliving: list[QApplication] = []
"""Qt's application, which is deleted when Python ends: windows that outlive it may end the process in a crash, and of
what a function has made Python lets go in the order in which it was made."""


def run(store: SettingsStore) -> int:
    """Show the window until it is closed; returns the exit code."""
    application = _application(store.current)
    log = keep_log()
    session = LiveSession(store.current)
    window = MainWindow(session, store, log)
    show_what_escapes(window.banners)
    window.show()
    session.start()
    _close_on_interrupt(window)
    end_with_display(session.close)
    window.sessions.offer_recovery()
    window.offer_setup_check()
    window.watch_for_stalls()
    try:
        return application.exec()
    finally:
        session.close()


def run_replay(clip: Clip, settings: Settings, model: str | None) -> int:
    """Show a session until its window is closed; returns the exit code.

    Args:
        clip: the open session.
        settings: how hands are drawn.
        model: a model to run over it, None for none.
    """
    application = _application(settings)
    window = open_replay(clip, settings)
    show_what_escapes(window.banners)
    window.show()
    _close_on_interrupt(window)
    end_with_display(lambda: None)
    if model is not None:
        window.run_model(model)
    return application.exec()


def _application(settings: Settings) -> QApplication:
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_EnableHighDpiScaling)
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_UseHighDpiPixmaps)
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    application = QApplication(sys.argv[:1])
    _outliving.append(application)
    application.setApplicationName("Bothhands")
    application.setDesktopFileName("bothhands")
    apply_language(settings.language)
    apply_theme(application, settings.theme, settings.text_size)
    return application


def _close_on_interrupt(window: QWidget) -> None:
    # Python runs its signal handlers between two of the window's timer ticks, so Ctrl+C in the terminal closes it, and
    # so does whoever ends all programs politely: a recording is finished.
    for number in (signal.SIGINT, signal.SIGTERM):
        # By the event loop, which need not run yet: what is closed before would be waited for for ever.
        signal.signal(number, lambda number, frame: QTimer.singleShot(0, lambda: _close(window)))


def _close(window: QWidget) -> None:
    window.close()


def show_what_escapes(banners: BannerStack) -> None:
    """An exception in a slot is logged and shown; without a hook of our own PyQt would abort the program."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        logger.error("the window met an error", exc_info=(kind, error, trace))
        first_line = next(iter(str(error).strip().splitlines()), "").rstrip(".")
        text = tr(
            "Something in the window failed: {kind}: {error}. The log on the terminal says more.",
            kind=kind.__name__,
            error=first_line,
        )
        banners.show_message(Message("error", text))

    sys.excepthook = hook
