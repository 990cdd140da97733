"""Another look for windows that are shown: in turns of the event loop, each of which styles all widgets once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PyQt5.QtCore import QEvent, QObject, Qt
from PyQt5.QtGui import QColor
from PyQt5.QtWidgets import QApplication, QComboBox, QLabel, QWidget
from window_fakes import FakeSession

from app.window.combo import Combo, narrow_combo
from app.window.help_panel import HelpPanel, show_help
from app.window.look import Look
from app.window.main_window import MainWindow
from app.window.theme import LIGHT, apply_theme, current
from models.registry import list_models, model_card


@pytest.fixture(autouse=True)
def _usual_look_again(application: QApplication) -> Iterator[None]:
    yield
    apply_theme(application)


class _Counter(QObject):
    """Counts how often widgets are told that their style is another one."""

    def __init__(self, root: QWidget) -> None:
        super().__init__()
        self.times: dict[QObject, int] = {}
        for part in (root, *root.findChildren(QWidget)):
            part.installEventFilter(self)

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:  # noqa: N802
        if a0 is not None and a1 is not None and a1.type() == QEvent.Type.StyleChange:
            self.times[a0] = self.times.get(a0, 0) + 1
        return False

    def take(self) -> int:
        most, self.times = max(self.times.values(), default=0), {}
        return most


def test_each_turn_styles_every_widget_once(window: MainWindow, application: QApplication):
    counter = _Counter(window)
    window.commands.actions["theme"].trigger()
    assert counter.take() == 1
    assert application.styleSheet() == ""
    assert current() == "dark", "nobody draws in the new colours before all do"
    window._appearance.finish()
    assert counter.take() == 1
    assert current() == "light"


def test_nothing_is_painted_between_the_two_turns(window: MainWindow, application: QApplication):
    show_help(window)
    (panel,) = window.findChildren(HelpPanel)
    window.commands.actions["theme"].trigger()
    assert not window.updatesEnabled()
    assert not panel.updatesEnabled()
    window._appearance.finish()
    assert window.updatesEnabled()
    assert panel.updatesEnabled()
    panel.close()


def test_the_event_loop_makes_the_second_half(window: MainWindow, application: QApplication):
    window.commands.actions["theme"].trigger()
    application.processEvents()
    assert current() == "light"
    assert window.updatesEnabled()
    assert not window._appearance._second_half.isActive()


def test_of_several_changes_at_once_the_last_one_is_made(application: QApplication):
    owner = QWidget()
    look, changes = Look(owner), []
    look.changed.connect(lambda: changes.append(current()))
    look.change("light", 120)
    look.change("dark", 120)
    look.change("light", 110)
    look.finish()
    look.finish()
    assert changes == ["light"]
    assert "min-height: 24px" in application.styleSheet(), "22 px at 110 %"


def test_a_window_that_closes_in_between_leaves_the_others_with_their_look(
    window: MainWindow, application: QApplication
):
    label = QLabel("Another window")
    label.show()
    window.commands.actions["theme"].trigger()
    window.close()
    assert application.styleSheet()
    assert label.updatesEnabled()
    label.close()


# What there is to style


def test_a_box_makes_its_list_when_it_opens(window: MainWindow, session: FakeSession, application: QApplication):
    """Each list is nine widgets, and a third of all that are styled."""
    session.model_cards = {name: model_card(name) for name in list_models()}
    window._refresh()
    for name in ("larger-text", "theme"):
        window.commands.actions[name].trigger()
        window._appearance.finish()
    boxes = [box for box in window.findChildren(QWidget) if type(box).__name__ == "NarrowCombo"]
    assert len(boxes) >= 10
    assert [box.accessibleName() for box in boxes if box.findChildren(QWidget)] == []


def test_a_box_that_was_open_follows_the_look(application: QApplication):
    box = narrow_combo("Speed", "How fast", 8)
    box.addItems(["slow", "fast"])
    box.show()
    assert not box.is_open
    before = box.sizeHint()
    box.showPopup()
    assert box.is_open
    rows = box.view()
    assert rows is not None
    row = rows.sizeHintForRow(0)
    box.hidePopup()
    assert not box.is_open
    apply_theme(application, "light", 150)
    assert box.sizeHint().height() > before.height()
    assert box.sizeHint().width() > before.width()
    box.showPopup()
    assert rows.sizeHintForRow(0) > 1.2 * row, "the sheet's sizes too"
    box.hidePopup()
    box.close()


@pytest.mark.parametrize("make", [Combo, lambda: narrow_combo("Source", "What is tracked", 8)], ids=["wide", "narrow"])
def test_a_box_s_list_looks_as_the_sheet_says(application: QApplication, make: Callable[[], Combo]):
    """It was a menu of Qt's own: low rows, a grey frame around the chosen one, a second edge around all."""
    apply_theme(application, "light")
    box = make()
    box.addItems(["one", "two"])
    box.insertSeparator(1)
    box.show()
    box.showPopup()
    rows, model = box.view(), box.model()
    assert rows is not None
    assert model is not None
    QApplication.processEvents()
    first, line, last = (rows.visualRect(model.index(row, 0)) for row in range(3))
    assert first.height() == last.height() >= 26
    assert 0 < line.height() < 12
    shown = rows.viewport().grab().toImage()  # type: ignore[union-attr]
    assert shown.pixelColor(first.right() - 10, first.center().y()) == QColor(LIGHT["SELECTED"])
    assert shown.pixelColor(first.right() - 10, first.top() + 1) == QColor(LIGHT["SELECTED"]), "no frame"
    assert shown.pixelColor(20, line.center().y()) == QColor(LIGHT["STRONG_EDGE"])
    box.hidePopup()
    box.close()


def test_a_box_is_as_high_as_qt_has_it(application: QApplication):
    for size in (100, 150):
        apply_theme(application, "dark", size)
        ours, usual = narrow_combo("Speed", "How fast", 8), QComboBox()
        for box in (ours, usual):
            box.addItem("slow")
            box.ensurePolished()
        assert ours.sizeHint().height() == usual.sizeHint().height()
        assert ours.focusPolicy() == Qt.FocusPolicy(usual.focusPolicy())
