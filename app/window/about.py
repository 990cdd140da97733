"""What this program is, and under what terms it and what it uses are given."""

from __future__ import annotations

import sys
from html import escape

from PyQt5.QtCore import PYQT_VERSION_STR, QT_VERSION_STR, Qt
from PyQt5.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from app import __version__
from app.licences import libraries, notice
from app.window.buttons import CopyButton
from app.window.icons import application_icon
from app.window.language import Texts

tr = Texts("AboutDialog")


_WHAT = tr.mark(
    "Two-hand tracking from one webcam. Nothing leaves this machine: no uploads, no downloads, no update checks."
)
_LICENCES = tr.mark(
    "Each comes under its own licence; PyQt5's is the GPL, which holds for the window together with it."
)


def about_text() -> str:
    """Versions, notice and licences as HTML; takes a moment, as every package is asked."""
    rows = "".join(
        f"<tr><td style='padding-right:18px'>{escape(library.name)} {escape(library.version)}</td>"
        f"<td>{escape(library.licence) or tr('not named')}</td></tr>"
        for library in libraries()
    )
    notices = "".join(f"<p>{escape(part)}</p>" for part in notice().split("\n\n"))
    return (
        f"<p>{escape(tr(_WHAT))}</p>{notices}<h3>{escape(tr('Libraries in use'))}</h3><p>{escape(tr(_LICENCES))}</p>"
        f"<table>{rows}</table>"
    )


class AboutDialog(QDialog):
    """A window that blocks nothing and is deleted when it is closed.

    Args:
        text: of `about_text`.
        parent: window that it belongs to.
    """

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About Bothhands"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(620, 540)
        icon = QLabel()
        icon.setPixmap(application_icon().pixmap(48, 48))
        python = ".".join(str(part) for part in sys.version_info[:3])
        self.versions = f"Bothhands {__version__}, Python {python}, Qt {QT_VERSION_STR}, PyQt {PYQT_VERSION_STR}"
        head = QLabel(f"<h2>Bothhands</h2>{escape(self.versions)}")
        head.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        top = QHBoxLayout()
        top.addWidget(icon)
        top.addWidget(head, 1)
        self.browser = QTextBrowser()
        self.browser.setAccessibleName(tr("Notice and licences"))
        self.browser.setHtml(text)
        copy = CopyButton(tr("Copy versions"), tr("For a report of what went wrong"), lambda: self.versions)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.reject)
        below = QHBoxLayout()
        below.addWidget(copy)
        below.addStretch(1)
        below.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 12, 20, 16)
        layout.addLayout(top)
        layout.addWidget(self.browser, 1)
        layout.addLayout(below)
