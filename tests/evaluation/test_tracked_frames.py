"""The score of tracked hands, against cases that are counted by hand."""

import numpy as np
import pytest

from evaluation.annotations import POINT_JOINTS, AnnotatedHand
from evaluation.tracked_frames import TrackingTally, point_error
from models.values import HandParameters, HandReconstruction, Intrinsics, Reconstruction
from tracking.values import Frame, TrackedFrame

NO_PARAMETERS = HandParameters(np.zeros((16, 3)), np.zeros(10), np.zeros(3))
IMAGE = np.zeros((8, 8, 3), np.uint8)


def annotated(side, x=0.0, size=100.0):
    """A hand whose points are its box's left upper corner."""
    points = {name: np.array([x, 0.0]) for name in POINT_JOINTS}
    return AnnotatedHand(side, np.array([x, 0.0, x + size, size / 2]), points)


def tracked(readers=None, **places):
    """Hands all of whose joints lie at (x, 0)."""
    hands = {}
    for side, x in places.items():
        joints = np.tile(np.array([x, 0.0], np.float32), (21, 1))
        hands[side] = HandReconstruction(NO_PARAMETERS, np.zeros((1, 3)), np.zeros((21, 3)), joints, 1.0)
    frame = Frame(0, 0, IMAGE)
    return TrackedFrame(frame, Reconstruction(hands), {}, frozenset(), Intrinsics.assumed(8, 8), readers=readers or {})


def test_the_error_is_the_mean_over_the_points_in_parts_of_the_box():
    assert point_error(np.tile([30.0, 40.0], (21, 1)), annotated("left")) == pytest.approx(0.5)


def test_a_hand_without_points_is_compared_by_its_box():
    hand = AnnotatedHand("left", np.array([0.0, 0.0, 100.0, 50.0]))
    joints = np.zeros((21, 2))
    joints[1] = [100.0, 50.0]
    assert point_error(joints, hand) == 0.0


def test_right_wrong_side_extra_and_both_are_told_apart():
    tally = TrackingTally()
    pair = [annotated("left"), annotated("right", x=500.0)]
    tally.add(pair, tracked({"left": "both", "right": "network"}, left=10.0, right=500.0))  # both right
    tally.add(pair, tracked(left=500.0))  # the right hand called left, the left one missing
    tally.add(pair, tracked(left=0.0, right=900.0))  # an extra hand
    score = tally.score()
    assert (score.frames, score.hands, score.pairs) == (3, 6, 3)
    assert score.right == pytest.approx(3 / 6)
    assert score.wrong_side == pytest.approx(1 / 6)
    assert score.both == pytest.approx(1 / 3)
    assert score.extra == pytest.approx(1 / 3)
    assert score.error == pytest.approx(0.1 / 3)
    assert score.found_by == {
        "both": pytest.approx(1 / 3),
        "network": pytest.approx(1 / 3),
        "predicted": pytest.approx(1 / 3),
    }


def test_errors_of_hands_that_touch_are_told_from_those_apart():
    tally = TrackingTally()
    tally.add([annotated("left"), annotated("right", x=50.0)], tracked(left=20.0, right=50.0))
    tally.add([annotated("left")], tracked(left=0.0))
    score = tally.score()
    assert (score.error_touching, score.error_apart) == (pytest.approx(0.1), 0.0)


def test_nothing_gives_no_rates():
    score = TrackingTally().score()
    assert np.isnan([score.right, score.both, score.extra, score.error]).all()
