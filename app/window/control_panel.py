"""The controls beside the image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PyQt5.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor
from PyQt5.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.live import DEMO, LiveStatus
from app.live.countdown import COUNTDOWNS
from app.live.smoothing_presets import OWN, PRESETS, preset_of
from app.settings import Settings
from app.shortcuts import MODELS
from app.window.busy_indicator import BusyIndicator
from app.window.buttons import text_button
from app.window.camera_modes import CameraModes
from app.window.combo import NarrowCombo, narrow_combo
from app.window.icons import record_icon, refresh_icon, stop_icon
from app.window.language import Texts, key_text, worded
from app.window.section import Section
from app.window.smoothing_plot import SmoothingPlot
from app.window.stream_panel import StreamPanel
from app.window.texts import (
    GESTURE_NAMES,
    capitalized,
    duration,
    loading_text,
    model_name,
    model_tooltip,
    recording_text,
    short_name,
    unformatted,
    wording,
)
from app.window.theme import colour, scaled
from app.window.wheel import keep_wheel_from_controls
from models.registry import ModelCard
from render.protocol import OverlayView
from tracking.gestures import GESTURES, Gesture
from tracking.smoothing import SmoothingSettings

tr = Texts("ControlPanel")
_titles = Texts("SectionTitle")

VIEWS: Sequence[tuple[OverlayView, str, str]] = (
    ("mesh", tr.mark("Mesh"), tr.mark("Shaded hand meshes; a key changes between mesh and skeleton")),
    ("wireframe", tr.mark("Wire"), tr.mark("Edges of the meshes, through which the hand can be compared")),
    ("skeleton", tr.mark("Skeleton"), tr.mark("Joints and bones; a key changes between mesh and skeleton")),
    ("mesh+skeleton", tr.mark("Both"), tr.mark("Meshes with joints and bones over them")),
    ("none", tr.mark("None"), tr.mark("The camera's video alone")),
)
PRESET_TITLES: Mapping[str, str] = {
    "Steady": tr.mark("Steady"),
    "Balanced": tr.mark("Balanced"),
    "Quick": tr.mark("Quick"),
    OWN: tr.mark("Own"),
}
_OPEN_FILE, _OPEN_FOLDER = object(), object()
_SLIDER_NAME, _SLIDER_FIGURE = 76, 40
"""Px of the columns beside sliders, at the usual size of text."""
_MODEL_TIP = tr.mark("Network or fit that makes meshes of the frames")


class Camera(Protocol):
    """A camera that can be chosen."""

    @property
    def spec(self) -> str:
        """What opens it."""
        ...

    @property
    def name(self) -> str:
        """What a person calls it."""
        ...


@dataclass(frozen=True)
class Smoothing:
    """Where the smoothing controls stand; the knobs from 0 to 1."""

    enabled: bool
    steadiness: float
    response: float


class ControlPanel(QWidget):
    """Shows what is going on and says what a person wants; it does nothing by itself.

    Signals:
        source_chosen: what names the source.
        file_wanted, folder_wanted: one is to be picked.
        refresh_wanted: cameras are to be looked for.
        model_chosen: its name.
        cards_wanted: the models are to be compared.
        import_wanted: name of a model without weights, which are to be imported.
        record_toggled: recording is to begin or to end.
        replay_wanted: the last recording is to be looked at.
        export_wanted: it is to be exported.
        sessions_wanted: all recordings are to be shown.
        folder_shown: the last recording's folder is to be shown.
        view_chosen: an `OverlayView`.
        opacity_changed: 0..1.
        mirror_toggled: whether the image is mirrored.
        smoothing_changed: a `Smoothing`.
        gesture_chosen: a `Gesture` that begins and ends recordings, None for none.
        countdown_chosen: seconds before a recording begins.
        folded_changed: titles of the sections that are folded.
    """

    source_chosen = pyqtSignal(str)
    file_wanted = pyqtSignal()
    folder_wanted = pyqtSignal()
    refresh_wanted = pyqtSignal()
    model_chosen = pyqtSignal(str)
    cards_wanted = pyqtSignal()
    import_wanted = pyqtSignal(str)
    record_toggled = pyqtSignal()
    sessions_wanted = pyqtSignal()
    folder_shown = pyqtSignal()
    replay_wanted = pyqtSignal()
    export_wanted = pyqtSignal()
    view_chosen = pyqtSignal(str)
    opacity_changed = pyqtSignal(float)
    mirror_toggled = pyqtSignal(bool)
    smoothing_changed = pyqtSignal(object)
    folded_changed = pyqtSignal(object)
    countdown_chosen = pyqtSignal(int)
    gesture_chosen = pyqtSignal(object)

    def __init__(self, settings: Settings, models: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._cameras: Sequence[Camera] = ()
        self._source: str | None = None
        self._source_name = ""
        self._model, self._model_tip = "", ""
        self._recent: Sequence[str] = settings.recent
        self._cards: Mapping[str, ModelCard] = {}
        self._model_keys: Sequence[str] = [""] * len(models)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 10, 18, 10)
        layout.setSpacing(7)  # at 1280x720 all sections fit that are unfolded at first
        self.streams = StreamPanel(settings)
        self.sections = (
            self._source_section(),
            self._model_section(models),
            self._recording_section(settings.countdown, settings.gesture_recording),
            Section(
                _titles.mark("Recording options"),
                self.title_edit,
                self.notes_edit,
                self.countdown_box,
                self.gesture_box,
            ),
            self._view_section(settings),
            self._smoothing_section(settings),
            Section(_titles.mark("Stream"), self.streams),
        )
        for section in self.sections:
            layout.addWidget(section)
            section.fold(section.title in settings.folded)
            section.folded.connect(lambda _: self.folded_changed.emit(self.folded))
        layout.addStretch(1)
        self.streams.grew.connect(self._lay_out)
        keep_wheel_from_controls(self)
        # Controls, their tool tips without a key, and the commands whose keys do the same.
        commands: Mapping[QWidget, str] = {
            self.source_box: "open-file",
            self.refresh_button: "find-cameras",
            self.cards_button: "models",
            self.record_button: "record",
            self.sessions_button: "sessions",
            self.mirror_box: "mirror",
            **{self.view_buttons[view]: "view" for view, _, tooltip in VIEWS if "skeleton" in tooltip},
        }
        self._tips = [(part, part.toolTip(), name) for part, name in commands.items()]
        self._fill_sources()

    def show_status(self, status: LiveStatus) -> None:
        """Show what is going on."""
        before = self._shown_parts()
        if status.source_spec != self._source:
            self._source, self._source_name = status.source_spec, status.source
            self._fill_sources()
        self._opening.setVisible(status.opening)
        self.camera_modes.show_status(status)
        self._show_model(status)
        self._show_recording(status)
        if self._shown_parts() != before:
            self._lay_out()

    def _shown_parts(self) -> list[bool]:
        parts = (self.camera_modes, self._model_caption, self._recording_caption, *self._last_buttons)
        return [part.isHidden() for part in parts]

    def _lay_out(self) -> None:
        """Put all in its place now, from inside out: Qt takes several turns of the event loop, in the first of which
        what is left of a section spreads over its old height, under the mouse too.
        """
        for part in (self.streams, *(part for section in self.sections for part in (section.body, section)), self):
            layout = part.layout()
            if layout is not None:
                layout.activate()

    def show_countdown(self, left: int) -> None:
        """Show how many seconds are left before a recording begins."""
        self.record_button.setText(tr("Recording in {left}…   cancel", left=left))
        self.record_button.setAccessibleName(tr("Cancel the countdown"))

    def show_cameras(self, cameras: Sequence[Camera]) -> None:
        """Offer these cameras."""
        if list(cameras) != list(self._cameras):
            self._cameras = cameras
            self._fill_sources()

    def show_recent(self, recent: Sequence[str]) -> None:
        """Offer these files and folders, the last one first."""
        if tuple(recent) != tuple(self._recent):
            self._recent = recent
            self._fill_sources()

    def show_mirrored(self, mirrored: bool) -> None:
        """Show how the running source's kind is shown."""
        with QSignalBlocker(self.mirror_box):
            self.mirror_box.setChecked(mirrored)

    def show_cards(self, cards: Mapping[str, ModelCard]) -> None:
        """Tell in tooltips what is known of the models."""
        if cards is self._cards:
            return
        self._cards = cards
        self._tell_cards()

    def recolour(self) -> None:
        """The window has other colours now."""
        self._tell_cards()

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """Tell the keys of commands in the controls' tool tips."""
        rows = range(1, min(self.model_box.count(), MODELS) + 1)
        models = [key_text(keys[f"model-{row}"]) for row in rows if keys[f"model-{row}"]]
        said = tr(" ({first} to {last})", first=models[0], last=models[-1]) if len(models) > 1 else ""
        self._model_tip = f"{tr(_MODEL_TIP)}{said}"
        self.model_box.setToolTip(self._model_tip)
        for part, text, name in self._tips:
            part.setToolTip(f"{text} ({key_text(keys[name])})" if keys[name] else text)
        self._model_keys = [
            key_text(keys[f"model-{row + 1}"]) if row < MODELS else "" for row in range(self.model_box.count())
        ]
        self._tell_cards()

    def _tell_cards(self) -> None:
        cards = self._cards
        for row in range(self.model_box.count()):
            name = self.model_box.itemData(row)
            if name in cards:
                tooltip = unformatted(model_tooltip(cards[name], self._model_keys[row]))
                self.model_box.setItemData(row, tooltip, Qt.ItemDataRole.ToolTipRole)
                self.model_box.setItemText(row, model_name(cards[name]))
                ink = QColor(colour("MUTED")) if cards[name].untrained else None
                self.model_box.setItemData(row, ink, Qt.ItemDataRole.ForegroundRole)

    def choose_model(self, row: int) -> None:
        """As if the model in this row had been clicked."""
        if row < self.model_box.count() and self.model_box.isEnabled():
            self.model_box.setCurrentIndex(row)
            self._model_activated(row)

    def choose_view(self, view: OverlayView) -> None:
        """As if this view had been clicked."""
        self.view_buttons[view].click()

    def choose(self, settings: Settings) -> None:
        """As if a person had moved every control to where these settings have it; source, model and mirror are left
        alone.
        """
        self.choose_view(settings.view)
        self.opacity_slider.setValue(round(100 * settings.opacity))
        self.smoothing_box.setChecked(settings.smoothing)
        self.steadiness_slider.setValue(round(100 * settings.steadiness))
        self.response_slider.setValue(round(100 * settings.response))
        for box, value in ((self.countdown_box, settings.countdown), (self.gesture_box, settings.gesture_recording)):
            row = max(box.findData(value), 0)
            if row != box.currentIndex():
                box.setCurrentIndex(row)
                box.activated.emit(row)
        for kind in self.streams.boxes:
            name = kind.replace("-", "_")
            self.streams.choose(kind, getattr(settings, name), getattr(settings, f"{name}_address", ""))

    @property
    def view(self) -> OverlayView:
        """The view that is chosen."""
        return next(view for view, button in self.view_buttons.items() if button.isChecked())

    @property
    def folded(self) -> tuple[str, ...]:
        """Titles of the sections that are folded."""
        return tuple(section.title for section in self.sections if not section.button.isChecked())

    @property
    def smoothing(self) -> Smoothing:
        """Where the smoothing controls stand."""
        return Smoothing(
            self.smoothing_box.isChecked(), self.steadiness_slider.value() / 100, self.response_slider.value() / 100
        )

    # Sections, from the top.

    def _source_section(self) -> Section:
        self.source_box = _combo(tr("Source"), tr("Camera, video or folder of images; the File menu opens others"))
        self.source_box.activated.connect(self._source_activated)
        self.refresh_button = QPushButton(refresh_icon(), "")
        self.refresh_button.setIconSize(QSize(16, 16))
        self.refresh_button.setFixedWidth(34)
        self.refresh_button.setToolTip(tr("Look for cameras again"))
        self.refresh_button.setAccessibleName(tr("Look for cameras again"))
        self.refresh_button.clicked.connect(self.refresh_wanted)
        self._opening = BusyIndicator()
        self._opening.setAccessibleName(tr("Opening the source"))
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.source_box, 1)
        row.addWidget(self.refresh_button)
        self.camera_modes = CameraModes()
        return Section(_titles.mark("Source"), row, self.camera_modes, beside_title=self._opening)

    def _model_section(self, models: Sequence[str]) -> Section:
        self.model_box = _combo(tr("Model"), tr(_MODEL_TIP))
        for name in models:
            self.model_box.addItem(name, name)
        self.model_box.activated.connect(self._model_activated)
        self._loading = BusyIndicator()
        self._loading.setAccessibleName(tr("Loading a model"))
        self._model_caption = _caption()
        self.cards_button = _link(tr("Compare…"), tr("What each model is good at, how good and how fast it is"))
        self.cards_button.clicked.connect(self.cards_wanted)
        beside = QWidget()
        row = QHBoxLayout(beside)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._loading)
        row.addWidget(self.cards_button)
        return Section(_titles.mark("Model"), self.model_box, self._model_caption, beside_title=beside)

    def _recording_section(self, countdown: int, gesture: Gesture | None) -> Section:
        self._icons = {False: record_icon(), True: stop_icon()}
        self.record_button = QPushButton(self._icons[False], tr("Record"))
        self.record_button.setObjectName("record")
        self.title_edit = _line(tr("Name of the recording"), tr("Name (optional)"))
        self.notes_edit = _line(tr("Notes on the recording"), tr("Notes (optional)"))
        self.countdown_box = _combo(tr("Countdown"), tr("How long to wait before a recording begins"))
        for seconds in COUNTDOWNS:
            self.countdown_box.addItem(tr("After %n seconds", n=seconds) if seconds else tr("At once"), seconds)
        self.countdown_box.setCurrentIndex(max(self.countdown_box.findData(countdown), 0))
        self.countdown_box.activated.connect(lambda row: self.countdown_chosen.emit(COUNTDOWNS[row]))
        self.gesture_box = _combo(tr("Gesture"), tr("A gesture that, held for a second, begins and ends a recording"))
        self.gesture_box.addItem(tr("No gesture records"), None)
        for name in GESTURES:
            shown = capitalized(wording(GESTURE_NAMES[name]))
            self.gesture_box.addItem(tr("{gesture} records and stops", gesture=shown), name)
        self.gesture_box.setCurrentIndex(max(self.gesture_box.findData(gesture), 0))
        self.gesture_box.activated.connect(lambda row: self.gesture_chosen.emit(self.gesture_box.itemData(row)))
        self.record_button.setToolTip(tr("Record video and hands into a folder of their own"))
        self.record_button.clicked.connect(self.record_toggled)
        self._recording_caption = _caption()
        self.replay_button = _link(tr("Replay"), tr("Look at the last recording, run other models over it, export it"))
        self.replay_button.clicked.connect(self.replay_wanted)
        self.export_button = _link(
            tr("Export…"), tr("The last recording for Blender, game engines, tables or as a video")
        )
        self.export_button.clicked.connect(self.export_wanted)
        self.folder_button = _link(tr("Folder"), tr("Show the folder of the last recording"))
        self.folder_button.clicked.connect(self.folder_shown)
        self._last_buttons = (self.replay_button, self.export_button, self.folder_button)
        below = QHBoxLayout()
        self.sessions_button = _link(tr("All sessions…"), tr("Look through all recordings"))
        self.sessions_button.clicked.connect(self.sessions_wanted)
        for button in self._last_buttons:
            button.hide()
            below.addWidget(button)
        below.addStretch(1)
        parts = (self.record_button, self._recording_caption, below)
        return Section(_titles.mark("Recording"), *parts, beside_title=self.sessions_button)

    def _view_section(self, settings: Settings) -> Section:
        row = QHBoxLayout()
        row.setSpacing(0)
        group = QButtonGroup(self)
        self.view_buttons: dict[OverlayView, QPushButton] = {}
        for place, (view, label, tooltip) in enumerate(VIEWS):
            button = QPushButton(tr(label))
            button.setCheckable(True)
            button.setChecked(view == settings.view)
            button.setToolTip(tr(tooltip))
            button.setAccessibleName(tr("View: {view}", view=tr(label)))
            button.setProperty("segment", {0: "first", len(VIEWS) - 1: "last"}.get(place, "middle"))
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _, view=view: self.view_chosen.emit(view))
            group.addButton(button)
            row.addWidget(button, 3 + len(tr(label)))
            self.view_buttons[view] = button
        self.opacity_slider, opacity = _slider(
            tr("Opacity"), settings.opacity, tr("How much of the hand shines through")
        )
        self.opacity_slider.valueChanged.connect(lambda value: self.opacity_changed.emit(value / 100))
        self.mirror_box = QCheckBox(tr("Mirror the video"))
        self.mirror_box.setChecked(settings.mirror)
        self.mirror_box.setAccessibleName(tr("Mirror the video"))
        self.mirror_box.setToolTip(tr("On the screen only: recordings are never mirrored"))
        self.mirror_box.toggled.connect(self.mirror_toggled)
        return Section(_titles.mark("View"), row, opacity, self.mirror_box)

    def _smoothing_section(self, settings: Settings) -> Section:
        self.smoothing_box = QCheckBox(tr("Smooth movements"))
        self.smoothing_box.setChecked(settings.smoothing)
        self.smoothing_box.setAccessibleName(tr("Smooth movements"))
        self.smoothing_box.setToolTip(tr("One Euro filter: still hands do not jitter, fast ones do not lag"))
        self.steadiness_slider, steadiness = _slider(tr("Steadiness"), settings.steadiness)
        self.response_slider, response = _slider(tr("Response"), settings.response)
        self.preset_box = _combo(tr("Preset of smoothing"), tr("Where the two sliders stand; move them for your own"))
        for name, preset in PRESETS.items():
            self.preset_box.addItem(tr(PRESET_TITLES[name]), name)
            self.preset_box.setItemData(
                self.preset_box.count() - 1, worded(preset.purpose), Qt.ItemDataRole.ToolTipRole
            )
        self.preset_box.addItem(tr(PRESET_TITLES[OWN]), OWN)
        self.preset_box.activated.connect(self._preset_activated)
        self.plot = SmoothingPlot()
        self.smoothing_box.toggled.connect(self._smoothing_moved)
        self.steadiness_slider.valueChanged.connect(self._smoothing_moved)
        self.response_slider.valueChanged.connect(self._smoothing_moved)
        self._explain_smoothing()
        return Section(_titles.mark("Smoothing"), self.smoothing_box, self.preset_box, steadiness, response, self.plot)

    # What happens.

    def _source_activated(self, row: int) -> None:
        chosen = self.source_box.itemData(row)
        if isinstance(chosen, str):
            self.source_chosen.emit(chosen)
            return
        self._fill_sources()  # "Open …" is no source: the running one is shown again
        (self.file_wanted if chosen is _OPEN_FILE else self.folder_wanted).emit()

    def _model_activated(self, row: int) -> None:
        name = self.model_box.itemData(row)
        card = self._cards.get(name)
        if card is not None and card.untrained:
            self.model_box.setCurrentIndex(self.model_box.findData(self._model))
            self.import_wanted.emit(name)
        else:
            self.model_chosen.emit(name)

    def _fill_sources(self) -> None:
        box = self.source_box
        box.clear()
        offered = {camera.spec: camera.name for camera in self._cameras}
        others = {spec: Path(spec).name or spec for spec in self._recent}
        if self._source not in (None, DEMO):
            others = {self._source: self._source_name, **others}
        for spec, name in (offered | others | offered).items():  # cameras first, and by their own names
            box.addItem(short_name(name), spec)
            box.setItemData(box.count() - 1, unformatted(f"{name}\n{spec}"), Qt.ItemDataRole.ToolTipRole)
        box.addItem(tr("Demo clip"), DEMO)
        box.insertSeparator(box.count())
        box.addItem(tr("Open file…"), _OPEN_FILE)
        box.addItem(tr("Open folder of images…"), _OPEN_FOLDER)
        box.setCurrentIndex(-1 if self._source is None else box.findData(self._source))

    def _show_model(self, status: LiveStatus) -> None:
        loading = status.loading_model
        self._model = status.model
        self._loading.setVisible(loading is not None)
        self.model_box.setEnabled(loading is None)
        if not self.model_box.is_open:  # nothing moves under an open list
            self.model_box.setCurrentIndex(self.model_box.findData(loading or status.model))
        card = self._cards.get(status.model)
        _say(self._model_caption, loading_text(status) if loading else "")
        title = unformatted(worded(card.title)) if card else ""
        self.model_box.setToolTip("\n".join(line for line in (title, self._model_tip) if line))

    def _show_recording(self, status: LiveStatus) -> None:
        recording = status.recording
        running = recording is not None
        if self.record_button.property("recording") != running:
            self.record_button.setProperty("recording", running)
            self.record_button.setIcon(self._icons[running])
            style = self.record_button.style()
            if style is not None:  # the stylesheet looks at the property again
                style.unpolish(self.record_button)
                style.polish(self.record_button)
        if recording is not None:
            self.record_button.setText(tr("Stop   {time}", time=duration(recording.seconds)))
            self.record_button.setAccessibleName(tr("Stop the recording"))
            _say(self._recording_caption, recording_text(recording))
        else:
            self.record_button.setText(tr("Record"))
            self.record_button.setAccessibleName(tr("Record"))
            _say(self._recording_caption, "")
            if status.last_recording is not None:
                tip = tr("Show the folder of the last recording: {path}", path=status.last_recording)
                self.folder_button.setToolTip(unformatted(tip))
        for button in self._last_buttons:
            button.setVisible(not running and status.last_recording is not None)

    def _smoothing_moved(self) -> None:
        self._explain_smoothing()
        self.smoothing_changed.emit(self.smoothing)

    def _preset_activated(self, row: int) -> None:
        preset = PRESETS.get(self.preset_box.itemData(row))
        if preset is None:  # one's own are where the sliders stand
            self._explain_smoothing()
            return
        for slider, value in ((self.steadiness_slider, preset.steadiness), (self.response_slider, preset.response)):
            slider.setValue(round(100 * value))

    def _explain_smoothing(self) -> None:
        smoothing = self.smoothing
        name = preset_of(smoothing.steadiness, smoothing.response)
        self.preset_box.setCurrentIndex(self.preset_box.findData(name))
        gains = SmoothingSettings().scaled(smoothing.steadiness, smoothing.response)
        self.steadiness_slider.setToolTip(
            tr(
                "How calm a still hand is. Higher: less jitter, slower to start moving.\n"
                "Cutoff of a resting wrist: {hertz:.2f} Hz",
                hertz=gains.wrist_min_cutoff,
            )
        )
        self.response_slider.setToolTip(
            tr(
                "How fast a moving hand is followed. Higher: less lag, more jitter while it moves.\n"
                "The cutoff rises by {hertz:.2f} Hz for each rad/s",
                hertz=gains.wrist_beta,
            )
        )
        for slider in (self.preset_box, self.steadiness_slider, self.response_slider):
            slider.setEnabled(smoothing.enabled)


