"""The recorded sessions in a window: images, search, and what can be done with each."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from PyQt5.QtCore import QEvent, QFile, QSize, QStandardPaths, Qt
from PyQt5.QtGui import QIcon, QImage, QKeyEvent, QPixmap
from PyQt5.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.live import Message
from app.sessions.catalogue import (
    BATCH,
    THUMBNAIL_HEIGHT,
    THUMBNAIL_WIDTH,
    Entry,
    matches,
    read_entries,
    session_folders,
)
from app.window.banner import BannerStack
from app.window.dialogs import DialogBeside
from app.window.language import Texts, date_text, worded
from app.window.tasks import WindowTasks
from app.window.texts import session_lines, unformatted

tr = Texts("SessionBrowser")

_ENTRY = Qt.ItemDataRole.UserRole
_MOST_LINES = 4
"""Of a session's text."""
_GIVES_BACK = sys.platform != "win32"
"""Whether a folder can be moved out of the bin: that of Windows keeps an account of its own."""


class SessionDoings(Protocol):
    """What the window can do with a session; each takes its folder."""

    def open(self, folder: Path) -> None:
        """Replay it."""
        ...

    def export(self, folder: Path) -> None:
        """Ask for a format and export it."""
        ...

    def recover(self, folder: Path, recovered: Callable[[], None]) -> None:
        """Complete it, and call a function when that is done."""
        ...

    def show_folder(self, folder: Path) -> None:
        """Show its folder."""
        ...

    def is_open(self, folder: Path) -> bool:
        """Whether it is shown in a replay."""
        ...

    def thrown_away(self, folder: Path) -> None:
        """It is in the bin: nothing offers it any more."""
        ...

    def brought_back(self, folder: Path) -> None:
        """It was taken out of the bin again."""
        ...


