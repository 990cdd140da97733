"""Work beside the window whose result a slot takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt5.QtCore import QObject, QTimer

from app.live import Message
from app.live.task import Task
from app.window.banner import Teller
from app.window.language import worded
from models.errors import BothhandsError

_POLL_MS = 50


class WindowTasks(QObject):
    """Runs functions in threads and hands their results over in the window's own.

    Args:
        parent: goes with it.
        banners: where failures are shown.
    """

    def __init__(self, parent: QObject, banners: Teller) -> None:
        super().__init__(parent)
        self._banners = banners
        self._tasks: list[tuple[Task[Any], Callable[[Any], None]]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self.poll)

    def begin(self, name: str, work: Callable[[], Any], take: Callable[[Any], None]) -> None:
        """Run a function; what it returns is given to `take`.

        Args:
            name: of the thread.
            work: what runs in it; a `BothhandsError` is shown.
            take: called in the window's thread.
        """
        self._tasks.append((Task(name, work), take))
        self._timer.start()

    def poll(self) -> None:
        """Take what is done by now."""
        for task, take in [entry for entry in self._tasks if entry[0].done]:
            self._tasks.remove((task, take))
            try:
                take(task.result())
            except BothhandsError as error:
                self._banners.show_message(Message("error", worded(error)))
        if not self._tasks:
            self._timer.stop()

    def wait(self) -> None:
        """Wait until all is done; the results can be taken by `poll`."""
        for task, _ in self._tasks:
            task.wait()

    def close(self) -> None:
        """Take no more results; what runs is waited for."""
        self._timer.stop()
        self.wait()
