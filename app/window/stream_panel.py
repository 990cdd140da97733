"""The controls of streams into other programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QCheckBox, QGridLayout, QLabel, QLineEdit, QWidget

from app.outputs.streaming.addresses import parse_address, parse_addresses
from app.outputs.streaming.hub import StreamStatus
from app.outputs.streaming.output import StreamKind
from app.settings import Settings
from app.window.language import Texts, worded
from models.errors import BothhandsError

tr = Texts("StreamPanel")

_RUNNING = ("opening", "on", "failing")


@dataclass(frozen=True)
class _Choice:
    """What is said of a kind of stream.

    Attributes:
        label: beside the box.
        tooltip: what it is for.
        running: what is said while it runs; `address` and `detail` are filled in.
        check: raises where the address is none; None where the kind has no address.
    """

    label: str
    tooltip: str
    running: str
    check: Callable[[str], object] | None


_CHOICES: Mapping[StreamKind, _Choice] = {
    "vmc": _Choice(
        "VMC", tr.mark("Finger bones for avatars: VSeeFace, Warudo, Unity, …"), tr.mark("To {address}"), parse_addresses
    ),
    "osc": _Choice(
        "OSC", tr.mark("Joints and parameters as plain OSC messages"), tr.mark("To {address}"), parse_addresses
    ),
    "websocket": _Choice("Web", tr.mark("Hands for web pages, over WebSocket"), "{address}, {detail}", parse_address),
    "virtual-camera": _Choice(
        tr.mark("Virtual camera"), tr.mark("The video with the hands, as a webcam"), tr.mark("On {address}"), None
    ),
}


class StreamPanel(QWidget):
    """A box for each kind of stream, its address, and what it is doing.

    Signals:
        start_wanted: kind and address.
        stop_wanted: kind.
        begun: kind and address, when a stream that was switched on here works.
        grew: a sentence has come or gone.
        complained: the label that has begun to say what went wrong.
        failed: kind, when a stream has ended by itself.
    """

    start_wanted = pyqtSignal(str, str)
    stop_wanted = pyqtSignal(str)
    begun = pyqtSignal(str, str)
    failed = pyqtSignal(str)
    grew = pyqtSignal()
    complained = pyqtSignal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[StreamKind, QCheckBox] = {}
        self.addresses: dict[StreamKind, QLineEdit] = {}
        self.captions: dict[StreamKind, QLabel] = {}
        self._switched_on: set[StreamKind] = set()
        self._failed: set[StreamKind] = set()
        self._refused: set[StreamKind] = set()  # by their addresses, before anything began
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(4)
        layout.setColumnStretch(1, 1)
        for kind, choice in _CHOICES.items():
            row = layout.rowCount()
            box, caption = self._box(kind, choice), self._caption(kind)
            if choice.check is None:
                layout.addWidget(box, row, 0, 1, 2)
            else:
                layout.addWidget(box, row, 0)
                layout.addWidget(self._address(kind, choice, getattr(settings, f"{kind}_address")), row, 1)
            layout.addWidget(caption, row + 1, 0, 1, 2)

    def show_streams(self, streams: Mapping[StreamKind, StreamStatus]) -> None:
        """Show what the streams are doing."""
        for kind, box in self.boxes.items():
            status = streams.get(kind)
            if status is None:
                continue
            self._set_checked(kind, status.state in _RUNNING)
            if kind in self._switched_on and status.state not in ("opening", "off"):
                self._switched_on.discard(kind)
                if box.isChecked():
                    self.begun.emit(kind, self._text(kind))
            if status.state != "failed":
                self._failed.discard(kind)
            elif kind not in self._failed:
                self._failed.add(kind)
                self.failed.emit(kind)
            if kind not in self._refused:
                self._say(kind, _sentence(kind, status), failed=status.state in ("failed", "failing"))

    def choose(self, kind: StreamKind, on: bool, address: str) -> None:
        """As if a person had typed the address and clicked the box, where that changes anything."""
        box, edit = self.boxes[kind], self.addresses.get(kind)
        if box.isChecked() and (not on or (edit is not None and edit.text() != address)):
            self._clicked(kind, False)
        if edit is not None:
            edit.setText(address)
        if on and not box.isChecked():
            self._clicked(kind, True)

    def _box(self, kind: StreamKind, choice: _Choice) -> QCheckBox:
        box = QCheckBox(tr(choice.label))
        box.setToolTip(tr(choice.tooltip))
        box.setAccessibleName(tr("Stream: {name}", name=tr(choice.label)))
        box.clicked.connect(lambda on: self._clicked(kind, on))
        self.boxes[kind] = box
        return box

    def _address(self, kind: StreamKind, choice: _Choice, text: str) -> QLineEdit:
        edit = QLineEdit(text)
        edit.setToolTip(
            tr("[HOST:]PORT at which pages connect; without a host, from this machine only")
            if kind == "websocket"
            else tr("HOST:PORT to send to; several with commas between")
        )
        edit.setAccessibleName(tr("Address of the stream: {name}", name=tr(choice.label)))
        edit.returnPressed.connect(edit.clearFocus)
        self.addresses[kind] = edit
        return edit

    def _caption(self, kind: StreamKind) -> QLabel:
        caption = QLabel()
        caption.setTextFormat(Qt.TextFormat.PlainText)
        caption.setObjectName("caption")
        caption.setWordWrap(True)
        caption.hide()
        self.captions[kind] = caption
        return caption

    def _clicked(self, kind: StreamKind, on: bool) -> None:
        if not on:
            self._set_checked(kind, False)
            self.stop_wanted.emit(kind)
            return
        check = _CHOICES[kind].check
        try:
            if check is not None:
                check(self._text(kind))
        except BothhandsError as error:
            self._set_checked(kind, False)
            self._refused.add(kind)
            self._say(kind, worded(error), failed=True)
            return
        self._refused.discard(kind)
        self._set_checked(kind, True)
        self._switched_on.add(kind)
        self.start_wanted.emit(kind, self._text(kind))

    def _set_checked(self, kind: StreamKind, on: bool) -> None:
        self.boxes[kind].setChecked(on)
        if kind in self.addresses:
            self.addresses[kind].setEnabled(not on)

    def _text(self, kind: StreamKind) -> str:
        return self.addresses[kind].text() if kind in self.addresses else ""

    def _say(self, kind: StreamKind, sentence: str, *, failed: bool = False) -> None:
        caption = self.captions[kind]
        new = sentence != caption.text()
        caption.setText(sentence)
        if caption.isHidden() == bool(sentence):
            caption.setVisible(bool(sentence))
            self.grew.emit()
        if failed and new:
            self.complained.emit(caption)
        if caption.property("failed") != failed:
            caption.setProperty("failed", failed)
            style = caption.style()
            if style is not None:  # the stylesheet looks at the property again
                style.unpolish(caption)
                style.polish(caption)


def _sentence(kind: StreamKind, status: StreamStatus) -> str:
    match status.state:
        case "opening":
            return tr("Starting…")
        case "on":
            return tr(_CHOICES[kind].running, address=status.address, detail=worded(status.detail))
        case "failing":
            return tr("Frames to {address} are lost", address=status.address)
        case "failed":
            return tr("It has ended; the message over the video says why.") if status.told else worded(status.detail)
        case "off":
            return ""
