"""The line of figures below the image."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QLabel, QStatusBar, QWidget

from app.live import HandState, LiveStatus
from app.window.language import Texts
from app.window.texts import SIDE_NAMES, age_text, hand_text, stages_tooltip, wording
from app.window.theme import colour
from models.values import SIDES, Side
from render.protocol import SIDE_COLOURS

tr = Texts("FiguresBar")

_BETWEEN = " &nbsp; "
_LABEL_GAPS = 40
"""Pixels between the parts, in all."""


class FiguresBar(QStatusBar):
    """Rate and age of the frames, model, hands in view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.rate = self._label(tr("Frames per second"), tr("Finished frames per second, over the last two seconds"))
        self.age = self._label(tr("Age of the frame"))
        self.model = self._label(tr("Model in use"), tr("The model that made the newest frame"))
        self.hands = QLabel()
        self.hands.setTextFormat(Qt.TextFormat.RichText)
        self.hands.setAccessibleName(tr("Hands in view"))
        self.hands.setToolTip(
            tr(
                "Hands in view: the person's own left and right, how sure it is, who saw the hand, and the gesture it "
                "makes"
            )
        )
        self.addPermanentWidget(self.hands)

    def show_figures(
        self, status: LiveStatus, age: tuple[float, float] | None, milliseconds: Mapping[str, tuple[float, float]]
    ) -> None:
        """Show what holds now."""
        self.rate.setText(tr("{rate:.1f} frames/s", rate=status.frames_per_second))
        self.age.setText(age_text(age))
        self.age.setToolTip(stages_tooltip(milliseconds))
        self.model.setText(status.model or tr("no model yet"))
        self._show_hands(status)

    def _show_hands(self, status: LiveStatus) -> None:
        """All that is known of them, or their sides and how sure they are where there is no room for more."""
        shown = [_hand(side, side in status.hands, status.hand_states) for side in SIDES]
        self.hands.setText(_BETWEEN.join(shown))
        others = sum(part.sizeHint().width() for part in (self.rate, self.age, self.model))
        if others + self.hands.sizeHint().width() + _LABEL_GAPS > self.width():
            shown = [_hand(side, side in status.hands, status.hand_states, brief=True) for side in SIDES]
            self.hands.setText(_BETWEEN.join(shown))

    def _label(self, name: str, tooltip: str = "") -> QLabel:
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAccessibleName(name)
        label.setToolTip(tooltip)
        self.addWidget(label)
        return label


def _hand(side: Side, seen: bool, states: Mapping[Side, HandState], *, brief: bool = False) -> str:
    if not seen:
        return f'<span style="color:{colour("MUTED")}">○ {wording(SIDE_NAMES[side])}</span>'
    red, green, blue = SIDE_COLOURS["left" if side == "left" else "right"]
    # The overlay's colours are dark on a dark bar: the dot carries the colour, the word stays readable.
    more = (
        ""
        if side not in states
        else f' <span style="color:{colour("MUTED")}">{hand_text(states[side], brief=brief)}</span>'
    )
    return f'<span style="color:rgb({red},{green},{blue})">●</span> {wording(SIDE_NAMES[side])}{more}'
