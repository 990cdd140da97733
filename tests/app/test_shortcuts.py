"""Keys that a person chose."""

from __future__ import annotations

import pytest

from app.shortcuts import COMMANDS, check_key, choose, keys_of
from models.errors import BothhandsError


def test_the_keys_at_the_first_start_are_each_ones_alone_and_act_on_no_typing():
    keys = [command.key for command in COMMANDS.values() if command.key]
    assert len(keys) == len(set(keys))
    assert [check_key(key) for key in keys] == keys
    assert keys_of({}) == {name: command.key for name, command in COMMANDS.items()}


@pytest.mark.parametrize("key", ["", "F2", "Ctrl+J", "Ctrl+Shift+F5", "Alt+1", "Meta+Space", "Ctrl++", "Ctrl+,", "Esc"])
def test_keys(key: str):
    assert check_key(key) == key


@pytest.mark.parametrize("key", ["R", "1", "Shift+R", "Space", "Left", "Shift+Home", "+", ",", "Ctrl+A, F", "Ctrl+"])
def test_what_acts_while_a_person_types_is_no_key(key: str):
    with pytest.raises(BothhandsError):
        check_key(key)


def test_a_key_is_one_commands_alone():
    chosen = choose({}, "view", "Ctrl+R")
    assert chosen == {"view": "Ctrl+R", "record": ""}
    keys = keys_of(chosen)
    assert (keys["view"], keys["record"]) == ("Ctrl+R", "")
    assert choose(chosen, "record", "Ctrl+R") == {"view": ""}
    assert choose(choose(chosen, "record", "Ctrl+R"), "view", "Ctrl+K") == {}


@pytest.mark.parametrize(
    "chosen",
    [{"nothing": "Ctrl+J"}, {"record": "R"}, {"record": "nonsense+"}],
)
def test_a_choice_that_cannot_be_is_passed_over(chosen: dict[str, str]):
    assert keys_of(chosen) == keys_of({})


def test_of_two_commands_with_one_key_one_has_it():
    keys = keys_of({"record": "Ctrl+J", "view": "Ctrl+J", "snapshot": "Ctrl+O"})
    assert sorted([keys["record"], keys["view"]]) == ["", "Ctrl+J"]
    assert (keys["snapshot"], keys["open-file"]) == ("Ctrl+O", "")
    given = [key for key in keys.values() if key]
    assert len(given) == len(set(given))
