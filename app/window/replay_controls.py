"""Timeline and buttons of a replay."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from PyQt5.QtCore import QEvent, QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QIcon, QMouseEvent, QResizeEvent
from PyQt5.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QVBoxLayout,
    QWidget,
)

from app.replay.playhead import SPEEDS
from app.window.combo import narrow_combo
from app.window.icons import pause_icon, play_icon, step_icon
from app.window.language import Texts, key_text
from app.window.texts import exact_time

tr = Texts("TransportBar")


class Timeline(QSlider):
    """A slider over all images that goes where it is clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setAccessibleName(tr("Timeline"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def mousePressEvent(self, ev: QMouseEvent | None) -> None:  # noqa: N802
        """Qt: the handle jumps to the mouse and is dragged from there."""
        if ev is not None and ev.button() == Qt.MouseButton.LeftButton:
            self.setSliderPosition(self._value_at(ev.x()))
            self.sliderMoved.emit(self.sliderPosition())
        super().mousePressEvent(ev)

    def _value_at(self, x: int) -> int:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        style = self.style()
        assert style is not None, "a widget has a style"
        handle = style.pixelMetric(QStyle.PixelMetric.PM_SliderLength, option, self)
        room = self.width() - handle
        return QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), x - handle // 2, room)


class PlaceLabel(QLabel):
    """Time and frame, or the time alone where there is no room for both."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._time, self._both = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_place(self, time: str, frame: str) -> None:
        """Show these."""
        self._time, self._both = time, f"{time}     {frame}"
        self._fit()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802
        """Qt: there is more room, or less."""
        super().resizeEvent(a0)
        self._fit()

    def changeEvent(self, a0: QEvent | None) -> None:  # noqa: N802
        """Qt: text may be larger."""
        super().changeEvent(a0)
        self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        # Digits differ in width in some fonts, and what is beside it is not to move with them.
        self.setMinimumWidth(metrics.horizontalAdvance(re.sub(r"\d", "0", self._time)) + 2)
        room = self.width() >= metrics.horizontalAdvance(self._both)
        self.setText(self._both if room or not self.isVisible() else self._time)


class Transport(Protocol):
    """Where a clip is; `ReplayStatus` and `PlaybackStatus` are such."""

    @property
    def position(self) -> int:
        """Number of the image that is shown."""
        ...

    @property
    def count(self) -> int:
        """Images in all."""
        ...

    @property
    def seconds(self) -> float:
        """Time of that image."""
        ...

    @property
    def length(self) -> float:
        """Seconds of the whole clip."""
        ...

    @property
    def playing(self) -> bool:
        """Whether time goes on."""
        ...

    @property
    def speed(self) -> float:
        """1 is real time."""
        ...

    @property
    def loop(self) -> bool:
        """Start over at the end."""
        ...


@dataclass(frozen=True)
class TransportKeys:
    """What keys do the same as the buttons, for their tool tips."""

    play: str = "Space"
    back: str = "Left"
    forward: str = "Right"
    speed: str = "Up, Down"
    loop: str = "Ctrl+L"


class TransportBar(QWidget):
    """Shows where a replay is and says where a person wants it; it does nothing by itself.

    Signals:
        toggled: play or pause.
        sought: number of an image.
        stepped: images forward or back.
        speed_chosen: 1 is real time.
        loop_toggled: whether to start over at the end.
    """

    toggled = pyqtSignal()
    sought = pyqtSignal(int)
    stepped = pyqtSignal(int)
    speed_chosen = pyqtSignal(float)
    loop_toggled = pyqtSignal(bool)

    def __init__(self, keys: TransportKeys | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys or TransportKeys()
        self._icons = {False: play_icon(), True: pause_icon()}
        self.timeline = Timeline()
        self.timeline.sliderMoved.connect(self.sought)
        self.play_button = _button(self._icons[False], tr("Play"))
        self.play_button.clicked.connect(self.toggled)
        self.back_button = _button(step_icon(forward=False), tr("One frame back"))
        self.back_button.clicked.connect(lambda: self.stepped.emit(-1))
        self.forward_button = _button(step_icon(forward=True), tr("One frame forward"))
        self.forward_button.clicked.connect(lambda: self.stepped.emit(1))
        self.place = PlaceLabel()
        self.speed_box = narrow_combo(tr("Speed"), tr("Speed"), 4)
        for speed in SPEEDS:
            self.speed_box.addItem(tr("{speed:g}×", speed=speed), speed)
        self.speed_box.setCurrentIndex(SPEEDS.index(1.0))
        self.speed_box.activated.connect(lambda row: self.speed_chosen.emit(self.speed_box.itemData(row)))
        self.loop_box = QCheckBox(tr("Loop"))
        self.loop_box.setAccessibleName(tr("Loop"))
        self.loop_box.toggled.connect(self.loop_toggled)
        self._lay_out()
        self.show_keys(self._keys)

    def show_keys(self, keys: TransportKeys) -> None:
        """Tell these keys in the tool tips."""
        self._keys = keys
        for part, text, key in (
            (self.play_button, tr("Play"), keys.play),
            (self.back_button, tr("One frame back"), keys.back),
            (self.forward_button, tr("One frame forward"), keys.forward),
            (self.speed_box, tr("Speed"), keys.speed),
            (self.loop_box, tr("Start over at the end"), keys.loop),
        ):
            part.setToolTip(_with_key(text, key))

    def show_status(self, status: Transport) -> None:
        """Show what is going on."""
        self.timeline.setMaximum(status.count - 1)
        if not self.timeline.isSliderDown():
            self.timeline.setValue(status.position)
        self.play_button.setIcon(self._icons[status.playing])
        self.play_button.setToolTip(_with_key(tr("Pause" if status.playing else "Play"), self._keys.play))
        self.play_button.setAccessibleName(tr("Pause" if status.playing else "Play"))
        self.place.show_place(
            f"{exact_time(status.seconds)} / {exact_time(status.length)}",
            tr("frame {number} of {count}", number=status.position + 1, count=status.count),
        )
        if status.speed in SPEEDS:
            self.speed_box.setCurrentIndex(SPEEDS.index(status.speed))
        if self.loop_box.isChecked() != status.loop:
            with QSignalBlocker(self.loop_box):
                self.loop_box.setChecked(status.loop)

    def change_speed(self, faster: bool) -> None:
        """As if the next speed had been chosen."""
        row = self.speed_box.currentIndex() + (1 if faster else -1)
        if 0 <= row < len(SPEEDS):
            self.speed_chosen.emit(SPEEDS[row])

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in (self.back_button, self.play_button, self.forward_button):
            row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(self.place, 1)
        row.addSpacing(8)
        row.addWidget(QLabel(tr("Speed")))
        row.addWidget(self.speed_box)
        row.addSpacing(8)
        row.addWidget(self.loop_box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.timeline)
        layout.addLayout(row)


def _button(icon: QIcon, tooltip: str) -> QPushButton:
    button = QPushButton(icon, "")
    button.setIconSize(QSize(16, 16))
    button.setFixedWidth(38)
    button.setToolTip(tooltip)
    button.setAccessibleName(tooltip)
    return button


def _with_key(text: str, key: str) -> str:
    """The keys are Qt's portable text; several are parted by commas."""
    return f"{text} ({', '.join(key_text(one) for one in key.split(', '))})" if key else text
