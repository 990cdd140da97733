"""The situations of benchmarks.hard_light are what they say, and hands in them are counted right."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from benchmarks.hard_light import (
    Figures,
    Hand,
    Situation,
    beside,
    darkened,
    dimmed,
    evaluate,
    overexposed,
    shrunk,
    situations,
)
from models.errors import BothhandsError
from models.values import Side

GREY = np.full((48, 64, 3), 128, np.uint8)
JOINTS = np.stack([np.linspace(10.0, 50.0, 21), np.linspace(10.0, 30.0, 21)], axis=1)


class Says:
    """A tracker that says of each frame what it was told."""

    def __init__(self, *frames: dict[Side, np.ndarray]) -> None:
        self._frames = frames

    def reset(self) -> None:
        pass

    def track(self, frame, *, independent: bool = False) -> Any:
        hands = {side: SimpleNamespace(joints_px=joints) for side, joints in self._frames[frame.index].items()}
        return SimpleNamespace(hands=SimpleNamespace(hands=hands))


def light(image: np.ndarray) -> float:
    value = image.astype(np.float64) / 255.0
    return float((((value + 0.055) / 1.055) ** 2.4).mean())


def test_darkness_is_a_share_of_the_light_and_noisy():
    dark = darkened(GREY, 0.25, np.random.default_rng(0))
    np.testing.assert_allclose(light(dark), 0.25 * light(GREY), rtol=0.03)
    assert dark.std() > 1.0


def test_dim_images_have_few_greys():
    dim = dimmed(np.tile(np.arange(256, dtype=np.uint8)[None, :, None], (8, 1, 3)), 0.08, np.random.default_rng(0))
    assert len(np.unique(dim)) < 28
    assert dim[:, 200:].mean() > dim[:, :50].mean() + 10


def test_glare_is_white_and_spreads():
    image = np.zeros((60, 60, 3), np.uint8)
    image[20:40, 20:40] = 200
    bright = overexposed(image, 8.0)
    assert (bright[25:35, 25:35] == 255).all()
    assert bright[18, 30].max() > 0


def test_points_move_with_the_pixels_of_a_shrunk_image():
    image = np.zeros((100, 200, 3), np.uint8)
    image[40:60, 100:120] = 255
    small, shift = shrunk(image, 0.25, (128, 72))
    assert small.shape == (72, 128, 3)
    rows, columns = np.nonzero(small[..., 0] > 127)
    expected = np.array([109.5, 49.5]) * 0.25 + np.array(shift)
    np.testing.assert_allclose([columns.mean(), rows.mean()], expected, atol=0.51)


def test_points_move_with_the_pixels_of_another_person():
    far = np.zeros((100, 200, 3), np.uint8)
    far[40:60, 100:120] = 255
    picture, shift = beside(np.zeros_like(far), far)
    rows, columns = np.nonzero(picture[..., 0] > 127)
    np.testing.assert_allclose(
        [columns.mean(), rows.mean()], np.array([109.5, 49.5]) * 0.55 + np.array(shift), atol=0.51
    )


def test_hands_are_counted():
    truth = [[Hand("right", JOINTS)]] * 5
    tracker = Says(
        {"right": JOINTS + 1},
        {"left": JOINTS},
        {},
        {"right": JOINTS + 100},
        {"right": JOINTS, "left": JOINTS + 2},
    )
    assert evaluate(tracker, Situation("x", [GREY] * 5, truth)) == Figures(5, wanted=5, found=2, wrong_side=1, false=2)


def test_a_second_persons_hand_may_be_left_alone_but_not_be_called_another():
    hands = [[Hand("right", JOINTS), Hand("right", JOINTS + 200, wanted=False)]] * 3
    tracker = Says({"right": JOINTS}, {"right": JOINTS, "left": JOINTS + 200}, {"right": JOINTS + 200})
    assert evaluate(tracker, Situation("x", [GREY] * 3, hands)) == Figures(3, wanted=3, found=2, wrong_side=1, false=0)


def test_a_clip_without_a_hand_is_one_sentence():
    with pytest.raises(BothhandsError, match="No hand"):
        next(situations([GREY], [None]))


def test_every_situation_has_a_truth_for_each_frame():
    frames, hands = [GREY] * 4, [Hand("right", JOINTS), None, Hand("right", JOINTS), Hand("right", JOINTS)]
    made = list(situations(frames, hands))
    assert len({situation.name for situation in made}) == len(made) == 11
    for situation in made:
        assert len(situation.frames) == len(situation.hands) == 4
        assert [sum(hand.wanted for hand in found) for found in situation.hands] == [1, 0, 1, 1]
    [small] = [situation for situation in made if situation.name == "hands of 26 px"]
    assert round(small.hands[0][0].length) == 26
