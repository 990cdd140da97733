"""The tracker of both hands with a landmark network that is told where the hands are.

`World` answers as the landmark network does: a region that holds most of a hand gets that hand's landmarks; one that
holds none gets a low presence.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from models.values import HandParameters, HandReconstruction, Intrinsics, Reconstruction
from tracking.detector.palm import KEYPOINT_LANDMARKS, Palm
from tracking.detector.reading import HandReading
from tracking.hands.pair_tracker import HandPairTracker
from tracking.hands.policy import TrackingPolicy
from tracking.hands.readers import NetworkReader

IMAGE = np.zeros((480, 640, 3), np.uint8)
CAMERA = Intrinsics.assumed(640, 480)
FRAME_NS = 33_000_000
REST = np.array(
    [[0, 0], [-20, -15], [-35, -30], [-45, -45], [-52, -58], [-18, -55], [-22, -75], [-24, -88], [-25, -100],
     [0, -58], [0, -80], [0, -95], [0, -108], [16, -54], [18, -74], [19, -87], [20, -98], [30, -45], [34, -60],
     [37, -70], [39, -80]], np.float32,
)  # fmt: skip
"""An upright right hand's landmarks, px, its thumb to the left of the image."""


def landmarks(side, x, y):
    return (REST * ([1, 1] if side == "right" else [-1, 1]) + [x, y]).astype(np.float32)


def reading(side, x, y, presence=0.98, sure=0.97):
    points = landmarks(side, x, y)
    world = np.concatenate([points - points.mean(axis=0), np.zeros((21, 1))], axis=1) / 1000.0
    return HandReading(presence, sure if side == "left" else 1.0 - sure, points, world.astype(np.float32))


NOTHING = replace(reading("right", 0, 0), presence=0.02)


@dataclass
class World:
    """Hands that there are, and those that have a palm to be detected."""

    hands: list[HandReading]
    palm_scores: list[float] = field(default_factory=list)
    searches: int = 0
    reads: int = 0

    def palms(self, image, least_score):
        self.searches += 1
        scores = self.palm_scores or [0.9] * len(self.hands)
        found = []
        for hand, score in zip(self.hands, scores, strict=True):
            points = hand.landmarks[list(KEYPOINT_LANDMARKS)]
            if score >= least_score:
                found.append(Palm(score, np.concatenate([points.min(0), points.max(0)]), points))
        return sorted(found, key=lambda palm: -palm.score)

    def read(self, image, regions):
        self.reads += len(regions)
        return [self._answer(region) for region in regions]

    def _answer(self, region):
        def distance(hand):
            return float(np.hypot(*(hand.landmarks[[0, 5, 9, 17]].mean(axis=0) - [region.x, region.y])))

        nearest = min(self.hands, key=distance, default=None)
        return nearest if nearest is not None and distance(nearest) < 0.4 * region.side else NOTHING


class FakeNetwork:
    """A two-hand network that sees what it is told."""

    def __init__(self, **hands):
        self.hands, self.calls, self.presence = hands, 0, 0.9

    def reconstruct(self, crops):
        self.calls += 1
        nothing = HandParameters(np.zeros((16, 3)), np.zeros(10), np.zeros(3))
        return [
            Reconstruction(
                {
                    side: HandReconstruction(nothing, np.zeros((778, 3)), np.zeros((21, 3)), places, self.presence)
                    for side, places in self.hands.items()
                }
            )
            for _ in crops
        ]

    def reset(self):
        pass


def tracker(world, network=None, *, locked=False, **policy):
    reader = None if network is None else NetworkReader(network)
    subject = HandPairTracker(world, reader, TrackingPolicy(**policy))
    subject.lock_sides = locked
    return subject


def follow(subject, frames, first=0):
    """The hands of the last of so many frames."""
    shown = {}
    for index in range(first, first + frames):
        shown = subject.observe(IMAGE, CAMERA, (index + 1) * FRAME_NS)
    return shown


