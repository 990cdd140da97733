"""The page below the video that checks camera, light, speed and distance while a person sets them up."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PyQt5.QtCore import QPointF, QRectF, QSize, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PyQt5.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.live.setup_check import FARTHEST, NEAREST, TOPICS, Finding, SetupCheck, Sign, Topic
from app.live.values import RenderedFrame
from app.window.icons import sign_pixmap
from app.window.language import Texts, worded
from app.window.texts import SETUP_TEXTS, SETUP_TITLES, capitalized, wording
from app.window.theme import colour, scaled

tr = Texts("SetupPage")

LOOK_MS = 500
"""How often the lines change: figures that change faster cannot be read."""
_SIGN_NAMES: dict[Sign, str] = {
    "ok": tr.mark("ok"),
    "attention": tr.mark("needs attention"),
    "waiting": tr.mark("not known yet"),
}
_SMALLEST, _LARGEST = 0.04, 1.5
"""Ends of the bar, shares of the image's height."""


class SetupPage(QFrame):
    """Four lines, each with a sign, what was measured, and what helps. Covers nothing, blocks nothing, takes no focus.

    Signals:
        closed: a person has read it.

    Args:
        look: asks the check for its findings, by the figures of now.
    """

    closed = pyqtSignal()

    def __init__(self, look: Callable[[SetupCheck], Sequence[Finding]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._check = SetupCheck()
        self._open = False
        self._has_room = True
        self.setObjectName("setupPage")
        self.setAccessibleName(tr("Check of this setup"))
        title = QLabel(tr("Check this setup"))
        title.setObjectName("cardName")
        hint = QLabel(tr("Hold both hands before the camera as you will use them."))
        hint.setObjectName("caption")
        hint.setWordWrap(True)
        self.done_button = QPushButton(tr("Done"))
        self.done_button.setToolTip(tr("Close this page; Help > Check this setup… opens it again"))
        self.done_button.setAccessibleName(tr("Done with the check of this setup"))
        self.done_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.done_button.clicked.connect(self._finish)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(title)
        head.addWidget(hint, 1)
        head.addWidget(self.done_button)
        self.lines: dict[Topic, SetupLine] = {topic: SetupLine(topic) for topic in TOPICS}
        self.bar = DistanceBar()
        self.lines["distance"].add(self.bar)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        for place, line in enumerate(self.lines.values()):
            grid.addWidget(line, place // 2, place % 2)
            grid.setColumnStretch(place % 2, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 10)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addLayout(grid)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.refresh)
        self.hide()

    def open(self) -> None:
        """Begin to check."""
        if not self._open:
            self._open = True
            self._check.restart()
        self.setVisible(self._has_room)

    @property
    def is_open(self) -> bool:
        """Whether it is being looked at, or would be if there were room."""
        return self._open

    def set_room(self, has_room: bool) -> None:
        """Whether there is room for it: in full screen there is none."""
        self._has_room = has_room
        self.setVisible(self._open and has_room)

    def restart(self) -> None:
        """Another source begins."""
        self._check.restart()

    def see(self, rendered: RenderedFrame) -> None:
        """Take the next frame in, where it is looked at."""
        if self.isVisible():
            self._check.see(rendered)

    def refresh(self) -> None:
        """Show what is known by now."""
        for finding in self._look(self._check):
            self.lines[finding.topic].show_finding(finding)
            if finding.topic == "distance":
                self.bar.show_sizes(finding.sizes)

    def recolour(self) -> None:
        """The colours or the size of text have changed."""
        for line in self.lines.values():
            line.recolour()

    def showEvent(self, a0: QShowEvent | None) -> None:  # noqa: N802
        """Qt: the lines are up to date when they are seen."""
        super().showEvent(a0)
        self.refresh()
        self._timer.start()

    def hideEvent(self, a0: QHideEvent | None) -> None:  # noqa: N802
        """Qt: nobody looks."""
        super().hideEvent(a0)
        self._timer.stop()

    def _finish(self) -> None:
        self._open = False
        self.hide()
        self.closed.emit()


class SetupLine(QWidget):
    """One line of the check.

    Attributes:
        finding: that it shows, None before the first.
    """

    def __init__(self, topic: Topic) -> None:
        super().__init__()
        self.finding: Finding | None = None
        self._title = wording(SETUP_TITLES[topic])
        self._sign = QLabel()
        title = QLabel(self._title)
        title.setObjectName("setupTopic")
        self.measured = QLabel()
        self.advice = QLabel()
        self.advice.setObjectName("caption")
        for label in (self.measured, self.advice):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.advice.setAlignment(Qt.AlignmentFlag.AlignTop)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.measured, 1)
        self._text = QVBoxLayout()
        self._text.setSpacing(2)
        self._text.addLayout(head)
        self._text.addWidget(self.advice)
        self._text.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._text, 1)
        self.recolour()

    def add(self, part: QWidget) -> None:
        """Put a drawing below the figures."""
        self._text.insertWidget(1, part)

    def show_finding(self, finding: Finding) -> None:
        """Show a finding."""
        before, self.finding = self.finding, finding
        if before is None or before.sign != finding.sign:
            self._show_sign(finding.sign)
        advice, measured = wording(SETUP_TEXTS[finding.cause]), worded(finding.measured)
        if (self.measured.text(), self.advice.text()) != (measured, advice):
            self.measured.setText(measured)
            self.advice.setText(advice)
            known = ", ".join(text for text in (tr(_SIGN_NAMES[finding.sign]), measured) if text)
            self.setAccessibleName(f"{self._title}: {known}. {advice}")

    def recolour(self) -> None:
        """The colours or the size of text have changed."""
        self._show_sign("waiting" if self.finding is None else self.finding.sign)
        # Room for two lines, so that a longer sentence does not move the video.
        self.advice.setMinimumHeight(2 * self.advice.fontMetrics().lineSpacing())

    def _show_sign(self, sign: Sign) -> None:
        self._sign.setPixmap(sign_pixmap(sign))
        self._sign.setToolTip(capitalized(tr(_SIGN_NAMES[sign])))
        self._sign.setAccessibleName(tr(_SIGN_NAMES[sign]))


