"""A small turning arc."""

from __future__ import annotations

from PyQt5.QtCore import QRectF, QSize, Qt, QTimer
from PyQt5.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from app.window.language import Texts
from app.window.theme import colour

tr = Texts("BusyIndicator")

_STEP_MS = 50
_STEP_DEGREES = 24


class BusyIndicator(QWidget):
    """Turns while it is shown; keeps its place in the layout while it is hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._angle = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._turn)
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(tr("Loading"))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Qt: as large as an icon."""
        return QSize(18, 18)

    def showEvent(self, a0: QShowEvent | None) -> None:  # noqa: N802
        """Qt: begin to turn."""
        self._timer.start()
        super().showEvent(a0)

    def hideEvent(self, a0: QHideEvent | None) -> None:  # noqa: N802
        """Qt: a hidden one costs nothing."""
        self._timer.stop()
        super().hideEvent(a0)

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802
        """Qt: draw the arc."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(colour("ACCENT")), 2.2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(QRectF(3, 3, 12, 12), -self._angle * 16, 250 * 16)
        painter.end()

    def _turn(self) -> None:
        self._angle = (self._angle + _STEP_DEGREES) % 360
        self.update()
