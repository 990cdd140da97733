"""How finely hands are drawn."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.live.crispness import BUDGET_MS, Crispness


def drawn(crispness: Crispness, screen: float, cost: float, frames: int) -> list[float]:
    """Scales at which frames are drawn, on a machine that takes so many milliseconds for each frame's px."""
    scales = []
    for _ in range(frames):
        scales.append(crispness.scale(screen))
        crispness.add(scales[-1], cost * scales[-1] ** 2)
    return scales


def test_with_time_enough_the_screens_own_pixels_are_drawn():
    assert set(drawn(Crispness(), 3.0, 1.0, 300)) == {3.0}


def test_without_it_as_many_as_there_is_time_for():
    scales = drawn(Crispness(), 6.0, 4.5, 300)
    assert scales[0] == 6.0
    assert scales.index(2.0) < 10, "at once"
    assert set(scales[20:]) == {2.0}


def test_on_a_slow_machine_hands_are_drawn_into_the_frame():
    assert drawn(Crispness(), 2.0, 30.0, 50)[-1] == 1.0


def test_a_screen_that_is_hardly_larger_than_the_frame_is_not_worth_it():
    assert set(drawn(Crispness(), 1.2, 0.1, 20)) == {1.0}
    assert set(drawn(Crispness(), 0.5, 0.1, 20)) == {1.0}


def test_it_becomes_finer_only_after_a_while_and_with_room_to_spare():
    crispness = Crispness()
    assert drawn(crispness, 4.0, 3.0, 50)[-1] == 4.0 / 2.0
    just_enough = drawn(crispness, 4.0, 0.9 * BUDGET_MS / 4.0**2, 300)
    assert just_enough[-1] == pytest.approx(4.0 / 1.5), "the next step would take nine tenths of the time"
    much = drawn(crispness, 4.0, 0.5 * BUDGET_MS / 4.0**2, 200)
    assert much[-1] == 4.0
    assert much.index(4.0) > 10, "a few quick frames are not enough"


def test_a_machine_at_the_edge_does_not_go_back_and_forth():
    crispness = Crispness()
    scales = []
    for number in range(1000):
        scales += drawn(crispness, 4.0, (0.95, 1.05)[number // 40 % 2] * BUDGET_MS / 4.0**2, 1)
    assert sum(before != after for before, after in pairwise(scales)) <= 1


def test_single_slow_frames_change_nothing():
    crispness = Crispness()
    for number in range(300):
        assert crispness.scale(3.0) == 3.0
        crispness.add(3.0, 500.0 if number % 5 == 4 else 9.0)


def test_another_size_on_the_screen_is_judged_anew():
    crispness = Crispness()
    assert drawn(crispness, 6.0, 4.5, 50)[-1] == 2.0
    assert drawn(crispness, 3.0, 4.5, 10)[-1] == 1.5, "with room to spare, and without a wait"
    assert drawn(crispness, 2.0, 2.0, 50)[-1] == 2.0