def place(hand):
    return hand.reading.landmarks.mean(axis=0)


def test_both_hands_of_a_image_are_found_and_sided():
    world = World([reading("right", 200, 300), reading("left", 440, 300)])
    shown = follow(tracker(world), 2)
    assert set(shown) == {"left", "right"}
    assert place(shown["left"])[0] > place(shown["right"])[0]


def test_hands_that_are_tracked_need_no_search():
    world = World([reading("right", 200, 300), reading("left", 440, 300)])
    subject = tracker(world)
    follow(subject, 2)
    before = world.searches, world.reads
    follow(subject, 10, first=2)
    assert (world.searches - before[0], world.reads - before[1]) == (0, 20)


def test_a_moving_hand_is_followed_by_its_own_movement():
    world = World([reading("right", 100, 300)])
    subject = tracker(world)
    for index in range(12):
        world.hands = [reading("right", 100 + 30 * index, 300)]
        shown = subject.observe(IMAGE, CAMERA, (index + 1) * FRAME_NS)
    assert place(shown["right"]) == pytest.approx(place_of("right", 430), abs=1.0)


def place_of(side, x, y=300):
    return landmarks(side, x, y).mean(axis=0)


def test_a_hand_that_leaves_is_not_shown_any_more():
    world = World([reading("right", 200, 300), reading("left", 440, 300)])
    subject = tracker(world)
    follow(subject, 3)
    world.hands = world.hands[:1]
    assert set(follow(subject, 1, first=3)) == {"right"}


def test_a_hand_without_a_palm_is_found_where_the_network_sees_it():
    world = World([reading("right", 200, 300), reading("left", 300, 300)], palm_scores=[0.9, 0.0])
    alone = follow(tracker(world), 12)
    assert set(alone) == {"right"}
    network = FakeNetwork(left=landmarks("left", 305, 300), right=landmarks("right", 200, 300))
    shown = follow(tracker(world, network), 12)
    assert set(shown) == {"left", "right"}
    assert shown["left"].reading is not None


def test_a_mirrored_partner_is_found_where_the_network_only_says_that_there_is_one():
    """The network's own place for the second hand is wrong; hands that meet mirror each other."""
    world = World([reading("right", 240, 300), reading("left", 300, 300)], palm_scores=[0.9, 0.0])
    network = FakeNetwork(left=landmarks("left", 560, 120), right=landmarks("right", 240, 300))
    assert set(follow(tracker(world, network), 12)) == {"left", "right"}


def test_what_only_the_landmark_network_takes_for_a_hand_is_not_shown_at_once():
    ghost = reading("left", 440, 200, presence=0.85)
    world = World([reading("right", 200, 300), ghost], palm_scores=[0.9, 0.3])
    assert set(follow(tracker(world, FakeNetwork(right=landmarks("right", 200, 300))), 12)) == {"right"}


def test_one_hand_is_never_shown_twice():
    world = World([reading("right", 200, 300), reading("left", 440, 300)])
    subject = tracker(world)
    follow(subject, 3)
    for index in range(3, 30):  # the left hand goes behind the right one, whose landmarks both regions then get
        x = max(440 - 20 * (index - 3), 215)
        world.hands = [reading("right", 200, 300)] + ([reading("left", x, 300)] if x > 230 else [])
        shown = subject.observe(IMAGE, CAMERA, (index + 1) * FRAME_NS)
    assert set(shown) == {"right"}


def test_a_covered_hand_is_carried_by_the_network_and_dropped_without_it():
    world = World([reading("right", 200, 300), reading("left", 330, 300)])
    network = FakeNetwork(left=landmarks("left", 330, 300), right=landmarks("right", 200, 300))
    subject = tracker(world, network)
    follow(subject, 3)
    world.hands = world.hands[:1]
    shown = follow(subject, 3, first=3)
    assert shown["left"].reading is None
    assert shown["left"].network is not None
    network.hands = {"right": network.hands["right"]}
    assert set(follow(subject, 1, first=6)) == {"right"}


