"""Shortcuts and tips, beside the window."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QHideEvent, QShowEvent
from PyQt5.QtWidgets import QAction, QDialog, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app import __version__
from app.window.language import Texts, key_text
from app.window.texts import TIPS, wording

tr = Texts("HelpPanel")

OF_SCREEN = 0.8
"""The most of a screen's height that it takes."""


class HelpPanel(QDialog):
    """A window that blocks nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.setWindowTitle(tr("Bothhands: help"))
        self.setModal(False)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setAccessibleName(tr("Keys and tips"))
        self.text.setObjectName("panel")
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.area = QScrollArea()
        self.area.setObjectName("cardScroll")
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self.text)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.hide)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 12, 20, 16)
        layout.addWidget(self.area, 1)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

    def showEvent(self, a0: QShowEvent | None) -> None:  # noqa: N802
        """Qt: as large as the text, as far as the screen goes; the rest is scrolled to."""
        super().showEvent(a0)
        self.text.setText(self._shown)
        text, layout, screen = self.text.sizeHint(), self.layout(), self.screen()
        if layout is None or screen is None:
            return
        margins, bar = layout.contentsMargins(), self.area.verticalScrollBar()
        width = text.width() + margins.left() + margins.right() + (0 if bar is None else bar.sizeHint().width())
        beside = layout.sizeHint().height() - self.area.sizeHint().height()
        most = round(OF_SCREEN * screen.availableGeometry().height())
        self.resize(width, min(self.text.heightForWidth(text.width()) + beside, most))

    def hideEvent(self, a0: QHideEvent | None) -> None:  # noqa: N802
        """Qt: a table that nobody sees is laid out for none of the next changes of colours or size of text.

        That took two thirds of their time, for which the window stands still.
        """
        super().hideEvent(a0)
        self.text.clear()

    def show_keys(self, actions: Sequence[QAction]) -> None:
        """List the keys that these have now."""
        rows = "".join(
            f"<tr><td style='padding:2px 18px 2px 0'><b>{escape(key_text(action.shortcut().toString()))}</b></td>"
            f"<td style='padding:2px 0'>{escape(action.text().replace('&', ''))}</td></tr>"
            for action in actions
            if not action.shortcut().isEmpty()
        )
        tips = "".join(f"<li>{escape(wording(tip))}</li>" for tip in TIPS)
        self._shown = (
            f"<h3>{tr('Keys')}</h3><table>{rows}</table><h3>{tr('For good tracking')}</h3><ul>{tips}</ul>"
            f"<p>Bothhands {__version__}</p>"
        )
        if self.isVisible():
            self.text.setText(self._shown)
