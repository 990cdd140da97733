"""Messages in the window: seen, but never in the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from PyQt5.QtCore import QEvent, QSize, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PyQt5.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.live import Message
from app.live.values import Severity
from app.window.icons import dismiss_icon, severity_pixmap
from app.window.language import Texts, worded
from app.window.texts import capitalized
from models.errors import BothhandsError

tr = Texts("Banner")

Actions = Sequence[tuple[str, Callable[[], None]]]

MOST_SHOWN = 3
INFO_MS = 12_000
"""How long good news stay, counted anew when mouse and keyboard have left them; the rest stays until it is dismissed or
pushed out."""

_SEVERITIES: Mapping[Severity, str] = {
    "info": tr.mark("info"),
    "warning": tr.mark("warning"),
    "error": tr.mark("error"),
}


class Banner(QFrame):
    """One message.

    Signals:
        dismissed: it may go.

    Args:
        message: what it says.
        actions: buttons with what they do; each of them also dismisses the message.
        about: what it is about, "" for nothing that another message could be about too.
        stays: until it is dismissed, even if it is good news.
    """

    dismissed = pyqtSignal()

    def __init__(
        self,
        message: Message,
        actions: Actions = (),
        parent: QWidget | None = None,
        *,
        about: str = "",
        stays: bool = False,
    ) -> None:
        super().__init__(parent)
        self.message, self.about = message, about
        self.setObjectName("banner")
        self.setProperty("severity", message.severity)
        severity, said = tr(_SEVERITIES[message.severity]), worded(message.text)
        self.setAccessibleName(f"{severity}: {said}")
        icon = QLabel()
        icon.setPixmap(severity_pixmap(message.severity))
        icon.setAccessibleName(severity)
        icon.setToolTip(capitalized(severity))
        text = QLabel(said)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        dismiss = QPushButton(dismiss_icon(), "")
        dismiss.setObjectName("dismiss")
        dismiss.setIconSize(QSize(14, 14))
        dismiss.setToolTip(tr("Dismiss this message"))
        dismiss.setAccessibleName(tr("Dismiss this message"))
        dismiss.clicked.connect(self.dismissed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 9, 8, 9)
        layout.setSpacing(10)
        # A button is higher than a line of text, beside which the others lie then.
        level = Qt.AlignmentFlag.AlignVCenter if actions else Qt.AlignmentFlag.AlignTop
        layout.addWidget(icon, 0, level)
        layout.addWidget(text, 1)
        for label, act in actions:
            layout.addWidget(self._button(label, act), 0, level)
        layout.addWidget(dismiss, 0, level)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(INFO_MS)
        self.timer.timeout.connect(self._time_is_over)
        self._goes = message.severity == "info" and not stays
        if self._goes:
            self.timer.start()

    def enterEvent(self, a0: QEvent | None) -> None:  # noqa: N802
        """Qt: what the mouse is on does not go."""
        super().enterEvent(a0)
        self.timer.stop()

    def leaveEvent(self, a0: QEvent | None) -> None:  # noqa: N802
        """Qt: the mouse is elsewhere."""
        super().leaveEvent(a0)
        if self._goes:
            self.timer.start()

    def _time_is_over(self) -> None:
        focus = QApplication.focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            self.timer.start()
        else:
            self.dismissed.emit()

    def _button(self, label: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(label)
        button.clicked.connect(lambda: act())
        button.clicked.connect(self.dismissed)
        return button


class Teller(Protocol):
    """Shows messages: a window's `BannerStack`, or what knows which window is looked at."""

    def show_message(self, message: Message, actions: Actions = (), *, about: str = "", stays: bool = False) -> None:
        """Add a message; see `BannerStack`."""
        ...


class BannerStack(QWidget):
    """The last few messages, newest below.

    Signals:
        covers: so many pixels from their upper edge on, 0 where none is shown.

    Args:
        margin: around them; 14 px where they lie over an image.
        parent: that they lie in.
    """

    covers = pyqtSignal(int)

    def __init__(self, margin: int = 14, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(margin, margin, margin, margin)
        self._layout.setSpacing(8)
        self.hide()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802
        """Qt: there are more of them, or fewer."""
        super().resizeEvent(a0)
        if self.isVisible():
            self.covers.emit(self.height())

    def hideEvent(self, a0: QHideEvent | None) -> None:  # noqa: N802
        """Qt: there are none."""
        super().hideEvent(a0)
        self.covers.emit(0)

    def showEvent(self, a0: QShowEvent | None) -> None:  # noqa: N802
        """Qt: there is one."""
        super().showEvent(a0)
        self.covers.emit(self.height())

    @property
    def banners(self) -> list[Banner]:
        """What is shown, oldest first."""
        items = (self._layout.itemAt(i) for i in range(self._layout.count()))
        return [widget for item in items if item is not None and isinstance(widget := item.widget(), Banner)]

    def show_message(self, message: Message, actions: Actions = (), *, about: str = "", stays: bool = False) -> None:
        """Add a message; one that is shown already moves to the end. Beyond three the oldest goes, errors last.

        Args:
            message: what it says.
            actions: buttons with what they do.
            about: what it is about, such as a profile: it takes the place of what was said of that before.
            stays: until it is dismissed, even if it is good news: what is asked waits for an answer.
        """
        for banner in self.banners:
            if banner.message == message or (about and banner.about == about):
                self._remove(banner)
        banner = Banner(message, actions, self, about=about, stays=stays)
        banner.dismissed.connect(lambda: self._remove(banner))
        self._layout.addWidget(banner)
        shown = self.banners
        errors_last = sorted(shown[:-1], key=lambda entry: entry.message.severity == "error")
        for old in errors_last[: max(0, len(shown) - MOST_SHOWN)]:
            self._remove(old)
        self.show()

    def show_refusal(self, error: BothhandsError) -> None:
        """Say why something that was asked for was not done."""
        self.show_message(Message("warning", worded(error)))

    def dismiss(self, text: str) -> None:
        """Take away the message that says this; nothing where none does."""
        for banner in self.banners:
            if banner.message.text == text:
                self._remove(banner)

    def _remove(self, banner: Banner) -> None:
        if banner in self.banners:
            self._layout.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
            self.setVisible(bool(self.banners))


class Telling(Protocol):
    """A window beside another one, with messages of its own."""

    banners: BannerStack

    def isVisible(self) -> bool:  # noqa: N802
        """Qt: whether it is open."""
        ...


class InFront:
    """Shows messages where they are seen: in a dialog while that lies over the window.

    Args:
        banners: of the window.
        dialog: gives the dialog, None while there is none.
    """

    def __init__(self, banners: BannerStack, dialog: Callable[[], Telling | None]) -> None:
        self._banners = banners
        self._dialog = dialog

    def show_message(self, message: Message, actions: Actions = (), *, about: str = "", stays: bool = False) -> None:
        """Add a message; see `BannerStack`."""
        dialog = self._dialog()
        banners = self._banners if dialog is None or not dialog.isVisible() else dialog.banners
        banners.show_message(message, actions, about=about, stays=stays)
