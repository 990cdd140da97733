"""EANet's losses: zero at the truth, closed forms beside it, gradients everywhere."""

import math

import numpy as np
import pytest
import torch

from models.eanet.config import CAMERA_ZERO, HEAT_ZERO
from models.eanet.network import EANetOutput
from models.eanet.reconstructor import half_crop_camera
from models.hand_model import load_hand_models
from models.rotations_torch import exp_so3_torch, log_so3_torch
from training.losses.eanet import (
    EANetLosses,
    Targets,
    from_cells,
    grid_targets,
    heat_loss,
    presence_loss,
    to_cells,
)
from training.losses.lwa_hand import heat_targets

LOSSES = EANetLosses(load_hand_models())
BATCH = 3
"""The batch that the public code gets wrong."""


def six_d(vectors: torch.Tensor) -> torch.Tensor:
    """6D in the interleaved order, of rotation vectors."""
    return exp_so3_torch(vectors)[..., :2].flatten(-2)


def example(seed: int = 0) -> tuple[EANetOutput, Targets]:
    """An output and the targets that it meets exactly."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator)

    vectors, shape = 0.5 * normal(BATCH, 2, 16, 3), normal(BATCH, 2, 10)
    camera = torch.tensor([20.0, 4.0, 4.0]).expand(BATCH, 2, 3).clone()
    values = six_d(vectors)
    relative = 0.1 * normal(BATCH, 3)
    output = EANetOutput(
        wrist=values[:, :, 0],
        fingers=values[:, :, 1:].flatten(2),
        shape=shape,
        camera=camera,
        relative_translation=relative,
        joints=torch.zeros(BATCH, 2, 21, 3),
        confidence=torch.ones(BATCH, 2, 21),
        heat=torch.zeros(BATCH, 2, 21, 8, 8),
        pooled=torch.zeros(BATCH, 2, 4),
    )
    pose = LOSSES.pose(output)
    _, joints = LOSSES.meshes(pose, shape)
    grid = torch.cat([joints[..., :2] * 20.0 + 4.0, torch.full((BATCH, 2, 21, 1), 3.0)], dim=-1)
    output = output._replace(joints=grid)
    ones = torch.ones(BATCH, 2)
    each = torch.ones(BATCH, 2, 21)
    weights = ones, each[..., None].expand(-1, -1, -1, 3), each, torch.ones(BATCH)
    return output, Targets(pose, shape, grid, grid[..., :2], relative, *weights)


def test_the_truth_costs_nothing():
    for name, loss in LOSSES(*example()).items():
        assert loss.item() == pytest.approx(0.0, abs=2e-5), name


def test_each_term_is_the_mean_error_of_its_part():
    output, targets = example()
    off = output._replace(
        shape=output.shape + 0.5,
        joints=output.joints - 0.25,
        relative_translation=output.relative_translation + 0.02,
    )
    losses = LOSSES(off, targets)
    assert losses["shape"].item() == pytest.approx(0.5, rel=1e-4)
    assert losses["joints_grid"].item() == pytest.approx(0.25, rel=1e-4)
    assert losses["relative_translation"].item() == pytest.approx(0.02, rel=1e-4)
    moved = LOSSES(output._replace(camera=output.camera + torch.tensor([0.0, 0.3, 0.3])), targets)
    assert moved["joints_2d"].item() == pytest.approx(0.3, rel=1e-3)


def test_pose_error_is_the_angle_between():
    output, targets = example()
    pose = torch.zeros_like(targets.pose)
    pose[:, :, 0] = torch.tensor([0.3, 0.0, 0.0])
    mean = LOSSES.pose(output._replace(wrist=six_d(pose[:, :, 0]), fingers=six_d(pose[:, :, 1:]).flatten(2)))
    targets = targets._replace(pose=mean - pose)
    values = output._replace(wrist=six_d(pose[:, :, 0]), fingers=six_d(pose[:, :, 1:]).flatten(2))
    assert LOSSES(values, targets)["pose"].item() == pytest.approx(0.3 / 48.0, rel=1e-4)


def test_a_hand_that_is_not_there_costs_nothing():
    output, targets = example()
    trust = torch.ones(BATCH, 2)
    trust[:, 0] = 0.0
    joints = trust[..., None].expand(-1, -1, 21)
    only_right = targets._replace(
        parameters_weight=trust,
        grid_weight=joints[..., None].expand(-1, -1, -1, 3),
        joints_2d_weight=joints,
        pair_weight=torch.zeros(BATCH),
    )
    shape, joints = output.shape.clone(), output.joints.clone()
    shape[:, 0], joints[:, 0] = 100.0, -100.0
    wrong_left = output._replace(shape=shape, joints=joints, relative_translation=output.relative_translation + 9.0)
    for name, loss in LOSSES(wrong_left, only_right).items():
        assert loss.item() == pytest.approx(0.0, abs=2e-5), name


def test_nothing_to_learn_from_is_zero_with_gradients():
    output, targets = example()
    nothing = targets._replace(
        parameters_weight=torch.zeros(BATCH, 2),
        grid_weight=torch.zeros(BATCH, 2, 21, 3),
        joints_2d_weight=torch.zeros(BATCH, 2, 21),
        pair_weight=torch.zeros(BATCH),
    )
    shape = (output.shape + 1.0).requires_grad_()
    loss = sum(LOSSES(output._replace(shape=shape), nothing).values())
    loss.backward()
    assert loss.item() == 0.0
    assert shape.grad is not None
    assert torch.isfinite(shape.grad).all()


def test_a_batch_of_three_costs_the_mean_of_its_images():
    output, targets = example(1)
    _, other = example(2)
    targets = targets._replace(pose=other.pose, shape=other.shape)
    together = LOSSES(output, targets)
    alone = [
        LOSSES(EANetOutput(*(part[i : i + 1] for part in output)), Targets(*(part[i : i + 1] for part in targets)))
        for i in range(BATCH)
    ]
    for name, loss in together.items():
        mean = torch.stack([single[name] for single in alone]).mean()
        assert loss.item() == pytest.approx(mean.item(), rel=1e-4, abs=1e-6), name


@pytest.mark.parametrize("angle", [0.0, 1e-7, 1e-4, 1.0, math.pi - 1e-4, math.pi - 1e-7, math.pi])
def test_gradients_are_finite_from_no_turn_to_half_a_turn(angle):
    vector = torch.tensor([0.6, 0.0, 0.8]) * angle
    values = six_d(vector.expand(BATCH, 2, 16, 3)).clone().requires_grad_()
    output, targets = example()
    turned = output._replace(wrist=values[:, :, 0], fingers=values[:, :, 1:].flatten(2))
    sum(LOSSES(turned, targets).values()).backward()
    assert values.grad is not None
    assert torch.isfinite(values.grad).all()
    found = log_so3_torch(exp_so3_torch(vector))
    assert found.norm().item() == pytest.approx(angle, abs=2e-3)


def test_the_loss_does_not_jump_at_half_a_turn():
    output, targets = example()
    axis = torch.tensor([1.0, 0.0, 0.0])
    pose = targets.pose.clone()
    pose[:, :, 0] = axis * (math.pi - 0.01)
    targets = targets._replace(pose=pose)

    def at(angle: float) -> float:
        wrist = six_d(axis * angle).expand(BATCH, 2, 6)
        return LOSSES(output._replace(wrist=wrist), targets)["pose"].item()

    # Each is 0.02 from the target, one on the far side of pi.
    assert at(math.pi + 0.01) == pytest.approx(at(math.pi - 0.03), rel=1e-2)


def test_grid_targets_are_cells_whose_middles_are_whole_numbers():
    """Of eight cells the middle of the first lies a sixteenth of the image, or of the depth, from the edge."""
    first, middle = -1.0 + 2.0 / 16.0, 0.0
    grid = grid_targets(torch.tensor([[middle, first], [-first, middle]]), torch.tensor([0.0, 0.15 * first]))
    torch.testing.assert_close(grid, torch.tensor([[3.5, 0.0, 3.5], [7.0, 3.5, 0.0]]))


def test_cameras_count_from_the_first_of_256_pixels():
    """As those of a published checkpoint, which the app places hands by."""
    points = torch.tensor([[0.3, -0.8]])
    cells = to_cells(points, CAMERA_ZERO)
    torch.testing.assert_close(cells, ((points + 1.0) * 128.0 - 0.5) / 32.0)
    camera = half_crop_camera(np.array([20.0, *cells[0].tolist()]))
    assert camera == pytest.approx([5.0, 0.3, -0.8], abs=1e-6)
    torch.testing.assert_close(from_cells(cells, CAMERA_ZERO), points)


def test_presence_asks_for_sure_hands_and_flat_maps_of_those_that_are_not_there():
    confidence = torch.full((2, 2, 21), 0.9)
    present = torch.tensor([[1.0, 0.0], [1.0, 0.0]])
    everything, first_row = torch.ones(2, 2), torch.tensor([[1.0, 0.0], [0.0, 0.0]])
    assert presence_loss(confidence, present, everything).item() == pytest.approx((0.1 + 0.9) / 2)
    assert presence_loss(confidence, present, first_row).item() == pytest.approx(0.1)


def test_heat_maps_are_asked_for_peaks_at_the_joints_that_are_known():
    """A flat map is off by log 64 less the peak's entropy, one with the peak itself by nothing."""
    _, targets = example()
    places = from_cells(targets.joints_grid[..., :2], HEAT_ZERO)
    peaks = heat_targets(places, torch.ones(BATCH, 2), 8, 8)[..., :-1]
    right = peaks.clamp_min(1e-30).log().unflatten(-1, (8, 8))
    assert heat_loss(right, targets).item() == pytest.approx(0.0, abs=1e-5)
    one = torch.zeros_like(targets.grid_weight)
    one[0, 1, 3] = 1.0
    entropy = torch.special.entr(peaks[0, 1, 3]).sum().item()
    flat = heat_loss(torch.zeros_like(right), targets._replace(grid_weight=one))
    assert flat.item() == pytest.approx(math.log(64.0) - entropy, rel=1e-5)
    # Cells are counted row by row: a map whose axes are swapped is wrong.
    assert heat_loss(right.transpose(-1, -2), targets._replace(grid_weight=one)).item() > 0.1
