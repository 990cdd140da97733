"""Boxes to choose from."""

from __future__ import annotations

from math import ceil

from PyQt5.QtCore import QEvent, QModelIndex, QSize, Qt
from PyQt5.QtGui import QColor, QFontMetricsF, QPainter
from PyQt5.QtWidgets import (
    QComboBox,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QWidget,
)

from app.window.theme import colour

_LEAST_HEIGHT = 14
"""Of the text, px, as Qt has it."""
_MOST_ROWS = 16
"""Of the list, beyond which it is scrolled."""
_LINE_ROOM = 9
"""Height of a row that is a line between others, px."""


class _Rows(QStyledItemDelegate):
    """Rows of a list as the style sheet has them, and lines between them, which Qt knows in its own lists only."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # noqa: N802
        """Qt: what a row needs."""
        return QSize(1, _LINE_ROOM) if _is_line(index) else super().sizeHint(option, index)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Qt: draw a row."""
        if painter is None or not _is_line(index):
            super().paint(painter, option, index)
        else:
            middle = option.rect.center().y()
            painter.fillRect(option.rect.left(), middle, option.rect.width(), 1, QColor(colour("STRONG_EDGE")))


def _is_line(index: QModelIndex) -> bool:
    return index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "separator"  # as Qt marks them


class Combo(QComboBox):
    """A box whose list looks as the style sheet says."""

    def showPopup(self) -> None:  # noqa: N802
        """Qt: the list opens."""
        if not isinstance(self.itemDelegate(), _Rows):
            self.setItemDelegate(_Rows(self))
            self.setMaxVisibleItems(_MOST_ROWS)
        super().showPopup()


class NarrowCombo(Combo):
    """As wide as so many characters and an icon, whatever it offers.

    The list that opens below a box is nine widgets, and Qt makes it as soon as the box gets a style or a font. Here it
    is made when it opens: until then nobody waits for it to be made, or to be styled with each change of the look.
    """

    def __init__(self, characters: int) -> None:
        super().__init__()
        self._characters = characters

    @property
    def is_open(self) -> bool:
        """Whether its list is on the screen."""
        return any(part.isVisible() for part in self._list())

    def sizeHint(self) -> QSize:  # noqa: N802
        """Qt: what is wanted."""
        style = self.style()
        assert style is not None, "every widget has one"
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room_of_an_icon = self.iconSize().width() + 4
        wide = self.fontMetrics().horizontalAdvance("X") * self._characters + room_of_an_icon
        high = max(ceil(QFontMetricsF(self.font()).height()), _LEAST_HEIGHT) + 2
        return style.sizeFromContents(QStyle.ContentsType.CT_ComboBox, option, QSize(wide, high), self)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Qt: what must be."""
        return self.sizeHint()

    def changeEvent(self, e: QEvent | None) -> None:  # noqa: N802
        """Qt: the box looks otherwise; what it does besides is for a list that is there, and would make one."""
        looks = e is not None and e.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange)
        if looks and not self._list():
            QWidget.changeEvent(self, e)
        else:
            super().changeEvent(e)

    def _list(self) -> list[QFrame]:
        return self.findChildren(QFrame, options=Qt.FindChildOption.FindDirectChildrenOnly)


def narrow_combo(name: str, tooltip: str, characters: int) -> NarrowCombo:
    """A box that shortens its texts rather than widen its place.

    Args:
        name: for screen readers.
        tooltip: what it chooses.
        characters: that are shown at least.
    """
    box = NarrowCombo(characters)
    box.setAccessibleName(name)
    box.setToolTip(tooltip)
    return box
