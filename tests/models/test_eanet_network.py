"""EANet: the published network's outputs, the papers' sizes, and what each part computes."""

import ast
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from models.eanet import (
    ABLATIONS,
    CONFIGURATIONS,
    EANet,
    EANetConfig,
    ablated,
    raw_outputs,
)
from models.eanet.cards import make_card
from models.eanet.counting import measure
from models.eanet.joints import sample, soft_argmax
from models.eanet.published import convert
from models.eanet.rotations import matrix_from_6d, nearest_equivalent
from models.eanet.size import RECORDED, Size, size_of
from models.eanet.transformer import SelfAttentionBlock

PARITY = Path(__file__).resolve().parents[3] / "shared" / "reference" / "eanet_parity"
TINY = EANetConfig(
    channels=16, heads=2, sa_depth=1, ca_depth=1, sjt_depth=1, backbone_width=2, backbone_depths=(1, 1, 1, 1)
)
SIZE = 64


def tiny(config: EANetConfig = TINY) -> EANet:
    torch.manual_seed(0)
    return EANet(config, SIZE).eval()


def seeded_weights(lines: list[str], seed: int) -> dict[str, torch.Tensor]:
    """Weights as the fixture's README describes them."""
    generator = torch.Generator().manual_seed(seed)
    weights = {}
    for key, text in sorted(tuple(line.split(" ", 1)) for line in lines):
        shape = ast.literal_eval(text)
        if key.endswith("num_batches_tracked"):
            weights[key] = torch.zeros(shape, dtype=torch.long)
        elif key.endswith("running_var") or (len(shape) == 1 and key.endswith("weight")):
            weights[key] = 0.5 + torch.rand(shape, generator=generator)
        else:
            if key.endswith(("pos_embed", "pos_embed2", "cls_token")):
                scale = 0.5
            elif len(shape) == 1:
                scale = 0.1
            elif len(shape) == 4:
                scale = math.sqrt(2.0 / math.prod(shape[1:]))
            else:
                scale = math.sqrt(1.0 / shape[1])
            weights[key] = scale * torch.randn(shape, generator=generator)
    return weights


@pytest.mark.skipif(not PARITY.is_dir(), reason="the parity fixture is not beside the repository")
def test_parity_with_the_published_network():
    expected = torch.load(PARITY / "expected_seed0.pt", weights_only=True)
    lines = (PARITY / "keys.txt").read_text().splitlines()
    config, state = convert(seeded_weights(lines, expected["seed"]))
    assert config == CONFIGURATIONS["published"]
    with torch.device("meta"):
        network = EANet(config)
    network.load_state_dict(state, assign=True)
    generator = torch.Generator().manual_seed(expected["image_seed"])
    image = torch.rand(expected["batch"], 3, 256, 256, generator=generator)
    # One joint of the fixture's left hand hangs between two cells: in single precision every processor's order of
    # additions puts it elsewhere, up to a 150th of a cell, and the pose that reads it. In double precision it does not
    # move, and what is left is what the fixture's own processor did.
    # Of the first image alone: no image knows of the others.
    references = {name: reference[:1] for name, reference in expected["outputs"].items()}
    outputs = raw_outputs(network.double(), image[:1].double())
    assert outputs.keys() == references.keys()
    hanging, others = (0, 10), outputs["ljoint_img"].clone()
    assert (others[hanging] - references["ljoint_img"][hanging]).abs().max() < 0.005
    others[hanging] = references["ljoint_img"][hanging].double()
    outputs["ljoint_img"] = others
    for name, reference in references.items():
        # Root mean square: the fixture's features are means of values rounded to half precision.
        error = (outputs[name] - reference).square().mean().sqrt() / reference.std()
        assert error < 1e-4, name


@pytest.mark.parametrize(
    ("name", "millions", "tolerance"), [("paper", 106.82, 0.005), ("published", 136.74, 1e-4), ("light", 33.90, 0.02)]
)
def test_parameters_of_the_papers(name, millions, tolerance):
    size = size_of(CONFIGURATIONS[name])
    assert size.parameters / 1e6 == pytest.approx(millions, rel=tolerance)


@pytest.mark.parametrize("config", RECORDED, ids=lambda config: f"{config.backbone}-{config.channels}-{config.fusion}")
def test_recorded_sizes_are_what_is_counted(config):
    assert measure(config) == RECORDED[config]


def test_every_configuration_and_every_card_has_a_recorded_size():
    assert set(CONFIGURATIONS.values()) <= RECORDED.keys()
    for card in map(make_card, ("eanet", "eanet-light", "eanet-mobile")):
        assert Size(card.parameters, card.macs_image, card.macs_pose) in RECORDED.values()


def test_the_size_of_another_network_is_what_its_notes_say_or_its_parameters_alone():
    size = measure(TINY)
    assert size_of(TINY, {"size": size._asdict()}) == size
    for notes in (None, {}, {"size": None}, {"size": {"weights": 3}}):
        assert size_of(TINY, notes) == Size(size.parameters)


