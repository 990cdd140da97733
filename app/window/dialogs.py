"""Dialogs that are gone when they are done."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QFileDialog, QLineEdit


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
