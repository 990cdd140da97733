"""The page below the video in which a camera is calibrated, by its angle or by a board."""

from __future__ import annotations

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.naming import LONGEST_NAME
from app.window.board_guide import BoardGuide
from app.window.buttons import text_button
from app.window.field_of_view import FieldOfView
from app.window.language import Texts
from app.window.wheel import keep_wheel_from_controls

tr = Texts("CameraPage")


class CameraPage(QFrame):
    """Shows what a calibration comes to and asks for a name. Covers nothing, blocks nothing.

    Signals:
        opened: whether the page takes its room.
        kept: the camera is to be kept under this name.
        again: it is to be measured once more.
        cancelled: all is to be as it was.
    """

    opened = pyqtSignal(bool)
    kept = pyqtSignal(str)
    again = pyqtSignal()
    cancelled = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._has_room = True
        self._open = False
        self.setObjectName("setupPage")
        self.setAccessibleName(tr("Camera calibration"))
        self.title = QLabel()
        self.title.setObjectName("cardName")
        self.title.setWordWrap(True)  # a narrow window stays narrow
        self.field_of_view = FieldOfView()
        self.guide = BoardGuide()
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.name_edit = QLineEdit()
        self.name_edit.setMaxLength(LONGEST_NAME)
        self.name_edit.setAccessibleName(tr("Name of the camera"))
        self.name_edit.setToolTip(tr("The name under which the camera is kept; one that is there already is replaced"))
        self.name_edit.returnPressed.connect(self._keep)
        self.keep_button = text_button(
            tr("Keep"), tr("Keep the camera under this name, and use it for this source from now on")
        )
        self.keep_button.clicked.connect(self._keep)
        self.again_button = text_button(tr("Again"), tr("Show the board once more"))
        self.again_button.clicked.connect(self.again)
        self.cancel_button = text_button(tr("Cancel"), tr("Leave all as it was"))
        self.cancel_button.clicked.connect(self.cancelled)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        head.addWidget(self.name_edit, 1)
        beside = (self.guide.save_button, self.guide.screen_button)
        for button in (*beside, self.keep_button, self.again_button, self.cancel_button):
            head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 10)
        layout.setSpacing(8)
        layout.addLayout(head)
        for part in (self.field_of_view, self.guide, self.text):
            layout.addWidget(part)
        keep_wheel_from_controls(self)
        self.hide()

    def open_angle(self, name: str) -> None:
        """Ask for the field of view.

        Args:
            name: that is offered.
        """
        self._show_parts(self.field_of_view, self.text, self.name_edit, self.keep_button)
        self._open_page(tr("Camera by its field of view"), name)
        self.field_of_view.angle_box.setFocus()
        self.field_of_view.angle_box.selectAll()

    def open_board(self) -> None:
        """Guide through the calibration by a board."""
        self._show_parts(self.guide, self.guide.save_button, self.guide.screen_button)
        self._open_page(tr("Camera by a board"), "")

    def show_refused(self) -> None:
        """The guide says why; the views can be taken again."""
        self._show_parts(self.guide, self.again_button)

    def show_result(self, name: str) -> None:
        """Ask for a name for what the board came to.

        Args:
            name: that is offered.
        """
        self.title.setText(tr("Your camera is measured"))
        self.name_edit.setText(name)
        self._show_parts(self.text, self.name_edit, self.keep_button, self.again_button)
        self.name_edit.setFocus()
        self.name_edit.selectAll()

    def show_text(self, text: str) -> None:
        """Say what the camera comes to."""
        if self.text.text() != text:
            self.text.setText(text)

    def leave(self) -> None:
        """Close the page."""
        self._open = False
        self.hide()
        self.opened.emit(False)

    def set_room(self, has_room: bool) -> None:
        """Whether there is room for it: in full screen there is none."""
        self._has_room = has_room
        self.setVisible(self._open and has_room)

    def _open_page(self, title: str, name: str) -> None:
        self._open = True
        self.title.setText(title)
        self.text.clear()
        self.name_edit.setText(name)
        self.setVisible(self._has_room)
        self.opened.emit(True)

    def _show_parts(self, *shown: QWidget) -> None:
        """Show these and no others; before the page itself, which would take room for all of them."""
        parts = (
            *(self.field_of_view, self.guide, self.text, self.name_edit, self.keep_button, self.again_button),
            *(self.guide.save_button, self.guide.screen_button),
        )
        for part in sorted(parts, key=lambda each: each in shown):  # those that go first, so that there is room
            part.setVisible(part in shown)

    def _keep(self) -> None:
        self.kept.emit(self.name_edit.text())
