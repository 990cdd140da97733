import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from models.rotations import exp_so3, log_so3
from models.rotations_torch import exp_so3_torch, log_so3_torch

units = st.tuples(*[st.floats(-1.0, 1.0)] * 3).map(np.array).filter(lambda v: np.linalg.norm(v) > 1e-3)
axes = units.map(lambda v: v / np.linalg.norm(v))
angles = st.one_of(
    st.floats(0.0, np.pi),
    st.floats(0.0, 1e-2),
    st.floats(0.0, 1e-2).map(lambda gap: np.pi - gap),
    st.sampled_from([0.0, 1e-12, 1e-8, 1e-3, np.pi - 1e-8]),
)


@given(axes, angles)
def test_exp_agrees_with_scipy_and_log_comes_back(axis, angle):
    vector = axis * angle
    matrix = exp_so3(vector)
    np.testing.assert_allclose(matrix, Rotation.from_rotvec(vector).as_matrix(), atol=1e-14)
    back = log_so3(matrix)
    np.testing.assert_allclose(exp_so3(back), matrix, atol=1e-13)
    if angle < np.pi - 1e-6:
        np.testing.assert_allclose(back, vector, atol=1e-9)


@given(axes, st.floats(0.0, 40.0))
def test_log_takes_the_short_way_round(axis, angle):
    back = log_so3(exp_so3(axis * angle))
    assert np.linalg.norm(back) <= np.pi + 1e-12
    np.testing.assert_allclose(exp_so3(back), exp_so3(axis * angle), atol=1e-13)


@pytest.mark.parametrize("axis", [(1, 0, 0), (0, 1, 0), (0, 0, 1), (-1, 0, 0), (0.6, 0, -0.8), (1, 1, 1), (-1, 2, -3)])
def test_half_turns_keep_their_axis(axis):
    unit = np.array(axis) / np.linalg.norm(axis)
    matrix = 2.0 * np.outer(unit, unit) - np.eye(3)  # exactly pi about the axis, without going through exp
    back = log_so3(matrix)
    assert np.linalg.norm(back) == pytest.approx(np.pi, abs=1e-12)
    assert abs(back @ unit) == pytest.approx(np.pi, abs=1e-12)


def test_batches_have_any_shape_and_keep_their_type():
    vectors = np.random.default_rng(0).normal(size=(2, 5, 3)).astype(np.float32)
    matrices = exp_so3(vectors)
    assert matrices.shape == (2, 5, 3, 3)
    assert matrices.dtype == log_so3(matrices).dtype == np.float32
    np.testing.assert_allclose(matrices[1, 4], exp_so3(vectors[1, 4]), atol=1e-6)
    np.testing.assert_allclose(
        matrices @ np.swapaxes(matrices, -1, -2), np.broadcast_to(np.eye(3), (2, 5, 3, 3)), atol=1e-6
    )
    assert exp_so3(np.zeros((0, 3))).shape == (0, 3, 3)


@given(axes, angles)
def test_torch_agrees_with_numpy(axis, angle):
    vector = axis * angle
    np.testing.assert_allclose(exp_so3_torch(torch.from_numpy(vector)).numpy(), exp_so3(vector), atol=1e-14)


@pytest.mark.parametrize("angle", [0.0, 1e-9, 9.9e-4, 1.01e-3, 0.5, 3.0])
def test_gradients_are_those_of_finite_differences(angle):
    vector = torch.tensor([[0.36, -0.48, 0.8]], dtype=torch.float64) * angle
    vector.requires_grad_()
    assert torch.autograd.gradcheck(exp_so3_torch, vector)
    # The logarithm is held to rotations: gradcheck steps in the tangent space, through the exponential.
    assert torch.autograd.gradcheck(lambda v: log_so3_torch(exp_so3_torch(v)), vector)


def test_gradients_at_rest_are_finite_in_single_precision():
    vectors = torch.zeros(4, 3, requires_grad=True)
    log_so3_torch(exp_so3_torch(vectors)).sum().backward()
    assert vectors.grad is not None
    torch.testing.assert_close(vectors.grad, torch.ones(4, 3))
