"""The look: Qt's Fusion style, a dark neutral palette, one small stylesheet."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtGui import QColor, QPalette
from PyQt5.QtWidgets import QApplication

BACKGROUND = "#17191d"
SURFACE = "#1f2227"
FIELD = "#2a2e35"
TEXT = "#e8eaed"
MUTED = "#9aa1ab"
ACCENT = "#56a8e0"
RECORD = "#e5484d"
SEVERITY_COLOURS = {"info": "#56a8e0", "warning": "#e6a23c", "error": "#f0625f"}
LETTERBOX = "#0c0d0f"

_HERE = Path(__file__).parent


def apply_theme(application: QApplication) -> None:
    """Give the whole application its look."""
    application.setStyle("Fusion")
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in {
        role.Window: SURFACE,
        role.WindowText: TEXT,
        role.Base: FIELD,
        role.AlternateBase: SURFACE,
        role.ToolTipBase: FIELD,
        role.ToolTipText: TEXT,
        role.Text: TEXT,
        role.Button: FIELD,
        role.ButtonText: TEXT,
        role.BrightText: "#ffffff",
        role.Link: ACCENT,
        role.Highlight: ACCENT,
        role.HighlightedText: "#0b1116",
        role.PlaceholderText: MUTED,
    }.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor("#6b727c"))
    application.setPalette(palette)
    # Stylesheets find pictures from the working folder, so their folder is written in.
    application.setStyleSheet((_HERE / "style.qss").read_text(encoding="utf-8").replace("HERE", _HERE.as_posix()))
