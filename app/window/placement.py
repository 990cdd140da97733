"""Keeps windows on a screen that is there: screens are unplugged, and are small where everything is drawn large."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QRect, QSize
from PyQt5.QtGui import QGuiApplication
from PyQt5.QtWidgets import QWidget

_TITLE_BAR, _EDGE = 36, 4
"""Device-independent pixels that are left for the frame around a window, whose size is not known before it is shown."""


def open_at(window: QWidget, place: QRect | None, size: QSize) -> None:
    """Give a window, before it is shown, its place on the screens that there are.

    Args:
        window: without the frame that a desktop puts around it.
        place: where it was; None leaves the place to the desktop.
        size: that it has where there is no `place`.
    """
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    primary = QGuiApplication.primaryScreen()
    if not screens or primary is None:
        window.resize(size)
    elif place is None:
        window.resize(size.boundedTo(_inside(primary.availableGeometry()).size()))
    else:
        window.setGeometry(on_a_screen(place, screens))


def on_a_screen(place: QRect, screens: Sequence[QRect]) -> QRect:
    """The nearest place that lies wholly on one screen, frame included; smaller only where the screen is.

    Args:
        place: of a window without its frame.
        screens: what windows may cover of each, at least one; the first is taken where `place` is on none.
    """
    screen = _inside(max(screens, key=lambda screen: _area(screen.intersected(place))))
    fitted = QRect(place.topLeft(), place.size().boundedTo(screen.size()))
    fitted.moveLeft(min(max(fitted.left(), screen.left()), screen.left() + screen.width() - fitted.width()))
    fitted.moveTop(min(max(fitted.top(), screen.top()), screen.top() + screen.height() - fitted.height()))
    return fitted


def _inside(screen: QRect) -> QRect:
    return screen.adjusted(_EDGE, _TITLE_BAR, -_EDGE, -_EDGE)


def _area(part: QRect) -> int:
    return max(part.width(), 0) * max(part.height(), 0)
