"""The live image."""

from __future__ import annotations

from typing import Protocol

import cv2
import numpy as np
from PyQt5 import sip
from PyQt5.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from app.window.language import Texts
from app.window.theme import LETTERBOX, RECORD, SIGN_MUTED, SIGN_TEXT

tr = Texts("ImageView")

_HINT_WIDTH = 460


class ShownImage(Protocol):
    """What can be shown: a live image or a recorded one."""

    @property
    def image(self) -> np.ndarray:
        """(H, W, 3) uint8 RGB."""
        ...


class ImageView(QWidget):
    """Paints the newest image, as large as fits, mirrored if wished, and a sentence over it where one helps.

    Signals:
        painted: an image (`ShownImage`) was on the widget for the first time.
    """

    painted = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: ShownImage | None = None
        self._pixels: np.ndarray | None = None
        self._new = False
        self._mirrored = True
        self._dimmed = False
        self._sign = ("", False)
        self._hint = ""
        self._placeholder = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 240)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Live video"))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Qt: a usual camera image."""
        return QSize(960, 720)

    def show_image(self, picture: ShownImage) -> None:
        """Paint this one next."""
        self._picture = picture
        self._new = True
        self._convert()
        self.update()

    def _convert(self) -> None:
        if self._picture is None:
            return
        tracked = getattr(self._picture, "tracked", None)
        image = self._picture.image if tracked is None or not self._dimmed else tracked.frame.image
        # Qt paints 32-bit pixels several times faster than 24-bit ones, and OpenCV converts with the GIL released.
        self._pixels = cv2.cvtColor(image, cv2.COLOR_RGB2BGRA)

    def set_mirrored(self, mirrored: bool) -> None:
        """Whether left and right are swapped, on the screen only."""
        self._mirrored = mirrored
        self.update()

    def set_dimmed(self, dimmed: bool) -> None:
        """Whether the image is of a moment that is over: it is shown dark, and without the hands in it."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self._convert()
            self.update()

    def set_sign(self, text: str, recording: bool) -> None:
        """A sign in the image's upper right corner, with a red dot while a recording runs; "" for none."""
        if (text, recording) != self._sign:
            self._sign = text, recording
            self.update()

    def set_hint(self, text: str) -> None:
        """A sentence over the lower edge of the image; "" for none."""
        if text != self._hint:
            self._hint = text
            self.update()

    def set_placeholder(self, text: str) -> None:
        """What stands there before the first image."""
        if text != self._placeholder:
            self._placeholder = text
            self.update()

    @property
    def has_image(self) -> bool:
        """Whether there was one yet."""
        return self._picture is not None

    def image_rect(self) -> QRectF:
        """Where the image lies in the widget."""
        if self._pixels is None:
            return QRectF(self.rect())
        height, width = self._pixels.shape[:2]
        scale = min(self.width() / width, self.height() / height)
        shown_width, shown_height = width * scale, height * scale
        return QRectF((self.width() - shown_width) / 2, (self.height() - shown_height) / 2, shown_width, shown_height)

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802
        """Qt: paint letterbox, image and sentence."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(LETTERBOX))
        if self._pixels is None:
            self._paint_placeholder(painter)
        else:
            self._paint_image(painter, self._pixels)
            if self._dimmed:
                painter.fillRect(self.image_rect(), QColor(12, 13, 15, 150))
        if self._hint:
            self._paint_hint(painter)
        if self._sign[0]:
            self._paint_sign(painter, *self._sign)
        painter.end()
        if self._new:
            self._new = False
            self.painted.emit(self._picture)

    def _paint_image(self, painter: QPainter, pixels: np.ndarray) -> None:
        height, width = pixels.shape[:2]
        # The image borrows the array's memory, which lives as long as this call.
        image = QImage(sip.voidptr(pixels.ctypes.data), width, height, pixels.strides[0], QImage.Format.Format_RGB32)
        target = self.image_rect()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._mirrored:
            painter.translate(target.left() + target.right(), 0)
            painter.scale(-1, 1)
        painter.drawImage(target, image, QRectF(image.rect()))
        painter.restore()

    def _paint_placeholder(self, painter: QPainter) -> None:
        painter.setPen(QColor(SIGN_MUTED))
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.3)
        painter.setFont(font)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(QRectF(self.rect()).adjusted(24, 24, -24, -24), flags, self._placeholder)

    def _paint_sign(self, painter: QPainter, text: str, recording: bool) -> None:
        font = QFont(self.font())
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * (1.1 if recording else 3.0))
        painter.setFont(font)
        place = self.image_rect().toRect().intersected(self.rect())
        size = painter.fontMetrics().size(0, text)
        dot = size.height() * 0.6 if recording else 0.0
        box = QRectF(0, 0, size.width() + dot + 28, size.height() + 14)
        box.moveTopRight(QPointF(place.right() - 14, place.top() + 14))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(12, 13, 15, 205))
        painter.drawRoundedRect(box, 8, 8)
        if recording:
            painter.setBrush(QColor(RECORD))
            painter.drawEllipse(QRectF(box.left() + 10, box.center().y() - dot / 2, dot, dot))
        painter.setPen(QColor(SIGN_TEXT))
        painter.drawText(box.adjusted(dot + 6 if recording else 0, 0, 0, 0), Qt.AlignmentFlag.AlignCenter, text)
        painter.setFont(self.font())

    def _paint_hint(self, painter: QPainter) -> None:
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        room = QRectF(0, 0, min(_HINT_WIDTH, self.width() - 48), self.height())
        text = painter.boundingRect(room, flags, self._hint)
        box = QRectF(0, 0, text.width() + 32, text.height() + 20)
        box.moveCenter(QRectF(self.rect()).center())
        box.moveBottom(min(self.image_rect().bottom(), self.height()) - 16)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(12, 13, 15, 205))
        painter.drawRoundedRect(box, 10, 10)
        painter.setPen(QColor(SIGN_TEXT))
        painter.drawText(box, flags, self._hint)
