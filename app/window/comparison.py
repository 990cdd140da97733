"""Two models live over the same frames: which is the second one, what is said of both, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt5.QtCore import QObject, Qt, pyqtSignal
from PyQt5.QtWidgets import QAction, QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from app.live import ComparisonStatus, LiveSession, LiveStatus, Message, RenderedFrame
from app.live.side_by_side import SideBySide, SideFigures
from app.window.banner import BannerStack
from app.window.buttons import text_button
from app.window.image_view import ImageView, PaneTag
from app.window.language import Texts, worded
from app.window.texts import SIDE_NAMES, model_name, wording
from models.registry import ModelCard
from models.values import SIDES

tr = Texts("Comparison")

_EXPLANATION = tr.mark(
    "Recordings, streams and gestures are those of A alone. Both see the same frames, one after the other, "
    "so that a frame takes the time of both."
)
_SWAP_TIP = tr.mark("Swap the two models: B runs from here on, and A is compared with it")
_END_TIP = tr.mark("End the comparison; A goes on")


class ComparisonBar(QFrame):
    """Below the video while two models are compared; it does nothing by itself, and takes no focus.

    Signals:
        swap_wanted: the second model is to run, and the running one to be compared.
        end_wanted: one model is enough.
    """

    swap_wanted = pyqtSignal()
    end_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open, self._has_room = False, True
        self.setObjectName("setupPage")
        self.setAccessibleName(tr("Comparison of two models"))
        self.caption = QLabel(tr(_EXPLANATION))
        self.caption.setObjectName("caption")
        self.caption.setWordWrap(True)
        self.swap_button = _button(tr("Swap"), tr(_SWAP_TIP))
        self.swap_button.clicked.connect(self.swap_wanted)
        self.end_button = _button(tr("End"), tr(_END_TIP))
        self.end_button.clicked.connect(self.end_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(10)
        row.addWidget(self.caption, 1)
        row.addWidget(self.swap_button)
        row.addWidget(self.end_button)
        self.hide()

    def show_comparison(self, comparison: ComparisonStatus | None) -> None:
        """Show that two models are compared, or hide."""
        self._open = comparison is not None
        self.swap_button.setEnabled(comparison is not None and not comparison.loading)
        self.setVisible(self._open and self._has_room)

    def set_room(self, has_room: bool) -> None:
        """Whether there is room for it: in full screen there is none."""
        self._has_room = has_room
        self.setVisible(self._open and has_room)

    def show_keys(self, swap: str, end: str) -> None:
        """Tell the keys that do the same."""
        for button, tip, key in ((self.swap_button, tr(_SWAP_TIP), swap), (self.end_button, tr(_END_TIP), end)):
            button.setToolTip(f"{tip} ({key})" if key else tip)


class Comparison(QObject):
    """Knows which models can be compared, and shows how they do in the view, the bar and the menu.

    Args:
        window: that the menu belongs to.
        session: that tracks with both.
        view: shows both.
        banners: where messages are shown.
    """

    def __init__(self, window: QWidget, session: LiveSession, view: ImageView, banners: BannerStack) -> None:
        super().__init__(window)
        self._session = session
        self._view = view
        self._banners = banners
        self._figures = SideBySide()
        self._now: ComparisonStatus | None = None
        self._running = ""
        self._last: str | None = None
        self._cards: Mapping[str, ModelCard] = {}
        self.bar = ComparisonBar()
        self.bar.swap_wanted.connect(self.swap)
        self.bar.end_wanted.connect(self._end)
        self.menu = QMenu(tr("Compare side &by side with"), window)
        self._choices: dict[str, QAction] = {}
        for name in session.models:
            action = QAction(name, self.menu)
            action.setCheckable(True)
            action.triggered.connect(lambda _, name=name: self.choose(name))
            self.menu.addAction(action)
            self._choices[name] = action

    @property
    def model(self) -> str | None:
        """Name of the second model, None where none is compared."""
        return None if self._now is None else self._now.model

    def see(self, rendered: RenderedFrame) -> None:
        """Take the next frame in, where two models are compared."""
        if self._now is not None:
            self._figures.add(rendered)

    def refresh(self, status: LiveStatus, cards: Mapping[str, ModelCard]) -> None:
        """Show what is going on."""
        if status.comparison is not None and self._now is None:
            self._figures.restart()
        self._now, self._running, self._cards = status.comparison, status.model, cards
        self._view.set_tags(() if self._now is None else _tags(status, self._now, self._figures))
        self.bar.show_comparison(self._now)
        for name, action in self._choices.items():
            card = cards.get(name)
            action.setText(name if card is None else model_name(card))
            action.setEnabled(name != self._running and self._may_be_chosen(name))
            action.setChecked(name == self.model)

    def choose(self, name: str) -> None:
        """Compare the running model with this one; the one that it is compared with already ends it."""
        if name == self.model:
            self.end()
        elif self._may_be_chosen(name):
            self._last = name
            self._session.compare_with(name)

    def toggle(self) -> None:
        """End the comparison, or begin it with the second model of the last one, or with the first that there is."""
        if self._now is not None:
            self.end()
            return
        others = [self._last, *self._choices] if self._last in self._choices else list(self._choices)
        usable = [name for name in others if name and name != self._running and self._may_be_chosen(name)]
        if usable:
            self.choose(usable[0])
        else:
            text = tr("There is no second model with weights to compare with: Model > Compare the models imports some.")
            self._banners.show_message(Message("warning", text))

    def swap(self) -> None:
        """Let the second model run, and compare the running one with it."""
        self._session.exchange_models()

    def end(self) -> bool:
        """Go on with the running model alone; whether there was anything to end."""
        if self._now is None:
            return False
        self._session.compare_with(None)
        return True

    def _end(self) -> None:
        self.end()

    def _may_be_chosen(self, name: str) -> bool:
        card = self._cards.get(name)
        return card is None or not card.untrained


def _tags(status: LiveStatus, comparison: ComparisonStatus, figures: SideBySide) -> tuple[PaneTag, PaneTag]:
    first, second = figures.sides
    name = first.model or status.model or tr("no model yet")
    if comparison.loading:
        waiting = tr(
            "Loading {model}, {seconds} s: {reason}.",
            model=comparison.model,
            seconds=int(comparison.loading_seconds),
            reason=worded(comparison.loading_reason),
        )
        return PaneTag(f"A  {name}", _detail(first)), PaneTag(f"B  {comparison.model}", waiting=waiting)
    shown = second if second.model == comparison.model else SideFigures()
    return PaneTag(f"A  {name}", _detail(first)), PaneTag(f"B  {comparison.model}", _detail(shown))


def _detail(figures: SideFigures) -> str:
    spent = "– ms" if figures.milliseconds is None else f"{figures.milliseconds:.0f} ms"
    scores = [(SIDE_NAMES[side], figures.hands[side].score) for side in SIDES if side in figures.hands]
    hands = "  ".join(f"{wording(side)} {100 * score:.0f} %" for side, score in scores)
    return tr("{spent} a frame   {hands}", spent=spent, hands=hands or tr("no hands"))


def _button(text: str, tip: str) -> QPushButton:
    button = text_button(text, tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
