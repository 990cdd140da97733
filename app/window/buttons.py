"""Buttons with a text."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QApplication, QPushButton

from app.window.language import Texts

tr = Texts("Buttons")

COPIED_MS = 2000
"""How long a button says that it has copied."""


def text_button(text: str, tooltip: str) -> QPushButton:
    """A button that is called what stands on it."""
    button = QPushButton(text)
    button.setToolTip(tooltip)
    button.setAccessibleName(text)
    return button


class CopyButton(QPushButton):
    """Copies a text, and says for a moment that it has.

    Args:
        text: that stands on it.
        tooltip: what the copy is for.
        content: gives what is copied.
    """

    def __init__(self, text: str, tooltip: str, content: Callable[[], str]) -> None:
        super().__init__(text)
        self.setToolTip(tooltip)
        self._usual, self._content = text, content
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(COPIED_MS)
        self.timer.timeout.connect(lambda: self.setText(self._usual))
        self.clicked.connect(self._copy)

    def _copy(self) -> None:
        clipboard = QApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self._content())
            self.setMinimumWidth(self.width())  # what is beside it stays where it is
            self.setText(tr("Copied"))
            self.timer.start()
