"""The models beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtWidgets import QApplication, QFileDialog, QLabel
from window_fakes import FakeSession, an_image

from app.settings import SettingsStore
from app.window import weights_actions
from app.window.main_window import MainWindow
from app.window.model_cards import ModelCards
from models.registry import ModelCard

FIT = ModelCard("landmark-fit", "Fit", "", "MIT", good_at="Fast.", real_video={"right": 0.875, "both": 0.75})
BARE = ModelCard("eanet", "EANet", "A paper", "MIT", good_at="Slow.", parameters=39_000_000)


@pytest.fixture
def cards(application: QApplication) -> Iterator[ModelCards]:
    made = ModelCards()
    made.show_models({"landmark-fit": FIT, "eanet": BARE}, {"landmark-fit": 12.5}, "landmark-fit", loading=False)
    yield made
    made.close()


def texts(cards: ModelCards, name: str) -> list[str]:
    return [label.text() for label in cards.cards[name].findChildren(QLabel)]


def test_a_card_says_how_good_and_how_fast_a_model_is(cards: ModelCards):
    said = texts(cards, "landmark-fit")
    assert {"Fast.", "88 %", "hands right", "75 %", "both right"} <= set(said)
    assert "12 ms a frame on this machine, at most 80 a second" in said
    assert "Not measured on real video" in texts(cards, "eanet")


def test_the_running_model_is_marked_and_others_can_be_chosen(cards: ModelCards):
    chosen, imported = [], []
    cards.model_chosen.connect(chosen.append)
    cards.import_wanted.connect(imported.append)
    running = cards.cards["landmark-fit"]
    assert (running.badge.isHidden(), running.button.isHidden()) == (False, True)
    cards.show_models({"landmark-fit": FIT, "eanet": BARE}, {}, "", loading=False)
    cards.cards["landmark-fit"].button.click()
    assert chosen == ["landmark-fit"]
    cards.show_models({"landmark-fit": FIT, "eanet": BARE}, {}, "", loading=True)
    assert not cards.cards["landmark-fit"].button.isEnabled()
    assert imported == []


def test_a_model_without_weights_is_grey_and_can_only_get_some(cards: ModelCards):
    imported, chosen = [], []
    cards.import_wanted.connect(imported.append)
    cards.model_chosen.connect(chosen.append)
    card = cards.cards["eanet"]
    assert all(label.property("grey") for label in card.findChildren(QLabel))
    assert card.button.text() == "Import weights…"
    card.button.click()
    assert (imported, chosen) == (["eanet"], [])
    with_weights = replace(BARE, weights="x.safetensors")
    cards.show_models({"landmark-fit": FIT, "eanet": with_weights}, {}, "landmark-fit", loading=False)
    assert cards.cards["eanet"].button.text() == "Use"
    assert list(cards.cards) != [], "the others stay"
    assert not any(label.property("grey") for label in cards.cards["eanet"].findChildren(QLabel))


def test_a_new_speed_leaves_the_card_and_its_button_alone(cards: ModelCards):
    card = cards.cards["landmark-fit"]
    cards.show_models({"landmark-fit": FIT, "eanet": BARE}, {"landmark-fit": 40.0}, "", loading=False)
    assert cards.cards["landmark-fit"] is card
    assert card.speed.text().startswith("40 ms a frame")


def test_what_the_first_opening_needs_is_made_before_a_step_at_a_time(window: MainWindow, session: FakeSession):
    window._refresh()
    assert not window.model_cards.cards, "nobody knows them yet"
    session.model_cards = {"landmark-fit": FIT, "eanet": BARE}
    made = []
    for _ in range(3):
        window._refresh()
        made.append(list(window.model_cards.cards))
    assert made == [["landmark-fit"], ["landmark-fit", "eanet"], ["landmark-fit", "eanet"]]
    before = dict(window.model_cards.cards)
    window.panel.cards_button.click()
    assert window.model_cards.cards == before
    assert not before["landmark-fit"].badge.isHidden(), "which one runs is seen"


def test_an_import_is_told_where_it_was_asked_for(
    window: MainWindow, session: FakeSession, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """It was told in the window alone, over which the cards lie."""
    monkeypatch.setattr(weights_actions, "import_in_place", lambda model, checkpoint: "It has them now.")
    window.panel.cards_button.click()
    window.weights.begin("eanet", tmp_path / "snapshot.pth.tar")
    (banner,) = window.model_cards.banners.banners
    assert banner.message.text == "Importing snapshot.pth.tar for eanet…"
    assert window.banners.banners == []
    window.weights.tasks.wait()
    window.weights.tasks.poll()
    assert [banner.message.text for banner in window.model_cards.banners.banners] == ["It has them now."]


def test_the_window_opens_them_times_the_models_and_remembers_it(
    window: MainWindow, session: FakeSession, store: SettingsStore, application: QApplication
):
    import numpy as np

    session.model_cards = {"landmark-fit": FIT, "eanet": BARE}
    window.panel.cards_button.click()
    assert window.model_cards.isVisible()
    assert not window.isModal()
    window.model_cards.cards["eanet"].button.click()
    (dialog,) = window.findChildren(QFileDialog)
    assert dialog.windowTitle() == "Import the weights of eanet"
    dialog.close()
    for number in range(61):
        session.pending = [an_image(np.zeros((4, 4, 3), np.uint8), number)]
        window._pull()
    window._refresh()
    assert "2 ms a frame on this machine, at most 500 a second" in texts(window.model_cards, "landmark-fit")
    session.status = replace(session.status, model="lwa-hand")
    window._refresh()
    window.model_cards.cards["landmark-fit"].button.click()
    assert session.calls[-1] == ("select_model", "landmark-fit")
    window.close()
    assert SettingsStore.load(store.path).current.model_ms == {"landmark-fit": 2.0}