def test_cost_of_the_published_network():
    size = size_of(CONFIGURATIONS["published"])
    assert (size.macs_image + size.macs_pose) / 1e9 == pytest.approx(14.48, rel=0.01)


def assert_shapes_and_gradients(config: EANetConfig) -> None:
    network = tiny(config)
    output = network(torch.rand(2, 3, SIZE, SIZE))
    assert output.wrist.shape == (2, 2, 6)
    assert output.fingers.shape == (2, 2, 90)
    assert output.shape.shape == (2, 2, 10)
    assert output.camera.shape == (2, 2, 3)
    assert output.relative_translation.shape == (2, 3)
    assert output.joints.shape == (2, 2, 21, 3)
    assert output.confidence.shape == (2, 2, 21)
    assert output.pooled.shape == (2, 2, config.adapted_channels)
    torch.stack([value.square().sum() for value in output]).sum().backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
        assert parameter.grad.abs().sum() > 0, name


@pytest.mark.parametrize("name", sorted(ABLATIONS))
@pytest.mark.parametrize("fusion", ["reduce", "mix"])
def test_every_row_of_the_ablations_has_its_shapes_and_gradients(name, fusion):
    assert_shapes_and_gradients(ablated(name, replace(TINY, fusion=fusion)))


@pytest.mark.parametrize(
    "choice",
    [
        {"token_linears": True, "ca_mlp_bias": False},
        {"first_hand": "right"},
        {"pose_hidden": 8},
        {"translation_hidden": 8},
        {"depth_cells": 4},
        {"separate_hands": False, "block": "none", "sjt_depth": 0},
    ],
)
def test_every_other_choice_has_its_shapes_and_gradients(choice):
    assert_shapes_and_gradients(replace(TINY, **choice))


def test_plain_transformers_are_about_as_large_as_the_eablock():
    """Table 2 compares blocks "with a similar number of parameters"."""

    def parameters(name: str) -> int:
        with torch.device("meta"):
            network = EANet(ablated(name))
        return sum(parameter.numel() for parameter in network.eablock.parameters())

    full = parameters("full")
    assert parameters("table2-sa") == pytest.approx(full, rel=0.1)
    assert parameters("table2-ca") == pytest.approx(full, rel=0.1)
    assert parameters("table2-no-adaptation") < 0.5 * full


@pytest.mark.parametrize(
    "choice",
    [
        {"channels": 20},
        {"sa_depth": 0},
        {"separate_hands": False},
        {"query": "sim", "key_value": "hands"},
    ],
)
def test_impossible_choices_are_refused(choice):
    with pytest.raises(ValueError, match=r"must|nothing|compared"):
        replace(TINY, **choice)


def test_a_configuration_survives_json():
    for config in CONFIGURATIONS.values():
        assert EANetConfig.from_dict(config.to_dict()) == config


@pytest.mark.parametrize("batch", [1, 2, 3, 4])
def test_a_batch_is_its_images_one_by_one(batch):
    """In the public code a batch of three gets wrong rotations."""
    network, images = tiny(), torch.rand(batch, 3, SIZE, SIZE)
    together = raw_outputs(network, images)
    alone = [raw_outputs(network, image[None]) for image in images]
    for name, values in together.items():
        torch.testing.assert_close(values, torch.cat([single[name] for single in alone]), rtol=1e-4, atol=1e-5)


def test_a_image_of_another_size_is_named():
    with pytest.raises(ValueError, match=r"image must have shape \(B, 3, 64, 64\)"):
        tiny()(torch.rand(1, 3, 64, 32))


def test_soft_argmax_of_a_peak_is_its_place_in_x_y_z():
    heat_map = torch.zeros(1, 1, 8, 8, 8)
    heat_map[0, 0, 1, 2, 3] = 1000.0
    grid, confidence = soft_argmax(heat_map)
    torch.testing.assert_close(grid, torch.tensor([[[3.0, 2.0, 1.0]]]))
    torch.testing.assert_close(confidence, torch.ones(1, 1))


def test_soft_argmax_of_nothing_is_the_middle_and_unsure():
    grid, confidence = soft_argmax(torch.zeros(1, 1, 8, 8, 8))
    torch.testing.assert_close(grid, torch.full((1, 1, 3), 3.5))
    torch.testing.assert_close(confidence, torch.zeros(1, 1), atol=1e-6, rtol=0)


def test_two_far_peaks_are_unsure():
    heat_map = torch.zeros(1, 1, 8, 8, 8)
    heat_map[0, 0, 0, 0, 0] = heat_map[0, 0, 0, 7, 7] = 1000.0
    assert soft_argmax(heat_map)[1].item() == 0.0


