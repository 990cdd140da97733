"""Boxes to choose from that are as narrow as their place."""

from __future__ import annotations

from PyQt5.QtCore import QSize
from PyQt5.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox


class _NarrowCombo(QComboBox):
    """As wide as so many characters and an icon, whatever it offers.

    Qt's own way to this (`setSizeAdjustPolicy`) makes the list at once that opens below the box, and with it half of
    what a language costs.
    """

    def __init__(self, characters: int) -> None:
        super().__init__()
        self._characters = characters

    def sizeHint(self) -> QSize:  # noqa: N802
        """Qt: what is wanted."""
        return self._narrowed(super().sizeHint())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Qt: what must be."""
        return self._narrowed(super().minimumSizeHint())

    def _narrowed(self, hint: QSize) -> QSize:
        style = self.style()
        assert style is not None, "every widget has one"
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room_of_an_icon = self.iconSize().width() + 4
        wide = self.fontMetrics().horizontalAdvance("X") * self._characters + room_of_an_icon
        text = QSize(wide, hint.height())
        hint.setWidth(style.sizeFromContents(QStyle.ContentsType.CT_ComboBox, option, text, self).width())
        return hint


def narrow_combo(name: str, tooltip: str, characters: int) -> QComboBox:
    """A box that shortens its texts rather than widen its place.

    Args:
        name: for screen readers.
        tooltip: what it chooses.
        characters: that are shown at least.
    """
    box = _NarrowCombo(characters)
    box.setAccessibleName(name)
    box.setToolTip(tooltip)
    return box
