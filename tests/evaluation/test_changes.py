"""Frames made harder: what was annotated lies where its pixels have gone."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.harder_frames import changes, coarse, farther, turned
from evaluation.annotations import AnnotatedHand
from evaluation.changes import Change, mirror_image

POINT = (60.0, 35.0)


def spot() -> tuple[np.ndarray, AnnotatedHand]:
    """A bright spot of 7 px, and a hand around it."""
    image = np.zeros((96, 128, 3), np.uint8)
    x, y = (int(value) for value in POINT)
    image[y - 3 : y + 4, x - 3 : x + 4] = 255
    return image, AnnotatedHand("left", np.array([40.0, 20.0, 80.0, 50.0]), {"wrist": np.array(POINT)})


@pytest.mark.parametrize(
    ("change", "side", "size"),
    [
        (mirror_image, "right", 40.0),
        (turned(25.0), "left", 40.0),
        (turned(-90.0), "left", 40.0),
        (farther(0.5), "left", 20.0),
        (coarse(1 / 3, 90), "left", 40.0),
    ],
)
def test_a_point_stays_on_what_it_marks(change: Change, side: str, size: float):
    image, hand = spot()
    made, (moved,) = change(image, [hand])
    assert made.shape == image.shape
    assert made.dtype == np.uint8
    seen = np.argwhere(made[..., 0] > 100)[:, ::-1].mean(axis=0)
    np.testing.assert_allclose(moved.points["wrist"], seen, atol=0.8)
    assert (moved.side, moved.size) == (side, pytest.approx(size))
    middle = (moved.box[:2] + moved.box[2:]) / 2.0
    assert np.linalg.norm(middle - moved.points["wrist"]) == pytest.approx(0.0, abs=0.6)


def test_the_benchmark_makes_darker_and_coarser_frames_of_the_same_hands():
    image = np.random.default_rng(0).integers(0, 256, (96, 128, 3), dtype=np.uint8)
    made = {name: change(image, ()) for name, change in changes().items() if change is not None}
    assert all(hands == () for _, hands in made.values())
    assert made["8 % of the light"][0].mean() < 0.5 * image.mean()
    assert made["a quarter of the values"][0].mean() == pytest.approx(0.25 * image.mean(), rel=0.02)
    before, after = (
        np.abs(np.diff(each.astype(float), axis=1)).mean() for each in (image, made["a third of the resolution"][0])
    )
    assert after < 0.5 * before
