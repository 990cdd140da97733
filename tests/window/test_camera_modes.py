"""Choosing a camera's mode in the window, and reading what it gives."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PyQt5.QtWidgets import QInputDialog
from window_fakes import FakeSession

from app.settings import SettingsStore
from app.window.camera_modes import OFFERED
from app.window.language import apply_language
from app.window.main_window import MainWindow
from tracking.sources.camera_mode import DRIVERS_CHOICE, USUAL_MODE, CameraMode, mode_text, read_mode

WEBCAM = "/dev/v4l/by-id/webcam"
GIVEN = CameraMode(1280, 720, 30.0, "YUYV")


def show(window: MainWindow, session: FakeSession, asked: CameraMode | None, given: CameraMode | None = GIVEN) -> None:
    session.status = replace(
        session.status, source="HD Webcam", source_spec="0", live=True, camera=WEBCAM, asked_mode=asked, mode=given
    )
    window._refresh()


def choose(window: MainWindow, data: str | None) -> None:
    box = window.panel.camera_modes.box
    row = next(row for row in range(box.count()) if box.itemText(row) and box.itemData(row) == data)
    box.setCurrentIndex(row)
    box.activated.emit(row)


def asked_of_session(session: FakeSession) -> list:
    return [call[1] for call in session.calls if call[0] == "set_camera_modes"]


def test_a_camera_shows_what_it_was_asked_for_and_what_it_gives(window: MainWindow, session: FakeSession):
    part = window.panel.camera_modes
    assert not part.isVisible(), "a clip has no mode"
    show(window, session, USUAL_MODE)
    assert part.isVisible()
    assert part.box.currentText() == "The usual mode"
    assert part.caption.text() == "It gives 1280x720, 30/s, YUYV"
    show(window, session, CameraMode(800, 600), CameraMode(800, 600, 25.0))
    assert part.box.currentText() == "800x600", "one of the command line is listed too"
    assert part.caption.text() == "It gives 800x600, 25/s"
    show(window, session, CameraMode())
    assert part.box.currentData() == DRIVERS_CHOICE
    show(window, session, None, None)
    assert not part.isVisible()


def test_a_mode_is_asked_for_at_once_and_remembered_for_this_camera(
    window: MainWindow, session: FakeSession, store: SettingsStore
):
    store.change(camera_modes={"other": "@15"})
    show(window, session, USUAL_MODE)
    choose(window, "1920x1080@30:MJPG")
    assert store.current.camera_modes == {"other": "@15", WEBCAM: "1920x1080@30:MJPG"}
    assert asked_of_session(session) == [store.current]
    show(window, session, read_mode("1920x1080@30:MJPG"))
    choose(window, "")
    assert store.current.camera_modes == {"other": "@15"}, "the usual one needs no memory"
    assert asked_of_session(session)[1:] == [store.current]


def test_what_was_given_at_the_start_ends_with_a_choice(window: MainWindow, session: FakeSession, store: SettingsStore):
    store._overrides["camera_mode"] = "@60"
    store.change()
    assert store.current.mode_of(WEBCAM) == CameraMode(fps=60.0)
    show(window, session, CameraMode(fps=60.0))
    choose(window, DRIVERS_CHOICE)
    assert store.current.mode_of(WEBCAM) == CameraMode()


@pytest.mark.parametrize(
    ("typed", "kept", "said"),
    [(" 800X600@25 ", "800x600@25", None), ("fast", None, "'fast' is no camera mode"), ("", "@60", None)],
)
def test_another_mode_is_typed(
    window: MainWindow, session: FakeSession, store: SettingsStore, typed: str, kept: str | None, said: str | None
):
    show(window, session, CameraMode(fps=60.0))
    choose(window, None)
    assert window.panel.camera_modes.box.currentText() == "60/s"
    dialog = window.findChild(QInputDialog)
    assert dialog is not None
    assert dialog.textValue() == "@60"
    dialog.setTextValue(typed)
    dialog.accept()
    assert store.current.camera_modes.get(WEBCAM) == kept
    messages = [banner.message.text for banner in window.banners.banners]
    assert (said is None) == (not messages)
    assert all(str(said) in text for text in messages)


def test_nothing_jumps_while_the_camera_is_opened_again(window: MainWindow, session: FakeSession):
    part = window.panel.camera_modes
    show(window, session, USUAL_MODE)
    choose(window, "3840x2160@30:MJPG")
    running = session.status
    session.status = replace(running, source="", source_spec=None, camera="", asked_mode=None, mode=None, opening=True)
    window._refresh()
    assert part.isVisible()
    assert part.box.currentData() == "3840x2160@30:MJPG"
    choose(window, DRIVERS_CHOICE)
    assert asked_of_session(session)[-1].mode_of(WEBCAM) == CameraMode(), "it is this camera's all the same"
    session.status = running  # it gives no image in that mode, and is asked for the usual one
    window._refresh()
    assert part.box.currentData() == ""


def test_modes_are_told_in_german(window: MainWindow, session: FakeSession):
    apply_language("de")
    try:
        show(window, session, CameraMode(fps=59.94))
        part = window.panel.camera_modes
        assert part.caption.text() == "Sie liefert 1280x720, 30/s, YUYV"
        assert part.box.currentText() == "59,9/s"
    finally:
        apply_language("en")


def test_the_offered_modes_can_be_read_and_differ():
    texts = {str(mode_text(read_mode(mode))) for mode in OFFERED}
    assert len(texts) == len(OFFERED)
    assert all(str(read_mode(mode)) == mode for mode in OFFERED)


def test_the_modes_that_the_driver_lists_are_offered(window: MainWindow, session: FakeSession):
    listed = (read_mode("1280x720@30:MJPG"), read_mode("1920x1080@50:MJPG"), read_mode("640x480@30:YUYV"))
    session.status = replace(session.status, modes=listed)
    show(window, session, USUAL_MODE)
    box = window.panel.camera_modes.box
    offered = [box.itemData(row) for row in range(box.count()) if isinstance(box.itemData(row), str)]
    assert offered == ["", DRIVERS_CHOICE, "1920x1080@50:MJPG", "640x480@30:YUYV"], "the usual one once"
    session.status = replace(session.status, modes=())
    show(window, session, USUAL_MODE)
    offered = [box.itemData(row) for row in range(box.count()) if isinstance(box.itemData(row), str)]
    assert offered == ["", DRIVERS_CHOICE, *OFFERED]
