"""What a window can be told to do, by menu and by key."""

from __future__ import annotations

from typing import Any

from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import QAction, QMainWindow, QMenu


def add_action(window: QMainWindow, menu: QMenu | None, text: str, key: str, slot: Any) -> QAction:
    """Enter an action into a menu of a window.

    Args:
        window: it; the key works in all of it, also in full screen, where the menu is hidden.
        menu: as `QMenuBar.addMenu` gives it, which by its type may be None.
        text: shown in the menu, with "&" before its letter.
        key: in `QKeySequence`'s words; "" for none.
        slot: called without arguments.
    """
    assert menu is not None
    action = QAction(text, window)
    action.setShortcut(QKeySequence(key))
    action.triggered.connect(lambda: slot())
    window.addAction(action)
    menu.addAction(action)
    return action
