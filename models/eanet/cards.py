"""What `eanet` and `eanet-light` are, with the weights in assets/weights where there are any."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models import places
from models.eanet.config import CONFIGURATIONS, LIGHT, PAPER, EANetConfig
from models.eanet.header import read_config
from models.eanet.reconstructor import EANetReconstructor, as_run
from models.eanet.size import size_of
from models.errors import BothhandsError
from models.registry import HandModels, ModelCard, model_card, register_model
from models.runtime.crop_network import NetworkSource
from models.runtime.network_files import files_of
from models.runtime.runner import Precision
from models.weights_notes import notes_or_none, read_notes

if TYPE_CHECKING:
    from models.eanet.network import EANet

_PRECISION: Precision = "bf16"
_PAPER = "Park, Jung, Moon and Lee, EANet, 2023, https://arxiv.org/abs/2309.01943"


def weights_file(name: str) -> Path:
    """Where a model's weights lie, if there are any."""
    return places.weights_file(f"{name}.safetensors")


def _notes(name: str) -> dict[str, Any]:
    """What lies beside the weights, for the card; empty where nothing does, or nothing that can be read."""
    return notes_or_none(weights_file(name))


def _config(name: str, untrained: EANetConfig) -> EANetConfig:
    if not weights_file(name).is_file():
        return untrained
    try:
        return read_config(weights_file(name))
    except BothhandsError:
        # A card must not fail; damaged weights are reported to whoever wants to use them.
        return untrained


def make_card(name: str, title: str, untrained: EANetConfig) -> ModelCard:
    """Card of a model.

    Args:
        name: of the model and its weights.
        title: of the card.
        untrained: the network to count where there are no weights.
    """
    has_weights, notes = weights_file(name).is_file(), _notes(name)
    state = f" ({notes['state']})" if "state" in notes else ""
    size = size_of(_config(name, untrained), notes)
    return ModelCard(
        name=name,
        title=f"{title}{state}" if has_weights else f"{title} (untrained: random weights)",
        paper=_PAPER,
        licence=notes.get("licence", "MIT for this implementation; imported weights keep their authors' terms"),
        conventions="axis-angle relative to the flat template, camera frame; the hand model's mean pose is added",
        **asked(notes),
        weights=weights_file(name).name if has_weights else None,
        sha256=notes.get("sha256"),
        trained_on=tuple(notes.get("trained_on", ())),
        measured=notes.get("measured", {}),
        parameters=size.parameters,
        variants={variant: size_of(config).parameters for variant, config in CONFIGURATIONS.items()},
        macs_image=size.macs_image,
        macs_pose=size.macs_pose,
    )


def asked(notes: Mapping[str, Any]) -> dict[str, Any]:
    """What weights ask of the app's crops, as fields of a `ModelCard`."""
    return {name: notes[name] for name in ("widen_lone_hand", "crop_each_hand") if name in notes}


def untrained_network(config: EANetConfig) -> EANet:
    """The network with random weights, the same ones every time."""
    import torch  # seconds, which nobody waits for where OpenVINO's own files serve

    from models.eanet.network import EANet

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return EANet(config).eval()


def create_reconstructor(
    card: ModelCard, untrained: EANetConfig, hand_models: HandModels, device: str
) -> EANetReconstructor:
    """A model with its weights, or with random ones, whose heat-maps say nothing: the detector alone decides then.

    Raises:
        BothhandsError: the weights, or the notes beside them, are damaged.
    """
    if card.weights is None:
        return EANetReconstructor(untrained_network(untrained), hand_models, device, _PRECISION, present=0.0)
    return with_weights(weights_file(card.name), read_notes(weights_file(card.name)), hand_models, device)


def with_weights(weights: Path, notes: Mapping[str, Any], hand_models: HandModels, device: str) -> EANetReconstructor:
    """A model with weights, installed or not.

    Args:
        weights: see `models.eanet.weights.load`.
        notes: that lie beside them, see `notes_file`.
        hand_models: by side.
        device: "cpu" or "cuda:N".

    Raises:
        BothhandsError: the weights are damaged.
    """
    precision: Precision = notes.get("precision", _PRECISION)
    choices: dict[str, Any] = {name: notes.get(name, False) for name in ("judges_presence", "fits_joints")}
    sha256 = notes.get("sha256")

    def network() -> EANet:
        from models.eanet.weights import load  # imports torch

        return load(weights, sha256=sha256)

    files = files_of(weights) if device == "cpu" else None
    if files is None or files.weights != sha256:
        return EANetReconstructor(network(), hand_models, device, precision, **choices)
    source = NetworkSource(lambda: as_run(network()), files)
    choices["depth_cells"] = read_config(weights).depth_cells
    return EANetReconstructor(source, hand_models, device, precision, **choices)


def _eanet_card() -> ModelCard:
    return make_card("eanet", "EANet: extract and adaptation", PAPER)


def _light_card() -> ModelCard:
    return make_card("eanet-light", "EANet (Light): extract and adaptation with half the channels", LIGHT)


EANET_CARD = _eanet_card()
LIGHT_CARD = _light_card()


@register_model(EANET_CARD, _eanet_card)
def create_eanet(hand_models: HandModels, device: str) -> EANetReconstructor:
    """Build `eanet`; see `create_reconstructor`."""
    return create_reconstructor(model_card("eanet"), PAPER, hand_models, device)


@register_model(LIGHT_CARD, _light_card)
def create_eanet_light(hand_models: HandModels, device: str) -> EANetReconstructor:
    """Build `eanet-light`; see `create_reconstructor`."""
    return create_reconstructor(model_card("eanet-light"), LIGHT, hand_models, device)
