"""Notes beside weights: what they may hold, and what is said of the rest."""

import json

import pytest

from models.errors import BothhandsError
from models.hand_model import asset
from models.weights_notes import notes_or_none, read_notes


@pytest.mark.parametrize("name", ["lwa-hand", "eanet-mobile"])
def test_our_own_are_read_whole(name):
    weights = asset("weights") / f"{name}.safetensors"
    assert read_notes(weights) == json.loads(weights.with_suffix(".json").read_text(encoding="utf-8"))


def test_none_are_none(tmp_path):
    assert read_notes(tmp_path / "w.safetensors") == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the whole"),
        (b"[]", "the whole"),
        (b"\xff\xfe", "the whole"),
        (b"[" * 100_000, "the whole"),
        (b'{"sha256": 7}', "sha256"),
        (b'{"sha256": "../../x"}', "sha256"),
        (b'{"trained_on": [1]}', "trained_on.0"),
        (b'{"trained_on": "all"}', "trained_on"),
        (b'{"measured": {"x": NaN}}', "measured"),
        (b'{"precision": "f8"}', "precision"),
        (b'{"judges_presence": "yes"}', "judges_presence"),
        (b'{"widen_lone_hand": 1e9}', "widen_lone_hand"),
        (b'{"widen_lone_hand": 0}', "widen_lone_hand"),
    ],
)
def test_what_cannot_be_notes_is_named_and_fails_no_card(tmp_path, content, said):
    weights = tmp_path / "w.safetensors"
    weights.with_suffix(".json").write_bytes(content)
    with pytest.raises(BothhandsError, match=f"w.json of the weights are damaged: {said}"):
        read_notes(weights)
    assert notes_or_none(weights) == {}


def test_a_folder_in_their_place_is_none(tmp_path):
    (tmp_path / "w.json").mkdir()
    assert read_notes(tmp_path / "w.safetensors") == {}
