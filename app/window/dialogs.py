"""Dialogs that are gone when they are done, and those that stay open beside the window."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import QDialog, QFileDialog, QInputDialog, QLineEdit, QWidget


class DialogBeside(QDialog):
    """A dialog in which Enter presses the button that has the focus, and none where no button has it.

    Qt would press the next button that it finds: one that brings back from the bin, or that resets all.
    """

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:  # noqa: N802
        """Qt: a key that the part with the focus has no use for."""
        if a0 is None or a0.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(a0)


def open_file_dialog(dialog: QFileDialog, take: Callable[[str], None]) -> None:
    """Show a dialog that blocks nothing and is deleted when it is closed, however it is.

    Args:
        dialog: set up already.
        take: gets the path that a person chose.
    """
    # Qt's own dialog completes names in a popup of its own, which is left floating where the dialog closes under it.
    for edit in dialog.findChildren(QLineEdit):
        edit.setCompleter(None)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(take)
    dialog.open()


def ask_name(window: QWidget, title: str, label: str, take: Callable[[str], None], name: str = "") -> None:
    """Ask for a name in a dialog that blocks nothing and is deleted when it is closed.

    Args:
        window: that it belongs to.
        title: of the dialog.
        label: what is asked.
        take: gets the name that a person typed.
        name: that stands there at first.
    """
    dialog = QInputDialog(window)
    dialog.setWindowTitle(title)
    dialog.setLabelText(label)
    dialog.setTextEchoMode(QLineEdit.EchoMode.Normal)
    dialog.setTextValue(name)
    dialog.textValueSelected.connect(take)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
