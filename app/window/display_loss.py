"""What is done when the display server ends while the window is open: a desktop that crashes, or a connection."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Callable

from PyQt5.QtCore import QMessageLogContext, QtMsgType, qFormatLogMessage, qInstallMessageHandler

from app.leaving import end_process

logger = logging.getLogger(__name__)

_LAST_WORDS = "connection broke"
"""What Qt says of X11 and Wayland right before it ends the process by C's `exit`, of which it tells nobody else."""


def end_with_display(finish: Callable[[], None]) -> None:
    """From now on, end in order when the display server is gone.

    By itself Qt would have C take down all libraries while their threads run, most often by a segmentation fault, and a
    recording would have to be recovered.

    Args:
        finish: writes what must not be lost. Called in the window's thread, where nothing can be shown any more.
    """

    def tell(kind: QtMsgType, context: QMessageLogContext, message: str | None) -> None:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            sys.stderr.write(f"{qFormatLogMessage(kind, context, message)}\n")
        if _LAST_WORDS in (message or ""):
            try:
                finish()
            except Exception:
                logger.exception("what was open could not be finished")
            end_process(SystemExit(1))

    qInstallMessageHandler(tell)