def test_samples_at_cells_are_the_cells_and_halfway_their_mean():
    feature = torch.rand(1, 5, 8, 8)
    found = sample(feature, torch.tensor([[[3.0, 2.0], [7.0, 0.0], [3.5, 2.0]]]), 8)
    torch.testing.assert_close(found[0, 0], feature[0, :, 2, 3])
    torch.testing.assert_close(found[0, 1], feature[0, :, 0, 7])
    torch.testing.assert_close(found[0, 2], feature[0, :, 2, 3:5].mean(dim=1))


def test_pose_losses_do_not_move_the_joints():
    network = tiny()
    output = network(torch.rand(1, 3, SIZE, SIZE))
    (output.wrist.square().sum() + output.fingers.square().sum()).backward()
    for extractor in network.joint_features.values():
        assert extractor.heat_map.weight.grad is None  # type: ignore[union-attr]


def test_attention_is_equation_one():
    """With neutral norms and projections and no MLP, a block adds softmax(q k^T / sqrt(d)) v per head."""
    torch.manual_seed(0)
    block = SelfAttentionBlock(8, 2)
    x = torch.randn(1, 5, 8)
    with torch.no_grad():
        block.mlp.reduce.weight.zero_()
        block.mlp.reduce.bias.zero_()
        block.project.weight.copy_(torch.eye(8))
        block.project.bias.zero_()
        query, key, value = (block.attention_norm(x) @ w.T for w in block.query_key_value.weight.chunk(3))
        heads = []
        for part in (slice(0, 4), slice(4, 8)):
            scores = query[..., part] @ key[..., part].transpose(1, 2) / math.sqrt(4)
            heads.append(scores.softmax(dim=-1) @ value[..., part])
        torch.testing.assert_close(block(x), x + torch.cat(heads, dim=-1))


def test_6d_is_interleaved_and_orthonormalised():
    turn = torch.linalg.matrix_exp(torch.tensor([[0.0, -0.3, 0.2], [0.3, 0.0, -0.5], [-0.2, 0.5, 0.0]]))
    values = (turn[:, :2] @ torch.tensor([[2.0, 0.7], [0.0, 3.0]])).flatten()
    torch.testing.assert_close(matrix_from_6d(values), turn)


def test_6d_of_three_is_as_of_one():
    values = torch.randn(3, 6)
    torch.testing.assert_close(matrix_from_6d(values), torch.stack([matrix_from_6d(row) for row in values]))


def test_a_turn_just_past_pi_is_near_one_just_before():
    axis = torch.tensor([0.6, 0.0, 0.8])
    found = nearest_equivalent(axis * -(math.pi - 0.1), axis * (math.pi - 0.1))
    torch.testing.assert_close(found, axis * (math.pi + 0.1))


def test_a_hand_encoder_costs_a_fraction_of_a_resnet():
    light = CONFIGURATIONS["light"]
    config = replace(light, backbone="lwa-hand")
    size = size_of(config)
    # What follows the backbone is the same.
    assert size.macs_pose == size_of(light).macs_pose
    assert size.macs_image < size_of(light).macs_image / 7


def test_a_hand_encoder_gives_its_last_map_and_the_finer_one_below_it():
    network = tiny(replace(TINY, backbone="lwa-hand"))
    encoder, image = network.backbone.encoder, torch.rand(1, 3, SIZE, SIZE)
    with torch.inference_mode():
        feature, seen = network.backbone(image), encoder(image)
        assert network(image).joints.shape == (1, 2, 21, 3)
    assert feature.shape == (1, network.config.backbone_channels, SIZE // 32, SIZE // 32)
    # A fresh batch norm changes nothing but the last digits.
    torch.testing.assert_close(feature[:, :672], seen.last, rtol=1e-4, atol=1e-5)
    # Each channel of the finer map becomes four: of the upper left, upper right, lower left and lower right cells.
    finer = feature[:, 672:].unflatten(1, (64, 2, 2))
    for row in range(2):
        for column in range(2):
            expected = seen.pyramid[1][:, :, row::2, column::2]
            torch.testing.assert_close(finer[:, :, row, column], expected, rtol=1e-4, atol=1e-5)


def test_all_that_a_hand_encoder_has_is_read():
    """Distributed training stops over parameters without a gradient."""
    network = tiny(replace(TINY, backbone="lwa-hand")).train()
    sum(value.square().sum() for value in network.backbone(torch.rand(2, 3, SIZE, SIZE))).backward()
    assert [name for name, value in network.backbone.named_parameters() if value.grad is None] == []


def test_block_maps_end_in_the_image_feature():
    backbone, image = tiny(replace(TINY, backbone_depths=(1, 2, 1, 1))).backbone, torch.rand(1, 3, SIZE, SIZE)
    with torch.inference_mode():
        maps = list(backbone.block_maps(image))
        torch.testing.assert_close(maps[-1][-1], backbone(image))
    assert [len(stage) for stage in maps] == [1, 2, 1, 1]
    assert [stage[-1].shape[1:] for stage in maps] == [(8, 16, 16), (16, 8, 8), (32, 4, 4), (64, 2, 2)]
