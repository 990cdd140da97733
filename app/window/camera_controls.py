"""The window in which a camera's exposure, gain, focus and power-line frequency are set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PyQt5.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt5.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QWidget,
)

from app.window.buttons import text_button
from app.window.combo import narrow_combo
from app.window.dialogs import DialogBeside
from app.window.language import Texts, worded
from app.window.theme import scaled
from tracking.sources.camera_controls import CameraControl, ControlName, Deviation
from tracking.sources.control_texts import CONTROL_NAMES, deviations_text, value_text

tr = Texts("CameraControls")

_TIPS: Mapping[ControlName, str] = {
    "auto exposure": tr.mark("Off, the rate does not drop in dim light, and a short exposure can be chosen"),
    "exposure": tr.mark("How long each image is exposed: shorter is darker, and blurs fast hands less"),
    "gain": tr.mark("How much the sensor's signal is amplified: more is brighter, and noisier"),
    "auto focus": tr.mark("Off, the lens stays where it is, and does not search while hands move"),
    "focus": tr.mark("Where the lens is sharp; most cameras count from far to near"),
    "power line": tr.mark("Frequency of the mains, in which lamps flicker"),
}


class CameraControls(DialogBeside):
    """A row for each control that the driver has; what is set holds at once. Blocks nothing.

    Attributes:
        controls: the widgets, by their names.
        reset_button: wants the driver's defaults.
        told: which values the driver has not taken.

    Signals:
        changed: name of a control and its value, as `CameraControl` has it.
        reset_wanted: all are to be as the driver has them by itself.

    Args:
        title: what the camera is called.
        controls: as they are.
        parent: window that it belongs to.
    """

    changed = pyqtSignal(str, int)
    reset_wanted = pyqtSignal()

    def __init__(self, title: str, controls: Sequence[CameraControl], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Bothhands: {camera}", camera=title))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(scaled(420), 10)
        self.controls: dict[ControlName, QWidget] = {}
        self._figures: dict[ControlName, QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(20, 16, 20, 16)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        for row, control in enumerate(controls):
            self._add_row(row, control)
        reset = text_button(
            tr("Reset to the driver's defaults"), tr("And remember nothing for this camera; the driver's choice holds")
        )
        reset.clicked.connect(self.reset_wanted)
        self.reset_button = reset
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(reset)
        buttons.addSpacing(12)  # a long language fills the line
        buttons.addStretch(1)
        buttons.addWidget(close)
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setVisible(False)
        self._grid.addWidget(self.told, len(controls), 0, 1, 3)
        self._grid.addLayout(buttons, len(controls) + 1, 0, 1, 3)
        self.show_controls(controls)

    def show_controls(self, controls: Sequence[CameraControl]) -> None:
        """Show how they are now; a slider that is being moved is left where it is."""
        for control in controls:
            part = self.controls.get(control.name)
            if part is None:
                continue
            part.setEnabled(control.active)
            with QSignalBlocker(part):
                if isinstance(part, QCheckBox):
                    part.setChecked(bool(control.value))
                elif isinstance(part, QComboBox):
                    part.setCurrentIndex(part.findData(control.value))
                elif isinstance(part, QSlider) and not part.isSliderDown():
                    part.setValue(control.value)
                    self._show_figure(control.name, control.value)

    def show_deviations(self, deviations: tuple[Deviation, ...]) -> None:
        """Say which values the driver has not taken, until it is told something again."""
        text = worded(deviations_text(deviations))
        self.told.setText(text)
        self.told.setVisible(bool(text))
        self._grid.activate()
        self.resize(self.width(), self._grid.totalHeightForWidth(self.width()))  # a wrapped text widens no window

    def _add_row(self, row: int, control: CameraControl) -> None:
        name, text, tip = control.name, worded(CONTROL_NAMES[control.name]), tr(_TIPS[control.name])
        if name in ("auto exposure", "auto focus"):
            part: Any = QCheckBox(text)
            part.toggled.connect(lambda on: self.changed.emit(name, int(on)))
            self._grid.addWidget(part, row, 0, 1, 3)
        elif name == "power line":
            part = narrow_combo(text, tip, 8)
            for value in control.choices:
                part.addItem(worded(value_text(name, value)), value)
            part.activated.connect(lambda chosen: self.changed.emit(name, part.itemData(chosen)))
            self._grid.addWidget(QLabel(text), row, 0)
            self._grid.addWidget(part, row, 1, 1, 2)
        else:
            part = QSlider(Qt.Orientation.Horizontal)
            part.setRange(control.smallest, control.largest)
            part.setSingleStep(control.step)
            part.setPageStep(max(control.step, (control.largest - control.smallest) // 10))
            part.valueChanged.connect(lambda value: self._moved(control, value))
            self._figures[name] = QLabel()
            self._grid.addWidget(QLabel(text), row, 0)
            self._grid.addWidget(part, row, 1)
            self._grid.addWidget(self._figures[name], row, 2)
        part.setAccessibleName(text)
        part.setToolTip(tip)
        self.controls[name] = part

    def _moved(self, control: CameraControl, value: int) -> None:
        allowed = control.smallest + (value - control.smallest) // control.step * control.step
        self._show_figure(control.name, allowed)
        self.changed.emit(control.name, allowed)

    def _show_figure(self, name: ControlName, value: int) -> None:
        self._figures[name].setText(worded(value_text(name, value)))
