"""People whose hands were measured, and the shape of the hands of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.naming import LONGEST_NAME, checked_name, find, with_one_renamed
from models.errors import BothhandsError
from models.sentences import say
from tracking.config import HandShape

FIRST_NAME = "Me"
"""What the first person is called unless another name is typed."""


class Person(BaseModel):
    """Somebody whose hands were measured.

    Attributes:
        name: what they are called.
        hand_model: "free" or "mano": the numbers of a shape mean something in one hand model only.
        shape: of both hands, (10,) standard deviations.
    """

    model_config = ConfigDict(frozen=True)

    name: Annotated[str, AfterValidator(checked_name)]
    shape: HandShape
    hand_model: str = Field(default="free", min_length=1, max_length=LONGEST_NAME)


def renamed(persons: Sequence[Person], name: str, new: str) -> tuple[Person, ...]:
    """All of them, one of them under another name.

    Raises:
        BothhandsError: it is no name, or somebody else's.
    """
    return with_one_renamed(
        persons,
        name,
        new,
        lambda taken: say("There is somebody called {name} already; choose another name.", name=taken),
    )


def named(persons: Sequence[Person], name: str, hand_model: str) -> Person:
    """The person of this name, for a program that is told to use their shape.

    Args:
        persons: all of them.
        name: of one.
        hand_model: that is in use.

    Raises:
        BothhandsError: there is no such person, or their shape is of another hand model.
    """
    person = find(persons, name)
    if person is None:
        known = ", ".join(other.name for other in persons)
        helps = (
            say("known are {known}", known=known)
            if known
            else say("Hands > Calibrate hand shape in the window measures one")
        )
        raise BothhandsError(say("No hand shape is kept for {name!r:.60}; {helps}.", name=name, helps=helps))
    if person.hand_model != hand_model:
        raise BothhandsError(
            say(
                "The hand shape of {name} was measured with the {hand_model} hand model and means nothing in "
                "the {other} one; measure it again with that.",
                name=name,
                hand_model=person.hand_model,
                other=hand_model,
            )
        )
    return person
