"""Named sets of settings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PyQt5.QtWidgets import QAction, QInputDialog, QMenu, QPushButton
from window_fakes import FakeSession

from app.persons import Person
from app.profiles import IN_A_PROFILE, Profile, holds, profile_of
from app.settings import Settings, SettingsStore
from app.window.main_window import MainWindow
from models.registry import ModelCard
from render.protocol import OverlayStyle

ME = Person(name="Me", shape=(0.5,) * 10)


def entries(menu: QMenu) -> dict[str, QAction]:
    return {action.text(): action for action in menu.actions() if not action.isSeparator()}


def opened(window: MainWindow) -> dict[str, QAction]:
    window.profiles.menu.aboutToShow.emit()
    return entries(window.profiles.menu)


def test_what_a_profile_has_are_settings():
    assert set(IN_A_PROFILE) <= Settings.model_fields.keys()
    profile = profile_of("A", Settings(opacity=0.25))
    assert holds(profile, Settings(opacity=0.25))
    assert not holds(profile, Settings(opacity=0.5))
    assert holds(profile, Settings(opacity=0.25, theme="light", text_size=150))


def test_settings_are_saved_under_a_name_and_chosen_again(
    window: MainWindow, session: FakeSession, store: SettingsStore
):
    store.change(persons=(ME,))
    session.status = replace(session.status, live=True)
    assert list(opened(window)) == ["&Save these settings as…"]
    opened(window)["&Save these settings as…"].trigger()
    dialog = window.findChild(QInputDialog)
    assert dialog is not None
    dialog.setTextValue(" As  usual ")
    dialog.accept()
    assert opened(window)["As usual"].isChecked()

    panel = window.panel
    panel.choose_view("skeleton")
    panel.opacity_slider.setValue(40)
    panel.steadiness_slider.setValue(90)
    panel.countdown_box.setCurrentIndex(1)
    panel.countdown_box.activated.emit(1)
    panel.mirror_box.click()
    window._scene_action.trigger()
    window.hands.choose("Me")
    window.commands.actions["lock-sides"].trigger()
    window.profiles.save("Other")
    shown = opened(window)
    assert (shown["As usual"].isChecked(), shown["Other"].isChecked()) == (False, True)

    shown["As usual"].trigger()
    now = store.current
    assert (now.view, now.opacity, now.steadiness, now.countdown) == ("mesh", 0.85, 0.5, 0)
    assert (now.mirror, now.scene, now.person, now.lock_sides) == (True, False, None, False)
    assert not window.commands.actions["lock-sides"].isChecked()
    assert session.calls.index(("set_lock_sides", True)) < session.calls.index(("set_lock_sides", False))
    assert panel.view == "mesh"
    assert panel.mirror_box.isChecked()
    assert not window.scene_view.isVisible()
    assert ("set_hand_shape", None) in session.calls
    assert ("set_style", OverlayStyle(view="mesh", opacity=0.85)) in session.calls
    assert opened(window)["As usual"].isChecked()

    opened(window)["Other"].trigger()
    assert holds(store.current.profiles[1], store.current)
    assert ("set_hand_shape", ME.shape) in session.calls
    assert ("set_lock_sides", True) in session.calls[-8:]
    assert window.scene_view.isVisible()
    store.save()
    assert SettingsStore.load(store.path).current == store.current


def test_source_model_and_streams_are_chosen_too(window: MainWindow, session: FakeSession, store: SettingsStore):
    values = {"source": "1", "model": "eanet", "vmc": True, "vmc_address": "10.0.0.2:39539", "osc": False}
    window._choose_profile(Profile(name="Stage", values=values))
    assert ("select_source", "1") in session.calls
    assert ("select_model", "eanet") in session.calls
    assert ("start_stream", "vmc", "10.0.0.2:39539") in session.calls
    assert not any(call[:2] == ("start_stream", "osc") for call in session.calls)
    window._choose_profile(Profile(name="Off", values={"vmc": False}))
    assert session.calls[-1] == ("stop_stream", "vmc") or ("stop_stream", "vmc") in session.calls
    assert store.current.vmc is False


def test_a_model_without_weights_is_told_and_the_rest_is_chosen(
    window: MainWindow, session: FakeSession, store: SettingsStore
):
    session.model_cards = {"eanet": ModelCard("eanet", "", "", "", parameters=1)}
    for model in ("eanet", "of another version"):
        window._choose_profile(Profile(name="Old", values={"model": model, "view": "wireframe"}))
        assert model in window.banners.banners[-1].message.text
        assert store.current.view == "wireframe"
    assert not any(call[0] == "select_model" for call in session.calls)


def test_a_profile_is_replaced_deleted_and_brought_back(window: MainWindow, store: SettingsStore):
    window.profiles.save("A & B")
    window.panel.opacity_slider.setValue(10)
    window.profiles.save("A & B")
    assert [profile.values["opacity"] for profile in store.current.profiles] == [0.1]
    deleting = opened(window)["&Delete"].menu()
    assert deleting is not None
    entries(deleting)["A && B"].trigger()
    assert store.current.profiles == ()
    (banner,) = window.banners.banners  # it is not said beside it that the profile is saved
    next(button for button in banner.findChildren(QPushButton) if button.text() == "Undo").click()
    assert [profile.name for profile in store.current.profiles] == ["A & B"]


@pytest.mark.parametrize("name", ["", " \n ", "x" * 41])
def test_a_profile_needs_a_name(window: MainWindow, store: SettingsStore, name: str):
    window.profiles.save(name)
    assert store.current.profiles == ()
    assert "name" in window.banners.banners[-1].message.text
