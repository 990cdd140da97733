"""The guide over the image while the shape of a person's hands is measured."""

from __future__ import annotations

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from app.live.hand_calibration import CALIBRATION_SECONDS, HandCalibration
from app.naming import LONGEST_NAME
from app.window.buttons import text_button
from app.window.language import Texts
from app.window.texts import MISSING_TEXTS, wording
from app.window.theme import scaled

tr = Texts("HandShapeGuide")

WIDTH = 520


class HandShapeGuide(QFrame):
    """Says what to do and how far it is, then what came of it; blocks nothing.

    Signals:
        kept: the shape is to be kept under this name.
        again: it is to be measured once more.
        cancelled: all is to be as it was.
    """

    kept = pyqtSignal(str)
    again = pyqtSignal()
    cancelled = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("severity", "info")
        self.setAccessibleName(tr("Hand shape"))
        self._title = QLabel(tr("Hold both hands open for two seconds"))
        self._title.setObjectName("cardName")
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 100)
        self.bar.setAccessibleName(tr("Seconds for which the hands were seen well"))
        self.bar.setToolTip(tr("Seconds for which both hands were seen open, still and apart"))
        self.name_edit = QLineEdit()
        self.name_edit.setMaxLength(LONGEST_NAME)
        self.name_edit.setAccessibleName(tr("Whose hands these are"))
        self.name_edit.setToolTip(tr("The name under which the shape is kept; one that is there already is replaced"))
        self.name_edit.returnPressed.connect(self._keep)
        self.keep_button = text_button(tr("Keep"), tr("Keep the shape under this name, and hold it in every fit"))
        self.keep_button.clicked.connect(self._keep)
        self.again_button = text_button(tr("Again"), tr("Measure once more"))
        self.again_button.clicked.connect(self.again)
        self.cancel_button = text_button(tr("Cancel"), tr("Leave all as it was"))
        self.cancel_button.clicked.connect(self.cancelled)
        row = QHBoxLayout()
        row.addWidget(self.name_edit, 1)
        row.addStretch(0)
        for button in (self.keep_button, self.again_button, self.cancel_button):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        for part in (self._title, self.text, self.bar):
            layout.addWidget(part)
        layout.addLayout(row)
        self.hide()

    def show_progress(self, calibration: HandCalibration) -> None:
        """Show what is wanted now, and how far it is."""
        self.setMaximumWidth(scaled(WIDTH))
        self._title.setText(tr("Hold both hands open for two seconds"))
        self.text.setText(wording(MISSING_TEXTS[calibration.missing]))
        self.bar.setValue(round(100 * calibration.progress))
        seconds = CALIBRATION_SECONDS
        self.bar.setFormat(tr("{done:.1f} of {all:.0f} s", done=seconds * calibration.progress, all=seconds))
        self._show_parts(done=False)

    def show_result(self, effect: str, name: str) -> None:
        """Show what the shape changes, and ask for a name.

        Args:
            effect: as a sentence.
            name: that is offered.
        """
        self._title.setText(tr("Your hands are measured"))
        self.text.setText(effect)
        self.name_edit.setText(name)
        self._show_parts(done=True)
        self.name_edit.setFocus()
        self.name_edit.selectAll()

    def _show_parts(self, *, done: bool) -> None:
        self.bar.setVisible(not done)
        for part in (self.name_edit, self.keep_button, self.again_button):
            part.setVisible(done)

    def _keep(self) -> None:
        self.kept.emit(self.name_edit.text())
