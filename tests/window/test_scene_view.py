"""The 3D view in the window."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PyQt5.QtCore import QPoint, QPointF, Qt
from PyQt5.QtGui import QWheelEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication
from window_fakes import FakeSession, an_image

from app.settings import SettingsStore
from app.window.main_window import MainWindow
from app.window.scene_view import SceneView
from app.window.theme import DARK
from render.orbit import Orbit

IMAGE = np.zeros((48, 64, 3), np.uint8)


def show(window: MainWindow) -> SceneView:
    window.commands.actions["scene"].trigger()
    QApplication.processEvents()
    return window.scene_view


def job(session: FakeSession) -> Any:
    return session.scene.jobs.take(0.0)


def test_it_is_drawn_only_while_it_is_shown(window: MainWindow, session: FakeSession, store: SettingsStore):
    session.pending = [an_image(IMAGE)]
    window._pull()
    assert job(session) is None
    view = show(window)
    assert view.isVisible()
    wanted = job(session)
    assert set(wanted.hands.hands) == {"left"}
    assert wanted.size == view.pixels
    assert wanted.colours["background"] == tuple(int(DARK["SCENE"][at : at + 2], 16) for at in (1, 3, 5))
    session.pending = [an_image(IMAGE, hands=False)]
    window._pull()
    assert not job(session).hands.hands
    window.close()
    assert SettingsStore.load(store.path).current.scene


def test_the_image_has_all_the_room_while_it_is_hidden(window: MainWindow):
    alone = window.view.width()
    view = show(window)
    assert window.view.width() < alone
    assert view.width() > 200
    window.commands.actions["scene"].trigger()
    QApplication.processEvents()
    assert window.view.width() == alone > 600


def test_a_screen_with_twice_the_pixels_has_lines_twice_as_many_wide(
    window: MainWindow, session: FakeSession, monkeypatch: pytest.MonkeyPatch
):
    session.pending = [an_image(IMAGE)]
    window._pull()
    view = show(window)
    assert job(session).style.line_px == 1
    monkeypatch.setattr(view, "devicePixelRatioF", lambda: 2.0)
    view.moved.emit()
    assert job(session).style.line_px == 2


def test_a_person_looks_around_also_while_the_image_stands_still(window: MainWindow, session: FakeSession):
    session.pending = [an_image(IMAGE)]
    window._pull()
    view = show(window)
    start = job(session).orbit
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    move(view, QPoint(150, 100), Qt.MouseButton.LeftButton)
    turned = job(session).orbit
    assert turned.yaw == (start.yaw + 20) % 360
    move(view, QPoint(150, 120), Qt.MouseButton.LeftButton)
    assert job(session).orbit.pitch > start.pitch
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton)
    move(view, QPoint(10, 10), Qt.MouseButton.NoButton)
    assert job(session) is None, "the button is up"
    QTest.mousePress(view, Qt.MouseButton.RightButton, pos=QPoint(100, 100))
    move(view, QPoint(120, 100), Qt.MouseButton.RightButton)
    assert job(session).orbit.target != start.target
    wheel(view, 120)
    assert job(session).orbit.distance < start.distance
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton)
    assert job(session).orbit == Orbit()


def test_it_is_turned_by_keys(window: MainWindow, session: FakeSession):
    session.pending = [an_image(IMAGE)]
    window._pull()
    view = show(window)
    view.setFocus()
    for key, changed in ((Qt.Key.Key_Left, "yaw"), (Qt.Key.Key_Up, "pitch"), (Qt.Key.Key_Plus, "distance")):
        before = view.orbit
        QTest.keyClick(view, key)
        assert getattr(view.orbit, changed) != getattr(before, changed)
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.orbit == Orbit()


def test_its_images_reach_the_screen(window: MainWindow, session: FakeSession):
    session.pending = [an_image(IMAGE)]
    window._pull()
    view = show(window)
    session.scene.images.put(np.full((view.height(), view.width(), 3), (200, 10, 30), np.uint8))
    window._pull()
    shown = view.grab().toImage().pixelColor(view.width() // 2, view.height() // 2)
    assert (shown.red(), shown.green(), shown.blue()) == (200, 10, 30)


def move(view: SceneView, place: QPoint, button: Qt.MouseButton) -> None:
    from PyQt5.QtCore import QEvent
    from PyQt5.QtGui import QMouseEvent

    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(place), Qt.MouseButton.NoButton, button, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(view, event)


def wheel(view: SceneView, turn: int) -> None:
    at = QPointF(50, 50)
    event = QWheelEvent(
        at,
        QPointF(view.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)
