"""The live image, or two of one frame beside each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from PyQt5 import sip
from PyQt5.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QFont, QFontMetricsF, QImage, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from app.live.framing import Framing, Pane, Zoom, panes
from app.window.language import Texts
from app.window.theme import LETTERBOX, RECORD, SIGN_MUTED, SIGN_TEXT
from render.layers import Layer

tr = Texts("ImageView")

_HINT_WIDTH = 460
_PANE_GAP = 4
"""Between two panes."""
_TAG_BACK = QColor(12, 13, 15, 205)
ZOOM_STEP = 1.25
"""A notch of the wheel."""
_EXACT = 0.01
"""Px of the screen; what is nearer than this is there."""


class ShownImage(Protocol):
    """What can be shown: a live image or a recorded one."""

    @property
    def image(self) -> np.ndarray:
        """(H, W, 3) uint8 RGB."""
        ...


@dataclass(frozen=True)
class PaneTag:
    """What stands in the corner of a pane.

    Attributes:
        title: whose hands these are.
        detail: what is known of them.
        waiting: a sentence in the pane's middle, "" for none.
    """

    title: str
    detail: str = ""
    waiting: str = ""


class ImageView(QWidget):
    """Paints the newest image, as large as fits, mirrored if wished, and a sentence over it where one helps.

    The wheel comes nearer to what lies under the mouse, a drag moves it, a double-click shows all again.

    Signals:
        painted: an image (`ShownImage`) was on the widget for the first time.
        framed: frames lie elsewhere on the screen than before, a `Framing`.
    """

    painted = pyqtSignal(object)
    framed = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: ShownImage | None = None
        self._pixels: Sequence[np.ndarray] = ()
        self._layers: Sequence[Sequence[Layer]] = ()
        self._told: Framing | None = None
        self._tags: tuple[PaneTag, ...] = ()
        self._zoom = Zoom()
        self._dragged_from: QPointF | None = None
        self._new = False
        self._mirrored = True
        self._dimmed = False
        self._sign = ("", False)
        self._covered = 0
        self._hint = ""
        self._placeholder = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 240)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Live video"))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Qt: a usual camera image."""
        return QSize(960, 720)

    def show_image(self, shown: ShownImage, *, again: bool = False) -> None:
        """Paint this one next.

        Args:
            shown: with the hands drawn in, or in `layers` of its own.
            again: it was shown before, and is drawn in another way now.
        """
        self._picture = shown
        self._new = not again
        self._convert()
        self.update()

    def _convert(self) -> None:
        picture = self._picture
        if picture is None:
            return
        tracked, beside = getattr(picture, "tracked", None), getattr(picture, "beside", None)
        plain = picture.image if tracked is None else tracked.frame.image
        images = [plain if self._dimmed else picture.image]
        layers = [getattr(picture, "layers", None) or ()]
        if self._tags:  # a second model that is not loaded yet has no hands to show
            images.append(plain if self._dimmed or beside is None else beside.image)
            layers.append(getattr(beside, "layers", None) or ())
        self._layers = [() for _ in images] if self._dimmed else layers
        # Qt paints 32-bit pixels several times faster than 24-bit ones, and OpenCV converts with the GIL released.
        self._pixels = [cv2.cvtColor(image, cv2.COLOR_RGB2BGRA) for image in images]

    def set_tags(self, tags: Sequence[PaneTag]) -> None:
        """Show the frame twice, with the hands of two models, and what is to be said of each; without tags, once.

        Args:
            tags: of the running model and of the second one, or none.
        """
        tags = tuple(tags)
        if tags == self._tags:
            return
        number, self._tags = len(self._tags), tags
        self.setAccessibleDescription("; ".join(f"{tag.title}: {tag.detail or tag.waiting}" for tag in tags))
        if len(tags) != number:
            self._convert()
        self.update()

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

    def set_covered(self, height: int) -> None:
        """So many pixels at the upper edge are covered by messages: signs are shown below."""
        if height != self._covered:
            self._covered = height
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

    @property
    def framing(self) -> Framing | None:
        """Where the frame lies in each pane, px of the screen; None before there is one."""
        pane = next(iter(self._panes()), None)
        if pane is None:
            return None
        height, width = self._pixels[0].shape[:2]
        return Framing.of((width, height), (pane.width, pane.height), self._zoom, self._mirrored)

    def image_rect(self) -> QRectF:
        """Where the image lies in the widget, the first one of two."""
        framing = self.framing
        return QRectF(self.rect()) if framing is None else self._image_rect(self._panes()[0], framing)

    def _image_rect(self, pane: Pane, framing: Framing) -> QRectF:
        ratio = self.devicePixelRatioF()
        left, top = pane.left + framing.left, pane.top + framing.top
        return QRectF(left / ratio, top / ratio, framing.width / ratio, framing.height / ratio)

    def _panes(self) -> list[Pane]:
        if not self._pixels:
            return []
        ratio = self.devicePixelRatioF()
        width, height = (max(1, round(side * ratio)) for side in (self.width(), self.height()))
        rows, columns = self._pixels[0].shape[:2]
        return list(panes(width, height, (columns, rows), len(self._pixels), round(_PANE_GAP * ratio)))

    def _pane_rect(self, pane: Pane) -> QRectF:
        ratio = self.devicePixelRatioF()
        return QRectF(pane.left / ratio, pane.top / ratio, pane.width / ratio, pane.height / ratio)

    # Zoom.

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Come nearer (above 1) or go away.

        Args:
            factor: how much larger it becomes.
            at: what stays where it is; None for the middle.
        """
        framing = self.framing
        if framing is not None:
            place = (framing.pane[0] / 2, framing.pane[1] / 2) if at is None else self._in_pane(at)
            self._look_at(framing.zoomed(factor, place))

    def show_all(self) -> None:
        """The whole frame again."""
        self._look_at(Zoom())

    @property
    def zoom(self) -> Zoom:
        """What is looked at of the frame."""
        return self._zoom

    def _look_at(self, zoom: Zoom) -> None:
        if zoom != self._zoom:
            self._zoom = zoom
            self.setCursor(Qt.CursorShape.OpenHandCursor if zoom.factor > 1 else Qt.CursorShape.ArrowCursor)
            self.update()

    def _in_pane(self, place: QPointF) -> tuple[float, float]:
        """A place of the widget in the pane that it lies in, px of the screen."""
        ratio = self.devicePixelRatioF()
        x, y = place.x() * ratio, place.y() * ratio
        inside = [pane for pane in self._panes() if pane.left <= x and pane.top <= y]
        pane = inside[-1] if inside else Pane(0, 0, 1, 1)
        return x - pane.left, y - pane.top

    def wheelEvent(self, a0: QWheelEvent | None) -> None:  # noqa: N802
        """Qt: come nearer or go away."""
        if a0 is not None and self._pixels:
            self.zoom_by(ZOOM_STEP ** (a0.angleDelta().y() / 120), a0.position())
            a0.accept()

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802
        """Qt: a drag begins, where there is something to move."""
        if a0 is not None and a0.button() == Qt.MouseButton.LeftButton and self._zoom.factor > 1:
            self._dragged_from = a0.localPos()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802
        """Qt: what is seen moves with the mouse."""
        framing = self.framing
        if a0 is None or self._dragged_from is None or framing is None:
            return
        step, self._dragged_from = a0.localPos() - self._dragged_from, a0.localPos()
        ratio = self.devicePixelRatioF()
        self._look_at(framing.moved(self._zoom, step.x() * ratio, step.y() * ratio))
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseReleaseEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802
        """Qt: the drag is over."""
        if self._dragged_from is not None:
            self._dragged_from = None
            self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802
        """Qt: all of the frame again."""
        self._dragged_from = None
        self.show_all()

    # Painting.

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802
        """Qt: paint letterbox, images and sentences."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(LETTERBOX))
        framing = self.framing
        if framing is None:
            self._paint_placeholder(painter)
        else:
            for number, (pane, pixels) in enumerate(zip(self._panes(), self._pixels, strict=True)):
                self._paint_pane(painter, pane, framing, pixels, self._layers[number])
                if number < len(self._tags):
                    self._paint_tag(painter, self._tags[number], self._pane_rect(pane))
        if self._hint:
            self._paint_hint(painter, self._hint, QRectF(self.rect()), self.image_rect().bottom())
        if self._sign[0]:
            self._paint_sign(painter, *self._sign)
        painter.end()
        if self._new:
            self._new = False
            self.painted.emit(self._picture)
        if framing != self._told:
            self._told = framing
            self.framed.emit(framing)

    def _paint_pane(
        self, painter: QPainter, pane: Pane, framing: Framing, pixels: np.ndarray, layers: Sequence[Layer]
    ) -> None:
        """Paint a frame and the hands over it, in the screen's own pixels."""
        ratio = self.devicePixelRatioF()
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        painter.setClipRect(QRectF(pane.left, pane.top, pane.width, pane.height))
        painter.translate(pane.left, pane.top)
        target = QRectF(framing.left, framing.top, framing.width, framing.height)
        _paint_array(painter, target, pixels, QImage.Format.Format_RGB32, mirrored=self._mirrored)
        for layer in layers:
            _paint_array(
                painter,
                QRectF(*framing.place(layer)),
                layer.pixels,
                QImage.Format.Format_ARGB32_Premultiplied,
                mirrored=self._mirrored != layer.mirrored,
            )
        if self._dimmed:
            painter.fillRect(target, QColor(12, 13, 15, 150))
        painter.restore()

    def _paint_tag(self, painter: QPainter, tag: PaneTag, room: QRectF) -> None:
        bold = QFont(self.font())
        bold.setBold(True)
        lines = [(tag.title, bold, SIGN_TEXT), (tag.detail, self.font(), SIGN_MUTED)]
        lines = [(text, font, ink, QFontMetricsF(font)) for text, font, ink in lines if text]
        wide = max(metrics.horizontalAdvance(text) for text, *_, metrics in lines) + 21
        high = sum(metrics.height() for *_, metrics in lines) + 12
        box = QRectF(room.left() + 8, max(room.top(), self._covered) + 8, min(wide, room.width() - 16), high)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_TAG_BACK)
        painter.drawRoundedRect(box, 8, 8)
        line = box.adjusted(10, 6, -10, 0)
        for text, font, ink, metrics in lines:
            painter.setFont(font)
            painter.setPen(QColor(ink))
            line.setHeight(metrics.height())
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
            line.translate(0, metrics.height())
        painter.setFont(self.font())
        if tag.waiting:
            self._paint_hint(painter, tag.waiting, room, room.center().y() + 40)

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
        pane = next(iter(self._panes()), None)
        shown = QRectF(self.rect()) if pane is None else self._pane_rect(pane)
        place = self.image_rect().intersected(shown).toRect()
        size = painter.fontMetrics().size(0, text)
        dot = size.height() * 0.6 if recording else 0.0
        box = QRectF(0, 0, size.width() + dot + 28, size.height() + 14)
        box.moveTopRight(QPointF(place.right() - 14, max(place.top(), self._covered) + 14))
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

    def _paint_hint(self, painter: QPainter, hint: str, place: QRectF, bottom: float) -> None:
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        room = QRectF(0, 0, min(_HINT_WIDTH, place.width() - 48), place.height())
        text = painter.boundingRect(room, flags, hint)
        text.setWidth(math.ceil(text.width()) + 1)  # not a line more than was measured
        box = QRectF(0, 0, text.width() + 32, text.height() + 20)
        box.moveCenter(place.center())
        box.moveBottom(min(bottom, place.bottom()) - 16)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_TAG_BACK)
        painter.drawRoundedRect(box, 10, 10)
        painter.setPen(QColor(SIGN_TEXT))
        text.moveCenter(box.center())  # in the whole box, lines would be longer, up to its edges
        painter.drawText(text, flags, hint)


def _paint_array(painter: QPainter, target: QRectF, pixels: np.ndarray, kind: QImage.Format, *, mirrored: bool) -> None:
    """Paint an array of 32-bit pixels into a place; without any filter, and much faster, where it fits exactly."""
    height, width = pixels.shape[:2]
    # The image borrows the array's memory, which lives as long as this call.
    image = QImage(sip.voidptr(pixels.ctypes.data), width, height, pixels.strides[0], kind)
    corner = target.topLeft().toPoint()
    exact = QRectF(corner.x(), corner.y(), width, height)
    pairs = (target.topLeft() - exact.topLeft(), target.bottomRight() - exact.bottomRight())
    away = max(point.manhattanLength() for point in pairs)
    if not mirrored and away < _EXACT:
        painter.drawImage(corner, image)
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if mirrored:
        painter.translate(target.left() + target.right(), 0)
        painter.scale(-1, 1)
    painter.drawImage(target, image, QRectF(image.rect()))
    painter.restore()
