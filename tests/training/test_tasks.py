"""Targets of both networks from batches, and what a teacher adds."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from test_examples import AHEAD, SIZE, make_sample

from models.hand_model import load_hand_models
from models.lwa_hand.camera import project
from models.lwa_hand.graph_decoder import ROOT
from models.lwa_hand.network import LwaHand, hand_topologies
from models.values import SIDES, WRIST
from models.weights_io import save_weights
from training.config import TrainConfig
from training.data.examples import Batch, Transform, collate, make_example
from training.data.samples import Knowledge
from training.losses.lwa_hand import MeshGeometry
from training.run.validation import validate
from training.start.teacher import Teacher
from training.tasks import create_task
from training.tasks.eanet import eanet_targets, seen_part
from training.tasks.lwa_hand import lwa_hand_targets

CPU = torch.device("cpu")
UNCHANGED = Transform(np.eye(2, 3), SIZE)


def make_batch() -> Batch:
    """A pair, a left hand, and a right hand whose depth is a guess."""
    samples = [
        make_sample(camera=AHEAD),
        make_sample(("left",), seed=1, camera=AHEAD),
        make_sample(("right",), Knowledge.WEAK_3D, seed=2, camera=AHEAD),
    ]
    return collate([make_example(sample, UNCHANGED, 0.3) for sample in samples])


def test_lwa_hand_learns_what_is_known_and_that_others_are_absent():
    batch = make_batch()
    targets = lwa_hand_targets(batch)
    torch.testing.assert_close(targets.mesh_weight, torch.tensor([[1.0, 1.0], [1.0, 0.0], [0.0, 0.3]]))
    torch.testing.assert_close(targets.mesh_2d_weight, torch.tensor([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]]))
    assert targets.heat_weight.min() == 1.0
    torch.testing.assert_close(targets.joints[:, :, ROOT], torch.zeros(3, 2, 3))
    unknown = lwa_hand_targets(batch._replace(presence_trust=batch.present))
    torch.testing.assert_close(unknown.heat_weight[..., 0], batch.present)


def test_a_hand_that_is_mostly_outside_has_no_mesh_to_learn():
    batch = make_batch()
    targets = lwa_hand_targets(batch._replace(joints_2d=batch.joints_2d + 1.2))
    assert not targets.mesh_weight.any()
    assert targets.heat_weight.min() == 1.0


def test_eanet_learns_wrists_relative_to_each_other_only_where_both_are_exact():
    batch = make_batch()
    targets = eanet_targets(batch, 8)
    assert targets.pair_weight.tolist() == [1.0, 0.0, 0.0]
    expected = batch.joints[0, 0, WRIST] - batch.joints[0, 1, WRIST]
    torch.testing.assert_close(targets.relative_translation[0], expected)
    torch.testing.assert_close(targets.parameters_weight, torch.tensor([[1.0, 1.0], [1.0, 0.0], [0.0, 0.3]]))
    # The wrist lies in the middle of the depth cells; eight cells, whose middles are whole numbers, fill the image.
    torch.testing.assert_close(targets.joints_grid[0, 0, WRIST, 2], torch.tensor(3.5))
    px = torch.from_numpy(make_sample(camera=AHEAD).hands["left"].joints_px.copy())
    expected = (px + 0.5) * (8.0 / SIZE) - 0.5
    torch.testing.assert_close(targets.joints_grid[0, 0, :, :2], expected, atol=1e-4, rtol=0.0)


def test_eanet_trusts_places_in_the_image_in_full_and_guessed_depths_as_far_as_they_are_trusted():
    targets = eanet_targets(make_batch(), 8)
    torch.testing.assert_close(
        targets.joints_2d_weight.mean(dim=-1), torch.tensor([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    )
    assert set(targets.grid_weight[2, 1, :, :2].unique().tolist()) == {1.0}
    torch.testing.assert_close(targets.grid_weight[2, 1, :, 2].unique(), torch.tensor([0.3]))
    assert not targets.grid_weight[1, 1].any()


def test_eanet_learns_from_joints_in_the_image_alone():
    """What photographs without a fit know: the heat-map's and the camera's places, no depth and no pose."""
    sample = make_sample(("left",), Knowledge.POINTS_2D, camera=AHEAD)
    label = replace(sample.hands["left"], joints=None, vertices=None, parameters=None)
    batch = collate([make_example(replace(sample, hands={"left": label}), UNCHANGED, 0.3)])
    targets = eanet_targets(batch, 8)
    inside = (batch.joints_2d[0, 0].abs() < 1.0).all(dim=-1)
    assert 15 < inside.sum() < 21
    assert targets.grid_weight[0, 0, inside, :2].min() == 1.0
    assert not targets.grid_weight[0, 0, ~inside].any()
    assert targets.joints_2d_weight[0, 0].min() == 1.0
    assert not targets.grid_weight[..., 2].any()
    assert not targets.parameters_weight.any()


def test_eanet_asks_no_pose_of_a_hand_that_is_mostly_outside_and_no_presence_of_one_that_is_outside():
    batch = make_batch()
    inside, trust = seen_part(batch)
    shown = (batch.joints_2d.abs() < 1.0).all(dim=-1).float().mean(dim=-1)
    torch.testing.assert_close(inside, batch.present * shown)
    torch.testing.assert_close(trust, batch.presence_trust)
    outside = batch._replace(joints_2d=batch.joints_2d + 2.5)
    targets = eanet_targets(outside, 8)
    assert not targets.parameters_weight.any()
    assert not targets.joints_2d_weight.any()
    assert not targets.grid_weight.any()
    assert not targets.pair_weight.any()
    assert not seen_part(outside)[0].any()


@pytest.fixture
def teacher(tmp_path) -> tuple[Teacher, LwaHand]:
    """An untrained one that is sure of everything: heat in every cell, masks everywhere; and its network."""
    torch.manual_seed(0)
    # Files hold half floats.
    network = LwaHand(hand_topologies(load_hand_models())).half().float().eval()
    with torch.no_grad():
        network.auxiliary.draw.weight.zero_()
        network.auxiliary.draw.bias[: 2 * 21] = 5.0
        network.auxiliary.draw.bias[-2:] = 10.0
    save_weights(tmp_path / "teacher.safetensors", network)
    return Teacher(tmp_path / "teacher.safetensors", 0.2, torch.device("cpu")), network


def without_meshes(batch: Batch, network: LwaHand) -> Batch:
    """The third image's right hand and the second's left one as places in the image alone, where the network sees
    them: the second's farther off than the teacher is believed."""
    with torch.inference_mode():
        large = torch.nn.functional.interpolate(batch.pixels(), size=(256, 256), mode="bilinear")
        prediction = network(large).prediction
    regressor = MeshGeometry.of(load_hand_models()).joint_regressor
    seen = project(regressor @ prediction.vertices, prediction.cameras).clone()
    joints_2d, mesh, parameters = (
        value.clone() for value in (batch.joints_2d, batch.mesh_trust, batch.parameters_trust)
    )
    side = (seen.amax(dim=2) - seen.amin(dim=2)).amax(dim=-1)
    joints_2d[2, 1], joints_2d[1, 0] = seen[2, 1] + 0.1 * side[2, 1], seen[1, 0] + 0.3 * side[1, 0]
    mesh[2, 1] = mesh[1, 0] = parameters[2, 1] = parameters[1, 0] = 0.0
    return batch._replace(joints_2d=joints_2d, mesh_trust=mesh, parameters_trust=parameters)


