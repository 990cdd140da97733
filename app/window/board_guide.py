"""The guide through the calibration by a board: what to do next, how far it is, and where the board was already."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PyQt5.QtCore import QPointF, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt5.QtWidgets import QGridLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from app.live.board_loop import BoardProgress
from app.window.camera_texts import guide_texts
from app.window.language import Texts
from app.window.theme import colour, scaled

tr = Texts("BoardGuide")

_DOT, _DOT_NOW = 1.6, 2.4


class BoardGuide(QWidget):
    """Says what is wanted of the board. Blocks nothing.

    Attributes:
        save_button: saves the board for a printer; to be laid beside the guide, as is the other.
        screen_button: shows the board on a screen.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wish = QLabel()
        self.wish.setObjectName("setupTopic")
        self.state = QLabel()
        self.state.setObjectName("caption")
        for label in (self.wish, self.state):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.state.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.bar = QProgressBar()
        self.bar.setRange(0, 100)
        self.bar.setAccessibleName(tr("Views of the board"))
        self.bar.setToolTip(tr("How much of what a calibration needs was seen"))
        self.map = CoverageMap()
        self.save_button = QPushButton(tr("Print board…"))
        self.save_button.setToolTip(tr("Save the board in its true size, as a PDF to print or an image for a tablet"))
        self.save_button.setAccessibleName(tr("Save the board to print it"))
        self.screen_button = QPushButton(tr("Show board"))
        self.screen_button.setToolTip(tr("Show the board over a whole screen, another one where there are several"))
        self.screen_button.setAccessibleName(tr("Show the board over a whole screen"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.map, 0, 0, 3, 1)
        grid.addWidget(self.wish, 0, 1)
        grid.addWidget(self.state, 1, 1)
        grid.addWidget(self.bar, 2, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(1, 1)

    def show_progress(self, progress: BoardProgress, *, mirrored: bool) -> None:
        """Show what is wanted now, and how far it is.

        Args:
            progress: of the calibration.
            mirrored: the screen shows the image as a mirror would.
        """
        wish, state = guide_texts(progress, mirrored=mirrored)
        if (self.wish.text(), self.state.text()) != (wish, state):
            self.wish.setText(wish)
            self.state.setText(state)
        self.bar.setValue(round(100 * progress.done))
        self.bar.setFormat(tr("%n views, {percent:.0f} %", n=progress.views, percent=100 * progress.done))
        self.map.show_places(progress, mirrored=mirrored)
        # Room for two lines, so that a longer sentence does not move the video.
        self.state.setMinimumHeight(2 * self.state.fontMetrics().lineSpacing())


class CoverageMap(QWidget):
    """The image's frame with a dot where a corner of the board was seen, and where the board is now."""

    def __init__(self) -> None:
        super().__init__()
        self._places: Sequence[np.ndarray] = ()
        self._now: np.ndarray | None = None
        self._shape = 16 / 9
        self._mirrored = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Where in the image the board was seen"))
        self.setToolTip(tr("Where in the image corners of the board were seen; large dots: where it is now"))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Qt: a small image."""
        return QSize(scaled(152), scaled(86))

    def show_places(self, progress: BoardProgress, *, mirrored: bool) -> None:
        """Show where the corners of all views lie, and of the newest frame."""
        self._places, self._now, self._mirrored = progress.places, progress.now, mirrored
        if progress.size is not None:
            self._shape = progress.size[0] / progress.size[1]
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802
        """Qt: paint frame and dots."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = min(self.width() - 2.0, (self.height() - 2.0) * self._shape)
        frame = QRectF(0, 0, width, width / self._shape)
        frame.moveCenter(QRectF(self.rect()).center())
        painter.setPen(QPen(QColor(colour("STRONG_EDGE")), 1))
        painter.setBrush(QColor(colour("FIELD")))
        painter.drawRect(frame)
        painter.setPen(Qt.PenStyle.NoPen)
        for places, ink, radius in (
            *((each, "ACCENT", _DOT) for each in self._places),
            *(((self._now, "GOOD", _DOT_NOW),) if self._now is not None else ()),
        ):
            painter.setBrush(QColor(colour(ink)))
            for x, y in places:
                across = 1 - x if self._mirrored else x
                at = QPointF(frame.left() + across * frame.width(), frame.top() + y * frame.height())
                painter.drawEllipse(at, radius, radius)
        painter.end()
