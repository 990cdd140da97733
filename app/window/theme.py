"""The look: Qt's Fusion style and one small stylesheet, in a dark and a light scheme. All colours are named here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from string import Template

from PyQt5.QtGui import QColor, QFontInfo, QPalette
from PyQt5.QtWidgets import QApplication

from app.settings import Theme

LETTERBOX = "#0c0d0f"
SIGN_TEXT = "#f2f4f6"
SIGN_MUTED = "#9aa1ab"
RECORD = "#e5484d"
"""These lie on the image or stand for a recording, and are the same in both schemes."""
DARK: Mapping[str, str] = {
    "SURFACE": "#1f2227",
    "EDGE": "#2c3037",
    "RAISED": "#262a30",
    "RAISED_EDGE": "#3a3f48",
    "FIELD": "#2a2e35",
    "CONTROL": "#2f343c",
    "CONTROL_EDGE": "#3d434d",
    "CONTROL_HOVER": "#383e48",
    "INDICATOR_EDGE": "#59616d",
    "STRONG_EDGE": "#444a54",
    "TEXT": "#e8eaed",
    "BRIGHT": "#ffffff",
    "MUTED": "#9aa1ab",
    "STATUS_TEXT": "#c4c9d0",
    "DISABLED_TEXT": "#6b727c",
    "DISABLED_CONTROL_TEXT": "#8b929c",
    "DISABLED_EDGE": "#30353d",
    "DISABLED_FILL": "#4a5662",
    "ACCENT": "#56a8e0",
    "ON_ACCENT": "#0b1116",
    "FOCUS": "#9ccdf0",
    "SELECTED": "#35506a",
    "RECORDING": "#5a2427",
    "RECORDING_HOVER": "#6b2a2e",
    "GOOD": "#5fbf8a",
    "WARNING": "#e6a23c",
    "ERROR": "#f0625f",
    "ICON_INK": "#14171b",
    "SCENE": "#121418",
    "SCENE_FLOOR": "#40464f",
    "SCENE_CAMERA": "#96a0ac",
}
LIGHT: Mapping[str, str] = {
    "SURFACE": "#f4f5f7",
    "EDGE": "#d5d9df",
    "RAISED": "#ffffff",
    "RAISED_EDGE": "#cfd4db",
    "FIELD": "#ffffff",
    "CONTROL": "#ffffff",
    "CONTROL_EDGE": "#b9c0ca",
    "CONTROL_HOVER": "#eaeef3",
    "INDICATOR_EDGE": "#858d99",
    "STRONG_EDGE": "#aab2bd",
    "TEXT": "#1c2026",
    "BRIGHT": "#000000",
    "MUTED": "#59616d",
    "STATUS_TEXT": "#3a414b",
    "DISABLED_TEXT": "#8a929d",
    "DISABLED_CONTROL_TEXT": "#6c7480",
    "DISABLED_EDGE": "#dde1e6",
    "DISABLED_FILL": "#b7c2cc",
    "ACCENT": "#1769aa",
    "ON_ACCENT": "#ffffff",
    "FOCUS": "#0b4a7d",
    "SELECTED": "#cfe4f6",
    "RECORDING": "#fbdcdc",
    "RECORDING_HOVER": "#f7cccc",
    "GOOD": "#1b7a46",
    "WARNING": "#9a5b00",
    "ERROR": "#b3261e",
    "ICON_INK": "#ffffff",
    "SCENE": "#e6e9ed",
    "SCENE_FLOOR": "#b8bfc8",
    "SCENE_CAMERA": "#4a525d",
}
SCHEMES: Mapping[Theme, Mapping[str, str]] = {"dark": DARK, "light": LIGHT}
SEVERITY_NAMES = {"info": "ACCENT", "warning": "WARNING", "error": "ERROR"}

_HERE = Path(__file__).parent
_current: list[Theme] = ["dark"]
_text_size = [100]
_SYSTEM_SIZE = "systemPointSize"
"""Property of the application: its font's size before it was given another one."""
_SAME_SIZE = 0.01
_GROWS_WITH_TEXT = re.compile(r"\b(font-size|min-height|max-height): (\d+)px")


