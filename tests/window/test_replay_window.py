from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PyQt5.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt5.QtGui import QDropEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QComboBox, QPushButton
from window_fakes import FakeSession

from app.live.scene_loop import SceneJob
from app.replay import rerun
from app.replay.clip import Clip, open_clip
from app.replay.replay_session import ReplaySession
from app.replay.values import RunStatus
from app.sessions import marker
from app.sessions.listing import summarize
from app.settings import Settings, SettingsStore
from app.window.export_dialog import ExportDialog
from app.window.main_window import MainWindow
from app.window.replay_controls import Timeline
from app.window.replay_window import ReplayWindow
from app.window.session_actions import SessionActions
from tests.app.live_fakes import PATIENCE, FakeRenderer
from tests.app.replay_fakes import FakeTracker, short_session

COUNT = 45


class Clock:
    now_ns = 0

    def __call__(self) -> int:
        return self.now_ns


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    return open_clip(short_session(tmp_path / "takes", COUNT)[0])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def replay(application: QApplication, clip: Clip, clock: Clock) -> Iterator[ReplayWindow]:
    session = ReplaySession(clip, lambda faces: FakeRenderer(), clock=clock)
    window = ReplayWindow(session, Settings(view="none"), ["landmark-fit", "lwa-hand"])
    window.show()
    window.activateWindow()
    application.processEvents()
    yield window
    window.close()


@pytest.mark.parametrize("mirrored", [True, False])
def test_a_replay_is_mirrored_as_clips_are(application: QApplication, clip: Clip, clock: Clock, mirrored: bool):
    """Not as cameras are: writing in a recorded video can be read."""
    session = ReplaySession(clip, lambda faces: FakeRenderer(), clock=clock)
    window = ReplayWindow(session, Settings(mirror=not mirrored, mirror_files=mirrored), ["landmark-fit"])
    (action,) = [action for action in window.actions() if action.text() == "&Mirror the video"]
    assert action.isChecked() == mirrored
    show_number(window, 0)
    assert window.view.framing is not None
    assert window.view.framing.mirrored == mirrored
    action.trigger()
    assert window.view.framing.mirrored != mirrored
    window.close()


@pytest.mark.parametrize("crisp", [True, False])
def test_hands_are_drawn_with_the_screens_pixels(application: QApplication, clip: Clip, clock: Clock, crisp: bool):
    """Not with the video's, scaled up: its 64 px would be 16 of the screen wide."""
    session = ReplaySession(clip, lambda faces: FakeRenderer(), clock=clock)
    window = ReplayWindow(session, Settings(view="skeleton", crisp=crisp), ["landmark-fit"])
    window.show()
    application.processEvents()
    show_number(window, 0)
    window.view.repaint()
    assert (session._view.framing == window.view.framing) == crisp
    show_number(window, 2)
    assert window._picture is not None
    assert bool(window._picture.layers) == crisp
    window.view.zoom_by(2.0)
    window.view.repaint()
    assert (session._view.framing == window.view.framing) == crisp, "zoomed in as well"
    window.close()


