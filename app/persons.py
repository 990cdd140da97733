"""People whose hands were measured, and the shape of the hands of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from models.errors import BothhandsError
from tracking.config import HandShape

FIRST_NAME = "Me"
"""What the first person is called unless another name is typed."""
LONGEST_NAME = 40


def checked_name(name: str) -> str:
    """A person's name as it is kept, without blanks around it.

    Raises:
        ValueError: it is none.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise ValueError(f"a person's name has 1 to {LONGEST_NAME} characters that can be read")
    return name


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


def find(persons: Sequence[Person], name: str | None) -> Person | None:
    """The person of this name, None where there is none."""
    return next((person for person in persons if person.name == name), None)


def with_person(persons: Sequence[Person], person: Person) -> tuple[Person, ...]:
    """All of them and this one, in place of one of the same name."""
    if find(persons, person.name) is None:
        return (*persons, person)
    return tuple(person if other.name == person.name else other for other in persons)


def without(persons: Sequence[Person], name: str) -> tuple[Person, ...]:
    """All of them but this one."""
    return tuple(person for person in persons if person.name != name)


def renamed(persons: Sequence[Person], name: str, new: str) -> tuple[Person, ...]:
    """All of them, one of them under another name.

    Raises:
        BothhandsError: it is no name, or somebody else's.
    """
    new = given_name(new)
    if new != name and find(persons, new) is not None:
        raise BothhandsError(f"There is somebody called {new} already; choose another name.")
    return tuple(person.model_copy(update={"name": new}) if person.name == name else person for person in persons)


def given_name(name: str) -> str:
    """A name that was typed, as it is kept.

    Raises:
        BothhandsError: it is none.
    """
    try:
        return checked_name(name)
    except ValueError as error:
        raise BothhandsError(f"This name cannot be kept: {error}.") from error


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
        helps = f"known are {known}" if known else "Hands > Calibrate hand shape in the window measures one"
        raise BothhandsError(f"No hand shape is kept for {name!r:.60}; {helps}.")
    if person.hand_model != hand_model:
        raise BothhandsError(
            f"The hand shape of {name} was measured with the {person.hand_model} hand model and means nothing in the "
            f"{hand_model} one; measure it again with that."
        )
    return person