@pytest.mark.parametrize(("presence", "carried"), [(0.8, {"left", "right"}), (0.6, {"right"})])
def test_the_only_witness_of_a_hand_must_be_surer_than_one_of_two(presence: float, carried: set[str]):
    """In a blur that only the network sees it is a hand less often than where a landmark network agrees."""
    world = World([reading("right", 200, 300), reading("left", 330, 300)])
    network = FakeNetwork(left=landmarks("left", 330, 300), right=landmarks("right", 200, 300))
    subject = tracker(world, network)
    follow(subject, 3)
    world.hands, network.presence = world.hands[:1], presence
    assert set(follow(subject, 1, first=3)) == carried


def test_a_single_frame_of_the_other_side_does_not_swap_hands():
    world = World([reading("right", 200, 300), reading("left", 440, 300)])
    subject = tracker(world)
    follow(subject, 6)
    right = replace(reading("right", 200, 300), left=0.97)
    world.hands = [right, replace(reading("left", 440, 300), left=0.03)]
    shown = follow(subject, 1, first=6)
    assert place(shown["right"])[0] < place(shown["left"])[0]


def test_two_right_hands_stay_right_hands():
    """Two people: nobody's right hand becomes a left one because a left one is missing."""
    world = World([reading("right", 150, 300), reading("right", 450, 300)])
    assert set(follow(tracker(world), 12)) == {"right"}


def test_a_fast_hand_is_found_by_its_palm_though_it_is_a_blur():
    """The landmark network is sure neither that it is a hand nor of its side."""
    world = World([reading("right", 200, 300)])
    subject = tracker(world)
    follow(subject, 5)
    world.hands = [replace(reading("left", 330, 300), presence=0.4, left=0.6, landmarks=landmarks("right", 330, 300))]
    shown = follow(subject, 1, first=5)
    assert place(shown["right"])[0] > 300
    world.palm_scores = [0.2]
    world.hands = [replace(world.hands[0], landmarks=landmarks("right", 460, 300))]
    assert not follow(subject, 1, first=6)


def test_of_two_lost_hands_the_nearer_one_is_found_again():
    """Whatever a blurred answer says of its side."""
    right, left = reading("right", 200, 300), reading("left", 440, 300)
    world = World([right, left])
    subject = tracker(world)
    follow(subject, 6)
    world.hands = []
    follow(subject, 1, first=6)
    world.hands = [replace(reading("left", 470, 330), left=0.3)]
    shown = follow(subject, 1, first=7)
    assert set(shown) == {"left"}


def test_two_hands_that_were_first_seen_in_one_frame_are_both_found_again():
    right, left = reading("right", 200, 300), reading("left", 440, 300)
    world = World([right, left])
    subject = tracker(world, FakeNetwork())
    assert set(follow(subject, 6)) == {"left", "right"}
    world.hands = []
    follow(subject, 2, first=6)
    # Not where they were, and without sure palms or a network that sees them: only their tracks speak for them.
    world.hands, world.palm_scores = [reading("right", 200, 400), reading("left", 440, 400)], [0.2, 0.2]
    assert set(follow(subject, 1, first=8)) == {"left", "right"}


def test_an_independent_image_remembers_nothing():
    subject = tracker(World([reading("right", 200, 300)]))
    subject.observe(IMAGE, CAMERA, 1, independent=True)
    subject._landmarks.hands = []
    assert subject.observe(IMAGE, CAMERA, 2, independent=True) == {}


def test_a_region_that_slid_onto_another_scale_is_not_believed():
    world = World([reading("right", 200, 300), reading("left", 440, 300)])
    subject = tracker(world)
    follow(subject, 3)
    large = reading("left", 440, 300)
    grown = replace(large, landmarks=(large.landmarks - [440, 300]) * 2.0 + np.array([440, 300], np.float32))
    world.hands = [world.hands[0], grown]
    world.palm_scores = [0.9, 0.0]
    assert set(follow(subject, 1, first=3)) == {"right"}


