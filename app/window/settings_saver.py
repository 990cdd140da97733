"""What a window remembers is written beside it: a busy disk takes seconds to keep a file for good."""

from __future__ import annotations

import logging

from PyQt5.QtCore import QObject, QTimer

from app.live.task import Task
from app.settings import SettingsStore
from app.window.banner import BannerStack
from models.errors import BothhandsError

logger = logging.getLogger(__name__)

SAVE_MS = 500
"""Choices that follow one another faster, as a slider's, are written once."""


class SettingsSaver(QObject):
    """Writes settings in a thread, one write at a time: what was changed during one is written by the next.

    Args:
        parent: goes with it.
        store: what is written.
        banners: where it is told, once until it works again, that it cannot be written.
    """

    def __init__(self, parent: QObject, store: SettingsStore, banners: BannerStack) -> None:
        super().__init__(parent)
        self._store = store
        self._banners = banners
        self._changed = False
        self._writing: Task[None] | None = None
        self._told = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_MS)
        self._timer.timeout.connect(self.poll)

    def save_soon(self) -> None:
        """Write what is remembered when nothing has been changed for a moment."""
        self._changed = True
        self._timer.start()

    def poll(self) -> None:
        """Tell how the last write went, and begin the next where there is something to be written."""
        if self._writing is not None:
            if not self._writing.done:
                self._timer.start()
                return
            self._tell(self._writing)
            self._writing = None
        if self._changed:
            self._begin()
            self._timer.start()

    def save_last(self) -> None:
        """Begin to write what is remembered now, behind what is being written; `wait` returns when it is done."""
        self._timer.stop()
        self._begin()

    def wait(self) -> None:
        """Wait for the write that was begun last."""
        if self._writing is not None:
            self._writing.wait()
            self._tell(self._writing)
            self._writing = None

    def _begin(self) -> None:
        before, write = self._writing, self._store.write_of_now()

        def write_behind() -> None:
            if before is not None:
                before.wait()
            write()

        self._changed = False
        self._writing = Task("settings", write_behind)

    def _tell(self, task: Task[None]) -> None:
        try:
            task.result()
        except BothhandsError as error:
            if str(error) != self._told:
                logger.warning("%s", error)
                self._banners.show_refusal(error)
            self._told = str(error)
        else:
            self._told = ""
