"""What a person reads of a model before choosing it: what it is good at, how good and how fast it is."""

from __future__ import annotations

from dataclasses import dataclass

from models.registry import ModelCard
from models.sentences import say

NOT_MEASURED = say("not measured on real video")
_FIGURES = (
    (
        "right",
        say("hands right"),
        say("Hands of the right side that lie within a quarter of their box of where they are"),
        True,
    ),
    ("both", say("both right"), say("Images of two hands in which both are right"), True),
    ("wrong_side", say("wrong side"), say("Left hands taken for right ones, and the other way round"), True),
    ("extra_per_frame", say("extra a frame"), say("Hands shown where there are none"), False),
    ("nme", say("error"), say("Mean distance of the joints of right hands, as a share of the hand's box"), True),
)


@dataclass(frozen=True)
class Figure:
    """One measured figure.

    Attributes:
        name: for people.
        value: with its unit.
        meaning: what it counts, a sentence.
    """

    name: str
    value: str
    meaning: str


@dataclass(frozen=True)
class ModelFacts:
    """A model's card in words.

    Attributes:
        name: what `--model` takes.
        title: one line.
        good_at: for what it should be chosen; "" where nobody says.
        figures: on real video; empty where nobody measured.
        speed: of this machine, a sentence.
        details: weights, licence and paper, a line each.
        usable: whether it has what it needs; the others are shown grey.
    """

    name: str
    title: str
    good_at: str
    figures: tuple[Figure, ...]
    speed: str
    details: tuple[str, ...]
    usable: bool


def model_facts(card: ModelCard, milliseconds: float | None = None) -> ModelFacts:
    """The words for a card.

    Args:
        card: of the model.
        milliseconds: that it was measured to take for an image on this machine, None where it has not run yet.
    """
    size = (
        say("{count:.1f} million weights", count=card.parameters / 1e6)
        if card.parameters
        else say("no network of its own to train")
    )
    details = (size, say("Licence: {licence}", licence=card.licence) if card.licence else "", card.paper)
    return ModelFacts(
        name=card.name,
        title=card.title,
        good_at=card.good_at,
        figures=tuple(
            Figure(name, _value(card.real_video[key], share), meaning)
            for key, name, meaning, share in _FIGURES
            if key in card.real_video
        ),
        speed=_speed(card, milliseconds),
        details=tuple(line for line in details if line),
        usable=not card.untrained,
    )


def _value(value: float, share: bool) -> str:
    return say("{percent:.0f} %", percent=100 * value) if share else say("{value:.2f}", value=value)


def _speed(card: ModelCard, milliseconds: float | None) -> str:
    if card.untrained:
        return say("No weights are installed, so its hands would mean nothing.")
    if milliseconds is None:
        return say("Not run on this machine yet: use it for a few seconds to see how fast it is.")
    return say(
        "{milliseconds:.0f} ms a frame on this machine, at most {rate:.0f} a second",
        milliseconds=milliseconds,
        rate=1000 / max(milliseconds, 1e-3),
    )
