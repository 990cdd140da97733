"""What a backbone learns of a trained encoder before it learns hands."""

from pathlib import Path

import pytest
import torch
from test_trainer import TINY, make_config, train

from models.eanet.backbone import ResNet
from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.lwa_hand.network import LwaHand, hand_topologies
from models.weights_io import load_weights, save_weights
from training.run.trainer import WEIGHTS
from training.start.hints import HintGiver, hint_loss, partners, rectified, stage_losses
from training.tasks import create_task

BATCH, SIZE = 2, 64
SMALL = {"width": 64, "depths": [1, 2, 1, 3]}
"""Maps as wide as a ResNet-50's, so that the encoder's fit into them."""


@pytest.fixture(scope="module")
def giver_file(tmp_path_factory) -> Path:
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("hints") / "lwa-hand.safetensors"
    save_weights(path, LwaHand(hand_topologies(load_hand_models())))
    return path


def pixels(seed: int = 0) -> torch.Tensor:
    return torch.rand(BATCH, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(
    ("own", "other", "expected"),
    [
        (6, 6, [(place, place) for place in range(6)]),
        (3, 2, [(1, 0), (2, 1)]),
        (4, 2, [(1, 0), (3, 1)]),
        (3, 5, [(0, 1), (1, 3), (2, 4)]),
        (1, 4, [(0, 3)]),
    ],
)
def test_last_blocks_are_partners_and_the_others_are_spread(own, other, expected):
    assert partners(own, other) == expected


def test_a_map_in_two_parts_is_the_map():
    values = torch.randn(BATCH, 3, 4, 4, generator=torch.Generator().manual_seed(0))
    positive, negative = rectified(values).chunk(2, dim=1)
    torch.testing.assert_close(positive - negative, values)
    assert (positive * negative == 0).all()
    assert rectified(values).min() == 0


def test_a_hint_is_met_by_the_first_channels():
    """Nothing is left of it where they agree, and all where each channel says its mean, whatever its scale."""
    hint = (
        torch.randn(BATCH, 3, 8, 8, generator=torch.Generator().manual_seed(0))
        * torch.tensor([1.0, 2.0, 4.0])[:, None, None]
        + torch.tensor([5.0, 0.0, -3.0])[:, None, None]
    )
    feature = torch.randn(BATCH, 5, 8, 8)
    feature[:, :3] = hint
    assert hint_loss(feature, hint).item() == 0.0
    feature[:, :3] = hint.mean(dim=(0, 2, 3), keepdim=True)
    assert hint_loss(feature, hint).item() == pytest.approx(1.0)
    feature.requires_grad_()
    hint_loss(feature, hint).backward()
    assert feature.grad is not None
    assert feature.grad[:, :3].abs().min() > 0
    assert not feature.grad[:, 3:].any()


def test_a_channel_that_hardly_changes_hardly_counts():
    hint = torch.randn(BATCH, 2, 8, 8, generator=torch.Generator().manual_seed(0))
    hint[:, 1] = 0.5
    feature = hint.clone()
    feature[:, 1] = 0.6
    assert 0 < hint_loss(feature, hint).item() < 0.1**2 / (0.02 * hint.var(dim=(0, 2, 3)).mean()).item()


def test_hints_are_what_the_encoders_blocks_give_at_the_resolutions_of_a_backbone(giver_file):
    giver = HintGiver(giver_file)
    maps = giver.maps(pixels())
    assert [len(stage) for stage in maps] == [2, 2, 6, 5]
    own = list(ResNet().eval().block_maps(pixels()))
    assert [len(stage) for stage in own] == [3, 4, 6, 3]
    for ours, theirs in zip(own, maps, strict=True):
        for map_ in theirs:
            assert map_.shape[-2:] == ours[0].shape[-2:]
            assert map_.shape[1] <= ours[0].shape[1]
            assert map_.min() >= 0
    seen = giver._encoder(pixels())
    torch.testing.assert_close(maps[-1][-1], seen.last)
    # The pyramid's maps are those after the last block of their resolution.
    for stage, place, expected in zip((3, 2, 1), (-2, -1, -1), seen.pyramid, strict=True):
        torch.testing.assert_close(maps[stage][place], rectified(expected))


def test_each_stage_is_asked_for_its_own_hints():
    hints = [[torch.randn(BATCH, 2, 4, 4)], [torch.randn(BATCH, 2, 4, 4) for _ in range(2)]]
    features = [[hints[0][0] * 0], [torch.zeros(BATCH, 3, 4, 4), torch.zeros(BATCH, 3, 4, 4)]]
    features[1][1][:, :2] = hints[1][1]
    first, second = stage_losses(features, hints)
    assert first > 0.9
    assert second.item() == pytest.approx(hint_loss(features[1][0], hints[1][0]).item() / 2.0)


@pytest.mark.slow
def test_a_backbone_is_trained_and_becomes_an_eanets(giver_file, pictures, tmp_path):
    stages = [{"name": "a", "size": SIZE, "steps": 12, "data": {f"images:{pictures}": 1}}]
    config = make_config(
        pictures,
        model="eanet-backbone",
        hints=str(giver_file),
        network=SMALL,
        stages=stages,
        learning_rate=2e-3,
        checkpoint_every=1000,  # its states of half a gigabyte
    )
    state = train(config, tmp_path)
    hints = HintGiver(giver_file).maps(pixels())
    left = []
    for weights in (None, state["network"]):
        observed = create_task(config).network.train()
        if weights is not None:
            observed.load_state_dict(weights)
        with torch.inference_mode():
            left.append(sum(loss.item() for loss in stage_losses(observed(pixels()), hints)))
    assert left[1] < left[0]
    # The file holds the average, under the names that an EANet's backbone has.
    network = {**TINY, "backbone_width": 64, "backbone_depths": SMALL["depths"]}
    eanet = make_config(pictures, model="eanet-light", network=network, backbone=str(tmp_path / WEIGHTS))
    filled = create_task(eanet).network.backbone.state_dict()
    assert filled
    for name, value in filled.items():
        torch.testing.assert_close(value, state["average"][f"module.backbone.{name}"])


def test_weights_of_another_backbone_are_refused(giver_file, pictures):
    config = make_config(pictures, model="eanet-light", network=TINY, backbone=str(giver_file))
    with pytest.raises(BothhandsError, match="of another network"):
        create_task(config)


def test_an_lwa_hands_encoder_becomes_an_eanets_backbone(giver_file, pictures):
    network = {**TINY, "backbone": "lwa-hand"}
    config = make_config(pictures, model="eanet-light", network=network, backbone=str(giver_file))
    encoder = create_task(config).network.backbone.encoder
    giver = LwaHand(hand_topologies(load_hand_models()))
    load_weights(giver_file, giver)
    with torch.inference_mode():
        torch.testing.assert_close(encoder(pixels()).last, giver.encoder(pixels()).last)
    resnet = make_config(pictures, model="eanet-light", network=TINY)
    other = giver_file.with_name("resnet.safetensors")
    save_weights(other, create_task(resnet).network.backbone)
    with pytest.raises(BothhandsError, match="of another network"):
        create_task(config.model_copy(update={"backbone": other}))
