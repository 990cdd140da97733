"""Import of published checkpoints: everything in them is used, and whatever does not fit is refused in one sentence."""

import json
import os
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from app.weights import import_in_place, import_weights, install
from models import places, registry
from models.eanet import CONFIGURATIONS, EANet, EANetConfig, cards, load, raw_outputs, save
from models.eanet.published import published_name
from models.errors import BothhandsError

SMALL = replace(
    CONFIGURATIONS["published"],
    channels=16,
    sa_depth=2,
    ca_depth=1,
    sjt_depth=3,
    translation_hidden=24,
    backbone_width=2,
    backbone_depths=(1, 2, 1, 1),
)
Weights = dict[str, torch.Tensor]


@pytest.fixture(scope="module")
def network() -> EANet:
    torch.manual_seed(0)
    return EANet(SMALL).eval()


@pytest.fixture
def published(network) -> Weights:
    return {f"module.{published_name(name)}": value.clone() for name, value in network.state_dict().items()}


def write(path: Path, weights: Weights) -> Path:
    torch.save({"epoch": 29, "network": weights}, path)
    return path


def refusal(checkpoint: Path) -> str:
    """The one sentence that an import ends in; nothing is left behind."""
    before = set(checkpoint.parent.iterdir())
    with pytest.raises(BothhandsError) as caught:
        import_weights("eanet", checkpoint, checkpoint.parent / "out.safetensors")
    assert set(checkpoint.parent.iterdir()) == before
    text = str(caught.value)
    assert str(checkpoint) in text
    assert "\n" not in text
    return text


@pytest.mark.parametrize("with_optimizer", [True, False])
@pytest.mark.parametrize("prefix", ["module.", ""])
def test_an_imported_network_says_what_the_original_said(tmp_path, network, published, with_optimizer, prefix):
    weights = {prefix + name.removeprefix("module."): value for name, value in published.items()}
    stored: dict = {"epoch": 29, "network": weights}
    if with_optimizer:
        stored["optimizer"] = torch.optim.Adam(network.parameters()).state_dict()
    torch.save(stored, tmp_path / "snapshot_29.pth.tar")
    sentence = import_weights("eanet", tmp_path / "snapshot_29.pth.tar", tmp_path / "eanet.safetensors")
    assert "c = 16, 2 SA and 1 CA blocks in each FuseFormer and 3 SJT blocks" in sentence
    card = json.loads((tmp_path / "eanet.json").read_text())
    imported = load(tmp_path / "eanet.safetensors", sha256=card["sha256"])
    assert imported.config == SMALL
    image = torch.rand(1, 3, 256, 256)
    expected = raw_outputs(network, image)
    for name, values in raw_outputs(imported, image).items():
        torch.testing.assert_close(values, expected[name], rtol=0, atol=0)


@pytest.mark.parametrize(
    "choice", [{"token_linears": False}, {"ca_mlp_bias": True}, {"translation_hidden": 0}, {"channels": 32}]
)
def test_choices_are_read_from_keys_and_shapes(tmp_path, choice):
    config = replace(SMALL, **choice)
    state = EANet(config).state_dict()
    path = write(tmp_path / "snapshot.pth.tar", {published_name(name): value for name, value in state.items()})
    import_weights("eanet", path, tmp_path / "eanet.safetensors")
    assert load(tmp_path / "eanet.safetensors").config == config


def remove(name: str) -> Callable[[Weights], object]:
    return lambda weights: weights.pop(f"module.{name}")


def put(name: str, value: torch.Tensor) -> Callable[[Weights], object]:
    return lambda weights: weights.update({f"module.{name}": value})


