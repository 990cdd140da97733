"""The log and the figures of health, to look at and to copy into a report."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QTimer
from PyQt5.QtGui import QFont, QShowEvent
from PyQt5.QtWidgets import QApplication, QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.window.buttons import CopyButton
from app.window.language import Texts
from app.window.theme import scaled

tr = Texts("LogPanel")

_REFRESH_MS = 1000
_FIGURES_HEIGHT = 240


class LogPanel(QDialog):
    """A window that blocks nothing.

    Args:
        health: the figures as text, asked for now and then.
        log: the log as text.
        parent: window that it belongs to.
    """

    def __init__(self, health: Callable[[], str], log: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._health = health
        self._log = log
        self.setWindowTitle(tr("Bothhands: log and health"))
        self.setModal(False)
        self.resize(820, 520)
        self.figures = _text(tr("Health"))
        self.lines = _text(tr("Log"))
        self.copy_button = CopyButton(
            tr("Copy all"), tr("Health and log, for a report of what went wrong"), self._report
        )
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.hide)
        row = QHBoxLayout()
        row.addWidget(self.copy_button)
        row.addStretch(1)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.addWidget(self.figures)
        layout.addWidget(self.lines, 1)
        layout.addLayout(row)
        self._timer = QTimer(self)
        self._timer.setInterval(_REFRESH_MS)
        self._timer.timeout.connect(self.refresh)

    def showEvent(self, a0: QShowEvent | None) -> None:  # noqa: N802
        """Qt: begin to look."""
        super().showEvent(a0)
        self.fit_text()
        self.refresh()
        self._timer.start()

    def fit_text(self) -> None:
        """Take the size that text has now."""
        self.figures.setMaximumHeight(scaled(_FIGURES_HEIGHT))
        for text in (self.figures, self.lines):
            font = text.font()
            font.setPointSizeF(QApplication.font().pointSizeF())
            text.setFont(font)

    def refresh(self) -> None:
        """Show what holds now; a place that a person has scrolled to stays."""
        if not self.isVisible():
            self._timer.stop()
            return
        self.figures.setPlainText(self._health())
        text, bar = self._log(), self.lines.verticalScrollBar()
        if text != self.lines.toPlainText() and bar is not None:
            at_end = bar.value() == bar.maximum()
            place = bar.value()
            self.lines.setPlainText(text)
            bar.setValue(bar.maximum() if at_end else place)

    def _report(self) -> str:
        return f"{self._health()}\n\n{self._log()}\n"


def _text(name: str) -> QPlainTextEdit:
    edit = QPlainTextEdit()
    edit.setReadOnly(True)
    edit.setAccessibleName(name)
    font = QFont("monospace")
    font.setStyleHint(QFont.StyleHint.Monospace)
    edit.setFont(font)
    edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    return edit