def taken_for_the_other(hand):
    """The same landmarks, sure to be of the other side."""
    return replace(hand, left=1.0 - hand.left)


def sides_and_places(shown):
    return {side: round(float(place(hand)[0])) for side, hand in shown.items()}


@pytest.mark.parametrize(("locked", "side"), [(False, "left"), (True, "right")])
def test_a_lone_hand_changes_its_side_by_evidence_unless_sides_are_locked(locked, side):
    world = World([reading("right", 200, 300)])
    subject = tracker(world, locked=locked)
    assert set(follow(subject, 5)) == {"right"}
    world.hands = [taken_for_the_other(world.hands[0])]
    assert set(follow(subject, 30, first=5)) == {side}


@pytest.mark.parametrize("locked", [False, True])
def test_both_hands_change_their_sides_by_evidence_unless_sides_are_locked(locked):
    right, left = reading("right", 200, 300), reading("left", 440, 300)
    world = World([right, left])
    subject = tracker(world, locked=locked)
    before = sides_and_places(follow(subject, 5))
    world.hands = [taken_for_the_other(right), taken_for_the_other(left)]
    after = sides_and_places(follow(subject, 30, first=5))
    assert after == (before if locked else {"left": before["right"], "right": before["left"]})


@pytest.mark.parametrize(("locked", "side"), [(False, "left"), (True, "right")])
def test_a_locked_hand_that_was_lost_for_a_moment_is_found_as_itself(locked, side):
    """A reading of the other side where it was is no new hand."""
    world = World([reading("right", 200, 300)])
    subject = tracker(world, locked=locked)
    follow(subject, 5)
    world.hands = []
    assert not follow(subject, 1, first=5)
    world.hands = [taken_for_the_other(reading("right", 210, 300))]
    assert set(follow(subject, 3, first=6)) == {side}


def test_a_new_hand_beside_a_locked_one_has_the_other_side():
    """Though the locked one is taken for it by now."""
    right = reading("right", 200, 300)
    world = World([right])
    subject = tracker(world, locked=True)
    follow(subject, 5)
    world.hands = [taken_for_the_other(right), reading("left", 440, 300)]
    shown = follow(subject, 12, first=5)
    assert sides_and_places(shown) == {
        "right": round(place_of("right", 200)[0]),
        "left": round(place_of("left", 440)[0]),
    }


def test_sides_that_are_locked_no_more_are_decided_by_what_is_read_from_then_on():
    world = World([reading("right", 200, 300)])
    subject = tracker(world, locked=True)
    follow(subject, 5)
    world.hands = [taken_for_the_other(world.hands[0])]
    follow(subject, 30, first=5)
    subject.lock_sides = False
    assert set(follow(subject, 10, first=35)) == {"left"}


def test_a_lock_changes_nothing_where_the_readings_agree():
    world = World([reading("right", 200, 300), reading("left", 440, 300)])
    subjects = [tracker(world, locked=locked) for locked in (False, True)]
    for index in range(20):
        world.hands = [reading("right", 200 + 3 * index, 300), reading("left", 440, 300 - 2 * index)][: 1 + index % 7]
        free, locked = (subject.observe(IMAGE, CAMERA, (index + 1) * FRAME_NS) for subject in subjects)
        assert {side: hand.left_odds for side, hand in free.items()} == {
            side: hand.left_odds for side, hand in locked.items()
        }
        assert sides_and_places(free) == sides_and_places(locked)


def test_while_no_hand_is_followed_a_lock_holds_nothing():
    world = World([reading("right", 200, 300)])
    subject = tracker(world, locked=True)
    follow(subject, 5)
    world.hands = []
    follow(subject, 40, first=5)
    world.hands = [reading("left", 200, 300)]
    assert set(follow(subject, 3, first=45)) == {"left"}
