"""EANet at other image sizes than it has learnt at: embeddings are resampled, everything else stays."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from test_eanet_network import TINY

from models.eanet import ABLATIONS, EANet, ablated, load, save
from models.eanet.config import GRID
from models.eanet.eablock import EABlock
from models.eanet.joints import JointFeatureExtractor
from models.eanet.positions import resample_positions
from models.errors import BothhandsError
from models.weights_io import load_weights


def ramps(side: int, slopes: torch.Tensor, free: int = 0) -> torch.Tensor:
    """Maps that rise linearly over the image, (1, free + M side side, 2); slopes (M, 2, 2) by map, axis, channel."""
    middles = (torch.arange(side) + 0.5) / side
    x, y = torch.meshgrid(middles, middles, indexing="xy")
    places = torch.stack([x, y], dim=-1)
    maps = torch.einsum("yxa,mac->myxc", places, slopes).flatten(0, 2)
    return torch.cat([torch.full((free, 2), 7.0), maps])[None]


@pytest.mark.parametrize(("old", "new"), [(4, 8), (8, 4), (2, 7), (6, 8)])
@pytest.mark.parametrize(("maps", "free"), [(1, 0), (2, 0), (2, 1)])
def test_a_ramp_over_the_image_stays_the_ramp(old, new, maps, free):
    slopes = torch.randn(maps, 2, 2, generator=torch.Generator().manual_seed(0))
    found = resample_positions(ramps(old, slopes, free), maps, free, new)
    torch.testing.assert_close(found, ramps(new, slopes, free))


def test_the_same_size_is_the_same_embedding():
    embedding = torch.randn(1, 33, 5, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(resample_positions(embedding, 2, 1, 4), embedding, atol=0.0, rtol=0.0)


@pytest.mark.parametrize("length", [0, 1, 3, 31, 34, 37])
def test_what_is_no_square_is_refused(length):
    with pytest.raises(ValueError, match="not those of 1 tokens and 2 squares"):
        resample_positions(torch.zeros(1, length, 3), 2, 1, 8)


@pytest.mark.parametrize("name", sorted(ABLATIONS))
def test_every_network_goes_on_at_another_size(name):
    """All that changes are embeddings of places; a network made for that size has the same shapes."""
    config = ablated(name, TINY)
    torch.manual_seed(0)
    network = EANet(config, 64)
    before = {key: value.clone() for key, value in network.state_dict().items()}
    network.resize(128)
    after = network.state_dict()
    fresh = EANet(config, 128).state_dict()
    assert {key: value.shape for key, value in after.items()} == {key: value.shape for key, value in fresh.items()}
    changed = {key for key in before if before[key].shape != after[key].shape}
    assert changed == set(network.image_positions())
    assert bool(changed) == (config.block != "none" and config.query is not None)
    for key in before.keys() - changed:
        torch.testing.assert_close(after[key], before[key], atol=0.0, rtol=0.0)
    network.eval()(torch.rand(1, 3, 128, 128))


def test_frozen_embeddings_stay_frozen():
    network = EANet(TINY, 64).requires_grad_(False)
    network.resize(96)
    assert not any(parameter.requires_grad for parameter in network.parameters())


def test_places_in_the_image_do_not_depend_on_its_size():
    """A feature map with every cell cut in four shows the same image: joints are where they were."""
    torch.manual_seed(0)
    adapted = torch.randn(2, TINY.adapted_channels, 4, 4)
    coarse, fine = (JointFeatureExtractor(TINY, side).eval() for side in (4, 8))
    torch.nn.init.normal_(coarse.heat_map.weight, std=0.5)
    fine.load_state_dict(coarse.state_dict())
    seen, blown_up = coarse(adapted), fine(adapted.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3))
    torch.testing.assert_close(blown_up.grid, seen.grid)
    # The cells of 256 px are what they always were.
    assert fine.side == GRID


def test_attention_sees_a_blown_up_image_as_it_saw_the_small_one():
    """Where an embedding is the same all over the image, cutting every cell in four changes nothing."""
    torch.manual_seed(0)
    config = replace(TINY, query="join", key_value="hands")
    small, large = (EABlock(config, side * side, ("left", "right")).eval() for side in (4, 8))
    with torch.no_grad():
        for name, parameter in small.named_parameters():
            if name.endswith("position"):
                parameter.copy_(torch.randn_like(parameter[:, :1]).expand_as(parameter))
    large.load_state_dict(
        {
            name: resample_positions(value, *divmod(value.shape[1], 16), 8) if name.endswith("position") else value
            for name, value in small.state_dict().items()
        }
    )
    features = {side: torch.randn(1, config.channels, 4, 4) for side in ("left", "right")}
    doubled = {side: value.repeat_interleave(2, 2).repeat_interleave(2, 3) for side, value in features.items()}
    for side, seen in small(features).items():
        expected = seen.repeat_interleave(2, 2).repeat_interleave(2, 3)
        torch.testing.assert_close(large(doubled)[side], expected, atol=1e-5, rtol=1e-4)


def write(path: Path, size: int) -> EANet:
    torch.manual_seed(1)
    network = EANet(TINY, size)
    save(
        path,
        TINY,
        {name: value.half() if value.is_floating_point() else value for name, value in network.state_dict().items()},
    )
    return network


def test_weights_of_another_size_are_loaded(tmp_path):
    """The app looks at 256 px, whatever the last stage of training did."""
    trained = write(tmp_path / "small.safetensors", 128)
    loaded = load(tmp_path / "small.safetensors")
    assert loaded.input_size == 256
    trained.resize(256)
    for name, value in trained.state_dict().items():
        torch.testing.assert_close(loaded.state_dict()[name], value, atol=2e-3, rtol=2e-3)


def test_another_shape_is_still_another_network(tmp_path):
    write(tmp_path / "small.safetensors", 128)
    wider = EANet(replace(TINY, channels=24), 256)
    with pytest.raises(BothhandsError, match=r"are of another network: .* is \(.*\), not \(.*\);"):
        load_weights(tmp_path / "small.safetensors", wider, adapt=wider.fitting)
    own = EANet(TINY, 256)
    odd = {
        name: value[:, :-1].clone() if name in own.image_positions() else value
        for name, value in own.state_dict().items()
    }
    save(tmp_path / "odd.safetensors", TINY, odd)
    with pytest.raises(BothhandsError, match=r"another network: eablock\..*position is \(1, "):
        load(tmp_path / "odd.safetensors")
