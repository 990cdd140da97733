"""Boxes to choose from that are as narrow as their place."""

from __future__ import annotations

from PyQt5.QtWidgets import QComboBox


def narrow_combo(name: str, tooltip: str, characters: int) -> QComboBox:
    """A box that shortens its texts rather than widen its place.

    Args:
        name: for screen readers.
        tooltip: what it chooses.
        characters: that are shown at least.
    """
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(tooltip)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(characters)
    return box
