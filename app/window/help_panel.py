"""Shortcuts and tips, beside the window."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QShowEvent
from PyQt5.QtWidgets import (
    QAction,
    QDialog,
    QGridLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app import __version__
from app.window.language import Texts, key_text
from app.window.texts import TIPS, wording

tr = Texts("HelpPanel")

OF_SCREEN = 0.8
"""The most of a screen's height that it takes."""


def show_help(window: QMainWindow) -> None:
    """Show a window's keys and tips, in front of it where they are shown already."""
    panel = window.findChild(HelpPanel) or HelpPanel(window)
    panel.show_keys(window.actions())
    panel.show()
    panel.raise_()
    panel.activateWindow()


class HelpPanel(QDialog):
    """A window that blocks nothing and is deleted when it is closed.

    Its texts are plain, a column of keys beside one of what they do. A table of rich text takes Qt 60 ms to lay out and
    paint, in two turns of the event loop.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Bothhands: help"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.keys, self.doings = _text(), _text()
        self.keys.setObjectName("keys")
        tips = QGridLayout()
        tips.setHorizontalSpacing(8)
        tips.setVerticalSpacing(2)
        tips.setColumnStretch(1, 1)
        for row, tip in enumerate(TIPS):
            said = _text(wording(tip))
            said.setWordWrap(True)
            tips.addWidget(_text("\N{BULLET}"), row, 0)
            tips.addWidget(said, row, 1)
        self._page = QWidget()
        self._page.setObjectName("panel")
        grid = QGridLayout(self._page)
        grid.setHorizontalSpacing(18)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(5, 1)
        grid.addWidget(_heading(tr("Keys")), 0, 0, 1, 2)
        grid.addWidget(self.keys, 1, 0)
        grid.addWidget(self.doings, 1, 1)
        grid.addWidget(_heading(tr("For good tracking")), 2, 0, 1, 2)
        grid.addLayout(tips, 3, 0, 1, 2)
        grid.addWidget(_text(f"Bothhands {__version__}"), 4, 0, 1, 2)
        self.area = QScrollArea()
        self.area.setObjectName("cardScroll")
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self._page)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 12, 20, 16)
        layout.addWidget(self.area, 1)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

    def showEvent(self, a0: QShowEvent | None) -> None:  # noqa: N802
        """Qt: as large as the text, as far as the screen goes; the rest is scrolled to."""
        super().showEvent(a0)
        wide, layout, screen = self._page.sizeHint().width(), self.layout(), self.screen()
        if layout is None or screen is None:
            return
        margins, bar = layout.contentsMargins(), self.area.verticalScrollBar()
        width = wide + margins.left() + margins.right() + (0 if bar is None else bar.sizeHint().width())
        beside = layout.sizeHint().height() - self.area.sizeHint().height()
        most = round(OF_SCREEN * screen.availableGeometry().height())
        self.resize(width, min(self._page.heightForWidth(wide) + beside, most))

    def show_keys(self, actions: Sequence[QAction]) -> None:
        """List the keys that these have now."""
        rows = [
            (key_text(action.shortcut().toString()), action.text().replace("&", ""))
            for action in actions
            if not action.shortcut().isEmpty()
        ]
        self.keys.setText("\n".join(key for key, _ in rows))
        self.doings.setText("\n".join(doing for _, doing in rows))
        # Each key with what it does: a screen reader would say one column and then the other.
        self.doings.setAccessibleName("\n".join(f"{key}: {doing}" for key, doing in rows))


def _text(words: str = "") -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    return label


def _heading(words: str) -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setObjectName("heading")
    label.setIndent(0)  # with its padding Qt would move it to the right
    return label
