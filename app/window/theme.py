"""The look: Qt's Fusion style, a dark neutral palette, one small stylesheet. All colours are named here."""

from __future__ import annotations

from pathlib import Path
from string import Template

from PyQt5.QtGui import QColor, QPalette
from PyQt5.QtWidgets import QApplication

LETTERBOX = "#0c0d0f"
SURFACE = "#1f2227"
EDGE = "#2c3037"
RAISED = "#262a30"
RAISED_EDGE = "#3a3f48"
FIELD = "#2a2e35"
CONTROL = "#2f343c"
CONTROL_EDGE = "#3d434d"
CONTROL_HOVER = "#383e48"
INDICATOR_EDGE = "#59616d"
STRONG_EDGE = "#444a54"
TEXT = "#e8eaed"
BRIGHT = "#ffffff"
MUTED = "#9aa1ab"
STATUS_TEXT = "#c4c9d0"
SIGN_TEXT = "#f2f4f6"
DISABLED_TEXT = "#6b727c"
DISABLED_CONTROL_TEXT = "#8b929c"
DISABLED_EDGE = "#30353d"
DISABLED_FILL = "#4a5662"
ACCENT = "#56a8e0"
ON_ACCENT = "#0b1116"
FOCUS = "#9ccdf0"
SELECTED = "#35506a"
RECORD = "#e5484d"
RECORDING = "#5a2427"
RECORDING_HOVER = "#6b2a2e"
WARNING = "#e6a23c"
ERROR = "#f0625f"
ICON_INK = "#14171b"
SEVERITY_COLOURS = {"info": ACCENT, "warning": WARNING, "error": ERROR}

_HERE = Path(__file__).parent


def style_sheet() -> str:
    """Qt's style sheet, with this module's colours in place of their names.

    Raises:
        KeyError: style.qss names a colour that is not here.
    """
    colours = {name: value for name, value in globals().items() if name.isupper() and isinstance(value, str)}
    # Style sheets find images from the working folder, so their folder is written in.
    return Template((_HERE / "style.qss").read_text(encoding="utf-8")).substitute(colours, HERE=_HERE.as_posix())


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
        role.BrightText: BRIGHT,
        role.Link: ACCENT,
        role.Highlight: ACCENT,
        role.HighlightedText: ON_ACCENT,
        role.PlaceholderText: MUTED,
    }.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(DISABLED_TEXT))
    application.setPalette(palette)
    application.setStyleSheet(style_sheet())
