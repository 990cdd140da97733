"""The whole network: shapes, budget, what each module may and may not mix."""

import math

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch.utils.flop_counter import FlopCounterMode

from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.lwa_hand.auxiliary import DenseMaps, read_joints
from models.lwa_hand.bridge import HandLinear, VertexFusion
from models.lwa_hand.camera import CameraHead, project
from models.lwa_hand.coarsening import coarsen
from models.lwa_hand.cross_attention import CrossHandAttention
from models.lwa_hand.initial_joints import InitialJoints, fit_cameras
from models.lwa_hand.network import LwaHand, hand_topologies
from models.lwa_hand.reconstructor import CARD
from models.lwa_hand.runtime import RuntimeNetwork, read_sharply
from models.lwa_hand.weights import load_network
from models.values import SIDES
from training.losses.lwa_hand import spread_loss


@pytest.fixture(scope="module")
def topologies():
    return hand_topologies(load_hand_models())


@pytest.fixture(scope="module")
def network(topologies) -> LwaHand:
    torch.manual_seed(0)
    return LwaHand(topologies).eval()


def multiply_adds(run) -> int:
    with FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops() // 2


def test_budget_of_the_paper_as_the_card_states_it(network):
    """Table 1: image part 0.25 G, pose part 0.22 G multiply-accumulates at 256 x 256."""
    image = torch.rand(1, 3, 256, 256)
    seen = network.look(image)
    image_part, pose_part = multiply_adds(lambda: network.look(image)), multiply_adds(lambda: network.decode(seen))
    assert (image_part, pose_part) == (CARD.macs_image, CARD.macs_pose)
    assert image_part <= 0.25e9
    assert pose_part <= 0.22e9
    assert sum(parameter.numel() for parameter in network.parameters()) == CARD.parameters


def test_shapes_of_everything_the_losses_read(network):
    output = network(torch.rand(2, 3, 128, 192))
    assert output.prediction.vertices.shape == (2, 2, 778, 3)
    assert [level.shape[2] for level in output.prediction.levels] == [63, 126, 252]
    assert output.prediction.cameras.shape == (2, 2, 3)
    assert output.maps.heat.shape == (2, 2, 21, 16 * 24 + 1)
    assert output.maps.masks.shape == (2, 2, 16, 24)
    assert output.joints.presence.shape == (2, 2)


@pytest.mark.parametrize("shape", [(1, 1, 256, 256), (3, 256, 256), (1, 3, 250, 256)])
def test_wrong_shapes_are_named(network, shape):
    with pytest.raises(ValueError, match="image must"):
        network(torch.zeros(shape))


