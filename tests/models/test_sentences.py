"""Sentences that can be said in another language."""

from __future__ import annotations

import pickle
from pathlib import Path

from models.errors import BothhandsError
from models.sentences import Sentence, joined, renamed, said, say


def test_a_sentence_crosses_to_another_process_whole():
    """Sessions are read by a process of their own, which raises what the window says."""
    error = pickle.loads(pickle.dumps(BothhandsError(say("{count} of {what}.", count=2, what=say("all")))))
    sentence = said(error)
    assert isinstance(sentence, Sentence)
    assert sentence == "2 of all."
    assert sentence.template == "{count} of {what}."
    assert sentence.values["what"].template == "all"


def test_what_stands_between_sentences_can_be_translated_too():
    both = joined(say("One"), "", say("two"), between=say(" and "))
    assert both == "One and two"
    assert both.template == "{part0}{between}{part1}"
    assert both.values["between"].template == " and "
    assert joined("alone", between=say(" and ")) == "alone"


def test_a_thing_is_called_by_the_name_that_a_person_knows():
    hidden, known = Path("/out/.take-1234.mp4"), Path("/out/take.mp4")
    sentence = renamed(say("{path} is {why}.", path=hidden, why=say("at {path}", path=hidden)), hidden, known)
    assert sentence == f"{known} is at {known}."
    assert isinstance(sentence, Sentence)
    assert sentence.template == "{path} is {why}."
    assert sentence.values["path"] == known
    assert sentence.values["why"].values["path"] == known
    assert renamed(f"{hidden}!", hidden, known) == f"{known}!"
