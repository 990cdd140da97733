"""Buttons with a text."""

from __future__ import annotations

from PyQt5.QtWidgets import QPushButton


def text_button(text: str, tooltip: str) -> QPushButton:
    """A button that is called what stands on it."""
    button = QPushButton(text)
    button.setToolTip(tooltip)
    button.setAccessibleName(text)
    return button
