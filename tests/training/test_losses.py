"""Every loss against a case worked out by hand, and its gradient against finite differences."""

import math

import pytest
import torch
from torch.autograd import gradcheck

from models.lwa_hand.auxiliary import JointEvidence
from training.losses.lwa_hand import (
    depth_loss,
    edge_loss,
    heat_targets,
    heatmap_loss,
    mask_loss,
    normal_loss,
    point_loss,
    projection_loss,
    reprojection_loss,
)

BOTH = torch.ones(1, 2, dtype=torch.float64)
LEFT_ONLY = torch.tensor([[1.0, 0.0]], dtype=torch.float64)
JOINTS = torch.ones(1, 2, 21, dtype=torch.float64)
TRIANGLE = torch.tensor([[0.0, 0.0, 0.0], [3.0, 0.0, 0.0], [0.0, 4.0, 0.0]], dtype=torch.float64).expand(1, 2, 3, 3)
FACES = torch.tensor([[[0, 1, 2]], [[0, 2, 1]]])
EDGES = torch.tensor([[[0, 1], [0, 2], [1, 2]]] * 2)


def random_points(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


def test_point_loss_is_the_mean_l1_norm_of_hands_that_count():
    points = torch.zeros(1, 2, 2, 3, dtype=torch.float64)
    target = points.clone()
    target[0, 0, 0] = torch.tensor([1.0, -2.0, 3.0])  # left: norms 6 and 0, mean 3
    target[0, 1] = 10.0  # right: norms 30 and 30
    assert point_loss(points, target, BOTH).item() == pytest.approx((3.0 + 30.0) / 2)
    assert point_loss(points, target, LEFT_ONLY).item() == pytest.approx(3.0)
    assert point_loss(points, target, 0 * BOTH).item() == 0.0


def test_projection_loss_is_the_mean_square():
    points = torch.zeros(1, 2, 2, 2, dtype=torch.float64)
    target = points.clone()
    target[0, 0, 1] = torch.tensor([3.0, 4.0])  # squares 0 and 25
    assert projection_loss(points, target, LEFT_ONLY).item() == pytest.approx(12.5)
    by_point = torch.zeros(1, 2, 2, dtype=torch.float64)
    by_point[0, 0, 1] = 1.0
    assert projection_loss(points, target, by_point).item() == pytest.approx(25.0)


def test_reprojection_loss_is_the_mean_error_without_a_square():
    points = torch.zeros(1, 2, 2, 2, dtype=torch.float64)
    target = points.clone()
    target[0, 0, 1] = torch.tensor([3.0, -4.0])
    by_point = torch.zeros(1, 2, 2, dtype=torch.float64)
    by_point[0, 0] = torch.tensor([3.0, 1.0])
    assert reprojection_loss(points, target, by_point).item() == pytest.approx(7.0 / 4.0)


def test_normal_loss_counts_what_leaves_the_true_plane():
    lifted = TRIANGLE.clone()
    lifted[0, :, 2, 2] = 0.6  # of the three edges two rise by 0.6
    assert normal_loss(lifted, TRIANGLE, FACES, BOTH).item() == pytest.approx(0.4)
    turned_in_plane = TRIANGLE.flip(-1)[..., [1, 2, 0]] * 2.0
    assert normal_loss(turned_in_plane, TRIANGLE, FACES, BOTH).item() == pytest.approx(0.0)


def test_edge_loss_compares_lengths_not_places():
    moved = 2.0 * TRIANGLE + 5.0  # 6, 8, 10 against 3, 4, 5
    assert edge_loss(moved, TRIANGLE, EDGES, BOTH).item() == pytest.approx(4.0)
    assert edge_loss(TRIANGLE + 5.0, TRIANGLE, EDGES, BOTH).item() == pytest.approx(0.0)


def test_heat_targets_put_a_joint_where_it_is_or_nowhere():
    joints = torch.tensor([[[0.25, -0.75], [1.2, 0.0]], [[0.0, 0.0], [0.0, 0.0]]])[None]
    heat = heat_targets(joints, torch.tensor([[1.0, 0.0]]), 4, 4, sigma=0.5)
    torch.testing.assert_close(heat.sum(dim=-1), torch.ones(1, 2, 2))
    assert heat[0, 0, 0].argmax().item() == 2  # cells' centres at -0.75, -0.25, 0.25, 0.75: column 2, row 0
    assert heat[0, 0, 0, 1].item() / heat[0, 0, 0, 2].item() == pytest.approx(math.exp(-2.0))  # a cell is two sigma
    assert heat[0, 0, 1, -1].item() == 1.0  # outside the image
    assert heat[0, 1, :, -1].tolist() == [1.0, 1.0]  # the hand is not there


def test_heatmap_loss_is_the_divergence_from_the_target():
    target = torch.tensor([0.5, 0.5, 0.0], dtype=torch.float64).expand(1, 2, 21, 3)
    assert heatmap_loss(target.clamp_min(1e-30).log(), target, JOINTS).item() == pytest.approx(0.0)
    even = torch.zeros(1, 2, 21, 3, dtype=torch.float64)
    assert heatmap_loss(even, target, JOINTS).item() == pytest.approx(math.log(3.0) - math.log(2.0))
    one = torch.zeros_like(JOINTS)
    one[0, 1, 4] = 1.0
    even[0, 0] = 9.0 * torch.arange(3)  # hands and joints that are not known do not count
    assert heatmap_loss(even, target, one).item() == pytest.approx(math.log(3.0) - math.log(2.0))


def evidence(depth: torch.Tensor, seen: float) -> JointEvidence:
    coordinates = torch.cat([torch.zeros(1, 2, 21, 2, dtype=depth.dtype), depth[..., None]], dim=-1)
    certainty = torch.full((1, 2, 21, 1), seen, dtype=depth.dtype)
    return JointEvidence(coordinates, certainty, certainty, certainty)


def test_depth_loss_asks_only_for_what_is_seen():
    depth = torch.full((1, 2, 21), 0.5, dtype=torch.float64)
    assert depth_loss(evidence(depth, 1.0), 2.0 * depth, BOTH).item() == pytest.approx(0.5)
    assert depth_loss(evidence(depth, 0.5), 2.0 * depth, BOTH).item() == pytest.approx(0.0)


def test_mask_loss_is_binary_cross_entropy_of_known_images():
    logits = torch.zeros(2, 2, 4, 4, dtype=torch.float64)
    target = torch.ones_like(logits)
    logits[1] = -50.0  # as wrong as can be, but its masks are not known
    assert mask_loss(logits, target, torch.tensor([1.0, 0.0])).item() == pytest.approx(math.log(2.0))


@pytest.mark.parametrize(
    "loss",
    [
        lambda x: point_loss(x, TRIANGLE, BOTH),
        lambda x: projection_loss(x[..., :2], TRIANGLE[..., :2], BOTH),
        lambda x: normal_loss(x, TRIANGLE, FACES, BOTH),
        lambda x: edge_loss(x, TRIANGLE, EDGES, BOTH),
        lambda x: mask_loss(x, TRIANGLE / 4.0, torch.ones(1)),
    ],
    ids=["points", "projection", "normals", "edges", "masks"],
)
def test_gradients_of_mesh_losses(loss):
    assert gradcheck(loss, (random_points(1, 2, 3, 3).requires_grad_(),))


def test_gradients_of_map_losses():
    target = heat_targets(random_points(1, 2, 21, 2).tanh(), BOTH, 2, 2)
    assert gradcheck(lambda x: heatmap_loss(x, target, JOINTS), (random_points(1, 2, 21, 5).requires_grad_(),))
    goal = random_points(1, 2, 21) + 3.0
    assert gradcheck(lambda x: depth_loss(evidence(x, 0.7), goal, BOTH), (random_points(1, 2, 21).requires_grad_(),))


def test_a_vanished_edge_has_a_finite_gradient():
    points = torch.zeros(1, 2, 3, 3, dtype=torch.float64, requires_grad=True)
    edge_loss(points, TRIANGLE, EDGES, BOTH).backward()
    assert points.grad is not None
    assert points.grad.isfinite().all()