def current() -> Theme:
    """The scheme that the application has now."""
    return _current[0]


def colour(name: str) -> str:
    """A colour of the current scheme, by its name in `DARK` and `LIGHT`; to be asked for when something is painted."""
    return SCHEMES[current()][name]


def scaled(pixels: int) -> int:
    """A length that holds text, as it is at the current size of text.

    Args:
        pixels: at 100 percent.
    """
    return round(pixels * _text_size[0] / 100)


def scene_colours() -> dict[str, tuple[int, int, int]]:
    """What `render.scene.draw_scene` takes."""
    names = {"background": "SCENE", "ink": "SCENE_FLOOR", "camera_ink": "SCENE_CAMERA"}
    return {part: _rgb(colour(name)) for part, name in names.items()}


def _rgb(text: str) -> tuple[int, int, int]:
    ink = QColor(text)
    return ink.red(), ink.green(), ink.blue()


def severity_colour(severity: str) -> str:
    """Of a message."""
    return colour(SEVERITY_NAMES[severity])


def style_sheet(scheme: Theme = "dark", text_size: int = 100) -> str:
    """Qt's style sheet, with a scheme's colours in place of their names.

    Args:
        scheme: its name.
        text_size: percent; what holds text grows with it, lines and corners do not.

    Raises:
        KeyError: style.qss names a colour that is not here.
    """
    template = Template((_HERE / "style.qss").read_text(encoding="utf-8"))
    # Style sheets find images from the working folder, so their folder is written in.
    sheet = template.substitute(SCHEMES[scheme], RECORD=RECORD, HERE=_HERE.as_posix(), SCHEME=scheme)
    return _GROWS_WITH_TEXT.sub(lambda found: f"{found[1]}: {round(int(found[2]) * text_size / 100)}px", sheet)


def apply_theme(application: QApplication, scheme: Theme = "dark", text_size: int = 100) -> None:
    """Give the whole application its look. `look.Look` does it while windows are shown.

    Args:
        application: it.
        scheme: of the colours.
        text_size: of all text, percent of the system's.
    """
    _current[0], _text_size[0] = scheme, text_size
    style = application.style()
    if style is None or style.objectName().lower() != "fusion":
        application.setStyle("Fusion")
    take_sheet_away(application)
    _set_text_size(application, text_size)
    palette = QPalette()
    role = QPalette.ColorRole
    for which, name in {
        role.Window: "SURFACE",
        role.WindowText: "TEXT",
        role.Base: "FIELD",
        role.AlternateBase: "SURFACE",
        role.ToolTipBase: "FIELD",
        role.ToolTipText: "TEXT",
        role.Text: "TEXT",
        role.Button: "FIELD",
        role.ButtonText: "TEXT",
        role.BrightText: "BRIGHT",
        role.Link: "ACCENT",
        role.Highlight: "ACCENT",
        role.HighlightedText: "ON_ACCENT",
        role.PlaceholderText: "MUTED",
    }.items():
        palette.setColor(which, QColor(colour(name)))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(colour("DISABLED_TEXT")))
    application.setPalette(palette)
    application.setStyleSheet(style_sheet(scheme, text_size))


def take_sheet_away(application: QApplication) -> None:
    """The first half of another look. A sheet in place of another one has every widget look at both, for each part of
    the palette too: five times the time of taking the old one away first.
    """
    if application.styleSheet():
        application.setStyleSheet("")


def _set_text_size(application: QApplication, percent: int) -> None:
    font = application.font()
    if application.property(_SYSTEM_SIZE) is None:
        # Some systems give it in pixels.
        application.setProperty(
            _SYSTEM_SIZE, font.pointSizeF() if font.pointSizeF() > 0 else QFontInfo(font).pointSizeF()
        )
    size = application.property(_SYSTEM_SIZE) * percent / 100
    if abs(font.pointSizeF() - size) > _SAME_SIZE:
        font.setPointSizeF(size)
        application.setFont(font)
