"""Measuring a person's hands in the window, and choosing among people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PyQt5.QtWidgets import QApplication, QInputDialog, QPushButton
from window_fakes import MS, FakeSession, an_image

from app.live.hand_calibration import CALIBRATION_SECONDS, MeasuredShape
from app.persons import Person
from app.settings import SettingsStore
from app.window import hand_shapes
from app.window.main_window import MainWindow
from app.window.texts import MISSING_TEXTS, palm_text

SHAPE = (0.5,) * 10
ANN, BEN = Person(name="Ann", shape=(0.1,) * 10), Person(name="Ben & Co", shape=(0.2,) * 10)


class FakeCalibration:
    """Is done after three frames."""

    def __init__(self) -> None:
        self.missing = "both hands"
        self.result: MeasuredShape | None = None
        self.frames = 0

    @property
    def progress(self) -> float:
        return self.frames / 3

    def restart(self) -> None:
        self.__init__()

    def update(self, tracked: object) -> None:
        self.frames += 1
        self.missing = "still"
        self.result = MeasuredShape(SHAPE, 3) if self.frames == 3 else None


@pytest.fixture(autouse=True)
def _three_frames_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hand_shapes, "HandCalibration", FakeCalibration)


def see(window: MainWindow, session: FakeSession, count: int = 1) -> None:
    for number in range(count):
        session.pending = [an_image(np.zeros((4, 4, 3), np.uint8), number * 33 * MS)]
        window._pull()


def titles(window: MainWindow) -> Sequence[str]:
    return [action.text() for action in window.hands.entries.actions if not action.isSeparator()]


def action(window: MainWindow, title: str):
    return next(entry for entry in window.hands.entries.actions if entry.text() == title)


def test_measuring_asks_shows_and_keeps(window: MainWindow, session: FakeSession, store: SettingsStore):
    guide = window.hands.guide
    assert not guide.isVisible()
    window.commands.actions["calibrate-hands"].trigger()
    assert guide.isVisible()
    assert not guide.isWindow(), "it lies over the image and blocks nothing"
    assert session.calls == [("measure_hand_shape",)]
    assert guide.text.text() == MISSING_TEXTS["both hands"]
    assert not guide.keep_button.isVisible()
    see(window, session, 2)
    assert guide.text.text() == MISSING_TEXTS["still"]
    assert guide.bar.value() == 67
    assert guide.bar.text() == f"{CALIBRATION_SECONDS * 2 / 3:.1f} of 2 s"
    assert not window.view._hint, "one sentence at a time"
    see(window, session)
    assert session.calls[-1] == ("set_hand_shape", SHAPE), "the effect is seen at once"
    assert guide.text.text() == palm_text(0.1, 0.105)
    assert not guide.bar.isVisible()
    assert guide.name_edit.text() == "Me"
    assert store.current.persons == (), "nothing is kept before a person says so"
    guide.keep_button.click()
    assert not guide.isVisible()
    assert store.current.persons == (Person(name="Me", shape=SHAPE),)
    assert store.current.tracker.hand_shape == SHAPE
    assert session.calls[-1] == ("set_hand_shape", SHAPE)
    assert action(window, "Me").isChecked()


def test_the_effect_is_said_in_millimetres():
    text = palm_text(0.1, 0.095)
    assert "100 mm before, 95 mm now (-5.0 %)" in text
    assert "500 mm from the camera is now at 475 mm" in text


def test_cancelling_leaves_all_as_it_was(window: MainWindow, session: FakeSession, store: SettingsStore):
    store.change(persons=(ANN,), person="Ann")
    for frames in (1, 3):
        window.hands.measure()
        see(window, session, frames)
        window.hands.guide.cancel_button.click()
        assert not window.hands.guide.isVisible()
        assert session.calls[-1] == ("set_hand_shape", ANN.shape)
    assert store.current.persons == (ANN,)


def test_measuring_again_begins_anew_and_compares_with_the_same(window: MainWindow, session: FakeSession):
    window.hands.measure()
    see(window, session, 3)
    first = window.hands.guide.text.text()
    window.hands.guide.again_button.click()
    assert window.hands.guide.bar.value() == 0
    assert session.calls[-1] == ("measure_hand_shape",)
    see(window, session, 3)
    assert window.hands.guide.text.text() == first


def test_another_source_begins_anew(window: MainWindow, session: FakeSession):
    window.hands.measure()
    see(window, session, 2)
    session.status = replace(session.status, source="another.mp4")
    window._refresh()
    assert window.hands.guide.bar.value() == 0


@pytest.mark.parametrize("name", ["", "  "])
def test_a_shape_is_not_kept_without_a_name(window: MainWindow, session: FakeSession, store: SettingsStore, name: str):
    window.hands.measure()
    see(window, session, 3)
    window.hands.guide.name_edit.setText(name)
    window.hands.guide.keep_button.click()
    assert "name" in window.banners.banners[-1].message.text
    assert window.hands.guide.isVisible()
    assert store.current.persons == ()


def test_people_are_chosen_in_the_menu(window: MainWindow, session: FakeSession, store: SettingsStore):
    nobody = "&Nobody: adapt to whoever is seen"
    assert titles(window) == [nobody]
    assert action(window, nobody).isChecked()
    store.change(persons=(ANN, BEN, Person(name="M", shape=(0.0,) * 10, hand_model="mano")))
    window.hands.show_persons()
    assert titles(window) == [nobody, "Ann", "Ben && Co", "M (of the mano hand model)"]
    assert not action(window, "M (of the mano hand model)").isEnabled()
    action(window, "Ben && Co").trigger()
    assert session.calls[-1] == ("set_hand_shape", BEN.shape)
    assert store.current.person == BEN.name
    assert action(window, "Ben && Co").isChecked()
    action(window, nobody).trigger()
    assert session.calls[-1] == ("set_hand_shape", None)
    assert store.current.person is None


def test_people_are_renamed_and_deleted_and_come_back(
    window: MainWindow, session: FakeSession, store: SettingsStore, application: QApplication
):
    store.change(persons=(ANN, BEN), person="Ann")
    window.hands.show_persons()
    action(window, "&Rename Ann…").trigger()
    dialog = window.findChild(QInputDialog)
    assert dialog is not None
    dialog.setTextValue("Anna")
    dialog.accept()
    assert [person.name for person in store.current.persons] == ["Anna", BEN.name]
    assert store.current.hand_shape == ANN.shape
    window.hands.rename_to("Anna", BEN.name)
    assert "already" in window.banners.banners[-1].message.text
    action(window, "&Delete Anna").trigger()
    assert store.current.persons == (BEN,)
    assert session.calls[-1] == ("set_hand_shape", None)
    assert "&Delete Anna" not in titles(window)
    banner = window.banners.banners[-1]
    assert "deleted" in banner.message.text
    next(button for button in banner.findChildren(QPushButton) if button.text() == "Undo").click()
    assert store.current.hand_shape == ANN.shape
    assert session.calls[-1] == ("set_hand_shape", ANN.shape)


def test_everything_in_the_guide_has_a_name_and_a_tooltip(window: MainWindow):
    guide = window.hands.guide
    for part in (guide.bar, guide.name_edit, guide.keep_button, guide.again_button, guide.cancel_button):
        assert part.accessibleName()
        assert part.toolTip()
