"""What `eanet`, `eanet-light` and `eanet-mobile` are, with the weights in assets/weights where there are any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models import places
from models.eanet.config import BY_MODEL, CONFIGURATIONS, Backbone, EANetConfig
from models.eanet.header import read_config
from models.eanet.reconstructor import EANetReconstructor, as_run
from models.eanet.size import size_of
from models.errors import BothhandsError
from models.registry import (
    FORMER_NAMES,
    CropPolicy,
    HandModels,
    ModelCard,
    Reconstructor,
    WeightsReader,
    model_card,
    register_model,
)
from models.runtime.crop_network import NetworkSource
from models.runtime.network_files import files_of
from models.runtime.runner import Precision
from models.sentences import joined, say
from models.weights_notes import notes_or_none, read_notes, state_of

if TYPE_CHECKING:
    from models.eanet.network import EANet

_PRECISION: Precision = "bf16"
_PAPER = "Park, Jung, Moon and Lee, EANet, 2023, https://arxiv.org/abs/2309.01943"


_TITLES = {
    "eanet": say("EANet: extract and adaptation"),
    "eanet-light": say("EANet (Light): the paper's light network, c = C / 8 on a ResNet-50"),
    "eanet-mobile": say("EANet on LWA-HAND's encoder: ours, the light network's heads on a backbone for processors"),
}
_GOOD_AT = {
    "eanet": say(
        "The paper's accuracy on hands that interact, with its published weights and a GPU; slow on a processor."
    ),
    "eanet-light": say(
        "The paper's light network: most of that accuracy at a sixth of the size, with weights of its own."
    ),
    "eanet-mobile": say("EANet's way of telling two hands apart, light enough for a processor."),
}
_BACKBONES: Mapping[str, Backbone] = {"eanet-light": "resnet", "eanet-mobile": "lwa-hand"}
"""What tells two models apart; `eanet` is any EANet that is imported or trained."""


def weights_file(name: str) -> Path | None:
    """Where a model's weights lie, None if there are none: those that a person installed before those that the program
    brings; under a name that the model had before, too, and never those of the model that has this name today.
    """
    file = f"{name}.safetensors"
    installed = places.installed_weights(file)
    if installed.is_file() and _backbone_fits(name, installed, unread=True):
        return installed
    for former, today in FORMER_NAMES.items():
        older = places.installed_weights(f"{former}.safetensors")
        if today == name and older.is_file() and _backbone_fits(name, older, unread=False):
            return older
    shipped = places.asset("weights") / file
    return shipped if shipped != installed and shipped.is_file() else None


def _backbone_fits(name: str, weights: Path, unread: bool) -> bool:
    """Whether weights are of this model; `unread` where they cannot be read: damage is told to whoever uses them."""
    try:
        backbone = read_config(weights).backbone
    except BothhandsError:
        return unread
    return _BACKBONES.get(name, backbone) == backbone


def check_kind(name: str, weights: Path) -> None:
    """Refuse weights that belong to a model of another name.

    Raises:
        BothhandsError: they do, or they cannot be read.
    """
    backbone = read_config(weights).backbone
    if _BACKBONES.get(name, backbone) != backbone:
        other = next(model for model, its in _BACKBONES.items() if its == backbone)
        raise BothhandsError(
            say(
                "{weights} holds weights of {other}, not of {name}; name that model.",
                weights=weights,
                other=other,
                name=name,
            )
        )


def _config(weights: Path | None, untrained: EANetConfig) -> EANetConfig:
    if weights is None:
        return untrained
    try:
        return read_config(weights)
    except BothhandsError:
        # A card must not fail; damaged weights are reported to whoever wants to use them.
        return untrained


def make_card(name: str) -> ModelCard:
    """Card of a model, by its name."""
    weights, title = weights_file(name), _TITLES[name]
    # What lies beside the weights; nothing where it cannot be read.
    notes = {} if weights is None else notes_or_none(weights)
    size = size_of(_config(weights, BY_MODEL[name]), notes)
    return ModelCard(
        name=name,
        title=joined(title, say("(untrained: random weights)") if weights is None else state_of(notes)),
        paper=_PAPER,
        licence=notes.get("licence", say("MIT for this implementation; imported weights keep their authors' terms")),
        conventions="axis-angle relative to the flat template, camera frame; the hand model's mean pose is added",
        crops=crop_policy(notes),
        weights=None if weights is None else weights.name,
        sha256=notes.get("sha256"),
        trained_on=tuple(notes.get("trained_on", ())),
        measured=notes.get("measured", {}),
        good_at=_GOOD_AT[name],
        real_video=notes.get("real_video", {}),
        parameters=size.parameters,
        variants={variant: size_of(config).parameters for variant, config in CONFIGURATIONS.items()},
        macs_image=size.macs_image,
        macs_pose=size.macs_pose,
    )


def crop_policy(notes: Mapping[str, Any]) -> CropPolicy:
    """What weights were trained to be shown; nothing special where their notes do not say."""
    return CropPolicy(
        judges_presence=notes.get("judges_presence", False),
        lone_hand_scale=notes.get("widen_lone_hand", 1.0),
        crop_each_hand=notes.get("crop_each_hand", False),
    )


def untrained_network(config: EANetConfig) -> EANet:
    """The network with random weights, the same ones every time."""
    import torch  # seconds, which nobody waits for where OpenVINO's own files serve

    from models.eanet.network import EANet

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return EANet(config).eval()


def create_reconstructor(name: str, hand_models: HandModels, device: str) -> EANetReconstructor:
    """A model with its weights, or with random ones, whose heat-maps say nothing: the detector alone decides then.

    Raises:
        BothhandsError: the weights, or the notes beside them, are damaged.
    """
    weights = None if model_card(name).weights is None else weights_file(name)
    if weights is None:
        return EANetReconstructor(untrained_network(BY_MODEL[name]), hand_models, device, _PRECISION, present=0.0)
    return with_weights(weights, read_notes(weights), hand_models, device)


def with_weights(weights: Path, notes: Mapping[str, Any], hand_models: HandModels, device: str) -> EANetReconstructor:
    """A model with weights, installed or not.

    Args:
        weights: see `models.eanet.weights.load`.
        notes: that lie beside them, see `models.places.notes_file`.
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


def _load_as_candidate(
    name: str, weights: Path, notes: Mapping[str, Any], hand_models: HandModels, device: str
) -> tuple[ModelCard, Reconstructor]:
    card = replace(model_card(name), crops=crop_policy(notes))
    return card, with_weights(weights, notes, hand_models, device)


def _check(name: str, weights: Path) -> None:
    from models.eanet.weights import load  # imports torch

    load(weights)
    check_kind(name, weights)


def _import_checkpoint(checkpoint: Path, out: Path) -> str:
    from models.eanet import import_checkpoint  # imports torch

    config = import_checkpoint(checkpoint, out)
    return (
        f"EANet with c = {config.channels}, {config.sa_depth} SA and {config.ca_depth} CA blocks in each FuseFormer "
        f"and {config.sjt_depth} SJT blocks for each hand"
    )


_PUBLISHED = ("eanet", "eanet-light")


def _register(name: str) -> None:
    reader = WeightsReader(
        load=partial(_load_as_candidate, name),
        check=partial(_check, name),
        import_checkpoint=_import_checkpoint if name in _PUBLISHED else None,
    )

    @register_model(make_card(name), reread=partial(make_card, name), weights=reader)
    def create(hand_models: HandModels, device: str) -> EANetReconstructor:
        return create_reconstructor(name, hand_models, device)


for _name in _TITLES:
    _register(_name)