def test_a_teacher_completes_hands_without_meshes_that_it_sees_where_the_label_does(teacher):
    completed, network = teacher[0], teacher[1]
    batch = without_meshes(make_batch(), network)
    taught = completed.complete(batch)
    torch.testing.assert_close(taught.mesh_trust, torch.tensor([[1.0, 1.0], [0.0, 0.0], [0.0, 0.2]]))
    torch.testing.assert_close(taught.parameters_trust, taught.mesh_trust)
    torch.testing.assert_close(taught.vertices[:2], batch.vertices[:2])
    torch.testing.assert_close(taught.joints_2d, batch.joints_2d)
    # The parameters that it fits give the mesh that it sees.
    model = load_hand_models()[SIDES[1]]
    fitted = model(taught.pose[2, 1][None], taught.shape[2, 1][None], torch.zeros(1, 3))
    ours = fitted.vertices[0] - fitted.vertices[0].mean(dim=0)
    seen = taught.vertices[2, 1] - taught.vertices[2, 1].mean(dim=0)
    assert torch.linalg.norm(ours - seen, dim=-1).mean() < 3e-3
    # EANet learns them as far as the teacher is trusted, and where the label's hand is in full.
    targets = eanet_targets(taught, 8)
    torch.testing.assert_close(targets.parameters_weight[2], torch.tensor([0.0, 0.2]))
    torch.testing.assert_close(targets.grid_weight[2, 1, :, 2].amax(), torch.tensor(0.2))
    assert targets.grid_weight[2, 1, :, :2].amax() == 1.0


def test_a_teacher_leaves_meshes_that_labels_know(teacher):
    batch = make_batch()
    for ours, given in zip(teacher[0].complete(batch), batch, strict=True):
        torch.testing.assert_close(ours, given)


@pytest.mark.parametrize("model", ["lwa-hand", "eanet-light"])
def test_losses_of_half_precision_outputs_are_computed_in_single_precision(model):
    """What a network says is rounded, what is compared with it is not."""
    stage = {"name": "a", "size": SIZE, "steps": 1, "data": {"synthetic:one": 1}}
    task = create_task(TrainConfig.model_validate({"model": model, "stages": [stage]}))
    batch = make_batch()
    with torch.no_grad():
        said = task.network.eval()(batch.pixels())
        expected = task.losses(lambda pixels: said, batch)
        with torch.autocast("cpu", torch.bfloat16):
            found = task.losses(lambda pixels: said, batch)
    for name, term in found.items():
        torch.testing.assert_close(term, expected[name], atol=0.0, rtol=0.0)


def test_a_true_mesh_is_judged_without_error():
    """Its joints are read from it, beside those that turn its bones: the truth's have to be read in the same way."""
    stage = {"name": "a", "size": SIZE, "steps": 1, "data": {"synthetic:one": 1}}
    task = create_task(TrainConfig.model_validate({"model": "lwa-hand", "stages": [stage]}))
    batch = make_batch()
    with torch.inference_mode():
        said = task.network.eval()(batch.pixels())
        said = said._replace(prediction=said.prediction._replace(vertices=batch.vertices + 0.1))
        metrics = validate(
            lambda network, same: task.predict(lambda pixels: said, same), task.network, [batch], CPU
        ).metrics
    assert metrics["mpjpe"] == pytest.approx(0.0, abs=1e-3)
    assert metrics["mpvpe"] == pytest.approx(0.0, abs=1e-3)
