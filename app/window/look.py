"""Another look for windows that are shown."""

from __future__ import annotations

from PyQt5 import sip
from PyQt5.QtCore import QObject, QTimer, pyqtSignal
from PyQt5.QtWidgets import QApplication, QWidget

from app.settings import Theme
from app.window.theme import apply_theme, take_sheet_away


class Look(QObject):
    """Changes the look of all windows in two turns of the event loop: each has every widget styled once, and the
    longer one stands still for half as long as both. Nothing is painted between them.

    Signals:
        changed: the new look is there.

    Args:
        parent: goes with it.
    """

    changed = pyqtSignal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._wanted: tuple[Theme, int] | None = None
        self._unpainted: list[QWidget] = []
        self._second_half = QTimer(self)
        self._second_half.setSingleShot(True)
        self._second_half.timeout.connect(self.finish)

    def change(self, scheme: Theme, text_size: int) -> None:
        """Begin to change; of several changes at once the last one is made.

        Args:
            scheme: of the colours.
            text_size: of all text, percent of the system's.
        """
        self._wanted = scheme, text_size
        if self._second_half.isActive():
            return
        self._unpainted = [top for top in QApplication.topLevelWidgets() if top.isVisible() and top.updatesEnabled()]
        for top in self._unpainted:
            top.setUpdatesEnabled(False)
        take_sheet_away(_application())
        self._second_half.start(0)

    def finish(self) -> None:
        """Make the rest of a change that has begun; nothing where none has."""
        if self._wanted is None:
            return
        wanted, self._wanted = self._wanted, None
        self._second_half.stop()
        apply_theme(_application(), *wanted)
        self.changed.emit()
        for top in self._unpainted:
            if not sip.isdeleted(top):
                top.setUpdatesEnabled(True)
        self._unpainted = []


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application