def test_images_of_a_batch_do_not_mix(network):
    images = torch.rand(2, 3, 64, 64)
    together, alone = network(images).prediction, network(images[1:]).prediction
    torch.testing.assert_close(together.vertices[1:], alone.vertices, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(together.cameras[1:], alone.cameras, atol=1e-5, rtol=1e-4)


def test_every_parameter_gets_a_gradient(topologies):
    torch.manual_seed(0)
    network = LwaHand(topologies)
    output = network(torch.rand(1, 3, 64, 64))
    parts = [*output.prediction.levels, output.prediction.vertices, output.prediction.cameras]
    parts += [output.maps.heat, output.maps.masks, *output.joints, *output.spread]
    torch.stack([part.square().mean() for part in parts]).sum().backward()
    assert [name for name, parameter in network.named_parameters() if parameter.grad is None] == []


def test_the_strict_reading_leaves_the_heat_maps_out_of_the_pose_part(topologies):
    torch.manual_seed(0)
    network = LwaHand(topologies, joint_evidence=False).eval()
    seen = network.look(torch.rand(1, 3, 64, 64))
    before = network.decode(seen).prediction.vertices
    other_maps = seen.maps._replace(heat=seen.maps.heat + torch.randn_like(seen.maps.heat))
    after = network.decode(seen._replace(maps=other_maps)).prediction
    torch.testing.assert_close(before, after.vertices)


def test_runtime_network_takes_bytes_and_weighs_its_readings_of_the_joints(network):
    """Against the formulas, joint by joint."""
    hand_models = load_hand_models()
    crops = torch.randint(0, 256, (1, 256, 256, 3), dtype=torch.uint8)
    with torch.inference_mode():
        vertices, joints, flat, presence, spread, spread_3d = RuntimeNetwork(network, hand_models)(crops)
        expected = network(crops.permute(0, 3, 1, 2) / 255.0)
    torch.testing.assert_close(spread, expected.spread.flat)
    torch.testing.assert_close(spread_3d, 0.1 * expected.spread.space)
    torch.testing.assert_close(vertices, expected.prediction.vertices)
    regressor = torch.stack([hand_models[side].keypoint_regressor for side in SIDES])
    of_mesh, cameras = regressor @ vertices, expected.prediction.cameras
    mesh = project(of_mesh, cameras)
    heat, depth = read_sharply(expected.maps)
    places, space = torch.zeros(2, 21, 2), torch.zeros(2, 21, 3)
    for hand in range(2):
        for joint in range(21):
            seen = float(expected.joints.seen[0, hand, joint])
            unseen = (mesh + expected.initial.joints_2d)[0, hand, joint] / 2.0
            places[hand, joint] = seen * heat[0, hand, joint] + (1.0 - seen) * unseen
    for hand in range(2):
        scale, start = cameras[0, hand, 0], expected.initial.joints_3d[0, hand]
        for joint in range(21):
            seen = float(expected.joints.seen[0, hand, joint])
            across = (places[hand, joint] - places[hand, 9]) / scale
            along = 0.1 * (depth[0, hand, joint] - depth[0, hand, 9])
            parts = [(2.0, of_mesh[0, hand, joint]), (1.0, start[joint] - start[9]), (seen, torch.cat([across, along]))]
            space[hand, joint] = sum(weight * part for weight, part in parts) / sum(weight for weight, _ in parts)
    torch.testing.assert_close(flat[0], places)
    torch.testing.assert_close(joints[0], space)
    torch.testing.assert_close(presence, expected.joints.presence)


def test_heat_maps_that_doubt_are_read_nearer_to_what_is_likelier():
    """Twice as likely at x -.75 as at .25: their mean lies at -.417, read sharply at (4 * -.75 + .25) / 5."""
    heat, depth = torch.full((1, 2, 21, 17), -1e4), torch.zeros(1, 2, 21, 16)
    heat[..., 4], heat[..., 6] = math.log(2.0), 0.0
    depth[..., 4], depth[..., 6] = 0.1, 0.6
    empty = torch.zeros(1, 2, 4, 4)
    places, depths = read_sharply(DenseMaps((empty, empty, empty), heat, depth, empty))
    torch.testing.assert_close(places[0, 1, 3], torch.tensor([(4 * -0.75 + 0.25) / 5, -0.25]))
    torch.testing.assert_close(depths[0, 1, 3], torch.tensor([(4 * 0.1 + 0.6) / 5]))


def test_cross_attention_reads_the_other_hand_by_equation_10():
    """Against the formula with plain loops over the hands of a batch of two images."""
    torch.manual_seed(0)
    attention = CrossHandAttention(8)  # its MLP's last layer is zero at the start
    torch.nn.init.normal_(attention.output.weight)
    torch.nn.init.normal_(attention.branches.bias)
    x = torch.randn(2, 2, 5, 8)
    out = attention(x.flatten(1, 2), 2).view_as(x)
    normal = torch.nn.functional.layer_norm(x, (8,))
    weight, bias = attention.branches.weight, attention.branches.bias
    for picture, own, other in ((0, 0, 1), (0, 1, 0), (1, 0, 1), (1, 1, 0)):
        score, key = (normal[other, picture] @ weight[other] + bias[other]).split([1, 16], dim=-1)
        context = (torch.softmax(score, dim=0) * key[:, :8]).sum(dim=0)
        value = (normal[own, picture] @ weight[own] + bias[own])[:, 9:]
        crossed = torch.relu(value) * context
        expected = x[own, picture] + crossed @ attention.output.weight[own] + attention.output.bias[own]
        torch.testing.assert_close(out[own, picture], expected)


def test_hands_have_weights_of_their_own():
    layer = HandLinear(3, 2)
    x = torch.randn(2, 4, 3)
    expected = torch.stack([x[hand] @ layer.weight[hand] + layer.bias[hand] for hand in range(2)])
    torch.testing.assert_close(layer(x), expected)


def test_fusion_is_a_linear_layer_over_concatenated_vertices_and_contexts():
    """Eq. 5: [V; M] along the token axis, mixed by [I, S]."""
    torch.manual_seed(0)
    mixing = torch.randn(2, 4, 3)
    fusion = VertexFusion(5, mixing, 6)
    vertices, context = torch.randn(2, 1, 4, 6), torch.randn(1, 1, 3, 5)
    for hand, fused in enumerate(fusion(vertices, context)[:, 0]):
        projected = context[0, 0] @ fusion.project.weight[hand] + fusion.project.bias[hand]
        tokens = torch.cat([vertices[hand, 0], projected])
        torch.testing.assert_close(fused, torch.cat([torch.eye(4), mixing[hand]], dim=1) @ tokens)


def test_heat_maps_are_read_as_expectations():
    """One joint in one cell, one nowhere; the mask covers the first cell only."""
    heat = torch.full((1, 2, 21, 17), -1e4)
    heat[..., -1] = 0.0
    heat[0, 0, 3, 6] = 1e4  # column 2, row 1 of 4 x 4: x 0.25, y -0.25
    depth = torch.zeros(1, 2, 21, 16)
    depth[0, 0, 3, 6] = 0.7
    fine = torch.arange(16.0).reshape(1, 1, 4, 4)
    masks = torch.full((1, 2, 4, 4), -1e4)
    masks[0, 0, 1, 2] = 1e4
    joints = read_joints(DenseMaps((fine, fine, fine), heat, depth, masks))
    assert joints.coordinates[0, 0, 3].tolist() == pytest.approx([0.25, -0.25, 0.7])
    assert joints.features[0, 0, 3].item() == 6.0
    assert joints.seen[0, 0, :, 0].tolist() == [0.0] * 3 + [1.0] + [0.0] * 17
    assert joints.presence[0].tolist() == pytest.approx([1 / 21, 0.0])


def test_a_camera_projects_by_scale_and_place():
    points = torch.tensor([[0.05, -0.1, 0.3]])
    seen = project(points, torch.tensor([6.0, 0.1, 0.2]))
    torch.testing.assert_close(seen, torch.tensor([[0.4, -0.4]]))


def test_a_new_camera_head_keeps_the_camera_that_fits_the_initial_joints():
    cameras = torch.tensor([5.0, 0.1, -0.2]).expand(2, 1, 3)
    torch.testing.assert_close(CameraHead(4, 8)(torch.randn(2, 1, 4, 8), cameras), cameras)


def test_cameras_fit_the_initial_joints_exactly_where_they_agree():
    space = 0.05 * torch.randn(1, 2, 21, 3)
    cameras = torch.tensor([[[5.0, 0.1, -0.2], [8.0, -0.4, 0.3]]])
    initial = InitialJoints(project(space, cameras), space, torch.zeros(1, 2))
    torch.testing.assert_close(fit_cameras(initial), cameras, atol=1e-2, rtol=1e-2)
    collapsed = initial._replace(joints_3d=torch.zeros_like(space))
    assert torch.isfinite(fit_cameras(collapsed)).all()


def test_a_hand_that_the_whole_image_denies_is_nowhere(network):
    pyramid = network.encoder(torch.rand(1, 3, 64, 64)).pyramid
    denied = network.auxiliary(pyramid, torch.zeros(1, 2, 21, 2), torch.tensor([[50.0, -50.0]]))
    presence = read_joints(denied).seen.mean(dim=(2, 3))
    assert presence[0, 0] < 1e-3
    assert presence[0, 1] > 0.999


def test_heat_maps_listen_to_the_initial_joints_as_far_as_they_have_learnt(topologies):
    """Not at all at first; then by the logarithm of a Gaussian on a floor, which says nothing far away."""
    torch.manual_seed(0)
    network = LwaHand(topologies).eval()
    pyramid = network.encoder(torch.rand(1, 3, 64, 64)).pyramid
    absence = torch.zeros(1, 2)
    places = torch.zeros(1, 2, 21, 2)
    places[0, 0, 5] = torch.tensor([0.375, -0.125])  # middle of the cell in column 5, row 3 of 8 x 8
    new = network.auxiliary(pyramid, places, absence).heat
    torch.testing.assert_close(new, network.auxiliary(pyramid, places + 0.3, absence).heat)
    with torch.no_grad():
        network.auxiliary.guidance[0, 5] = 2.0
    change = (network.auxiliary(pyramid, places, absence).heat - new)[0]
    at = change[0, 5, :-1].view(8, 8)
    assert at[3, 5].item() == pytest.approx(2.0 * math.log(1.05), abs=1e-5)
    assert at[3, 6].item() == pytest.approx(2.0 * math.log(math.exp(-0.5 * (0.25 / 0.15) ** 2) + 0.05), abs=1e-5)
    assert at[0, 0].item() == pytest.approx(2.0 * math.log(0.05), abs=1e-4)
    change[0, 5, :-1] = 0.0
    assert not change.any()


def test_the_initial_estimate_learns_nothing_from_heat_maps_that_listen_to_it(topologies):
    torch.manual_seed(0)
    network = LwaHand(topologies)
    torch.nn.init.ones_(network.auxiliary.guidance)
    seen = network.look(torch.rand(1, 3, 64, 64))
    seen.maps.heat[..., :-1].square().mean().backward()
    assert not network.guess.linear.weight.grad[: 4 * 21].any()  # type: ignore[index]


def test_a_new_refinement_changes_nothing(network):
    middle = torch.rand(1, 64, 4, 4)
    torch.testing.assert_close(network.auxiliary.refinement(middle), middle)


def test_initial_joints_carry_the_coarsest_mesh(network):
    """Joints of hands that the first weights were not made from: the skin lies within its own thickness of theirs."""
    model = load_hand_models()["right"]
    pose = 0.3 * torch.randn(20, 16, 3, generator=torch.Generator().manual_seed(7))
    hands = model(pose, torch.zeros(20, 10), torch.zeros(20, 3))
    root = hands.joints[:, 9, None]
    means = torch.from_numpy(coarsen(model.faces).pooling[0]) @ (hands.vertices - root)
    carried = network.decoder.from_joints[1] @ (hands.joints - root)
    assert torch.linalg.norm(carried - means, dim=-1).mean() < 6e-3


def test_the_linear_step_starts_exact(network):
    """Coarse means of hands that it was not made from, to the vertices, within a third of a millimetre."""
    model = load_hand_models()["left"]
    pose = 0.3 * torch.randn(20, 16, 3, generator=torch.Generator().manual_seed(7))
    vertices = model(pose, torch.zeros(20, 10), torch.zeros(20, 3)).vertices
    means = torch.from_numpy(coarsen(model.faces).pooling[2]) @ vertices
    error = torch.linalg.norm(network.decoder.upsampling[2][0] @ means - vertices, dim=-1)
    assert error.mean() < 0.3e-3


def test_a_new_network_gives_the_rest_hand(network, topologies):
    """As far as joints tell: they know nothing of the skin's thickness."""
    with torch.inference_mode():
        vertices = network(torch.rand(1, 3, 64, 64)).prediction.vertices[0]
    for hand, side in enumerate(SIDES):
        rest = topologies[side].template - topologies[side].joints[9]
        assert np.linalg.norm(vertices[hand].numpy() - rest, axis=1).mean() < 5e-3


def test_levels_refine_each_other(network):
    """A level begins where the one before it ended: children lie about their parents."""
    with torch.inference_mode():
        levels = network(torch.rand(1, 3, 256, 256)).prediction.levels
    parents = levels[0].repeat_interleave(2, dim=2)
    assert torch.linalg.norm(levels[1] - parents, dim=-1).mean() < 0.02
    assert np.isfinite(levels[2].numpy()).all()


def test_a_joint_s_spread_learns_the_mean_absolute_error_and_moves_nothing_else(topologies):
    """Laplace: of errors that are 0.02 in one hand and 0.2 in the other, the head says just that."""
    torch.manual_seed(0)
    network = LwaHand(topologies)
    seen = network.look(torch.rand(2, 3, 64, 64))
    joints = read_joints(seen.maps)
    errors = torch.tensor([0.02, 0.2])[:, None, None].expand(2, 2, 21)[..., None].expand(-1, -1, -1, 2)
    optimiser = torch.optim.Adam(network.spread.parameters(), 0.02)
    maps = DenseMaps(*(part if isinstance(part, tuple) else part.detach() for part in seen.maps))
    for _ in range(150):
        spread = network.spread(maps, joints, seen.initial)
        loss = spread_loss(spread.flat, errors, torch.ones(2, 2, 21))
        optimiser.zero_grad()
        loss.backward(retain_graph=True)
        optimiser.step()
    said = network.spread(maps, joints, seen.initial).flat.mean(dim=(1, 2))
    torch.testing.assert_close(said, torch.tensor([0.02, 0.2]), rtol=0.3, atol=0.0)
    others = [name for name, parameter in network.named_parameters() if parameter.grad is not None]
    assert all(name.startswith("spread.") for name in others)


def test_weights_without_a_spread_are_read_and_those_of_another_network_are_not(topologies, tmp_path):
    network = LwaHand(topologies)
    state = {name: value.clone() for name, value in network.state_dict().items() if "spread." not in name}
    save_file(state, tmp_path / "old.safetensors")
    other = LwaHand(topologies)
    load_network(tmp_path / "old.safetensors", other)
    torch.testing.assert_close(other.state_dict()["guess.linear.weight"], state["guess.linear.weight"])
    del state["guess.linear.weight"]
    save_file(state, tmp_path / "other.safetensors")
    with pytest.raises(BothhandsError, match="lack guess"):
        load_network(tmp_path / "other.safetensors", other)
