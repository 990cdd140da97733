"""Small icons, drawn, so that they are sharp at every scale and need no files."""

from __future__ import annotations

import math
from collections.abc import Callable

from PyQt5.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from app.window.theme import RECORD, colour, severity_colour
from render.protocol import SIDE_COLOURS

_SIZE = 16


def _drawn(draw: Callable[[QPainter], None], size: int = _SIZE) -> QPixmap:
    """An image drawn in a 16 by 16 field."""
    screen = QGuiApplication.primaryScreen()
    scale = screen.devicePixelRatio() if screen is not None else 1.0
    pixmap = QPixmap(round(size * scale), round(size * scale))
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size / _SIZE, size / _SIZE)
    draw(painter)
    painter.end()
    return pixmap


class _Drawn(QIconEngine):
    """Draws an icon each time it is shown: in the colours of then, and sharp at every scale."""

    def __init__(self, draw: Callable[[QPainter], None]) -> None:
        super().__init__()
        self._draw = draw

    def paint(self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Qt: into a rectangle of what is being painted."""
        if painter is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(rect.topLeft())
        painter.scale(rect.width() / _SIZE, rect.height() / _SIZE)
        if mode == QIcon.Mode.Disabled:
            painter.setOpacity(0.4)
        self._draw(painter)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Qt: as an image of its own."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        """Qt: another one like this."""
        return _Drawn(self._draw)


def _pen(colour: str, width: float = 1.8) -> QPen:
    pen = QPen(QColor(colour), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def record_icon() -> QIcon:
    """A red dot."""

    def draw(painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(RECORD))
        painter.drawEllipse(QRectF(2, 2, 12, 12))

    return QIcon(_Drawn(draw))


def stop_icon() -> QIcon:
    """A square."""

    def draw(painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour("TEXT")))
        painter.drawRoundedRect(QRectF(3, 3, 10, 10), 2, 2)

    return QIcon(_Drawn(draw))


def refresh_icon() -> QIcon:
    """An arrow that runs in a circle."""

    def draw(painter: QPainter) -> None:
        painter.setPen(_pen(colour("TEXT")))
        painter.drawArc(QRectF(2.5, 2.5, 11, 11), 60 * 16, 290 * 16)
        angle = math.radians(60)
        tip = QPointF(8 + 5.5 * math.cos(angle), 8 - 5.5 * math.sin(angle))
        painter.setBrush(QColor(colour("TEXT")))
        painter.drawPolygon(QPolygonF([tip + QPointF(0.6, 0.4), tip + QPointF(-2.2, -1.6), tip + QPointF(-1.8, 1.8)]))

    return QIcon(_Drawn(draw))


def play_icon() -> QIcon:
    """A triangle that points right."""

    def draw(painter: QPainter) -> None:
        _fill(painter)
        painter.drawPolygon(QPolygonF([QPointF(4, 2.5), QPointF(13.5, 8), QPointF(4, 13.5)]))

    return QIcon(_Drawn(draw))


def pause_icon() -> QIcon:
    """Two upright bars."""

    def draw(painter: QPainter) -> None:
        _fill(painter)
        for x in (3.5, 9.5):
            painter.drawRoundedRect(QRectF(x, 2.5, 3, 11), 1, 1)

    return QIcon(_Drawn(draw))


def step_icon(*, forward: bool) -> QIcon:
    """A bar with a triangle that points away from it."""

    def draw(painter: QPainter) -> None:
        _fill(painter)
        if not forward:
            painter.translate(_SIZE, 0)
            painter.scale(-1, 1)
        painter.drawRoundedRect(QRectF(3, 3, 2.2, 10), 0.8, 0.8)
        painter.drawPolygon(QPolygonF([QPointF(6.8, 3), QPointF(13.5, 8), QPointF(6.8, 13)]))

    return QIcon(_Drawn(draw))


def _fill(painter: QPainter) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour("TEXT")))


def dismiss_icon() -> QIcon:
    """A cross."""

    def draw(painter: QPainter) -> None:
        painter.setPen(_pen(colour("TEXT")))
        painter.drawLine(QPointF(4.5, 4.5), QPointF(11.5, 11.5))
        painter.drawLine(QPointF(11.5, 4.5), QPointF(4.5, 11.5))

    return QIcon(_Drawn(draw))


def severity_pixmap(severity: str) -> QPixmap:
    """A circle with an i, a triangle or an octagon with an exclamation mark: told apart by shape, not only colour."""

    def draw(painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(severity_colour(severity)))
        painter.drawPath(_severity_shape(severity))
        painter.setPen(_pen(colour("ICON_INK"), 1.9))
        if severity == "info":
            painter.drawPoint(QPointF(8, 4.8))
            painter.drawLine(QPointF(8, 7.6), QPointF(8, 11.4))
        else:
            low = 1.0 if severity == "warning" else 0.0
            painter.drawLine(QPointF(8, 4.4 + low), QPointF(8, 8.4 + low))
            painter.drawPoint(QPointF(8, 11.4 + low))

    return _drawn(draw, 20)


def sign_pixmap(sign: str) -> QPixmap:
    """Of a line that is "ok": a tick in a circle; of one that needs "attention": the warning's triangle; else dots."""
    if sign == "attention":
        return severity_pixmap("warning")

    def draw(painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour("GOOD" if sign == "ok" else "MUTED")))
        painter.drawEllipse(QRectF(1, 1, 14, 14))
        painter.setPen(_pen(colour("ICON_INK"), 1.9))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if sign == "ok":
            painter.drawPolyline(QPolygonF([QPointF(4.6, 8.2), QPointF(7.1, 10.7), QPointF(11.4, 5.6)]))
        else:
            for x in (4.8, 8.0, 11.2):
                painter.drawPoint(QPointF(x, 8))

    return _drawn(draw, 20)


def _severity_shape(severity: str) -> QPainterPath:
    path = QPainterPath()
    if severity == "info":
        path.addEllipse(QRectF(1, 1, 14, 14))
    elif severity == "warning":
        path.addPolygon(QPolygonF([QPointF(8, 1), QPointF(15.4, 14.5), QPointF(0.6, 14.5)]))
    else:
        corners = [math.radians(22.5 + 45 * corner) for corner in range(8)]
        path.addPolygon(QPolygonF([QPointF(8 + 7.4 * math.cos(a), 8 + 7.4 * math.sin(a)) for a in corners]))
    path.closeSubpath()
    return path


def application_icon() -> QIcon:
    """Two hands' colours as two overlapping palms."""
    icon = QIcon()
    for size in (16, 32, 64, 128):
        icon.addPixmap(_drawn(_draw_application, size))
    return icon


def _draw_application(painter: QPainter) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    for x, side in ((1.2, SIDE_COLOURS["left"]), (6.8, SIDE_COLOURS["right"])):
        painter.setBrush(QColor(*side))
        painter.drawRoundedRect(QRectF(x, 7, 8, 7.5), 2.6, 2.6)
        for finger in range(4):
            painter.drawRoundedRect(QRectF(x + finger * 2.1, 2.2 + abs(finger - 1.4) * 0.9, 1.7, 8), 0.85, 0.85)
