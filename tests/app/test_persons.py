"""People whose hands were measured."""

from __future__ import annotations

import pytest

from app.naming import find, given_name, with_one, without
from app.persons import Person, named, renamed
from models.errors import BothhandsError

ANN, BEN = Person(name="Ann", shape=(0.1,) * 10), Person(name="Ben", shape=(0.2,) * 10)


def test_a_person_is_replaced_by_one_of_the_same_name():
    other = Person(name="Ann", shape=(0.3,) * 10)
    assert with_one((ANN, BEN), other) == (other, BEN)
    assert with_one((ANN,), BEN) == (ANN, BEN)
    assert without((ANN, BEN), "Ann") == (BEN,)
    assert find((ANN, BEN), "Ben") == BEN
    assert find((ANN,), None) is None


def test_a_person_can_be_called_otherwise():
    assert [each.name for each in renamed((ANN, BEN), "Ann", "  Anna  M ")] == ["Anna M", "Ben"]
    assert renamed((ANN, BEN), "Ann", "Ann") == (ANN, BEN)
    with pytest.raises(BothhandsError, match="Ben already"):
        renamed((ANN, BEN), "Ann", "Ben")


@pytest.mark.parametrize("name", ["", "   ", "\0", "a\x1b[1m", "x" * 41])
def test_a_name_that_cannot_be_kept_is_told(name: str):
    with pytest.raises(BothhandsError, match="1 to 40 characters"):
        given_name(name)


def test_a_program_is_told_who_is_known():
    assert named((ANN, BEN), "Ben", "free") == BEN
    with pytest.raises(BothhandsError, match="known are Ann, Ben"):
        named((ANN, BEN), "Me", "free")
    with pytest.raises(BothhandsError, match="Calibrate hand shape"):
        named((), "Me", "free")
    with pytest.raises(BothhandsError, match="measured with the free hand model"):
        named((ANN,), "Ann", "mano")