BLOCK = "hand_position_net.EABlock.Adapt_r.SA_T"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (remove("hand_backbone.layer2.1.conv2.weight"), "it lacks hand_backbone.layer2.1.conv2.weight"),
        (remove("hand_position_net.EABlock.conv_l.0.weight"), "it is of another network"),
        (put("hand_rotation_net.extra.weight", torch.zeros(3)), "it has hand_rotation_net.extra.weight"),
        (put(f"{BLOCK}.2.norm1.weight", torch.zeros(16)), f"it has {BLOCK}.2.norm1.weight"),
        (put(f"{BLOCK}.1.norm1.weight", torch.zeros(8)), r"norm1.weight in it is (8,); the rest of it needs (16,)"),
        (put(f"{BLOCK}.1.norm1.weight", torch.full((16,), float("nan"))), "no finite numbers"),
        (put(f"{BLOCK}.1.norm1.weight", torch.ones(16, dtype=torch.long)), "no finite numbers of the right kind"),
        (put("hand_position_net.EABlock.conv_l.0.weight", torch.zeros(20, 64, 1, 1)), "make no EANet"),
        (lambda weights: weights.clear(), "holds no network"),
        (put("hand_backbone.conv1.weight", "text"), "is not a tensor"),  # type: ignore[arg-type]
    ],
)
def test_weights_that_do_not_fit_are_named(tmp_path, published, change, says):
    change(published)
    assert says in refusal(write(tmp_path / "snapshot.pth.tar", published))


def test_a_checkpoint_of_another_network_is_refused(tmp_path):
    weights = {"backbone.conv1.weight": torch.zeros(64, 3, 7, 7), "fc.weight": torch.zeros(10, 64)}
    assert "another network" in refusal(write(tmp_path / "resnet.pth", weights))


@pytest.mark.parametrize("stored", [[torch.zeros(3)], {"epoch": 1, "network": 7}, torch.zeros(3)])
def test_a_file_without_a_network_is_refused(tmp_path, stored):
    torch.save(stored, tmp_path / "odd.pth")
    assert "holds no network" in refusal(tmp_path / "odd.pth")


class _Touch:
    """Creates a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return os.mknod, (str(self.path),)


@pytest.mark.parametrize("protocol", ["zip", 2, 4])
def test_a_malicious_pickle_is_refused_and_not_run(tmp_path, protocol):
    target, evil = tmp_path.parent / f"{tmp_path.name}-touched", tmp_path / "evil.pth.tar"
    stored = {"network": _Touch(target)}
    if protocol == "zip":
        torch.save(stored, evil)
    else:
        evil.write_bytes(pickle.dumps(stored, protocol))
    said = refusal(evil)
    assert not target.exists()
    # A pickle newer than those of checkpoints is not even understood.
    assert ("cannot be read" if protocol == 4 else "refused and nothing in it was run: it asks for posix.mknod") in said


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_checkpoint_is_refused(tmp_path, published, share):
    whole = write(tmp_path / "whole.pth.tar", published).read_bytes()
    cut = tmp_path / "cut.pth.tar"
    cut.write_bytes(whole[: int(share * len(whole))])
    assert "cannot be read" in refusal(cut)


@pytest.mark.parametrize(
    "content", [b"not a checkpoint at all", bytes(4096), b"\x80\x02}q\x00(X\x07\x00\x00\x00net", b"PK\x03\x04"]
)
def test_a_file_of_another_kind_is_refused(tmp_path, content):
    (tmp_path / "photo.jpg").write_bytes(content)
    assert "cannot be read" in refusal(tmp_path / "photo.jpg")


def test_a_missing_checkpoint_is_named(tmp_path):
    assert "There is no checkpoint" in refusal(tmp_path / "nowhere.pth.tar")


def test_models_without_published_weights_are_named(tmp_path):
    with pytest.raises(BothhandsError, match="no published weights to import for lwa-hand; choose one of: eanet"):
        import_weights("lwa-hand", tmp_path / "any", tmp_path / "out")


def test_a_place_that_cannot_be_written_is_named(tmp_path, published):
    with pytest.raises(BothhandsError, match="cannot be written"):
        import_weights("eanet", write(tmp_path / "s.pth.tar", published), tmp_path / "nowhere" / "out.safetensors")


def test_weights_that_are_no_eanet_are_refused(tmp_path):
    save_file({"a": torch.zeros(3)}, tmp_path / "other.safetensors")
    with pytest.raises(BothhandsError, match="not of an EANet"):
        load(tmp_path / "other.safetensors")


def test_damaged_weights_are_refused(tmp_path, network):
    path = tmp_path / "eanet.safetensors"
    save(path, SMALL, network.state_dict())
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(BothhandsError, match="cannot be read"):
        load(path)
    with pytest.raises(BothhandsError, match="There are no weights"):
        load(tmp_path / "nowhere.safetensors")


def test_weights_of_an_impossible_network_are_refused(tmp_path, network):
    path = tmp_path / "eanet.safetensors"
    save_file(network.state_dict(), path, {"eanet_config": '{"channels": 20}'})
    with pytest.raises(BothhandsError, match="cannot be"):
        load(path)


def test_weights_of_other_depths_than_stated_are_refused(tmp_path, network):
    path = tmp_path / "eanet.safetensors"
    save(path, replace(SMALL, sjt_depth=2), network.state_dict())
    with pytest.raises(BothhandsError, match="another network"):
        load(path)


def test_every_name_of_the_public_code_is_ours_once():
    with torch.device("meta"):
        names = EANet(EANetConfig(**{**SMALL.to_dict(), "backbone_depths": (1, 1, 1, 1)})).state_dict().keys()
    assert len({published_name(name) for name in names}) == len(names)


def test_weights_imported_in_place_are_known_at_once(tmp_path, published, monkeypatch):
    monkeypatch.setattr(places, "asset", lambda name: tmp_path / name)
    path = write(tmp_path / "snapshot.pth.tar", published)
    before = registry.model_card("eanet")
    try:
        assert registry.reread_card("eanet").untrained
        with pytest.raises(BothhandsError, match="eanet has no weights"):
            registry.require_weights("eanet")
        assert "snapshot.pth.tar" in import_in_place("eanet", path)
        assert registry.reread_card("eanet").weights == "eanet.safetensors"
        registry.require_weights("eanet")
        assert sorted(file.name for file in (tmp_path / "weights").iterdir()) == ["eanet.json", "eanet.safetensors"]
        whole = (tmp_path / "weights" / "eanet.safetensors").read_bytes()
        (tmp_path / "broken.pth.tar").write_bytes(b"nonsense")
        with pytest.raises(BothhandsError, match="broken"):
            import_in_place("eanet", tmp_path / "broken.pth.tar")
        assert (tmp_path / "weights" / "eanet.safetensors").read_bytes() == whole
    finally:
        monkeypatch.undo()
        assert registry.reread_card("eanet").weights == before.weights


@pytest.fixture
def own_weights(tmp_path, monkeypatch):
    """Where a person's weights go, apart from those that the program brings."""
    monkeypatch.setattr(places, "installed_weights", lambda name: tmp_path / "weights" / name)
    (tmp_path / "weights").mkdir()
    yield tmp_path / "weights"
    monkeypatch.undo()


