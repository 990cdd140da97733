"""What a person keeps under names of their own: hand shapes of people, profiles of settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, Self, TypeVar

from models.errors import BothhandsError
from models.sentences import say

LONGEST_NAME = 40


class Named(Protocol):
    """Something that is kept under a name."""

    @property
    def name(self) -> str:
        """By which it is found; no two have the same."""
        ...

    def model_copy(self, *, update: Mapping[str, Any]) -> Self:
        """Itself with other values, which are not checked: pydantic's."""
        ...


_Kept = TypeVar("_Kept", bound=Named)


def checked_name(name: str) -> str:
    """A name as it is kept, without blanks around it.

    Raises:
        ValueError: it is none.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise ValueError(f"a name has 1 to {LONGEST_NAME} characters that can be read")
    return name


def given_name(name: str) -> str:
    """A name that was typed, as it is kept.

    Raises:
        BothhandsError: it is none.
    """
    try:
        return checked_name(name)
    except ValueError as error:
        raise BothhandsError(
            say("This name cannot be kept; a name has 1 to {most} characters that can be read.", most=LONGEST_NAME)
        ) from error


def find(kept: Sequence[_Kept], name: str | None) -> _Kept | None:
    """The one of this name, None where there is none."""
    return next((one for one in kept if one.name == name), None)


def with_one(kept: Sequence[_Kept], new: _Kept) -> tuple[_Kept, ...]:
    """All of them and this one, in place of one of the same name."""
    if find(kept, new.name) is None:
        return (*kept, new)
    return tuple(new if one.name == new.name else one for one in kept)


def without(kept: Sequence[_Kept], name: str) -> tuple[_Kept, ...]:
    """All of them but the one of this name."""
    return tuple(one for one in kept if one.name != name)


def with_one_renamed(kept: Sequence[_Kept], name: str, new: str, taken: Callable[[str], str]) -> tuple[_Kept, ...]:
    """All of them, one of them under another name.

    Args:
        kept: all of them.
        name: of the one.
        new: as it was typed.
        taken: the sentence that tells that another one has this name.

    Raises:
        BothhandsError: it is no name, or another one's.
    """
    new = given_name(new)
    if new != name and find(kept, new) is not None:
        raise BothhandsError(taken(new))
    return tuple(one.model_copy(update={"name": new}) if one.name == name else one for one in kept)
