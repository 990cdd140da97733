"""The wheel scrolls; it never changes a choice that the mouse happens to pass."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QObject
from PyQt5.QtWidgets import QAbstractSpinBox, QComboBox, QSlider, QWidget


class _WheelGuard(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Qt: a turn of the wheel goes on to what scrolls below."""
        if event.type() != QEvent.Type.Wheel:
            return super().eventFilter(watched, event)
        event.ignore()
        return True


def keep_wheel_from_controls(root: QWidget) -> None:
    """Boxes, sliders and spin boxes below a widget leave the wheel to what they lie in.

    Args:
        root: whose controls there are all by now.
    """
    guard = _WheelGuard(root)
    for kind in (QComboBox, QSlider, QAbstractSpinBox):
        for control in root.findChildren(kind):
            control.installEventFilter(guard)