def _combo(name: str, tooltip: str) -> NarrowCombo:
    return narrow_combo(name, tooltip, 12)


def _link(text: str, tooltip: str) -> QPushButton:
    button = text_button(text, tooltip)
    button.setObjectName("link")
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


def _line(name: str, placeholder: str) -> QLineEdit:
    edit = QLineEdit()
    edit.setAccessibleName(name)
    edit.setToolTip(tr("{name}, kept in its session.json", name=name))
    edit.setPlaceholderText(placeholder)
    edit.setMaxLength(1000)
    edit.returnPressed.connect(edit.clearFocus)
    return edit


def _caption() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setObjectName("caption")
    label.setWordWrap(True)
    return label


def _say(caption: QLabel, text: str) -> None:
    """Where there is nothing to say, what is below comes up: the panel is to fit into a small screen."""
    caption.setText(text)
    caption.setVisible(bool(text))


def _slider(name: str, value: float, tooltip: str = "") -> tuple[QSlider, QGridLayout]:
    """A slider from 0 to 100 % between its name and its value, in one line: the panel is as high as a small screen."""
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, 100)
    slider.setPageStep(10)
    slider.setValue(round(value * 100))
    slider.setAccessibleName(name)
    slider.setToolTip(tooltip)
    figure = QLabel(f"{slider.value()} %")
    figure.setObjectName("caption")
    slider.valueChanged.connect(lambda moved: figure.setText(f"{moved} %"))
    layout = QGridLayout()
    layout.setHorizontalSpacing(10)
    layout.setColumnStretch(1, 1)
    # Sliders below each other are of one length, whatever their names and values.
    layout.setColumnMinimumWidth(0, scaled(_SLIDER_NAME))
    layout.setColumnMinimumWidth(2, scaled(_SLIDER_FIGURE))
    layout.addWidget(QLabel(name), 0, 0)
    layout.addWidget(slider, 0, 1)
    layout.addWidget(figure, 0, 2, Qt.AlignmentFlag.AlignRight)
    return slider, layout