def press(window: ReplayWindow, key: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> int:
    """Press a key; the image that is due afterwards."""
    QTest.keyClick(window, key, modifier)
    return window._session.status.position


def choose(box: QComboBox, text: str) -> None:
    row = box.findText(text)
    assert row >= 0, [box.itemText(i) for i in range(box.count())]
    box.setCurrentIndex(row)
    box.activated.emit(row)


def test_keys_are_those_that_players_have(replay: ReplayWindow, clock: Clock):
    key = Qt.Key
    shift = Qt.KeyboardModifier.ShiftModifier
    assert press(replay, key.Key_Right) == 1
    assert press(replay, key.Key_Right) == 2
    assert press(replay, key.Key_Left) == 1
    assert press(replay, key.Key_End) == COUNT - 1
    assert press(replay, key.Key_Home) == 0
    assert press(replay, key.Key_Right, shift) in (29, 30)  # a second
    assert press(replay, key.Key_Left, shift) == 0
    press(replay, key.Key_Space)
    assert replay._session.status.playing
    press(replay, key.Key_Space)
    assert not replay._session.status.playing
    press(replay, key.Key_Up)
    assert replay._session.status.speed == 2.0
    press(replay, key.Key_Down)
    press(replay, key.Key_Down)
    assert replay._session.status.speed == 0.5
    press(replay, key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert replay._session.status.loop
    assert replay.transport.loop_box.isChecked()


def test_the_arrows_step_also_while_another_control_has_the_focus(replay: ReplayWindow):
    for control in (replay.transport.timeline, replay.transport.speed_box, replay.runs.run_button):
        control.setFocus()
        before = replay._session.status.position
        assert press(replay, Qt.Key.Key_Right) == before + 1


def test_a_control_with_the_focus_gets_its_own_keys(replay: ReplayWindow):
    key = Qt.Key
    replay.runs.run_wanted.disconnect()
    for button in (replay.transport.forward_button, replay.transport.loop_box, replay.runs.run_button):
        clicks: list[bool] = []
        button.clicked.connect(clicks.append)
        button.setFocus()
        QTest.keyClick(button, key.Key_Space)
        assert len(clicks) == 1
        assert not replay._session.status.playing, "Space presses the button, and plays nothing"
    for box in (replay.transport.speed_box, replay.runs.model_box):
        box.setFocus()
        row = box.currentIndex()
        QTest.keyClick(box, key.Key_Down if row == 0 else key.Key_Up)
        assert box.currentIndex() == (1 if row == 0 else row - 1)
    assert replay._session.status.speed == 0.5, "by the box of speeds alone"
    replay.transport.timeline.setFocus()
    press(replay, key.Key_Space)
    assert replay._session.status.playing


def test_models_are_run_from_the_menu(replay: ReplayWindow, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    monkeypatch.setattr(replay._session, "run_model", asked.append)
    action = next(action for action in replay.actions() if action.text() == "Run lwa-hand on this session")
    assert action.isEnabled()
    action.trigger()
    assert asked == ["lwa-hand"]
    replay._session._running = RunStatus("lwa-hand", 0, 0)
    replay._refresh()
    assert not action.isEnabled()
    replay._session._running = None


def test_the_window_shows_where_it_is(replay: ReplayWindow, clock: Clock, clip: Clip):
    replay._session.toggle()
    clock.now_ns = int(clip.times_ns[30] - clip.times_ns[0])
    replay._refresh()
    assert replay.transport.timeline.value() == 30
    assert replay.transport.timeline.maximum() == COUNT - 1
    assert replay.transport.place.text().startswith("00:01.00 / 00:01.5")
    assert "frame 31 of 45" in replay.transport.place.text()
    assert replay.transport.play_button.accessibleName() == "Pause"


def test_the_timeline_goes_where_it_is_clicked(application: QApplication):
    timeline = Timeline()
    timeline.setMaximum(100)
    timeline.resize(414, 20)
    sought: list[int] = []
    timeline.sliderMoved.connect(sought.append)
    for x, value in ((7, 0), (207, 50), (407, 100), (0, 0)):
        QTest.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(x, 10))
        assert abs(timeline.value() - value) <= 1
        assert abs(sought[-1] - value) <= 1


def test_dragging_is_not_disturbed_by_playing(replay: ReplayWindow):
    timeline = replay.transport.timeline
    timeline.setSliderDown(True)
    timeline.setSliderPosition(20)
    replay._session.seek(3)
    replay._refresh()
    assert timeline.sliderPosition() == 20
    timeline.setSliderDown(False)


def test_images_reach_the_screen(replay: ReplayWindow):
    replay._session.seek(7)
    while shown_number(replay) != 7:
        pass
    assert replay.view.has_image
    assert replay.view.mapTo(replay.centralWidget(), QPoint()) == QPoint(0, 0), "nothing shines through above it"


def shown_number(window: ReplayWindow) -> int:
    picture = window._session.newest(PATIENCE)
    assert picture is not None
    window.view.show_image(picture)
    return picture.number


def test_the_3d_view_shows_the_hands_of_the_image_that_is_shown(replay: ReplayWindow, clip: Clip):
    alone, scene = replay.view.width(), replay._session.scene
    jobs: list[SceneJob] = []
    scene.jobs = SimpleNamespace(put=jobs.append, close=scene.jobs.close)  # type: ignore[assignment]
    assert not replay.scene_view.isVisible()
    show_number(replay, 0)
    assert jobs == [], "it is drawn only while it is shown"
    QTest.keyClick(replay, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    assert replay.scene_view.isVisible()
    assert replay.view.width() < alone
    assert set(jobs[-1].hands.hands) == {"left", "right"}
    assert jobs[-1].intrinsics is clip.camera_of(0)
    assert jobs[-1].size == replay.scene_view.pixels
    assert set(jobs[-1].faces or {}) == {"left", "right"}
    show_number(replay, 2)
    assert set(jobs[-1].hands.hands) == {"right"}
    show_number(replay, 4)
    assert not jobs[-1].hands.hands
    before = jobs[-1].orbit
    replay.scene_view.setFocus()
    QTest.keyClick(replay.scene_view, Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier)
    assert jobs[-1].orbit.yaw != before.yaw, "while it is paused"
    assert replay._session.status.position == 4, "the arrow turns the view, and steps nowhere"
    scene.images.put(np.full((8, 8, 3), (200, 10, 30), np.uint8))
    replay._pull()
    place = replay.scene_view.rect().center()
    shown = replay.scene_view.grab().toImage().pixelColor(place.x(), place.y())
    assert (shown.red(), shown.green(), shown.blue()) == (200, 10, 30)
    replay._scene_action.trigger()
    QApplication.processEvents()
    assert replay.view.width() == alone


def show_number(window: ReplayWindow, number: int) -> None:
    """Go to an image and have the window show it."""
    window._session.seek(number)
    if window._picture is not None and window._picture.number == number:
        return  # the window's timer was faster: no other image comes
    for _ in range(1000):
        picture = window._session.newest(PATIENCE)
        assert picture is not None
        window._session._pictures.put(picture)
        window._pull()
        if picture.number == number:
            return


def test_the_3d_view_is_there_from_the_start_where_it_was_left_so(application: QApplication, clip: Clip):
    window = ReplayWindow(ReplaySession(clip, lambda faces: FakeRenderer()), Settings(scene=True), [])
    window.show()
    assert window.scene_view.isVisible()
    assert window._scene_action.isChecked()
    window.close()


def test_two_runs_are_named(
    replay: ReplayWindow, clip: Clip, monkeypatch: pytest.MonkeyPatch, application: QApplication
):
    monkeypatch.setattr(rerun, "_tracker", lambda clip, model, device, cameras: FakeTracker(clip.hand_models))
    replay._refresh()
    assert replay.view.accessibleDescription() == ""
    replay.runs.model_box.setCurrentIndex(0)
    replay.runs.run_button.click()
    runner = replay._session._runner
    assert runner is not None
    runner.join(PATIENCE)
    replay._refresh()
    assert [tag.title for tag in replay.view._tags] == ["recorded (landmark-fit)", "landmark-fit"]
    assert replay.runs.compared_box.currentText() == "landmark-fit"
    choose(replay.runs.compared_box, "nothing")
    choose(replay.runs.shown_box, "landmark-fit")
    status = replay._session.status
    assert (status.shown, status.compared) == ("landmark-fit", None)
    assert replay.view._tags == ()


def test_a_run_can_be_watched_and_cancelled(application: QApplication, clip: Clip):
    begun = threading.Event()

    def run(clip: Clip, model: str, *, device: str, progress: Any, cancelled: Any) -> str:
        progress(9, COUNT)
        begun.set()
        assert cancelled.__self__.wait(PATIENCE)
        raise rerun.RunCancelled

    session = ReplaySession(clip, lambda faces: FakeRenderer(), run=run)
    window = ReplayWindow(session, Settings(view="none"), ["lwa-hand"])
    window.show()
    window.run_model("lwa-hand")
    assert begun.wait(PATIENCE)
    window._refresh()
    assert (window.runs.progress.value(), window.runs.progress.maximum()) == (9, COUNT)
    assert window.runs.progress.isVisible()
    assert not window.runs.run_button.isVisible()
    window.runs.cancel_button.click()
    assert session._runner is not None
    session._runner.join(PATIENCE)
    window._refresh()
    assert window.runs.run_button.isVisible()
    assert not window.runs.progress.isVisible()
    window.close()


def test_a_session_without_video_offers_no_run(application: QApplication, tmp_path: Path):
    clip = open_clip(short_session(tmp_path, 3, video=False)[0])
    window = ReplayWindow(ReplaySession(clip, lambda faces: FakeRenderer()), Settings(), ["lwa-hand"])
    window.show()
    assert not window.runs.run_button.isEnabled()
    assert "no video" in window.runs.run_button.toolTip()
    assert not any(action.isEnabled() for action in window.actions() if action.text().startswith("Run "))
    window.close()


def test_the_session_can_be_exported(replay: ReplayWindow, application: QApplication):
    action = next(action for action in replay.actions() if "Export" in action.text())
    action.trigger()
    (dialog,) = replay.findChildren(ExportDialog)
    assert dialog.isVisible()
    dialog.close()


# From the main window.


def settle(actions: SessionActions) -> None:
    """Take what is under way."""
    actions.tasks.wait()
    actions.tasks.poll()


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)


def test_a_dropped_session_is_replayed_and_goes_with_the_window(window: MainWindow, session: FakeSession, clip: Clip):
    drop(window, clip.session.path)
    settle(window.sessions)
    (opened,) = window.sessions.replays
    assert opened.windowTitle().startswith(clip.session.path.name)
    window.close()
    assert window.sessions.replays == []


def test_the_last_recording_is_replayed_by_one_click(window: MainWindow, session: FakeSession, clip: Clip):
    assert not window.panel.replay_button.isVisible()
    session.status = replace(session.status, last_recording=clip.session.path)
    window._refresh()
    window.panel.replay_button.click()
    settle(window.sessions)
    (opened,) = window.sessions.replays
    assert opened.windowTitle().startswith(clip.session.path.name)


def test_the_last_recording_is_exported_by_one_click(window: MainWindow, session: FakeSession, clip: Clip):
    assert not window.panel.export_button.isVisible()
    session.status = replace(session.status, last_recording=clip.session.path)
    window._refresh()
    assert window.panel.export_button.isVisible()
    window.panel.export_button.click()
    (dialog,) = window.findChildren(ExportDialog)
    assert dialog.isVisible()
    assert dialog.windowTitle() == f"Export {clip.session.path.name}"
    dialog.close()


def test_a_dropped_video_is_a_source(window: MainWindow, session: FakeSession, tmp_path: Path):
    drop(window, tmp_path / "clip.mp4")
    assert session.calls[-1] == ("select_source", str(tmp_path / "clip.mp4"))
    drop(window, tmp_path / "a.mp4", tmp_path / "b.mp4")
    assert session.calls[-1] == ("select_source", str(tmp_path / "clip.mp4"))


def test_a_session_that_cannot_be_opened_is_told(window: MainWindow, tmp_path: Path):
    window.sessions.open(tmp_path)
    settle(window.sessions)
    (banner,) = window.banners.banners
    assert banner.message.severity == "error"
    assert "is no session" in banner.message.text
    assert window.sessions.replays == []


@pytest.fixture
def unfinished(clip: Clip, store: SettingsStore) -> Path:
    path = clip.session.path
    marker.release(path)
    store.change(recordings=path.parent)
    return path


def button(window: MainWindow, text: str) -> QPushButton:
    return next(
        found for banner in window.banners.banners for found in banner.findChildren(QPushButton) if found.text() == text
    )


def test_the_start_offers_to_recover_what_was_cut_off(window: MainWindow, unfinished: Path):
    window.sessions.offer_recovery()
    settle(window.sessions)
    (banner,) = window.banners.banners
    assert unfinished.name in banner.message.text
    assert summarize(unfinished).state == "unfinished"
    button(window, "Recover").click()
    assert window.banners.banners[-1].message.text == f"Recovering {unfinished.name}…"
    settle(window.sessions)
    assert summarize(unfinished).state == "complete"
    assert window.banners.banners[-1].message.text.startswith("Recovered ")
    button(window, "Replay").click()
    settle(window.sessions)
    assert len(window.sessions.replays) == 1


def test_not_now_leaves_everything(window: MainWindow, unfinished: Path):
    window.sessions.offer_recovery()
    settle(window.sessions)
    button(window, "Not now").click()
    settle(window.sessions)
    assert window.banners.banners == []
    assert summarize(unfinished).state == "unfinished"


def test_nothing_is_offered_where_nothing_was_cut_off(window: MainWindow, clip: Clip, store: SettingsStore):
    store.change(recordings=clip.session.path.parent)
    window.sessions.offer_recovery()
    settle(window.sessions)
    store.change(recordings=clip.session.path / "none")
    window.sessions.offer_recovery()
    settle(window.sessions)
    assert window.banners.banners == []
