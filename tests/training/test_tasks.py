"""Targets of both networks from batches, and what a teacher adds."""

import numpy as np
import torch
from test_examples import AHEAD, SIZE, make_sample

from models.hand_model import load_hand_models
from models.lwa_hand.graph_decoder import ROOT
from models.lwa_hand.network import LwaHand, hand_topologies
from models.values import SIDES, WRIST
from models.weights_io import save_weights
from training.examples import Batch, Transform, collate, make_example
from training.samples import Knowledge
from training.tasks.eanet import eanet_targets
from training.tasks.lwa_hand import lwa_hand_targets
from training.teacher import Teacher

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
    targets = eanet_targets(batch, SIZE, 8)
    assert targets.pair_weight.tolist() == [1.0, 0.0, 0.0]
    expected = batch.joints[0, 0, WRIST] - batch.joints[0, 1, WRIST]
    torch.testing.assert_close(targets.relative_translation[0], expected)
    torch.testing.assert_close(targets.parameters_weight, torch.tensor([[1.0, 1.0], [1.0, 0.0], [0.0, 0.3]]))
    # The wrist lies in the middle of the depth cells, joints in cells of 32 px.
    torch.testing.assert_close(targets.joints_grid[0, 0, WRIST, 2], torch.tensor(4.0))
    px = torch.from_numpy(make_sample(camera=AHEAD).hands["left"].joints_px.copy())
    torch.testing.assert_close(targets.joints_grid[0, 0, :, :2], px / 32.0, atol=1e-4, rtol=0.0)


def test_a_teacher_completes_what_it_is_sure_of_and_leaves_exact_labels(tmp_path):
    network = LwaHand(hand_topologies(load_hand_models()))
    with torch.no_grad():
        # Sure of everything: heat in every cell, masks everywhere.
        network.auxiliary.draw.weight.zero_()
        network.auxiliary.draw.bias[: 2 * 21] = 5.0
        network.auxiliary.draw.bias[-2:] = 10.0
    save_weights(tmp_path / "teacher.safetensors", network)
    batch = make_batch()
    taught = Teacher(tmp_path / "teacher.safetensors", 0.2, torch.device("cpu")).complete(batch)
    torch.testing.assert_close(taught.vertices[:2], batch.vertices[:2])
    torch.testing.assert_close(taught.mesh_trust, torch.tensor([[1.0, 1.0], [1.0, 0.0], [0.0, 0.2]]))
    assert not torch.allclose(taught.vertices[2, 1], batch.vertices[2, 1])
    # The parameters that it fits give the mesh that it sees.
    model = load_hand_models()[SIDES[1]]
    fitted = model(taught.pose[2, 1][None], taught.shape[2, 1][None], torch.zeros(1, 3))
    ours = fitted.vertices[0] - fitted.vertices[0].mean(dim=0)
    seen = taught.vertices[2, 1] - taught.vertices[2, 1].mean(dim=0)
    assert torch.linalg.norm(ours - seen, dim=-1).mean() < 3e-3
