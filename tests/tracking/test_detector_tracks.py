"""Sides and tracks over made-up readings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from models.values import Detection
from tracking.detector.reading import HandReading
from tracking.detector.tracks import HandTracks, TrackedHand, _least, follow, without_duplicates

SHAPE = np.random.default_rng(3).uniform(-40, 40, (21, 2)).astype(np.float32)
FIRST, SECOND = (100.0, 100.0), (400.0, 100.0)


def reading(centre=FIRST, left=0.5, presence=0.9):
    return HandReading(presence, left, SHAPE + np.float32(centre), np.zeros((21, 3), np.float32))


def foreign(side, centre):
    landmarks = SHAPE + np.float32(centre)
    return Detection(side, 1.0, np.zeros(4, np.float32), landmarks, np.zeros((21, 3), np.float32))


class Run:
    """Feeds readings, one list per frame, each following the hand in the same place of the list."""

    def __init__(self):
        self.tracks = HandTracks()
        self.last = ()

    def step(self, *readings):
        previous = sorted(self.last, key=lambda hand: hand.landmarks[:, 0].mean())
        tracks = self.tracks.recall(previous)
        hands = [TrackedHand(r, tracks[i] if i < len(tracks) else None) for i, r in enumerate(readings)]
        self.last = self.tracks.update(hands)
        return [hand.side for hand in sorted(self.last, key=lambda hand: hand.landmarks[:, 0].mean())]


def test_new_hand_has_the_side_that_the_network_says():
    assert Run().step(reading(left=0.9)) == ["left"]
    assert Run().step(reading(left=0.1)) == ["right"]


def test_side_withstands_a_few_contrary_frames_and_yields_to_many():
    run = Run()
    for _ in range(10):
        run.step(reading(left=0.98))
    sides = [run.step(reading(left=0.02))[0] for _ in range(12)]
    flipped = sides.index("right")
    assert 3 <= flipped <= 8
    assert sides == ["left"] * flipped + ["right"] * (12 - flipped)


def test_doubt_does_not_flicker():
    run = Run()
    assert run.step(reading(left=0.8)) == ["left"]
    sides = {run.step(reading(left=left))[0] for left in [0.3, 0.6] * 10}
    assert sides == {"left"}


def test_two_hands_never_share_a_side():
    run = Run()
    assert run.step(reading(FIRST, left=0.9), reading(SECOND, left=0.7)) == ["left", "right"]
    assert Run().step(reading(FIRST, left=0.7), reading(SECOND, left=0.9)) == ["right", "left"]


def test_equal_evidence_takes_the_person_to_face_the_camera():
    assert Run().step(reading(FIRST, left=0.99), reading(SECOND, left=0.99)) == ["right", "left"]
    assert Run().step(reading(FIRST, left=0.01), reading(SECOND, left=0.01)) == ["right", "left"]


def test_sure_hand_settles_the_doubtful_one_and_keeps_it_when_alone():
    run = Run()
    for _ in range(10):
        run.step(reading(FIRST, left=0.5), reading(SECOND, left=0.02))
    alone = run.tracks.recall([hand for hand in run.last if hand.side == "left"])
    kept = run.tracks.update([TrackedHand(reading(FIRST, left=0.3), alone[0])])
    assert kept[0].side == "left"


def test_crossed_hands_keep_their_sides_although_the_network_errs():
    run = Run()
    for _ in range(10):
        run.step(reading(FIRST, left=0.02), reading(SECOND, left=0.98))
    for _ in range(3):
        assert run.step(reading(FIRST, left=0.9), reading(SECOND, left=0.9)) == ["right", "left"]


def test_forgotten_hand_starts_anew():
    run = Run()
    for _ in range(10):
        run.step(reading(left=0.98))
    run.last = ()
    assert run.step(reading(left=0.3)) == ["right"]


def test_detection_made_elsewhere_keeps_its_side_and_finds_its_track():
    tracks = HandTracks()
    tracks.update([TrackedHand(reading(FIRST, left=0.9)), TrackedHand(reading(SECOND, left=0.1))])
    recalled = tracks.recall([foreign("right", (405.0, 98.0)), foreign("left", (95.0, 103.0))])
    assert recalled[0].left_odds < 0.0 < recalled[1].left_odds
    stranger = tracks.recall([foreign("left", (900.0, 900.0))])
    assert stranger[0].left_odds > recalled[1].left_odds


def test_hand_read_twice_is_kept_once_by_the_track_that_moved_less():
    tracks = HandTracks()
    tracks.update([TrackedHand(reading(FIRST, left=0.1)), TrackedHand(reading(SECOND, left=0.9))])
    right, left = tracks.recall([foreign("right", FIRST), foreign("left", SECOND)])
    kept = without_duplicates([TrackedHand(reading((390.0, 100.0)), right), TrackedHand(reading((392.0, 101.0)), left)])
    assert [hand.track for hand in kept] == [left]


def test_new_reading_of_a_followed_hand_is_dropped_and_a_near_hand_is_not():
    track = HandTracks().recall([foreign("left", FIRST)])[0]
    followed = TrackedHand(reading(FIRST, presence=0.6), track)
    near = TrackedHand(reading((140.0, 110.0), presence=0.99))
    again = TrackedHand(reading((102.0, 101.0), presence=0.99))
    assert without_duplicates([again, near, followed]) == [followed, near]


def test_readings_are_given_to_tracks_with_the_least_movement_in_all():
    tracks = HandTracks().recall([foreign("left", (100.0, 0.0)), foreign("right", (140.0, 0.0))])
    hands = follow([reading((135.0, 0.0)), reading((170.0, 0.0)), reading((900.0, 0.0))], tracks)
    assert [hand.track for hand in hands] == [tracks[0], tracks[1], None]


@given(st.integers(1, 5), st.integers(1, 2), st.integers(0, 2**32 - 1))
def test_the_least_movement_is_scipys_assignment(readings, tracks, seed):
    distances = np.random.default_rng(seed).uniform(0.0, 100.0, (readings, tracks))
    assert sorted(_least(distances)) == list(zip(*linear_sum_assignment(distances), strict=True))


def test_surest_comes_first():
    detections = HandTracks().update(
        [TrackedHand(reading(FIRST, presence=0.6)), TrackedHand(reading(SECOND, presence=0.9))]
    )
    assert [hand.score for hand in detections] == pytest.approx([0.9, 0.6])
    np.testing.assert_allclose(detections[0].box, [*detections[0].landmarks.min(0), *detections[0].landmarks.max(0)])