class SessionBrowser(DialogBeside):
    """Lists sessions, newest first, while they are read beside the window. Blocks nothing.

    Args:
        root: gives the folder of sessions, which may change.
        doings: what is done with one.
        parent: window that it belongs to.
    """

    def __init__(self, root: Callable[[], Path], doings: SessionDoings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._root = root
        self._doings = doings
        self._round = 0
        self._unread: list[Path] = []
        self._reading = 0
        self._chosen: Path | None = None
        self._stale = False
        self.setModal(False)
        self.resize(680, 560)
        self.banners = BannerStack(margin=0)
        self.tasks = WindowTasks(self, self.banners)
        self._build()

    # Construction.

    def _build(self) -> None:
        self.replay_button = QPushButton()
        self.export_button = QPushButton()
        self.folder_button = QPushButton()
        self.recover_button = QPushButton()
        self.bin_button = QPushButton()
        self.refresh_button = QPushButton()
        self.search_edit = QLineEdit()
        self.search_edit.setClearButtonEnabled(True)
        self.search_edit.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setObjectName("sessionList")
        self.list.setIconSize(QSize(THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT))
        self.list.setUniformItemSizes(True)
        self.list.setWordWrap(True)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.currentItemChanged.connect(lambda: self._show_choices())
        self.list.itemActivated.connect(lambda: self._do(self._doings.open))
        self.caption = QLabel()
        self.caption.setObjectName("caption")
        self.caption.setTextFormat(Qt.TextFormat.PlainText)
        self.caption.setWordWrap(True)
        self.replay_button.clicked.connect(lambda: self._do(self._doings.open))
        self.export_button.clicked.connect(lambda: self._do(self._doings.export))
        self.folder_button.clicked.connect(lambda: self._do(self._doings.show_folder))
        self.recover_button.clicked.connect(lambda: self._do(self._recover))
        self.bin_button.clicked.connect(lambda: self._do(self._throw_away))
        self.refresh_button.clicked.connect(self.refresh)
        top, below = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.search_edit, 1)
        top.addWidget(self.refresh_button)
        for button in (self.replay_button, self.export_button, self.folder_button, self.recover_button):
            below.addWidget(button)
        below.addStretch(1)
        below.addWidget(self.bin_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.addLayout(top)
        layout.addWidget(self.banners)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.caption)
        layout.addLayout(below)
        self._speak()
        self._show_choices()

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:  # noqa: N802
        """Qt: a key that the part with the focus has no use for."""
        key = None if a0 is None else a0.key()
        if key == Qt.Key.Key_Down and self.focusWidget() is self.search_edit:
            self._go_to_list()
        elif key == Qt.Key.Key_Delete and self.focusWidget() is self.list:
            self.bin_button.click()
        else:
            super().keyPressEvent(a0)

    def _go_to_list(self) -> None:
        """From the search on to what it has found."""
        rows = range(self.list.count())
        found = [row for row in rows if (item := self.list.item(row)) is not None and not item.isHidden()]
        if found:
            if self.current is None:
                self.list.setCurrentRow(found[0])
            self.list.setFocus()

    def _speak(self) -> None:
        """Give all that stays its texts."""
        self.setWindowTitle(tr("Bothhands: sessions"))
        self.search_edit.setPlaceholderText(tr("Search names, notes, models, dates"))
        self.search_edit.setAccessibleName(tr("Search sessions"))
        self.search_edit.setToolTip(tr("Shows the sessions that have all these words"))
        self.list.setAccessibleName(tr("Sessions"))
        for button, text, tooltip in (
            (self.replay_button, tr("Replay"), tr("Look at it, run other models over it, export it (Enter)")),
            (self.export_button, tr("Export…"), tr("To Blender, game engines, tables or a video")),
            (self.folder_button, tr("Show folder"), tr("Show its files")),
            (self.recover_button, tr("Recover"), tr("Save what can be read of a recording that was cut off")),
            (self.bin_button, tr("Move to the bin"), tr("It can be taken out of the bin again (Del)")),
            (self.refresh_button, tr("Refresh"), tr("Read the folder again")),
        ):
            button.setText(text)
            button.setToolTip(tooltip)
            button.setAccessibleName(text)

    def changeEvent(self, a0: QEvent | None) -> None:  # noqa: N802
        """Qt: another language holds."""
        super().changeEvent(a0)
        if a0 is not None and a0.type() == QEvent.Type.LanguageChange:
            self._speak()
            if self.isVisible():
                self.refresh()

    # What is there.

    def open_list(self) -> None:
        """Show the window, with what is there now."""
        self.show()
        self.raise_()
        self.search_edit.setFocus()
        self.refresh()

    def refresh(self) -> None:
        """Read the folder again; what is chosen stays so."""
        self._read_all(None)

    def _read_all(self, chosen: Path | None) -> None:
        self._round += 1
        round_, root = self._round, self._root()
        self.caption.setText(tr("Reading {folder}…", folder=root))
        self.tasks.begin("sessions", lambda: session_folders(root), lambda paths: self._begin(round_, paths, chosen))

    @property
    def current(self) -> Entry | None:
        """The session that is chosen, None where none is, or it is hidden by the search."""
        item = self.list.currentItem()
        return None if item is None or item.isHidden() else item.data(_ENTRY)

    def _begin(self, round_: int, paths: Sequence[Path], chosen: Path | None) -> None:
        if round_ != self._round:
            return
        self._chosen, self._stale = chosen, True
        self._unread = list(paths)
        if not paths:
            self._clear()
        self._read_on(round_)

    def _clear(self) -> None:
        """Make room for what has been read: until then the list shows what it did, and not nothing."""
        self._chosen = self._chosen or (self.current.path if self.current is not None else None)
        self._stale = False
        self.list.clear()

    def _read_on(self, round_: int) -> None:
        batch, self._unread = self._unread[:BATCH], self._unread[BATCH:]
        self._reading = len(batch)
        if batch and self.isVisible():
            self.tasks.begin("sessions", lambda: read_entries(batch), lambda entries: self._add(round_, entries))
        self._count()

    def _add(self, round_: int, entries: Sequence[Entry]) -> None:
        if round_ != self._round:
            return
        self._reading = 0
        if self._stale:
            self._clear()
        for entry in entries:
            item = QListWidgetItem(_icon(entry.thumbnail), "\n".join(session_lines(entry)))
            item.setData(_ENTRY, entry)
            item.setSizeHint(QSize(0, max(THUMBNAIL_HEIGHT, _MOST_LINES * self.fontMetrics().lineSpacing()) + 12))
            tips = [str(entry.path), entry.notes, worded(entry.summary.problem)]
            item.setToolTip(unformatted("\n".join(tip for tip in tips if tip)))
            self.list.addItem(item)
            if entry.path == self._chosen:
                self.list.setCurrentItem(item)
        self._filter()
        self._read_on(round_)

    def _filter(self) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item is not None:
                item.setHidden(not matches(item.data(_ENTRY), self.search_edit.text(), _also_shown(item)))
        self._count()
        self._show_choices()

    def _count(self) -> None:
        items = [self.list.item(row) for row in range(self.list.count())]
        shown = sum(item is not None and not item.isHidden() for item in items)
        waiting = self._reading + len(self._unread)
        if waiting:
            read = 0 if self._stale else len(items)
            self.caption.setText(tr("{read} of %n sessions read…", n=read + waiting, read=read))
        elif not items:
            self.caption.setText(tr("There are no recordings in {folder}.", folder=self._root()))
        else:
            self.caption.setText(
                tr("{shown} of %n sessions in {folder}", n=len(items), shown=shown, folder=self._root())
            )

    def _show_choices(self) -> None:
        entry = self.current
        free = entry is not None and not entry.in_use
        self.replay_button.setEnabled(free)
        self.export_button.setEnabled(free)
        self.folder_button.setEnabled(entry is not None)
        self.recover_button.setVisible(entry is not None and entry.recoverable)
        self.bin_button.setEnabled(free)

    # What a person wants.

    def _do(self, wish: Callable[[Path], None]) -> None:
        entry = self.current
        if entry is not None:
            wish(entry.path)

    def _recover(self, folder: Path) -> None:
        self._doings.recover(folder, self.refresh)

    def _throw_away(self, folder: Path) -> None:
        if self._doings.is_open(folder):
            self._say("warning", tr("{name} is open in a replay; close that first.", name=folder.name))
            return
        moved, where = _move_to_bin(folder)
        if not moved or folder.exists():
            self._say(
                "error",
                tr(
                    "{name} could not be moved to the bin; nothing was deleted. Show folder leads to it.",
                    name=folder.name,
                ),
            )
            return
        text = tr("{name} is in the bin: {place}." if where else "{name} is in the bin.", name=folder.name, place=where)
        undo = [(tr("Undo"), lambda: self._bring_back(folder, Path(where)))] if where and _GIVES_BACK else []
        self.banners.show_message(Message("info", text), undo, about=str(folder))
        self._doings.thrown_away(folder)
        self.list.takeItem(self.list.currentRow())
        self._count()
        self._show_choices()
        self.list.setFocus()  # or Qt gives it to the message, which would not go then

    def _bring_back(self, folder: Path, where: Path) -> None:
        try:
            _take_from_bin(where, folder)
        except OSError as error:
            reason = error.strerror or str(error)
            self._say("error", tr("{name} could not be taken out of the bin: {error}", name=folder.name, error=reason))
            return
        self._doings.brought_back(folder)
        self._read_all(folder)
        self.list.setFocus()  # or Qt gives it to the search

    def _say(self, severity: str, text: str) -> None:
        self.banners.show_message(Message(severity, text))  # type: ignore[arg-type]


