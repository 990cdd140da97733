"""A live plot of what smoothing does: measured beside smoothed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PyQt5.QtCore import QPointF, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PyQt5.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.live.smoothing_trace import QUANTITIES, SECONDS, SmoothingTraces, Trace
from app.window.combo import narrow_combo
from app.window.language import Texts
from app.window.texts import SIDE_NAMES, capitalized, wording
from app.window.theme import colour
from models.values import SIDES
from render.protocol import SIDE_COLOURS
from tracking.values import TrackedFrame

tr = Texts("SmoothingPlot")

_MARGIN, _HEAD = 6, 20
"""Pixels around the curves, and above them, where the figures stand."""
_LEAST_RANGE = {"mm": 10.0, "°": 10.0}
"""A still hand's noise does not fill the plot."""


_QUANTITIES: Mapping[str, str] = {
    "Wrist, sideways": tr.mark("Wrist, sideways"),
    "Wrist, up and down": tr.mark("Wrist, up and down"),
    "Wrist, distance": tr.mark("Wrist, distance"),
    "Thumb, bent": tr.mark("Thumb, bent"),
    "Index, bent": tr.mark("Index, bent"),
    "Middle, bent": tr.mark("Middle, bent"),
    "Ring, bent": tr.mark("Ring, bent"),
    "Little, bent": tr.mark("Little, bent"),
}


class SmoothingPlot(QWidget):
    """Choices of hand and number, and their last seconds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._traces = SmoothingTraces()
        self.side_box, self.quantity_box = (
            narrow_combo(name, name, 3) for name in (tr("Hand of the plot"), tr("What the plot shows"))
        )
        for side in SIDES:
            self.side_box.addItem(capitalized(wording(SIDE_NAMES[side])), side)
        for name in QUANTITIES:
            self.quantity_box.addItem(tr(_QUANTITIES[name]), name)
        self.curves = _Curves()
        row = QHBoxLayout()
        row.addWidget(self.side_box)
        row.addWidget(self.quantity_box, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.curves)

    def add(self, tracked: TrackedFrame) -> None:
        """Enter a frame, also while nothing is shown: the plot is full when it is unfolded."""
        self._traces.add(tracked)

    def show_traces(self) -> None:
        """Paint what is known, where it is seen."""
        if self.curves.isVisible():
            side, quantity = self.side_box.currentData(), self.quantity_box.currentData()
            self.curves.show_trace(self._traces.trace(side, quantity), QUANTITIES[quantity].unit, SIDE_COLOURS[side])


class _Curves(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._trace: Trace | None = None
        self._unit = ""
        self._ink = (0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Measured and smoothed"))
        self.setToolTip(
            tr("The thin line is what was measured, the thick one what is shown, over the last four seconds")
        )

    def sizeHint(self) -> QSize:  # noqa: N802
        """Qt: low and wide."""
        return QSize(200, 96)

    def show_trace(self, trace: Trace, unit: str, ink: tuple[int, int, int]) -> None:
        """Paint this."""
        self._trace, self._unit, self._ink = trace, unit, ink
        self.update()

    @property
    def caption(self) -> str:
        """What stands in the corner."""
        jitter = None if self._trace is None else self._trace.jitter
        if jitter is None:
            return ""
        return tr("jitter {raw:.1f} → {smoothed:.1f} {unit}", raw=jitter[0], smoothed=jitter[1], unit=self._unit)

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802
        """Qt: both curves on one scale, and how much calmer the smoothed one is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colour("CONTROL_EDGE"))))
        painter.setBrush(QColor(colour("FIELD")))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        trace = self._trace
        values = np.array([]) if trace is None else np.concatenate([trace.raw, trace.smoothed])
        values = values[np.isfinite(values)]
        if trace is None or not len(values):
            painter.setPen(QColor(colour("MUTED")))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("No such hand in view"))
        else:
            middle = (values.min() + values.max()) / 2
            span = max(float(values.max() - values.min()), _LEAST_RANGE[self._unit]) * 1.1
            self._paint_curve(painter, trace.seconds, (trace.raw - middle) / span, QPen(QColor(colour("MUTED")), 1.0))
            self._paint_curve(painter, trace.seconds, (trace.smoothed - middle) / span, QPen(QColor(*self._ink), 2.2))
            painter.setPen(QColor(colour("STATUS_TEXT")))
            field = QRectF(self.rect()).adjusted(8, 5, -8, -5)
            painter.drawText(field, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, f"{span:.0f} {self._unit}")
            painter.drawText(field, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, self.caption)
        painter.end()

    def _paint_curve(self, painter: QPainter, seconds: np.ndarray, heights: np.ndarray, pen: QPen) -> None:
        """Heights from -0.5 at the lower edge to 0.5 at the upper one; a gap where there is none."""
        painter.setPen(pen)
        width, height = self.width() - 2 * _MARGIN, self.height() - _HEAD - _MARGIN
        part = QPolygonF()
        for x, y in zip(_MARGIN + (1 + seconds / SECONDS) * width, _HEAD + (0.5 - heights) * height, strict=True):
            if np.isfinite(y):
                part.append(QPointF(x, y))
            else:
                painter.drawPolyline(part)
                part = QPolygonF()
        painter.drawPolyline(part)
