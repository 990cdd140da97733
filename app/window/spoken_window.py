"""A window that goes over to another language while it is open."""

from __future__ import annotations

from collections.abc import Iterator

from PyQt5 import sip
from PyQt5.QtCore import QEvent, QLocale, QObject, Qt, QTimer
from PyQt5.QtGui import QCloseEvent
from PyQt5.QtWidgets import QDialog, QMainWindow, QMenuBar, QWidget


class SpokenWindow(QMainWindow):
    """Makes everything that has a text anew when the language changes, so that no text of the old one is left.

    What a window shows comes from a session and from settings, both of which go on; only what lies in its controls
    alone is carried over. Dialogs beside it are closed. What takes long is made ahead, piece by piece in turns of the
    event loop of their own, so that the window never stands still for all of it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._composed: list[QObject] = []
        self._composing = QTimer(self)
        self._composing.setSingleShot(True)
        self._composing.timeout.connect(self._make_more)
        self._pieces: Iterator[None] = iter(())

    def compose(self) -> None:
        """Make the window's parts for the first time. What was a child of the window before outlives a language."""
        before = self.children()
        self._compose()
        self._composed = [child for child in self.children() if child not in before]

    def _compose(self) -> None:
        """Make central widget, menus and dialogs, and connect them. Is called for each language."""
        raise NotImplementedError

    def _make_ahead(self) -> Iterator[None]:
        """Make what takes long and can wait for the next `_compose`; a window with much overrides it, and ends a turn
        of the event loop with each `yield`.
        """
        return iter(())

    def _make_more(self) -> None:
        for _ in self._pieces:
            self._composing.start(0)
            return
        self._composing.stop()
        self._compose_again()

    def _compose_again(self) -> None:
        """Make all anew; a window overrides it to carry over what lies in its controls alone."""
        old = [child for child in self._composed if not sip.isdeleted(child)]
        for dialog in self.findChildren(QDialog, options=Qt.FindChildOption.FindDirectChildrenOnly):
            passing = dialog in old or dialog.testAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            if passing and not getattr(dialog, "running", False):  # an export goes on
                dialog.close()
        for action in self.actions():
            self.removeAction(action)
        self.setMenuBar(QMenuBar(self))
        self.setLocale(QLocale())  # numbers in fields: what is made in the window takes its locale, not today's
        self.compose()
        for child in old:
            if isinstance(child, QWidget):
                child.hide()
            child.deleteLater()

    def changeEvent(self, a0: QEvent | None) -> None:  # noqa: N802
        """Qt: another language holds."""
        super().changeEvent(a0)
        if a0 is not None and a0.type() == QEvent.Type.LanguageChange and self._composed:
            self._pieces = self._make_ahead()
            self._composing.start(0)

    def closeEvent(self, a0: QCloseEvent | None) -> None:  # noqa: N802
        """Qt: it need not speak another language any more."""
        self._composing.stop()
        super().closeEvent(a0)
