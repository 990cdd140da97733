"""Exporting a session from the window."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from PyQt5.QtCore import Qt, QTimer, QUrl
from PyQt5.QtGui import QDesktopServices
from PyQt5.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.outputs.export import FORMATS, PRESETS, ExportFormat, ExportJob, ExportOptions, ExportPreset
from app.replay.runs import stored_runs
from app.window.combo import Combo
from app.window.dialogs import open_file_dialog
from app.window.language import Texts, worded
from app.window.texts import unformatted
from app.window.wheel import keep_wheel_from_controls
from models.errors import BothhandsError

logger = logging.getLogger(__name__)

tr = Texts("ExportDialog")

POLL_MS = 50
WIDTH = 560
_OUTCOME_LINES = 6
_FIRST = "glb"
_AND = "+"
"""Between the names of formats that are written together."""
_UNIT_TITLES = ((tr.mark("Metres"), "m"), (tr.mark("Centimetres"), "cm"))


class ExportDialog(QDialog):
    """Asks for use, format and place, exports beside the window's own work, and says what came of it.

    Args:
        folder: of the session.
        parent: window that it belongs to.
        mano_dir: folder of official MANO files, used where the session was made with them.
        run: whose hands are offered first; None for the recorded ones.
    """

    def __init__(
        self, folder: Path, parent: QWidget | None = None, *, mano_dir: Path | None = None, run: str | None = None
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._mano_dir = mano_dir
        self._job: ExportJob | None = None
        self._exported: Path | None = None
        self.setWindowTitle(tr("Export {name}", name=folder.name))
        self.setMinimumWidth(WIDTH)
        self._build(run)
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)
        self._choose_format()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        application = QApplication.instance()
        assert application is not None, "a dialog needs an application"
        application.aboutToQuit.connect(self.reject)  # else the process would end in the midst of a file

    @property
    def running(self) -> bool:
        """Whether an export is under way."""
        return self._job is not None

    def done(self, a0: int) -> None:
        """Qt: the dialog goes; an export under way is cancelled first and leaves nothing."""
        if self._job is not None:
            self._job.cancel()
            self._job.wait()
            self._poll()
        super().done(a0)

    # Construction.

    def _build(self, run: str | None) -> None:
        self.preset_box = Combo()
        self.preset_box.setAccessibleName(tr("For"))
        self.preset_box.setToolTip(tr("Sets format and options for a use; each may be changed afterwards"))
        self.preset_box.addItem(tr("my own choice"), None)
        for preset in PRESETS.values():
            self.preset_box.addItem(worded(preset.title), preset.name)
        self.preset_box.activated.connect(self._choose_preset)
        self.format_box = Combo()
        self.format_box.setAccessibleName(tr("Format"))
        for kind in FORMATS.values():
            self.format_box.addItem(f"{worded(kind.title)} ({kind.suffix})", kind.name)
        for formats in dict.fromkeys(preset.formats for preset in PRESETS.values() if len(preset.formats) > 1):
            endings = ", ".join(FORMATS[name].suffix for name in formats)
            self.format_box.addItem(tr("Several files ({endings})", endings=endings), _AND.join(formats))
        self.format_box.setCurrentIndex(self.format_box.findData(_FIRST))
        self.format_box.currentIndexChanged.connect(self._choose_format)
        self.place_edit = QLineEdit(str(self._folder / self._folder.resolve().name))
        self.place_edit.setAccessibleName(tr("File to write"))
        self.browse_button = QPushButton(tr("Choose…"))
        self.browse_button.clicked.connect(self._browse)
        place = QHBoxLayout()
        place.setSpacing(8)
        place.addWidget(self.place_edit, 1)
        place.addWidget(self.browse_button)
        self.smooth_box = QCheckBox(tr("Smooth once more"))
        self.smooth_box.setToolTip(tr("Forwards and backwards over the whole take, so that nothing lags"))
        self.rig_only_box = QCheckBox(tr("Bones only, for game engines"))
        self.rig_only_box.setToolTip(tr("Four influences per vertex and no morph targets; the mesh is less exact"))
        self.unit_box = Combo()
        self.unit_box.setAccessibleName(tr("Unit of length"))
        self.unit_box.setToolTip(tr("Blender wants metres, MotionBuilder centimetres"))
        for title, unit in _UNIT_TITLES:
            self.unit_box.addItem(tr(title), unit)
        self.run_box = Combo()
        self.run_box.setAccessibleName(tr("Hands of"))
        self.run_box.setToolTip(tr("The hands that were recorded, or those of a model that was run on the session"))
        self.run_box.addItem(tr("the recording"), None)
        for name in stored_runs(self._folder):
            self.run_box.addItem(tr("the run of {name}", name=name), name)
        self.run_box.setCurrentIndex(max(self.run_box.findData(run), 0))
        self.run_box.currentIndexChanged.connect(self._choose_run)
        self._choose_run()
        self._form = QFormLayout()
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._form.setVerticalSpacing(12)
        self.smooth_box.toggled.connect(self._leave_preset)
        self.rig_only_box.toggled.connect(self._leave_preset)
        self.unit_box.currentIndexChanged.connect(self._leave_preset)
        self._form.addRow(tr("Hands of"), self.run_box)
        self._form.addRow(tr("For"), self.preset_box)
        self._form.addRow(tr("Format"), self.format_box)
        self._form.addRow(tr("File"), place)
        self._form.addRow("", self.smooth_box)
        self._form.addRow("", self.rig_only_box)
        self._form.addRow(tr("Unit"), self.unit_box)
        for row in range(self._form.rowCount()):
            label = self._form.itemAt(row, QFormLayout.ItemRole.LabelRole)
            name = None if label is None else label.widget()
            if name is not None:  # as high as its field: a form gives it less, and its text stands higher then
                name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(14)
        layout.addLayout(self._form)
        layout.addWidget(self._outcome(), 1)
        layout.addLayout(self._buttons())
        keep_wheel_from_controls(self)

    def _outcome(self) -> QWidget:
        self.progress_bar = QProgressBar()
        self.progress_bar.setAccessibleName(tr("Progress"))
        self.progress_bar.setTextVisible(False)
        self.progress_bar.hide()
        self.message = QLabel()
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop)
        outcome = QWidget()
        outcome.setMinimumHeight(_OUTCOME_LINES * self.fontMetrics().lineSpacing())  # nothing moves when it is filled
        column = QVBoxLayout(outcome)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.progress_bar)
        column.addWidget(self.message, 1)
        return outcome

    def _buttons(self) -> QHBoxLayout:
        self.show_button = QPushButton(tr("Show in folder"))
        self.show_button.clicked.connect(self._show_in_folder)
        self.show_button.hide()
        self.close_button = QPushButton(tr("Close"))
        self.close_button.clicked.connect(self._close_or_cancel)
        self.export_button = QPushButton(tr("Export"))
        self.export_button.setDefault(True)
        self.export_button.clicked.connect(self._export)
        row = QHBoxLayout()
        row.addWidget(self.show_button)
        row.addStretch(1)
        row.addWidget(self.close_button)
        row.addWidget(self.export_button)
        return row

    # What a person wants.

    @property
    def _formats(self) -> list[ExportFormat]:
        return [FORMATS[name] for name in self.format_box.currentData().split(_AND)]

    @property
    def _format(self) -> ExportFormat:
        """The first one, which names the file."""
        return self._formats[0]

    @property
    def _known_options(self) -> frozenset[str]:
        return frozenset().union(*(kind.options for kind in self._formats))

    @property
    def _preset(self) -> ExportPreset | None:
        name = self.preset_box.currentData()
        return None if name is None else PRESETS[name]

    def _choose_preset(self) -> None:
        """Format and options are set to those of the use; without one they stay."""
        preset = self._preset
        if preset is None:
            self.message.clear()
            return
        chosen = self.preset_box.currentIndex()
        self.format_box.setCurrentIndex(self.format_box.findData(_AND.join(preset.formats)))
        self.smooth_box.setChecked(preset.smooth)
        self.rig_only_box.setChecked(preset.rig_only)
        self.unit_box.setCurrentIndex(self.unit_box.findData(preset.unit))
        self.preset_box.setCurrentIndex(chosen)  # on the way there the options were no preset's
        self.message.setText(worded(preset.advice))
        self.show_button.hide()

    def _leave_preset(self) -> None:
        """What was changed by hand is a choice of one's own, unless it makes no difference."""
        preset = self._preset
        if preset is None or self._wanted() == preset.options(self._folder):
            return
        self.preset_box.setCurrentIndex(0)
        if self.message.text() == worded(preset.advice):
            self.message.clear()

    def _wanted(self) -> ExportOptions:
        """What is chosen, without the place; options that the format does not know are left out."""
        first, *others = (kind.name for kind in self._formats)
        known = self._known_options
        return ExportOptions(
            session=self._folder,
            format=first,
            also=tuple(others),
            smooth=self.smooth_box.isChecked(),
            rig_only="rig_only" in known and self.rig_only_box.isChecked(),
            unit=self.unit_box.currentData() if "unit" in known else "m",
        )

    def _choose_format(self) -> None:
        """Only the options that this format knows are offered, and the file gets its ending."""
        kind, options = self._format, self._known_options
        self.rig_only_box.setVisible("rig_only" in options)
        label = self._form.labelForField(self.unit_box)
        assert label is not None
        for part in (self.unit_box, label):
            part.setVisible("unit" in options)
        self._leave_preset()
        place = self._place() or self._folder / self._usual_stem()
        known = {other.suffix for other in FORMATS.values()}
        stem = place.stem if place.suffix.lower() in known else place.name
        self.place_edit.setText(str(place.with_name(f"{stem}{kind.suffix}")))

    def _choose_run(self) -> None:
        """The file gets the run's name, unless a person has named it otherwise."""
        place = self._place()
        stems = {self._folder.resolve().name, *(f"{self._folder.resolve().name}-{run}" for run in self._runs())}
        if place is None or (place.parent == self._folder and place.stem in stems):
            self.place_edit.setText(str(self._folder / f"{self._usual_stem()}{self._format.suffix}"))

    def _runs(self) -> list[str]:
        return [self.run_box.itemData(row) for row in range(1, self.run_box.count())]

    def _usual_stem(self) -> str:
        run = self.run_box.currentData()
        name = self._folder.resolve().name
        return name if run is None else f"{name}-{run}"

    def _place(self) -> Path | None:
        """The file that is named, in the session's folder where no other is; None where none is named."""
        text = self.place_edit.text().strip()
        place = self._folder / Path(text).expanduser() if text else None
        return place if place is not None and place.name not in ("", "..") else None

    def _browse(self) -> None:
        kind = self._format
        dialog = QFileDialog(
            self, tr("Export to"), str(self._place() or self._folder), f"{worded(kind.title)} (*{kind.suffix})"
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(kind.suffix[1:])
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # asked when the export begins, however it was named
        dialog.selectFile(str(self._place() or ""))
        open_file_dialog(dialog, self.place_edit.setText)

    def _export(self) -> None:
        place = self._place()
        if place is None:
            usual = f"{self._usual_stem()}{self._format.suffix}"
            self.message.setText(tr("Name the file to export to, such as {name}.", name=usual))
            self.place_edit.setFocus()
            return
        places = [place, *(place.with_suffix(kind.suffix) for kind in self._formats[1:])]
        older = [] if place.is_dir() else [path for path in places if path.exists()]
        overwrite = bool(older)
        if not all(self._may_replace(path) for path in older):
            return
        self._job = ExportJob(
            replace(
                self._wanted(),
                out=place,
                overwrite=overwrite,
                mano_dir=self._mano_dir,
                run=self.run_box.currentData(),
            )
        )
        self._show_running(True)
        self._timer.start()

    def _may_replace(self, place: Path) -> bool:
        asked = tr("{name} exists already. Replace it?", name=place.name)
        answer = QMessageBox.question(self, tr("Export"), unformatted(asked))
        return answer == QMessageBox.StandardButton.Yes

    def _close_or_cancel(self) -> None:
        if self._job is None:
            self.reject()
        else:
            self._job.cancel()

    def _show_in_folder(self) -> None:
        if self._exported is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._exported.parent)))

    # What becomes of it.

    def _poll(self) -> None:
        if self._job is None:
            return
        state = self._job.state
        self.progress_bar.setRange(0, state.total)  # moves to and fro while that is 0
        self.progress_bar.setValue(state.done)
        if not state.finished:
            return
        self._job.wait()
        self._job = None
        self._timer.stop()
        self._show_running(False)
        if state.error is not None:
            self.message.setText(_sentence(state.error))
        elif state.result is None:
            self.message.setText(tr("Cancelled; nothing was written."))
        else:
            self._exported = state.result.path
            lines = [*state.result.lines(), *(() if self._preset is None else (self._preset.advice,))]
            self.message.setText("\n".join(worded(line) for line in lines))
        self.show_button.setVisible(state.result is not None)

    def _show_running(self, running: bool) -> None:
        for part in (
            self.run_box,
            self.preset_box,
            self.format_box,
            self.place_edit,
            self.browse_button,
            self.smooth_box,
            self.rig_only_box,
            self.unit_box,
            self.export_button,
        ):
            part.setEnabled(not running)
        self.close_button.setText(tr("Cancel" if running else "Close"))
        self.progress_bar.setVisible(running)
        if running:
            self.message.clear()
            self.show_button.hide()


def _sentence(error: Exception) -> str:
    if isinstance(error, BothhandsError):
        return worded(error)
    logger.error("exporting failed", exc_info=error)
    return tr("Exporting failed: {error}", error=error)
