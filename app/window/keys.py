"""A control that has the focus gets its own keys, before the window's shortcuts do."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QObject, Qt
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import QAbstractButton, QComboBox, QSlider, QWidget

_Key = Qt.Key
_PLACES = {_Key.Key_Up, _Key.Key_Down, _Key.Key_Home, _Key.Key_End, _Key.Key_PageUp, _Key.Key_PageDown}
_BUTTON_KEYS = {_Key.Key_Space, _Key.Key_Select}
_BOX_KEYS = _PLACES | {_Key.Key_Space, _Key.Key_F4}
_SLIDER_KEYS = _PLACES | {_Key.Key_Left, _Key.Key_Right}
_SHORTCUTS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class _KeyGuard(QObject):
    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:  # noqa: N802
        """Qt: asked before a shortcut acts whether the control wants the key for itself."""
        if isinstance(a1, QKeyEvent) and a1.type() == QEvent.Type.ShortcutOverride and _wanted(a0, a1):
            a1.accept()
            return True
        return super().eventFilter(a0, a1)


def _wanted(control: QObject | None, event: QKeyEvent) -> bool:
    if int(event.modifiers()) & int(_SHORTCUTS):
        return False
    key = event.key()
    if isinstance(control, QAbstractButton):
        return key in _BUTTON_KEYS
    if isinstance(control, QComboBox):  # letters look for an entry
        return key in _BOX_KEYS or (event.text().isprintable() and event.text().strip() != "")
    return key in _SLIDER_KEYS


def give_controls_their_keys(root: QWidget, *, but: QWidget | None = None) -> None:
    """Buttons, boxes and sliders below a widget get the keys that they know; text fields do by themselves.

    Args:
        root: whose controls there are all by now.
        but: a control that has no keys of its own here, such as a timeline that the window's keys move.
    """
    guard = _KeyGuard(root)
    for kind in (QAbstractButton, QComboBox, QSlider):
        for control in root.findChildren(kind):
            if control is not but:
                control.installEventFilter(guard)
