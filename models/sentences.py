"""Sentences that can be said in another language later on.

The program speaks English everywhere but in its window. What is written here is an ordinary string, in English, which
also remembers how it was made: the window looks its template up in the catalogue and fills the same values in.
"""

from __future__ import annotations

from typing import Any, Self


class Sentence(str):
    """An English text with its template and values.

    Attributes:
        template: with a placeholder in braces for each value.
        values: by the names of their placeholders; a value may be a `Sentence` itself.
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, text: str, template: str | None = None, values: dict[str, Any] | None = None) -> Self:
        """`say` makes them."""
        made = super().__new__(cls, text)
        made.template = text if template is None else template
        made.values = values or {}
        return made


def say(template: str, /, **values: Any) -> Sentence:
    """A sentence from its template, which is a literal where it is called, so that the catalogue can be held complete.

    Args:
        template: in English, with placeholders as `str.format` takes them.
        values: by the names of the placeholders.
    """
    return Sentence(template.format(**values) if values else template, template, values)


def joined(*parts: str, between: str = " ") -> Sentence:
    """Texts behind each other; empty ones are left out.

    Args:
        parts: the texts.
        between: what stands between two of them; a `Sentence` is translated as well.
    """
    there = {f"part{place}": part for place, part in enumerate(part for part in parts if part)}
    template = "{between}".join(f"{{{name}}}" for name in there)
    return Sentence(between.join(there.values()), template, {**there, "between": between})


def said(error: BaseException) -> str:
    """What an exception says; a `Sentence` where it was raised with one, which `str` would make a plain string of."""
    return error.args[0] if len(error.args) == 1 and isinstance(error.args[0], Sentence) else str(error)


def renamed(text: str, old: object, new: object) -> str:
    """The text, in which the same thing has another name.

    Args:
        text: a `Sentence` stays one.
        old: the name that it has there.
        new: the name that a person knows it by.
    """
    plain = text.replace(str(old), str(new))
    if not isinstance(text, Sentence):
        return plain

    def value(each: Any) -> Any:
        return renamed(each, old, new) if isinstance(each, str) else new if each == old else each

    return Sentence(plain, text.template, {name: value(each) for name, each in text.values.items()})
