"""Where a person enters the field of view that a camera's data sheet names."""

from __future__ import annotations

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QDoubleSpinBox, QHBoxLayout, QWidget

from app.window.combo import narrow_combo
from app.window.language import Texts
from tracking.camera_model import Angle

tr = Texts("FieldOfView")

ANGLES: tuple[tuple[Angle, str], ...] = (
    ("diagonal", tr.mark("Diagonal")),
    ("horizontal", tr.mark("Horizontal")),
    ("vertical", tr.mark("Vertical")),
)
USUAL: tuple[tuple[str, float], ...] = (
    (tr.mark("Narrow webcam"), 60.0),
    (tr.mark("Built into a laptop"), 74.0),
    (tr.mark("USB webcam"), 78.0),
    (tr.mark("Phone, main camera"), 80.0),
    (tr.mark("Wide webcam"), 90.0),
)
"""Diagonal angles, degrees, as makers name them."""
NARROWEST, WIDEST = 20.0, 140.0
"""Degrees; what sees more is no pinhole camera."""
ASSUMED_DIAGONAL = 67.0
"""Of an image of 16:9 that is 60 degrees wide."""


class FieldOfView(QWidget):
    """An angle, and across what of the image it is measured.

    Signals:
        changed: it is another one.
    """

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.across_box = narrow_combo(
            tr("Across what the angle is measured"),
            tr("Data sheets mostly name the angle across the image's diagonal"),
            8,
        )
        for across, title in ANGLES:
            self.across_box.addItem(tr(title), across)
        self.angle_box = QDoubleSpinBox()
        self.angle_box.setAccessibleName(tr("Field of view, degrees"))
        self.angle_box.setToolTip(tr("Field of view (FOV) that the camera's data sheet names"))
        self.angle_box.setRange(NARROWEST, WIDEST)
        self.angle_box.setDecimals(1)
        self.angle_box.setSuffix("°")
        self.angle_box.setKeyboardTracking(False)
        self.angle_box.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self.angle_box.setValue(ASSUMED_DIAGONAL)
        self.usual_box = narrow_combo(
            tr("Usual angles"),
            tr("What such cameras usually have across the diagonal, for those without a data sheet"),
            10,
        )
        self.usual_box.addItem(tr("Usual angles…"), None)
        for title, degrees in USUAL:
            self.usual_box.addItem(tr("{camera}, {degrees:.0f}°", camera=tr(title), degrees=degrees), degrees)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.across_box, 2)
        row.addWidget(self.angle_box, 1)
        row.addWidget(self.usual_box, 3)
        row.addStretch(1)
        self.across_box.activated.connect(lambda row: self.changed.emit())
        self.angle_box.valueChanged.connect(self._set_by_hand)
        self.usual_box.activated.connect(self._take_usual)

    @property
    def across(self) -> Angle:
        """Across what the angle is measured."""
        return self.across_box.currentData()

    @property
    def degrees(self) -> float:
        """The angle."""
        return self.angle_box.value()

    def show_angle(self, degrees: float) -> None:
        """Show an angle across the diagonal, degrees, without telling anybody."""
        for box in (self.across_box, self.angle_box, self.usual_box):
            box.blockSignals(True)
        self.across_box.setCurrentIndex(0)
        self.angle_box.setValue(degrees)
        self.usual_box.setCurrentIndex(0)
        for box in (self.across_box, self.angle_box, self.usual_box):
            box.blockSignals(False)

    def _set_by_hand(self, degrees: float) -> None:
        self.usual_box.setCurrentIndex(0)
        self.changed.emit()

    def _take_usual(self, row: int) -> None:
        degrees = self.usual_box.itemData(row)
        if degrees is not None:
            self.show_angle(degrees)
            self.usual_box.setCurrentIndex(row)
            self.changed.emit()
