"""The part of the panel in which a camera's mode is chosen, with what it gives."""

from __future__ import annotations

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.live import LiveStatus
from app.window.combo import narrow_combo
from app.window.language import Texts, worded
from tracking.sources.camera_mode import DRIVERS_CHOICE, USUAL_MODE, CameraMode, mode_text, read_mode

tr = Texts("CameraModes")

OFFERED = (
    *("640x480@30:MJPG", "640x480@60:MJPG", "1280x720@60:MJPG", "1920x1080@30:MJPG", "1920x1080@60:MJPG"),
    *("3840x2160@30:MJPG", "640x480@30:YUYV", "1280x720@10:YUYV"),
)
"""Modes that webcams mostly have, besides the usual one, for those whose driver lists none; raw ones at the rate that
fits through USB 2.
"""


class CameraModes(QWidget):
    """A box of modes and a line that says what the running camera gives. Takes no room where no camera runs.

    Signals:
        mode_chosen: the camera, as `source_identity` has it, and its mode, as `read_mode` takes it; "" for the usual
            one.
        other_wanted: the camera, and its mode now, in whose place another one is to be typed.
    """

    mode_chosen = pyqtSignal(str, str)
    other_wanted = pyqtSignal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[str, CameraMode | None, CameraMode | None, tuple[CameraMode, ...]] = ("", None, None, ())
        self._outdated = False
        self.box = narrow_combo(
            tr("Camera mode"),
            tr("Size, rate and pixel format to ask the camera for; it gives what comes nearest, or something else"),
            12,
        )
        self.caption = QLabel()
        self.caption.setTextFormat(Qt.TextFormat.PlainText)
        self.caption.setObjectName("caption")
        self.caption.setWordWrap(True)
        self.box.activated.connect(self._activated)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.box)
        layout.addWidget(self.caption)
        self.hide()

    def show_status(self, status: LiveStatus) -> None:
        """Show what the running camera was asked for, and what it gives."""
        if status.opening:  # it may be the same one, in another mode: nothing jumps meanwhile
            self._outdated = True
            return
        if self.box.is_open:  # nothing moves under an open list
            return
        shown = (status.camera, status.asked_mode, status.mode, status.modes)
        if self._outdated or shown != self._shown:
            self._shown, self._outdated = shown, False
            self._fill()
        self.setVisible(status.asked_mode is not None)

    def _fill(self) -> None:
        _, asked, given, modes = self._shown
        self.box.clear()
        if asked is None or given is None:
            return
        self.box.addItem(tr("The usual mode"), "")
        self.box.setItemData(0, worded(mode_text(USUAL_MODE)), Qt.ItemDataRole.ToolTipRole)
        self.box.addItem(tr("The driver's choice"), DRIVERS_CHOICE)
        written = "" if asked == USUAL_MODE else str(asked)
        offered = tuple(str(mode) for mode in modes if mode != USUAL_MODE) or OFFERED
        own = () if written in ("", DRIVERS_CHOICE, *offered) else (written,)
        for mode in (*offered, *own):
            self.box.addItem(worded(mode_text(read_mode(mode))), mode)
        self.box.insertSeparator(self.box.count())
        self.box.addItem(tr("Other…"), None)
        self.box.setCurrentIndex(self.box.findData(written))
        self.caption.setText(tr("It gives {mode}", mode=worded(mode_text(given))))

    def _activated(self, row: int) -> None:
        camera, asked, *_ = self._shown
        chosen = self.box.itemData(row)
        if chosen is None:
            self._fill()  # "Other…" is no mode: the running one is shown again
            self.other_wanted.emit(camera, str(asked))
        else:
            self.mode_chosen.emit(camera, chosen)
