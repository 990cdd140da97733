"""Files of annotated frames: what they say, and one sentence for those that say nothing."""

import json

import numpy as np
import pytest

from evaluation.annotations import load_annotations, mirrored
from models.errors import BothhandsError

HAND = {"side": "left", "box": [10, 20, 110, 70], "points": {"wrist": [12, 60], "index_tip": None}}


def written(tmp_path, content):
    path = tmp_path / "annotations.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_hands_and_their_known_points_are_read(tmp_path):
    frames = load_annotations(written(tmp_path, {"frames": {"a_1.jpg": [HAND], "a_2.jpg": []}}))
    (hand,) = frames["a_1.jpg"]
    assert (hand.side, hand.size, list(hand.points)) == ("left", 100.0, ["wrist"])
    np.testing.assert_array_equal(hand.points["wrist"], [12.0, 60.0])
    assert frames["a_2.jpg"] == ()


def test_the_mirror_image_of_a_hand_is_one_of_the_other_side(tmp_path):
    frames = load_annotations(written(tmp_path, {"frames": {"a.jpg": [HAND]}}))
    (hand,) = mirrored(frames["a.jpg"], width=200)
    assert (hand.side, list(hand.points)) == ("right", ["wrist"])
    np.testing.assert_array_equal(hand.box, [89.0, 20.0, 189.0, 70.0])
    np.testing.assert_array_equal(hand.points["wrist"], [187.0, 60.0])
    (back,) = mirrored([hand], width=200)
    np.testing.assert_array_equal(back.box, HAND["box"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not a JSON file"),
        ("[]", "no annotated frames"),
        ({"frames": {}}, "no annotated frames"),
        ({"frames": {"a.jpg": {}}}, "list of hands"),
        ({"frames": {"a.jpg": [{**HAND, "side": "middle"}]}}, "'middle'"),
        ({"frames": {"a.jpg": [{**HAND, "box": [1, 2, 3]}]}}, "box"),
        ({"frames": {"a.jpg": [{**HAND, "box": [9, 2, 3, 8]}]}}, "box"),
        ({"frames": {"a.jpg": [{**HAND, "points": {"elbow": [1, 2]}}]}}, "other names"),
        ({"frames": {"a.jpg": [{**HAND, "points": {"wrist": [1, "x"]}}]}}, "not x, y"),
    ],
)
def test_files_that_say_nothing_are_named(tmp_path, content, words):
    with pytest.raises(BothhandsError, match=words):
        load_annotations(written(tmp_path, content))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BothhandsError, match="cannot be read"):
        load_annotations(tmp_path / "none.json")
