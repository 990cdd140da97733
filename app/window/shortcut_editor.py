"""Choosing other keys for the window's commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PyQt5.QtCore import Qt, QTimer
from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.shortcuts import COMMANDS, choose, keys_of
from app.window.commands import command_name
from app.window.dialogs import DialogBeside
from app.window.language import Texts, key_text, worded
from app.window.theme import scaled
from models.errors import BothhandsError

tr = Texts("ShortcutEditor")

_ROWS_A_TURN = 6
_HOW = tr.mark("Click a field and press the new key. It holds at once.")


class ShortcutEditor(DialogBeside):
    """A field for each command's key; what is pressed in it holds at once. Blocks nothing.

    Args:
        chosen: command to key, where a person has chosen another one.
        change: takes the new choices, to use and to remember.
        titles: command to what it is called, in place of the command's own title.
        parent: window that it belongs to.
    """

    def __init__(
        self,
        chosen: Mapping[str, str],
        change: Callable[[dict[str, str]], None],
        titles: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._chosen = dict(chosen)
        self._change = change
        self.setWindowTitle(tr("Bothhands: keys"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(scaled(560), 560)
        rows = QWidget()
        grid = QGridLayout(rows)
        grid.setColumnStretch(0, 1)
        self.fields: dict[str, QKeySequenceEdit] = {}
        self._titles = titles
        # There are not so many models as keys for them.
        self._missing = [name for name in COMMANDS if not name.startswith("model-") or name in titles]
        self._grid = grid
        self._last: QPushButton | None = None
        self._filling = QTimer(self)
        self._filling.timeout.connect(self._add_rows)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(rows)
        self.message = QLabel(tr(_HOW))
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setObjectName("caption")
        self.message.setWordWrap(True)
        self.reset_button = QPushButton(tr("All as at the first start"))
        self.reset_button.clicked.connect(self._reset)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.reject)
        below = QHBoxLayout()
        below.addWidget(self.reset_button)
        below.addStretch(1)
        below.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addWidget(self.message)
        layout.addWidget(scroll, 1)
        layout.addLayout(below)
        self._add_rows()
        self._filling.start(0)

    def _add_rows(self) -> None:
        """A few more, in a turn of the event loop of their own: all of them at once are felt."""
        adding, self._missing = self._missing[:_ROWS_A_TURN], self._missing[_ROWS_A_TURN:]
        keys = keys_of(self._chosen)
        for name in adding:
            self._add_row(self._grid, name, self._title(name))
            self.fields[name].setKeySequence(QKeySequence(keys[name]))
        if not self._missing:
            self._filling.stop()

    def _title(self, name: str) -> str:
        return self._titles.get(name) or command_name(name)

    def _add_row(self, grid: QGridLayout, name: str, title: str) -> None:
        row = grid.rowCount()
        field = QKeySequenceEdit()
        # German keys are long.
        field.setMinimumWidth(self.fontMetrics().horizontalAdvance(key_text("Ctrl+Shift+W")) + scaled(28))
        field.setAccessibleName(tr("Key for: {title}", title=title))
        field.setToolTip(tr("Key for: {title}", title=title))
        field.editingFinished.connect(lambda: self._edited(name))
        clear = QPushButton(tr("None"))
        clear.setAccessibleName(tr("No key for: {title}", title=title))
        clear.setToolTip(tr("No key for: {title}", title=title))
        clear.clicked.connect(lambda: self._take(name, ""))
        label = QLabel(title)
        label.setTextFormat(Qt.TextFormat.PlainText)
        for column, part in enumerate((label, field, clear)):
            grid.addWidget(part, row, column)
        # Tab goes through all rows first, also those that were added after the buttons below.
        if self._last is not None:
            self.setTabOrder(self._last, field)
            self.setTabOrder(field, clear)
        self.fields[name], self._last = field, clear

    def _edited(self, name: str) -> None:
        text = self.fields[name].keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        first = text.split(", ")[0]  # Qt takes up to four keys in a row
        if first != keys_of(self._chosen)[name]:
            self._take(name, first)
        else:
            self._show()

    def _take(self, name: str, key: str) -> None:
        before = keys_of(self._chosen)
        try:
            self._chosen = choose(self._chosen, name, key)
        except BothhandsError as error:
            self._say(worded(error), failed=True)
            self._show()
            return
        lost = [other for other, its in before.items() if key and its == key and other != name]
        self._say(tr("{command} has no key any more.", command=self._title(lost[0])) if lost else "", failed=False)
        self._show()
        self._change(dict(self._chosen))

    def _reset(self) -> None:
        self._chosen = {}
        self._say("", failed=False)
        self._show()
        self._change({})

    def _show(self) -> None:
        keys = keys_of(self._chosen)
        for name, field in self.fields.items():
            field.setKeySequence(QKeySequence(keys[name]))

    def _say(self, text: str, *, failed: bool) -> None:
        self.message.setText(text or tr(_HOW))
        self.message.setProperty("failed", failed)
        style = self.message.style()
        if style is not None:  # the stylesheet looks at the property again
            style.unpolish(self.message)
            style.polish(self.message)
