"""Two models live beside each other in the window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PyQt5.QtCore import QPoint, QPointF, Qt
from PyQt5.QtGui import QImage, QWheelEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication
from window_fakes import FakeSession, an_image

from app.live import BesideFrame, ComparisonStatus, RenderedFrame
from app.live.framing import LARGEST_ZOOM, Zoom
from app.window.image_view import ImageView, PaneTag
from app.window.main_window import MainWindow
from models.registry import ModelCard

FIT = ModelCard("landmark-fit", "Fit", "", "MIT")
BARE = ModelCard("eanet", "EANet", "", "MIT", parameters=39_000_000)
LWA = ModelCard("lwa-hand", "LWA", "", "MIT", parameters=6_000_000, weights="there")
RED, BLUE = (200, 10, 20), (10, 20, 200)


def a_pair(number: int = 0, milliseconds: float = 7.0) -> RenderedFrame:
    """A frame of one colour as the first model draws it, and of another as the second one does."""
    first = an_image(np.full((240, 320, 3), RED, np.uint8), number)
    tracked = replace(first.tracked, model="lwa-hand", milliseconds={"detect": milliseconds})
    return replace(first, beside=BesideFrame(np.full((240, 320, 3), BLUE, np.uint8), tracked))


def compared(window: MainWindow, session: FakeSession, **comparison: object) -> None:
    session.status = replace(session.status, comparison=ComparisonStatus("lwa-hand", **comparison))  # type: ignore[arg-type]
    window.resize(1500, 700)
    window._refresh()


def show(window: MainWindow, session: FakeSession, picture: RenderedFrame) -> QImage:
    session.pending.append(picture)
    window._pull()
    window._refresh()
    QApplication.processEvents()
    return window.view.grab().toImage()


def colour(image: QImage, x: float, y: float) -> tuple[int, int, int]:
    at = image.pixelColor(round(x * image.width()), round(y * image.height()))
    return at.red(), at.green(), at.blue()


def test_one_model_is_shown_once(window: MainWindow, session: FakeSession):
    shown = show(window, session, a_pair())
    assert colour(shown, 0.3, 0.5) == colour(shown, 0.7, 0.5) == RED
    assert not window.comparison.bar.isVisible()


def test_both_are_shown_beside_each_other_with_what_is_known_of_them(window: MainWindow, session: FakeSession):
    compared(window, session)
    shown = show(window, session, a_pair())
    assert (colour(shown, 0.25, 0.5), colour(shown, 0.75, 0.5)) == (RED, BLUE)
    first, second = window.view._tags
    assert (first.title, second.title) == ("A  landmark-fit", "B  lwa-hand")
    assert (first.detail, second.detail) == ("2 ms a frame   left 100 %", "7 ms a frame   left 100 %")
    assert "B  lwa-hand: 7 ms a frame" in window.view.accessibleDescription()
    assert window.comparison.bar.isVisible()
    assert "Recordings, streams and gestures are those of A alone." in window.comparison.bar.caption.text()


def test_a_tall_view_has_them_above_each_other(application: QApplication):
    view = ImageView()
    view.resize(320, 600)
    view.set_tags([PaneTag("A"), PaneTag("B")])
    view.show_image(a_pair())
    shown = view.grab().toImage()
    assert (colour(shown, 0.5, 0.25), colour(shown, 0.5, 0.75)) == (RED, BLUE)


@pytest.mark.parametrize("mirrored", [False, True])
def test_each_is_mirrored_in_its_own_place(application: QApplication, mirrored: bool):
    pair = a_pair()
    assert pair.beside is not None
    for image in (pair.image, pair.beside.image):
        image[:, :160] = 255
    view = ImageView()
    view.resize(644, 240)
    view.set_mirrored(mirrored)
    view.set_tags([PaneTag("A"), PaneTag("B")])
    view.show_image(pair)
    shown = view.grab().toImage()
    own, white = [(0.1, 0.4), (0.6, 0.9)] if mirrored else [(0.4, 0.1), (0.9, 0.6)], (255, 255, 255)
    assert [(colour(shown, a, 0.8), colour(shown, b, 0.8)) for a, b in own] == [(RED, white), (BLUE, white)]


def test_while_the_second_is_loaded_its_pane_says_so_and_has_no_hands(window: MainWindow, session: FakeSession):
    compared(window, session, loading=True, loading_seconds=3.4, loading_reason="it is read and compiled")
    alone = replace(a_pair(), beside=None)
    plain = replace(alone.tracked, frame=replace(alone.tracked.frame, image=np.full((240, 320, 3), 90, np.uint8)))
    shown = show(window, session, replace(alone, tracked=plain))
    assert colour(shown, 0.25, 0.5) == RED
    assert colour(shown, 0.75, 0.4) == (90, 90, 90)
    assert window.view._tags[1].waiting == "Loading lwa-hand, 3 s: it is read and compiled."
    assert not window.comparison.bar.swap_button.isEnabled()
    compared(window, session)
    assert window.view._tags[1] == PaneTag("B  lwa-hand", "– ms a frame   no hands"), "not a frame was made by it yet"
    assert window.comparison.bar.swap_button.isEnabled()


def test_a_dim_view_has_no_hands_in_either(window: MainWindow, session: FakeSession):
    session.status = replace(session.status, stalled=True, live=True)
    compared(window, session)
    pair = a_pair()
    plain = replace(pair.tracked, frame=replace(pair.tracked.frame, image=np.zeros((240, 320, 3), np.uint8)))
    shown = show(window, session, replace(pair, tracked=plain))
    assert max(*colour(shown, 0.25, 0.5), *colour(shown, 0.75, 0.5)) < 20


def test_figures_are_those_of_the_model_that_is_named(window: MainWindow, session: FakeSession):
    compared(window, session)
    show(window, session, a_pair(milliseconds=7.0))
    for number in range(3):
        show(window, session, a_pair(number, milliseconds=20.0))
    assert window.view._tags[1].detail.startswith("20 ms")
    session.status = replace(session.status, comparison=ComparisonStatus("eanet"))
    window._refresh()
    assert window.view._tags[1].detail == "– ms a frame   no hands", "no frame was made by this one yet"


def test_the_menu_begins_and_ends_it(window: MainWindow, session: FakeSession):
    session.model_cards = {card.name: card for card in (FIT, BARE, LWA)}
    window._refresh()
    choices = window.comparison._choices
    assert [choices[name].isEnabled() for name in ("landmark-fit", "eanet", "lwa-hand")] == [False, False, True]
    assert "no weights" in choices["eanet"].text()
    choices["lwa-hand"].trigger()
    assert session.calls[-1] == ("compare_with", "lwa-hand")
    compared(window, session)
    assert choices["lwa-hand"].isChecked()
    assert window.commands.actions["compare"].isChecked()
    choices["lwa-hand"].trigger()
    assert session.calls[-1] == ("compare_with", None)


def test_a_key_compares_with_the_last_one_or_the_first_that_has_weights(window: MainWindow, session: FakeSession):
    session.model_cards = {card.name: card for card in (FIT, BARE, LWA)}
    window._refresh()
    toggle = window.commands.actions["compare"]
    toggle.trigger()
    assert session.calls[-1] == ("compare_with", "lwa-hand")
    compared(window, session)
    toggle.trigger()
    assert session.calls[-1] == ("compare_with", None)
    session.model_cards = {**session.model_cards, "eanet": replace(BARE, weights="there")}
    session.status = replace(session.status, comparison=None)
    window._refresh()
    toggle.trigger()
    assert session.calls[-1] == ("compare_with", "lwa-hand"), "the last one"
    assert not toggle.isChecked(), "it stands for what is, not for what was asked for"


def test_without_a_second_model_a_message_says_what_helps(window: MainWindow, session: FakeSession):
    session.model_cards = {"landmark-fit": FIT, "eanet": BARE, "lwa-hand": replace(LWA, weights=None)}
    window._refresh()
    window.commands.actions["compare"].trigger()
    assert not any(call[0] == "compare_with" for call in session.calls)
    assert "no second model with weights" in window.banners.banners[0].message.text


def test_escape_leaves_a_guide(window: MainWindow, session: FakeSession):
    session.pending = [an_image(np.zeros((48, 64, 3), np.uint8))]
    window._pull()
    escape = window.commands.actions["leave-full-screen"]
    window.commands.actions["calibrate-hands"].trigger()
    assert window.hands.measuring
    escape.trigger()
    assert not window.hands.measuring
    assert not window.hands.guide.isVisible()
    window.commands.actions["camera-angle"].trigger()
    assert window.cameras.busy
    escape.trigger()
    assert not window.cameras.busy


def test_escape_leaves_the_full_screen_first_and_then_the_comparison(window: MainWindow, session: FakeSession):
    compared(window, session)
    window.commands.actions["full-screen"].trigger()
    assert not window.comparison.bar.isVisible()
    escape = window.commands.actions["leave-full-screen"]
    assert escape.shortcut().toString() == "Esc"
    escape.trigger()
    assert not window.isFullScreen()
    assert not any(call[0] == "compare_with" for call in session.calls)
    escape.trigger()
    assert session.calls[-1] == ("compare_with", None)
    session.status = replace(session.status, comparison=None)
    window._refresh()
    before = list(session.calls)
    escape.trigger()
    assert session.calls == before, "there is nothing to leave"


def test_the_bar_swaps_and_ends(window: MainWindow, session: FakeSession):
    compared(window, session)
    bar = window.comparison.bar
    assert bar.swap_button.accessibleName() == "Swap", "a name, and no sentence"
    assert "(Ctrl+Shift+T)" in bar.swap_button.toolTip()
    assert "(Esc)" in bar.end_button.toolTip()
    bar.swap_button.click()
    assert session.calls[-1] == ("exchange_models",)
    bar.end_button.click()
    assert session.calls[-1] == ("compare_with", None)


def test_a_card_begins_and_ends_it(window: MainWindow, session: FakeSession):
    session.model_cards = {card.name: card for card in (FIT, BARE, LWA)}
    window.panel.cards_button.click()
    cards = window.model_cards.cards
    assert [cards[name].compare_button.isHidden() for name in cards] == [True, True, False], "running, bare, other"
    cards["lwa-hand"].compare_button.click()
    assert session.calls[-1] == ("compare_with", "lwa-hand")
    compared(window, session)
    assert cards["lwa-hand"].compare_button.text() == "End comparison"
    cards["lwa-hand"].compare_button.click()
    assert session.calls[-1] == ("compare_with", None)


def test_both_models_are_timed(window: MainWindow, session: FakeSession):
    compared(window, session)
    for number in range(61):
        session.pending = [a_pair(number)]
        window._pull()
    assert window._speeds.milliseconds == {"landmark-fit": 2.0, "lwa-hand": 7.0}


# Zoom


@pytest.fixture
def view(application: QApplication) -> ImageView:
    made = ImageView()
    made.resize(640, 480)
    made.set_mirrored(False)
    image = np.zeros((240, 320, 3), np.uint8)
    image[:120, :160] = RED
    image[120:, 160:] = BLUE
    made.show_image(an_image(image))
    return made


def turn(view: ImageView, at: QPointF, notches: int) -> None:
    event = QWheelEvent(
        at,
        QPointF(view.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def test_the_wheel_comes_nearer_to_what_lies_under_the_mouse(view: ImageView):
    turn(view, QPointF(160, 120), 4)
    shown = view.grab().toImage()
    assert colour(shown, 0.25, 0.25) == colour(shown, 0.02, 0.5) == colour(shown, 0.5, 0.02) == RED
    assert view.image_rect().width() == pytest.approx(640 * 1.25**4)
    turn(view, QPointF(160, 120), -50)
    assert view.zoom == Zoom()
    turn(view, QPointF(160, 120), 50)
    assert view.zoom.factor == LARGEST_ZOOM


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_drag_moves_and_a_double_click_shows_all(view: ImageView, mirrored: bool):
    view.set_mirrored(mirrored)
    view.zoom_by(4.0)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(320, 240))
    drag(view, QPoint(20, 0))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton)
    shown = view.grab().toImage()
    assert colour(shown, 0.97, 0.97) == ((0, 0, 0) if mirrored else BLUE), "what lay in the middle is at the left"
    drag(view, QPoint(600, 600))
    assert colour(view.grab().toImage(), 0.97, 0.97) == colour(shown, 0.97, 0.97), "the button is up"
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton)
    assert view.zoom == Zoom()


def drag(view: ImageView, to: QPoint) -> None:
    from PyQt5.QtCore import QEvent
    from PyQt5.QtGui import QMouseEvent

    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(to),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view, event)


def test_both_panes_show_the_same_part(application: QApplication):
    view = ImageView()
    view.resize(644, 240)
    view.set_mirrored(False)
    pair = a_pair()
    assert pair.beside is not None
    pair.image[:120, :160] = pair.beside.image[:120, :160] = 255
    view.set_tags([PaneTag("A"), PaneTag("B")])
    view.show_image(pair)
    turn(view, QPointF(324 + 80, 60), 6)
    shown = view.grab().toImage()
    assert colour(shown, 0.4, 0.6) == colour(shown, 0.9, 0.6) == (255, 255, 255)


def test_the_menu_zooms_too_and_a_view_without_an_image_does_nothing(window: MainWindow, session: FakeSession):
    actions = window.commands.actions
    actions["zoom-in"].trigger()
    assert window.view.zoom == Zoom()
    session.pending = [an_image(np.zeros((48, 64, 3), np.uint8))]
    window._pull()
    actions["zoom-in"].trigger()
    assert window.view.zoom.factor == pytest.approx(1.25)
    actions["zoom-out"].trigger()
    assert window.view.zoom.factor == pytest.approx(1.0)
    actions["zoom-in"].trigger()
    actions["zoom-all"].trigger()
    assert window.view.zoom == Zoom()
