"""The wheel scrolls; it never changes a choice that the mouse happens to pass."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QObject
from PyQt5.QtWidgets import QAbstractSpinBox, QComboBox, QSlider, QWidget


class _WheelGuard(QObject):
    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:  # noqa: N802
        """Qt: a turn of the wheel goes on to what scrolls below."""
        if a1 is None or a1.type() != QEvent.Type.Wheel:
            return super().eventFilter(a0, a1)
        a1.ignore()
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