def _move_to_bin(folder: Path) -> tuple[bool, str]:
    """Whether a folder is in the bin now, and where that is, "" where the system does not say.

    Qt takes the working folder for the bin where the one that holds it is missing, as in a new account.
    """
    holder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    try:
        Path(holder).mkdir(parents=True, exist_ok=True)
    except OSError:
        return False, ""
    moved, where = QFile.moveToTrash(str(folder))
    return moved, where or ""


def _take_from_bin(where: Path, folder: Path) -> None:
    """Move a folder back to where it was.

    Args:
        where: it is in the bin.
        folder: it was.

    Raises:
        OSError: it cannot be moved, or there is another one by now.
    """
    if folder.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    where.rename(folder)
    note = where.parent.parent / "info" / f"{where.name}.trashinfo"  # of the bin of Linux's desktops
    note.unlink(missing_ok=True)


def _also_shown(item: QListWidgetItem) -> str:
    """The item's lines, and its day and month in whole words."""
    started = item.data(_ENTRY).started
    return item.text() if started is None else f"{item.text()} {date_text(started, 'dddd MMMM')}"


def _icon(thumbnail: np.ndarray | None) -> QIcon:
    """A thumbnail in the middle of a field of one size, so that the lines beside it stand in a column."""
    field = np.zeros((THUMBNAIL_HEIGHT, THUMBNAIL_WIDTH, 3), np.uint8) + 24
    if thumbnail is not None:
        height, width = thumbnail.shape[:2]
        top, left = (THUMBNAIL_HEIGHT - height) // 2, (THUMBNAIL_WIDTH - width) // 2
        field[top : top + height, left : left + width] = thumbnail
    stride = field.strides[0]
    image = QImage(field.tobytes(), THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT, stride, QImage.Format.Format_RGB888)
    pixmap = QPixmap.fromImage(image.copy())
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # or Qt tints it
    return icon
