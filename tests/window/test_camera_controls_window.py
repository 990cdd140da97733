"""Setting exposure, gain, focus and power-line frequency in the window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication, QCheckBox, QComboBox, QSlider
from window_fakes import FakeSession

from app.live import control_wishes
from app.settings import SettingsStore
from app.window import cameras
from app.window.camera_controls import CameraControls
from app.window.main_window import MainWindow
from tracking.sources import SourceError
from tracking.sources.camera_controls import CameraControl, ControlName, Deviation, Told

WEBCAM = "/dev/v4l/by-id/webcam"
ALL = (
    CameraControl("auto exposure", 1, 0, 1, default=1),
    CameraControl("exposure", 250, 3, 2047, active=False, default=156),
    CameraControl("gain", 100, 0, 255, step=5, default=60),
    CameraControl("auto focus", 0, 0, 1, default=1),
    CameraControl("focus", 30, 0, 250, step=10),
    CameraControl("power line", 1, 0, 2, choices=(0, 1, 2)),
)


class Driver:
    """Holds what it is told, or something else instead; automatic exposure holds the exposure."""

    def __init__(self, controls: Sequence[CameraControl] = ALL) -> None:
        self.controls = tuple(controls)
        self.asked: list[str] = []
        self.instead: dict[str, int] = {}
        self.reason = ""

    def read(self, device: str) -> Sequence[CameraControl]:
        self.asked.append(device)
        return self.controls

    def tell(self, device: str, wanted: Mapping[ControlName, int]) -> Told:
        for name, value in wanted.items():
            self.set(device, name, self.instead.get(name, value))
        return Told(
            self.controls,
            tuple(
                Deviation(name, value, self.value(name), self.reason)
                for name, value in wanted.items()
                if value != self.value(name)
            ),
        )

    def set(self, device: str, name: str, value: int) -> None:
        assert device == WEBCAM
        self.controls = tuple(replace(each, value=value) if each.name == name else each for each in self.controls)
        if name == "auto exposure":
            self.controls = tuple(
                replace(each, active=not value) if each.name == "exposure" else each for each in self.controls
            )

    def value(self, name: str) -> int:
        return next(each.value for each in self.controls if each.name == name)


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Driver:
    driver = Driver()
    monkeypatch.setattr(cameras, "read_controls", driver.read)
    monkeypatch.setattr(control_wishes, "tell_controls", driver.tell)
    return driver


@pytest.fixture
def webcam(session: FakeSession) -> None:
    session.status = replace(session.status, source="HD Webcam", source_spec="/dev/video0", live=True, camera=WEBCAM)


def settle(window: MainWindow) -> None:
    while window.cameras._tasks._tasks:
        window.cameras._tasks.wait()
        window.cameras._tasks.poll()
    window._refresh()


def opened(window: MainWindow) -> CameraControls:
    window._refresh()
    window.commands.actions["camera-controls"].trigger()
    settle(window)
    dialog = window.findChild(CameraControls)
    assert dialog is not None
    return dialog


@pytest.mark.usefixtures("webcam")
def test_what_the_driver_has_is_shown_and_set_at_once(window: MainWindow, driver: Driver):
    dialog = opened(window)
    assert driver.asked == [WEBCAM]
    assert not dialog.isModal()
    parts = dialog.controls
    automatic, exposure, gain, power = (parts[name] for name in ("auto exposure", "exposure", "gain", "power line"))
    assert isinstance(automatic, QCheckBox)
    assert isinstance(exposure, QSlider)
    assert isinstance(gain, QSlider)
    assert isinstance(power, QComboBox)
    assert automatic.isChecked()
    assert not exposure.isEnabled(), "the automatic decides it"
    assert dialog._figures["exposure"].text() == "25.0 ms"
    assert [power.itemText(row) for row in range(power.count())] == ["Off", "50 Hz", "60 Hz"]
    assert power.currentText() == "50 Hz"
    automatic.click()
    settle(window)
    assert driver.value("auto exposure") == 0
    assert exposure.isEnabled()
    exposure.setValue(80)
    gain.setValue(113)
    power.activated.emit(2)
    settle(window)
    assert [driver.value(name) for name in ("exposure", "gain", "power line")] == [80, 110, 2]
    assert (gain.value(), dialog._figures["gain"].text()) == (110, "110"), "steps of the driver"
    assert power.currentText() == "60 Hz"


@pytest.mark.usefixtures("webcam")
def test_a_control_that_the_driver_lacks_is_not_there(window: MainWindow, driver: Driver):
    driver.controls = ALL[2:3]
    assert list(opened(window).controls) == ["gain"]


@pytest.mark.usefixtures("webcam")
def test_a_camera_without_controls_says_where_they_may_be(window: MainWindow, driver: Driver):
    driver.controls = ()
    window.commands.actions["camera-controls"].trigger()
    settle(window)
    assert window.findChild(CameraControls) is None
    assert "HD Webcam offers neither exposure nor gain nor focus here" in window.banners.banners[-1].message.text


def test_a_clip_has_no_exposure(window: MainWindow, driver: Driver):
    window.commands.actions["camera-controls"].trigger()
    settle(window)
    assert driver.asked == []
    assert "There is no camera whose exposure could be set" in window.banners.banners[-1].message.text


@pytest.mark.usefixtures("webcam")
@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("", "Gain: 200 was asked for, the driver chose 190."),
        ("Device busy", "Gain: the driver refuses 200 (Device busy) and stays at 190."),
    ],
)
def test_the_slider_stands_where_the_driver_is_and_a_sentence_says_why(
    window: MainWindow, driver: Driver, store: SettingsStore, reason: str, text: str
):
    dialog = opened(window)
    assert not dialog.told.isVisible()
    driver.instead, driver.reason = {"gain": 190}, reason
    gain = dialog.controls["gain"]
    assert isinstance(gain, QSlider)
    gain.setValue(200)
    settle(window)
    assert (gain.value(), dialog._figures["gain"].text()) == (190, "190")
    assert dialog.told.isVisible()
    assert dialog.told.text() == text
    QApplication.processEvents()
    room = dialog.told.fontMetrics().boundingRect(0, 0, dialog.told.width(), 999, int(Qt.TextFlag.TextWordWrap), text)
    assert room.height() <= dialog.told.height(), "all of it is seen"
    assert store.current.controls_of(WEBCAM) == {"gain": 190}
    driver.instead = {}
    gain.setValue(100)
    settle(window)
    assert not dialog.told.isVisible(), "it is over"


@pytest.mark.usefixtures("webcam")
def test_what_fails_is_said(window: MainWindow, driver: Driver, monkeypatch: pytest.MonkeyPatch):
    def gone(*wish: object) -> None:
        raise SourceError("It is gone.")

    dialog = opened(window)
    monkeypatch.setattr(control_wishes, "tell_controls", gone)
    gain = dialog.controls["gain"]
    assert isinstance(gain, QSlider)
    gain.setValue(200)
    settle(window)
    assert window.banners.banners[-1].message.text == "It is gone."


@pytest.mark.usefixtures("webcam")
def test_it_closes_with_its_camera(window: MainWindow, session: FakeSession, driver: Driver):
    dialog = opened(window)
    gain = dialog.controls["gain"]
    assert isinstance(gain, QSlider)
    gain.setValue(200)
    session.status = replace(session.status, source="clip.mp4", source_spec="clip.mp4", live=False, camera="clip.mp4")
    window._refresh()
    assert not dialog.isVisible()
    settle(window)
    assert driver.value("gain") == 200


@pytest.mark.usefixtures("webcam")
def test_what_is_set_is_remembered_for_this_camera_as_the_driver_took_it(
    window: MainWindow, session: FakeSession, driver: Driver, store: SettingsStore
):
    store.change(camera_controls={"/dev/video9": {"focus": 5}})
    dialog = opened(window)
    assert store.current.controls_of(WEBCAM) == {}, "what nobody has touched is the driver's"
    gain, automatic = dialog.controls["gain"], dialog.controls["auto exposure"]
    assert isinstance(gain, QSlider)
    assert isinstance(automatic, QCheckBox)
    gain.setValue(113)
    automatic.click()
    settle(window)
    assert store.current.camera_controls == {"/dev/video9": {"focus": 5}, WEBCAM: {"auto exposure": 0, "gain": 110}}
    assert session.calls[-1] == ("set_camera_controls", store.current)
    store.save()
    assert SettingsStore.load(store.path).current.controls_of(WEBCAM) == {"auto exposure": 0, "gain": 110}


@pytest.mark.usefixtures("webcam")
def test_the_driver_s_defaults_come_back_and_nothing_is_remembered(
    window: MainWindow, session: FakeSession, driver: Driver, store: SettingsStore
):
    store.change(camera_controls={WEBCAM: {"gain": 110}, "/dev/video9": {"focus": 5}})
    dialog = opened(window)
    automatic = dialog.controls["auto exposure"]
    assert isinstance(automatic, QCheckBox)
    automatic.click()
    settle(window)
    dialog.reset_button.click()
    settle(window)
    values = {name: driver.value(name) for name in dialog.controls}
    assert values == {
        "auto exposure": 1, "exposure": 156, "gain": 60, "auto focus": 1, "focus": 0, "power line": 0
    }  # fmt: skip
    assert automatic.isChecked()
    assert store.current.camera_controls == {"/dev/video9": {"focus": 5}}
    assert session.calls[-1] == ("set_camera_controls", store.current)
