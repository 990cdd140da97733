"""The line of figures below the image."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt5.QtCore import QSize, Qt
from PyQt5.QtWidgets import QLabel, QStatusBar, QWidget

from app.live import HandState, LiveStatus
from app.window.language import Texts
from app.window.texts import (
    HAND_FORMS,
    SIDE_NAMES,
    HandForm,
    age_text,
    hand_text,
    longest_hand,
    stages_tooltip,
    wording,
)
from app.window.theme import colour
from models.values import SIDES, Side
from render.protocol import SIDE_COLOURS

tr = Texts("FiguresBar")

_WIDE_RATE, _WIDE_AGE = 888.8, 888.0
"""Figures that are seldom longer; the parts grow where they are."""


class FiguresBar(QStatusBar):
    """Rate and age of the frames, model, hands in view.

    Each part has the room of the longest that it shows, so that nothing beside it shifts when a figure has one digit
    more, or a gesture comes or goes.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.rate = self._label(tr("Finished frames per second, over the last two seconds"))
        self.age = self._label()
        self.model = self._label(tr("The model that made the newest frame"))
        self.addWidget(QWidget(), 1)
        self.hands: dict[Side, QLabel] = {side: self._hand_label() for side in SIDES}
        self._hand_widths: dict[HandForm, dict[Side, int]] = {}
        self._measured = ""

    def show_figures(
        self, status: LiveStatus, age: tuple[float, float] | None, milliseconds: Mapping[str, tuple[float, float]]
    ) -> None:
        """Show what holds now."""
        if self.rate.font().key() != self._measured:
            self._measure()
        self.rate.setText(_rate_text(status.frames_per_second))
        self.age.setText(age_text(age))
        self.age.setToolTip(stages_tooltip(milliseconds))
        self.model.setText(status.model or tr("no model yet"))
        form = self._longest_form()
        for side, label in self.hands.items():
            label.setText(_hand(side, side in status.hands, status.hand_states, form))
            label.setFixedWidth(self._hand_widths[form][side])  # its hint may be that of another form

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Qt: the window may become narrower than the form of the hands that is shown; last of all the age is cut."""
        least = super().minimumSizeHint()
        if not self._hand_widths:
            return least
        return QSize(self._least_width(HAND_FORMS[-1]) - self.age.minimumWidth(), least.height())

    def _measure(self) -> None:
        """How much room each part needs at the size that text has now."""
        self._measured = self.rate.font().key()
        for label, longest in (
            (self.rate, _rate_text(_WIDE_RATE)),
            (self.age, age_text((_WIDE_AGE, _WIDE_AGE))),
        ):
            label.setMinimumWidth(_width(label, longest))
        for form in HAND_FORMS:
            state = longest_hand(form, lambda text: self.fontMetrics().horizontalAdvance(text))
            self._hand_widths[form] = {
                side: _width(label, _hand(side, True, {side: state}, form)) for side, label in self.hands.items()
            }
        for side, label in self.hands.items():
            label.setFixedWidth(self._hand_widths[HAND_FORMS[-1]][side])

    def _longest_form(self) -> HandForm:
        """The form of the hands for which there is room."""
        for form in HAND_FORMS:
            if self._least_width(form) <= self.width():
                return form
        return HAND_FORMS[-1]

    def _least_width(self, form: HandForm) -> int:
        """Pixels that the whole line needs with this form of the hands."""
        now = sum(label.minimumWidth() for label in self.hands.values())
        return super().minimumSizeHint().width() - now + sum(self._hand_widths[form].values())

    def _label(self, tooltip: str = "") -> QLabel:
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setToolTip(tooltip)
        self.addWidget(label)
        return label

    def _hand_label(self) -> QLabel:
        label = self._label(
            tr(
                "Hands in view: the person's own left and right, how sure it is, who saw the hand, and the gesture it "
                "makes"
            ),
        )
        label.setTextFormat(Qt.TextFormat.RichText)
        return label


def _width(label: QLabel, text: str) -> int:
    """Pixels that a label needs for a text."""
    label.setMinimumWidth(0)
    label.setText(text)
    return label.sizeHint().width()


def _rate_text(rate: float) -> str:
    return tr("{rate:.1f} frames/s", rate=rate)


def _hand(side: Side, seen: bool, states: Mapping[Side, HandState], form: HandForm) -> str:
    if not seen:
        return f'<span style="color:{colour("MUTED")}">○ {wording(SIDE_NAMES[side])}</span>'
    red, green, blue = SIDE_COLOURS["left" if side == "left" else "right"]
    # The overlay's colours are dark on a dark bar: the dot carries the colour, the word stays readable.
    more = (
        "" if side not in states else f' <span style="color:{colour("MUTED")}">{hand_text(states[side], form)}</span>'
    )
    return f'<span style="color:rgb({red},{green},{blue})">●</span> {wording(SIDE_NAMES[side])}{more}'
