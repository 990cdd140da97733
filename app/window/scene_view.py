"""Both hands in the space before the camera, to look at from all sides."""

from __future__ import annotations

import cv2
import numpy as np
from PyQt5 import sip
from PyQt5.QtCore import QEvent, QPoint, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from app.window.language import Texts
from app.window.theme import colour
from render.orbit import Orbit
from tracking.mailbox import Mailbox

tr = Texts("SceneView")

_DEGREES_PX = 0.4
_ZOOM = 0.88
_KEY_DEGREES = 10.0
_MOST_PX = 1600
"""Longest side of what is drawn; larger views are scaled up."""
_TIP = tr.mark(
    "Drag to turn, drag with the right button to move, turn the wheel to come nearer, double-click to go back"
)
_TURNS = {Qt.Key.Key_Left: (1, 0), Qt.Key.Key_Right: (-1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
_OWN_KEYS = {*_TURNS, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Home}
_SHORTCUTS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class SceneView(QWidget):
    """Shows images of the scene and says from where a person wants to see it.

    Signals:
        moved: the viewer stands elsewhere, or the view has another size: `orbit` and `pixels` say what is wanted.
    """

    moved = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.orbit = Orbit()
        self._pixels: np.ndarray | None = None
        self._from: QPoint | None = None
        self.setMinimumSize(240, 240)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("3D view of both hands"))
        self.setToolTip(tr(_TIP))
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Qt: half as wide as an image."""
        return QSize(480, 480)

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the image that is wanted, px of the screen as far as they are worth it."""
        ratio = self.devicePixelRatioF()
        width, height = max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))
        scale = min(1.0, _MOST_PX / max(width, height))
        return max(1, round(width * scale)), max(1, round(height * scale))

    @property
    def line_px(self) -> int:
        """Width of a thin line in the image that is wanted: as wide to the eye on a screen with more pixels."""
        return max(1, round(self.pixels[0] / max(1, self.width())))

    def show_image(self, image: np.ndarray) -> None:
        """Paint this (H, W, 3) uint8 RGB image."""
        self._pixels = cv2.cvtColor(image, cv2.COLOR_RGB2BGRA)
        self.update()

    def show_newest(self, images: Mailbox[np.ndarray]) -> None:
        """Show the next image of these, each as `show_image` takes it, where there is one and the view is seen."""
        image = images.take(0.0) if self.isVisible() else None
        if image is not None:
            self.show_image(image)

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802
        """Qt: paint the newest image."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colour("SCENE")))
        if self._pixels is not None:
            height, width = self._pixels.shape[:2]
            stride = self._pixels.strides[0]
            image = QImage(sip.voidptr(self._pixels.ctypes.data), width, height, stride, QImage.Format.Format_RGB32)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.rect(), image)
        if self.hasFocus():
            painter.setPen(QColor(colour("ACCENT")))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802
        """Qt: another size is wanted."""
        super().resizeEvent(a0)
        self.moved.emit()

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802
        """Qt: a drag begins."""
        if a0 is not None:
            self._from = a0.pos()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802
        """Qt: turn with the left button, move with the others or with Shift."""
        if a0 is None or self._from is None:
            return
        step, self._from = a0.pos() - self._from, a0.pos()
        turns = bool(int(a0.buttons()) & int(Qt.MouseButton.LeftButton)) and not (
            int(a0.modifiers()) & int(Qt.KeyboardModifier.ShiftModifier)
        )
        if turns:
            self._go(self.orbit.turned(step.x() * _DEGREES_PX, step.y() * _DEGREES_PX))
        else:
            metres = self.orbit.distance / self.orbit.intrinsics(self.width(), self.height()).fx
            self._go(self.orbit.moved(-step.x() * metres, -step.y() * metres))

    def mouseReleaseEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802
        """Qt: the drag is over."""
        self._from = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802
        """Qt: back to where the viewer stood at first."""
        self._go(Orbit())

    def wheelEvent(self, a0: QWheelEvent | None) -> None:  # noqa: N802
        """Qt: come nearer or go away."""
        if a0 is not None:
            self._go(self.orbit.zoomed(_ZOOM ** (a0.angleDelta().y() / 120)))
            a0.accept()

    def event(self, a0: QEvent | None) -> bool:
        """Qt: with the focus on it, its keys are its own, whatever the window does by them."""
        if isinstance(a0, QKeyEvent) and a0.type() == QEvent.Type.ShortcutOverride and _is_own(a0):
            a0.accept()
            return True
        return super().event(a0)

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:  # noqa: N802
        """Qt: arrows turn, plus and minus zoom, Home goes back."""
        if a0 is None:
            return
        key = a0.key()
        if key in _TURNS:
            right, down = _TURNS[key]  # type: ignore[index]
            self._go(self.orbit.turned(right * _KEY_DEGREES, down * _KEY_DEGREES))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            self._go(self.orbit.zoomed(_ZOOM if key == Qt.Key.Key_Plus else 1 / _ZOOM))
        elif key == Qt.Key.Key_Home:
            self._go(Orbit())
        else:
            super().keyPressEvent(a0)

    def _go(self, orbit: Orbit) -> None:
        self.orbit = orbit
        self.moved.emit()


def _is_own(event: QKeyEvent) -> bool:
    return event.key() in _OWN_KEYS and not int(event.modifiers()) & int(_SHORTCUTS)
