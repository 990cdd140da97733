"""Rotations composed and interpolated, against scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation, Slerp

from models.quaternions import Rotations, interpolate

numbers = st.floats(-10.0, 10.0).map(lambda value: 0.0 if abs(value) < 1e-300 else value)
vectors = st.one_of(
    st.tuples(numbers, numbers, numbers),
    st.tuples(*[st.floats(-1e-7, 1e-7)] * 3),
    st.sampled_from(
        [(0.0, 0.0, 0.0), (np.pi, 0.0, 0.0), (0.0, -np.pi, 0.0), (0.0, 0.0, 2 * np.pi), (1e-200, 0.0, 0.0)]
    ),
).map(np.array)
batches = st.lists(vectors, min_size=1, max_size=5).map(np.array)


@given(batches)
def test_every_form_is_scipys(vectors):
    own, theirs = Rotations.from_rotvec(vectors), Rotation.from_rotvec(vectors)
    np.testing.assert_allclose(own.as_quat(), theirs.as_quat(), atol=1e-14)
    np.testing.assert_allclose(own.as_matrix(), theirs.as_matrix(), atol=1e-14)
    np.testing.assert_allclose(own.inv().as_matrix(), theirs.inv().as_matrix(), atol=1e-14)
    back = own.as_rotvec()
    assert (np.linalg.norm(back, axis=-1) <= np.pi + 1e-12).all()
    np.testing.assert_allclose(Rotation.from_rotvec(back).as_matrix(), theirs.as_matrix(), atol=1e-13)
    short = np.linalg.norm(vectors, axis=-1) < np.pi - 1e-6
    np.testing.assert_allclose(back[short], vectors[short], rtol=1e-9, atol=1e-300)


@given(vectors, vectors, vectors)
def test_products_and_points_are_scipys(first, second, point):
    own = Rotations.from_rotvec(first) * Rotations.from_rotvec(second)
    theirs = Rotation.from_rotvec(first) * Rotation.from_rotvec(second)
    np.testing.assert_allclose(own.as_matrix(), theirs.as_matrix(), atol=1e-14)
    np.testing.assert_allclose(own.apply(point), theirs.apply(point), atol=1e-13)


def test_batches_have_any_shape_and_one_turns_all():
    generator = np.random.default_rng(0)
    many, one = generator.normal(size=(7, 16, 3)), generator.normal(size=3)
    own = Rotations.from_rotvec(one) * Rotations.from_rotvec(many)
    theirs = Rotation.from_rotvec(one) * Rotation.from_rotvec(many.reshape(-1, 3))
    assert (own.shape, len(own), own[2:4].shape) == ((7, 16), 7, (2, 16))
    np.testing.assert_allclose(own.as_matrix().reshape(-1, 3, 3), theirs.as_matrix(), atol=1e-14)
    np.testing.assert_allclose(Rotations.from_rotvec(many).apply(many), many, atol=1e-13)  # axes stay
    with pytest.raises(TypeError):
        Rotations.from_rotvec(one)[0]


def test_quaternions_may_have_any_length_but_zero():
    given_ = np.array([[0.0, 3.0, 0.0, 4.0], [0.0, 0.0, -1e-5, 0.0]])
    np.testing.assert_allclose(Rotations.from_quat(given_).as_quat(), Rotation.from_quat(given_).as_quat())
    with pytest.raises(ValueError, match="zero"):
        Rotations.from_quat([[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])


def test_what_is_given_out_is_the_callers_own():
    rotations = Rotations.from_rotvec([[0.1, 0.2, 0.3]])
    before = rotations.as_matrix()
    rotations.as_quat()[:] = 0.0
    np.testing.assert_array_equal(rotations.as_matrix(), before)


def test_a_filter_that_multiplies_for_hours_keeps_rotations():
    rotation, step = Rotations.from_rotvec([[3.0, 0.1, 0.0]]), Rotations.from_rotvec([[0.01, -0.02, 0.015]])
    for _ in range(20000):
        rotation = rotation * step
    assert np.linalg.norm(rotation.as_quat()) == pytest.approx(1.0, abs=1e-15)


@given(st.integers(2, 8), st.integers(0, 2**32 - 1))
def test_interpolation_is_scipys_slerp(count, seed):
    generator = np.random.default_rng(seed)
    times = np.cumsum(generator.uniform(0.01, 0.2, count))
    vectors = generator.normal(size=(count, 3))
    at = np.concatenate([times, generator.uniform(times[0], times[-1], 20)])
    own = interpolate(times, Rotations.from_rotvec(vectors), at)
    theirs = Slerp(times, Rotation.from_rotvec(vectors))(at)
    np.testing.assert_allclose(own.as_matrix(), theirs.as_matrix(), atol=1e-12)