def written_network(path, **changes):
    config = EANetConfig(**{**SMALL.to_dict(), "backbone_depths": (1, 1, 1, 1), **changes})
    save(path, config, EANet(config).state_dict())
    return path


def test_the_light_network_and_that_on_lwa_hands_encoder_are_two_models():
    light, mobile = (registry.model_card(name) for name in ("eanet-light", "eanet-mobile"))
    assert light.parameters == pytest.approx(33.9e6, rel=0.02)
    assert mobile.parameters == pytest.approx(12.1e6, rel=0.01)
    assert light.untrained
    assert "no weights" not in light.title
    assert not mobile.untrained
    with pytest.raises(BothhandsError, match=r"eanet-light has no weights.* eanet-mobile now"):
        registry.require_weights("eanet-light")


def test_weights_that_were_installed_under_a_former_name_are_still_used(own_weights):
    old = written_network(own_weights / "eanet-light.safetensors", backbone="lwa-hand")
    assert cards.weights_file("eanet-mobile") == old
    assert cards.weights_file("eanet-light") is None, "they are another network's"
    new = written_network(own_weights / "eanet-mobile.safetensors", backbone="lwa-hand")
    assert cards.weights_file("eanet-mobile") == new
    light = written_network(old)
    assert (cards.weights_file("eanet-light"), cards.weights_file("eanet-mobile")) == (light, new)
    new.unlink()
    assert cards.weights_file("eanet-mobile") == places.asset("weights") / new.name


@pytest.mark.parametrize(("model", "backbone"), [("eanet-light", "lwa-hand"), ("eanet-mobile", "resnet")])
def test_weights_of_the_other_model_are_not_installed(own_weights, tmp_path, model, backbone):
    trained = written_network(tmp_path / "weights.safetensors", backbone=backbone)
    trained.with_suffix(".json").write_text("{}")
    with pytest.raises(BothhandsError, match=f"not of {model}"):
        install(model, trained)
    assert not list(own_weights.iterdir())
