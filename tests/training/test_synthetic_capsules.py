"""Distances of segments and hands that approach each other."""

from __future__ import annotations

import numpy as np
import pytest

from training.synthetic.capsules import Capsules, approach, gap_between, segment_distance

POINTS = np.array(
    [
        # a0, a1, b0, b1, distance
        [[-1, 0, 0], [1, 0, 0], [0, -1, 2], [0, 1, 2], [2, 0, 0]],  # crossing at a distance
        [[0, 0, 0], [1, 0, 0], [0.2, 3, 0], [0.8, 3, 0], [3, 0, 0]],  # parallel, side by side
        [[0, 0, 0], [1, 0, 0], [4, 4, 0], [9, 4, 0], [5, 0, 0]],  # end to end: 3, 4, 5
        [[0, 0, 0], [1, 0, 0], [0.5, 0, 0], [0.5, 1, 0], [0, 0, 0]],  # touching
        [[0, 0, 0], [1, 0, 0], [2, 0, 0], [1.5, 0, 0], [0.5, 0, 0]],  # on one line
    ],
    np.float64,
)


def test_distances_of_segments_in_closed_form():
    a0, a1, b0, b1 = (POINTS[:, k] for k in range(4))
    np.testing.assert_allclose(segment_distance(a0, a1, b0, b1), POINTS[:, 4, 0], atol=1e-12)
    np.testing.assert_allclose(segment_distance(b1, b0, a1, a0), POINTS[:, 4, 0], atol=1e-12)


def test_distances_of_segments_against_dense_points():
    rng = np.random.default_rng(0)
    a0, a1, b0, b1 = rng.normal(size=(4, 30, 3))
    t = np.linspace(0.0, 1.0, 201)[:, None, None]
    first, second = a0 + t * (a1 - a0), b0 + t * (b1 - b0)
    dense = np.linalg.norm(first[:, None] - second[None], axis=-1).min(axis=(0, 1))
    found = segment_distance(a0, a1, b0, b1)
    assert (found <= dense + 1e-9).all()
    np.testing.assert_allclose(found, dense, atol=0.03)


def rod(middle: tuple[float, float, float], half: tuple[float, float, float], radius: float) -> Capsules:
    return Capsules(np.array([middle]) - np.array(half), np.array([middle]) + np.array(half), np.array([radius]))


@pytest.mark.parametrize("gap", [0.0, 0.01, -0.002])
def test_a_body_stops_at_the_gap(gap):
    still, moving = rod((0, 0, 0), (0.1, 0, 0), 0.02), rod((0, 0, -0.5), (0, 0.1, 0), 0.03)
    way = approach(still, moving, np.array([0.0, 0.0, 1.0]), reach=1.0, gap=gap)
    assert way == pytest.approx(0.5 - 0.05 - gap, abs=4e-4)
    assert way is not None
    assert gap_between(still, moving.moved(np.array([0.0, 0.0, way]))) >= gap - 1e-9


def test_a_body_that_misses_or_starts_inside_meets_nothing():
    still = rod((0, 0, 0), (0.1, 0, 0), 0.02)
    forward = np.array([0.0, 0.0, 1.0])
    assert approach(still, rod((0, 0.3, -0.5), (0.1, 0, 0), 0.02), forward, 1.0, 0.0) is None
    assert approach(still, rod((0, 0.01, 0), (0.1, 0, 0), 0.02), forward, 1.0, 0.0) is None