class DistanceBar(QWidget):
    """Where the hands are between too far and too near: a mark for each hand over a bar with its good part coloured."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("How near the hands are"))
        self.setToolTip(
            tr(
                "Good while each hand is {least:.0f} to {most:.0f} % of the image's height; left is too far, right is "
                "too near",
                least=100 * FARTHEST,
                most=100 * NEAREST,
            )
        )

    def sizeHint(self) -> QSize:  # noqa: N802
        """Qt: a line of text high."""
        return QSize(scaled(160), scaled(18))

    def show_sizes(self, sizes: tuple[float, ...]) -> None:
        """Show the hands by their heights, shares of the image's."""
        if sizes != self.sizes:
            self.sizes = sizes
            self.update()

    def place_of(self, size: float) -> float:
        """Where a hand of this size is marked: 0 is the bar's left end, 1 its right one.

        The scale is logarithmic, so that the same way means the same factor of distance.
        """
        size = min(max(size, _SMALLEST), _LARGEST)
        return math.log(size / _SMALLEST) / math.log(_LARGEST / _SMALLEST)

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802
        """Qt: paint words, bar and marks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics, middle = painter.fontMetrics(), self.height() / 2
        left, right = metrics.horizontalAdvance(tr("far")) + 8, metrics.horizontalAdvance(tr("near")) + 8
        painter.setPen(QColor(colour("MUTED")))
        upright = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | upright, tr("far"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | upright, tr("near"))
        bar = QRectF(left, middle - 3, max(self.width() - left - right, 1), 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour("RAISED_EDGE")))
        painter.drawRoundedRect(bar, 3, 3)
        low, high = (bar.left() + self.place_of(size) * bar.width() for size in (FARTHEST, NEAREST))
        painter.setBrush(QColor(colour("GOOD")))
        painter.drawRect(QRectF(low, bar.top(), high - low, bar.height()))
        painter.setPen(QPen(QColor(colour("SURFACE")), 1.5))
        painter.setBrush(QColor(colour("BRIGHT")))
        for size in self.sizes:
            painter.drawEllipse(QPointF(bar.left() + self.place_of(size) * bar.width(), middle), 6, 6)
        painter.end()
