"""The models beside each other: what each is good at, how good on real video, how fast on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QShowEvent
from PyQt5.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.live.model_facts import NOT_MEASURED, ModelFacts, model_facts
from app.window.banner import BannerStack
from app.window.dialogs import DialogBeside
from app.window.language import Texts, worded
from app.window.texts import capitalized
from app.window.theme import scaled
from models.registry import ModelCard

tr = Texts("ModelCards")

WIDTH = 660
_EXPLANATION = tr.mark(
    "Shares are of 80 frames of real video that were annotated by eye, most of two hands that touch. The trackers' "
    "thresholds were chosen on these frames."
)


_COMPARE = {
    False: (
        tr.mark("Compare live"),
        tr.mark("Show the hands of {name} beside those of the model in use, over the same frames"),
    ),
    True: (
        tr.mark("End comparison"),
        tr.mark("Show the hands of the model in use alone, without those of {name} beside them"),
    ),
}


class ModelCardView(QFrame):
    """One model.

    Signals:
        wanted: the model is to be used or, where it has no weights, to get some.
        compare_wanted: it is to be compared with the running one, or no longer.
    """

    wanted = pyqtSignal()
    compare_wanted = pyqtSignal()

    def __init__(self, facts: ModelFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts = facts
        self.setObjectName("modelCard")
        self.setProperty("usable", facts.usable)
        name = _label(facts.name, "cardName", wrap=False)
        self.badge = _label(tr("in use"), "badge", wrap=False)
        self.button = QPushButton(tr("Use" if facts.usable else "Import weights…"))
        self.button.setToolTip(
            tr("Go over to {name}" if facts.usable else "Choose a published checkpoint of {name}", name=facts.name)
        )
        self.button.setAccessibleName(f"{self.button.text()}: {facts.name}")
        self.button.clicked.connect(self.wanted)
        self.compare_button = QPushButton(tr(_COMPARE[False][0]))
        self.compare_button.clicked.connect(self.compare_wanted)
        top = QHBoxLayout()
        top.addWidget(name)
        top.addWidget(self.badge)
        top.addStretch(1)
        top.addWidget(self.compare_button)
        top.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(_label(worded(facts.title), "caption"))
        if facts.good_at:
            layout.addWidget(_label(worded(facts.good_at)))
        layout.addLayout(self._figures())
        self.speed = _label(worded(facts.speed))
        layout.addWidget(self.speed)
        layout.addWidget(_label("\n".join(worded(line) for line in facts.details), "caption"))
        if not facts.usable:
            for label in self.findChildren(QLabel):
                label.setProperty("grey", True)

    def show_running(self, running: bool, loading: bool, compared: bool = False) -> None:
        """Whether this is the model in use, whether any model is being loaded, and whether this is compared with it."""
        self.badge.setVisible(running)
        self.compare_button.setVisible(self.facts.usable and not running)
        text, tip = _COMPARE[compared]
        self.compare_button.setText(tr(text))
        self.compare_button.setToolTip(tr(tip, name=self.facts.name))
        self.compare_button.setAccessibleName(f"{tr(text)}: {self.facts.name}")
        self.button.setVisible(not running)
        self.button.setEnabled(not loading)

    def show_speed(self, facts: ModelFacts) -> None:
        """Say anew how fast it is: all else stays, so that a button keeps its focus."""
        self.facts = facts
        self.speed.setText(worded(facts.speed))

    def _figures(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(0)
        if not self.facts.figures:
            grid.addWidget(_label(capitalized(worded(NOT_MEASURED)), "caption", wrap=False), 0, 0)
        for column, figure in enumerate(self.facts.figures):
            for row, (text, kind) in enumerate(((worded(figure.value), "figure"), (worded(figure.name), "caption"))):
                label = _label(text, kind, wrap=False)
                label.setToolTip(worded(figure.meaning))
                grid.addWidget(label, row, column)
        grid.setColumnStretch(max(len(self.facts.figures), 1), 1)
        return grid


class ModelCards(DialogBeside):
    """A window with every model's card; blocks nothing.

    Signals:
        model_chosen: name of a model to use.
        import_wanted: name of a model that is to get weights.
        compare_wanted: name of a model to compare with the running one, or no longer.
    """

    model_chosen = pyqtSignal(str)
    import_wanted = pyqtSignal(str)
    compare_wanted = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Bothhands: models"))
        self.setModal(False)
        self.resize(WIDTH, 640)
        self.banners = BannerStack(margin=0)
        self.cards: dict[str, ModelCardView] = {}
        self._laid_out = False
        self._column = QVBoxLayout()
        self._column.setSpacing(10)
        body = QWidget()
        body.setObjectName("panel")
        outer = QVBoxLayout(body)
        outer.addLayout(self._column)
        outer.addWidget(_label(tr(_EXPLANATION), "caption"))
        outer.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("cardScroll")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.hide)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(self.banners)
        layout.addWidget(scroll, 1)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

    def showEvent(self, a0: QShowEvent | None) -> None:  # noqa: N802
        """Qt: as wide as the figures need at the size that text has now."""
        super().showEvent(a0)
        self.resize(max(self.width(), scaled(WIDTH)), self.height())

    def show_models(
        self,
        cards: Mapping[str, ModelCard],
        milliseconds: Mapping[str, float],
        running: str,
        loading: bool,
        compared: str | None = None,
    ) -> None:
        """Show what is known.

        Args:
            cards: by name; empty while they are read.
            milliseconds: for an image on this machine, by name.
            running: name of the model in use.
            loading: a model is being loaded.
            compared: name of the model that is compared with it, None for none.
        """
        for row, (name, card) in enumerate(cards.items()):
            its = model_facts(card, milliseconds.get(name))
            shown = self.cards.get(name)
            if shown is None or replace(shown.facts, speed=its.speed) != its:
                self._place(row, its)
            elif shown.facts != its:
                shown.show_speed(its)
        for name, view in self.cards.items():
            view.show_running(name == running, loading, name == compared)

    def prepare(self, cards: Mapping[str, ModelCard], milliseconds: Mapping[str, float]) -> None:
        """Do one more step of what the first opening needs: all at once, the window would stand still for it.

        Args:
            cards: by name.
            milliseconds: for an image on this machine, by name.
        """
        for row, (name, card) in enumerate(cards.items()):
            if name not in self.cards:
                self._place(row, model_facts(card, milliseconds.get(name)))
                for part in (self.cards[name], *self.cards[name].findChildren(QWidget)):
                    part.ensurePolished()
                return
        layout = self.layout()
        if cards and not self._laid_out and layout is not None:
            self._laid_out = True
            self.ensurePolished()
            layout.activate()

    def _place(self, row: int, facts: ModelFacts) -> None:
        view = ModelCardView(facts)
        view.wanted.connect(
            lambda: (self.model_chosen if facts.usable else self.import_wanted).emit(facts.name)  # type: ignore[attr-defined]
        )
        view.compare_wanted.connect(lambda: self.compare_wanted.emit(facts.name))
        old = self.cards.pop(facts.name, None)
        if old is not None:
            self._column.replaceWidget(old, view)
            old.hide()
            old.deleteLater()
        else:
            self._column.insertWidget(row, view)
        self.cards[facts.name] = view


def _label(text: str, kind: str = "", *, wrap: bool = True) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if kind:
        label.setObjectName(kind)
    return label
