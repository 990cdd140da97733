"""Which run is shown beside which, and models to run."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from app.replay.values import RECORDED, ReplayStatus, RunStatus
from app.window.combo import Combo
from app.window.language import Texts

tr = Texts("RunsBar")

_NARROWEST = 110
"""Px of a box, which shortens its text where there is no room for it: with large text there is not."""


class RunsBar(QWidget):
    """Shows the runs of a session and says what a person wants of them; it does nothing by itself.

    Signals:
        shown_chosen: name of a run.
        compared_chosen: name of a run, None for none.
        run_wanted: name of a model.
        cancel_wanted: the model that runs is to be stopped.
    """

    shown_chosen = pyqtSignal(str)
    compared_chosen = pyqtSignal(object)
    run_wanted = pyqtSignal(str)
    cancel_wanted = pyqtSignal()

    def __init__(self, models: Sequence[str], can_run: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: dict[str, str] = {}
        self._can_run = can_run
        self.shown_box = _box(tr("Run that is shown"), tr("Whose hands are drawn"))
        self.shown_box.activated.connect(lambda row: self.shown_chosen.emit(self.shown_box.itemData(row)))
        self.compared_box = _box(tr("Run beside it"), tr("Whose hands are drawn beside them, over the same frames"))
        self.compared_box.activated.connect(lambda row: self.compared_chosen.emit(self.compared_box.itemData(row)))
        self.model_box = _box(tr("Model to run"), tr("A model to run over the whole session"))
        for name in models:
            self.model_box.addItem(name, name)
        self.run_button = QPushButton(tr("Run model on this session"))
        self.run_button.setToolTip(
            tr("The result is stored beside the recording, which stays as it is")
            if can_run
            else tr("This session has no video to run a model on")
        )
        self.run_button.clicked.connect(lambda: self.run_wanted.emit(self.model_box.currentData()))
        self.progress = QProgressBar()
        self.progress.setAccessibleName(tr("Progress of the run"))
        self.progress.setMinimumWidth(240)
        self.cancel_button = QPushButton(tr("Cancel"))
        self.cancel_button.setToolTip(tr("Stop the run; nothing of it is stored"))
        self.cancel_button.clicked.connect(self.cancel_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for part in (QLabel(tr("Show")), self.shown_box, QLabel(tr("beside")), self.compared_box):
            row.addWidget(part)
        row.addStretch(1)
        for part in (self.model_box, self.run_button, self.progress, self.cancel_button):
            row.addWidget(part)

    def show_status(self, status: ReplayStatus) -> None:
        """Show what is going on."""
        if status.runs != self._runs:
            self._runs = dict(status.runs)
            self._fill()
        self.shown_box.setCurrentIndex(self.shown_box.findData(status.shown))
        self.compared_box.setCurrentIndex(self.compared_box.findData(status.compared))
        self._show_running(status.running)

    def _fill(self) -> None:
        self.shown_box.clear()
        self.compared_box.clear()
        self.compared_box.addItem(tr("nothing"), None)
        for name, model in self._runs.items():
            for box in (self.shown_box, self.compared_box):
                box.addItem(run_title(name, model), name)

    def _show_running(self, running: RunStatus | None) -> None:
        for part in (self.model_box, self.run_button):
            part.setVisible(running is None)
            part.setEnabled(self._can_run)
        for part in (self.progress, self.cancel_button):
            part.setVisible(running is not None)
        if running is not None:
            self.progress.setRange(0, running.total)  # a total of 0 is shown as "busy"
            self.progress.setValue(running.done)
            self.progress.setFormat(
                tr("{model}: %p %", model=running.model)
                if running.total
                else tr("Loading {model}…", model=running.model)
            )


def run_title(name: str, model: str) -> str:
    """What a person calls a run."""
    return tr("recorded ({model})", model=model) if name == RECORDED else name


def _box(name: str, tooltip: str) -> Combo:
    box = Combo()
    box.setAccessibleName(name)
    box.setToolTip(tooltip)
    box.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToContents)
    box.setMinimumWidth(_NARROWEST)
    return box
