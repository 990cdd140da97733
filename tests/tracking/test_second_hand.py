"""How often the two-hand network is asked beside a lone hand, and how soon a second hand is found all the same."""

from tests.tracking.test_hand_pair_tracker import FRAME_NS, FakeNetwork, World, follow, landmarks, reading, tracker

SECOND = 31
"""Frames, a little more than a second."""


def settled(world: World, network: FakeNetwork, frames: int = 4 * SECOND, **policy):
    """A tracker that has followed what is there for some seconds, and the frames that it saw."""
    subject = tracker(world, network, **policy)
    follow(subject, frames)
    return subject, frames


def calls_in(subject, network: FakeNetwork, first: int, frames: int) -> int:
    before = network.calls
    follow(subject, frames, first=first)
    return network.calls - before


def alone() -> tuple[World, FakeNetwork]:
    return World([reading("right", 300, 300)]), FakeNetwork(right=landmarks("right", 300, 300))


def test_beside_a_lone_hand_the_network_is_asked_often_at_first_and_then_once_a_second():
    world, network = alone()
    subject = tracker(world, network)
    assert calls_in(subject, network, 0, 12) == 4
    follow(subject, 4 * SECOND, first=12)
    assert calls_in(subject, network, 12 + 4 * SECOND, 3 * SECOND) == 3


def test_a_second_hand_that_palm_detection_sees_is_found_within_three_tenths_of_a_second():
    world, network = alone()
    subject, seen = settled(world, network)
    world.hands = [*world.hands, reading("left", 500, 300)]
    shown = follow(subject, int(0.3e9 // FRAME_NS), first=seen)
    assert set(shown) == {"left", "right"}


def test_a_second_hand_that_the_network_alone_sees_is_found_within_a_second():
    world, network = alone()
    subject, seen = settled(world, network)
    world.hands, world.palm_scores = [*world.hands, reading("left", 380, 300)], [0.9, 0.0]
    network.hands["left"] = landmarks("left", 380, 300)
    shown = follow(subject, SECOND + 3, first=seen)
    assert set(shown) == {"left", "right"}


def is_asked_again(change) -> bool:
    """Whether a change is news: the network is asked as often as at first for a while."""
    world, network = alone()
    subject, seen = settled(world, network)
    change(world, network)
    return calls_in(subject, network, seen, 12) >= 3


def test_nothing_new_is_no_news():
    assert not is_asked_again(lambda world, network: None)


def test_a_palm_of_low_score_is_news():
    def change(world, network):
        world.hands, world.palm_scores = [*world.hands, reading("left", 500, 300, presence=0.1)], [0.9, 0.2]

    assert is_asked_again(change)


def test_a_hand_that_something_may_cover_is_news():
    def change(world, network):
        world.hands = [reading("right", 300, 300, presence=0.8)]

    assert is_asked_again(change)


def test_a_hand_that_moved_elsewhere_is_news():
    world, network = World([reading("right", 200, 300)]), FakeNetwork(right=landmarks("right", 200, 300))
    subject, seen = settled(world, network)
    before = network.calls
    for step in range(18):
        world.hands = [reading("right", 200 + 20 * step, 300)]
        network.hands = {"right": landmarks("right", 200 + 20 * step, 300)}
        follow(subject, 1, first=seen + step)
    assert network.calls - before >= 2


def test_after_a_pair_the_other_hand_is_looked_for_as_often_as_at_first():
    world, network = alone()
    world.hands = [*world.hands, reading("left", 500, 300)]
    network.hands["left"] = landmarks("left", 500, 300)
    subject, seen = settled(world, network, frames=10)
    del world.hands[1], network.hands["left"]
    follow(subject, SECOND + 6, first=seen)  # while it is lost every frame is searched
    assert calls_in(subject, network, seen + SECOND + 6, 18) >= 5


def test_another_take_begins_with_often():
    world, network = alone()
    subject, seen = settled(world, network)
    subject.reset()
    assert calls_in(subject, network, seen, 12) == 4
