"""EANet in training (section 3.5 of https://arxiv.org/abs/2309.01943)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from models.eanet.backbone import HandEncoder, ResNet
from models.eanet.config import (
    ABLATIONS,
    BY_MODEL,
    CAMERA_ZERO,
    DEPTH_RANGE,
    HEAT_ZERO,
    EANetConfig,
    ablated,
)
from models.eanet.counting import measure
from models.eanet.network import EANet, EANetOutput
from models.eanet.size import RECORDED
from models.eanet.weights import save
from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.values import WRIST
from models.weights_io import file_sha256, load_weights
from training.data.examples import Batch
from training.losses.eanet import (
    EANetLosses,
    LossWeights,
    Targets,
    from_cells,
    grid_targets,
    heat_loss,
    presence_loss,
    project,
    to_cells,
)
from training.losses.reduction import weighted_terms
from training.start.compiled_start import StillStart
from training.start.hints import HintGiver, stage_losses
from training.tasks.common import changed_weights, floats, grouped_by_rate, in_single_precision, write_card
from training.tasks.protocol import ParameterGroup, Prediction

if TYPE_CHECKING:
    from training.config import TrainConfig

_REGRESSORS, _REGRESSORS_RATE = ("pose.", "shape.", "camera.", "relative_translation."), 0.6
"""Each sums hundreds or thousands of features: a step of each of its weights moves it far."""
_APP: dict[str, Any] = {"judges_presence": True, "fits_joints": True, "widen_lone_hand": 1.25}
"""How the app is to use weights that learnt from our images, see `models.places.notes_file`."""


class Hinted(EANet):
    """An EANet that also tells what each block of its ResNet gives, for those who teach it by hints."""

    def forward(self, image: Tensor) -> tuple[EANetOutput, list[list[Tensor]]]:  # type: ignore[override]
        """What the network says of an image (B, 3, S, S), and maps by stage."""
        assert isinstance(self.backbone, ResNet)
        maps = list(self.backbone.block_maps(image))
        return self.regress(*self.find_in(maps[-1][-1])), maps


class EANetTask:
    """See `training.tasks.protocol.Task`.

    Raises:
        BothhandsError: no such ablation, or a file that does not fit.
    """

    network: nn.Module
    outer: Sequence[str] = ("backbone.conv1", "joint_features", "pose", "shape", "camera", "relative_translation")

    def __init__(self, config: TrainConfig) -> None:
        self._config = _configuration(config)
        self._weights = changed_weights(LossWeights(), config.loss_weights)
        self._models = load_hand_models(config.mano)
        self._losses = EANetLosses(self._models)
        torch.manual_seed(config.seed)
        self._giver = None if config.hints is None else HintGiver(Path(config.hints))
        kind = EANet if self._giver is None else Hinted
        network = kind(self._config, config.stages[0].size)
        if config.start == "pretrained":
            raise BothhandsError("eanet has no pretrained start; begin from scratch, or name a safetensors file.")
        if config.start != "scratch":
            load_weights(Path(config.start), network, adapt=network.fitting)
        if config.backbone is not None:
            _load_backbone(network, config.backbone)
        self._start = (
            StillStart(network.backbone.encoder, "backbone.encoder.", config.frozen)
            if isinstance(network.backbone, HandEncoder)
            else None
        )
        self._backbone_rate = config.start_rate if config.backbone or config.start != "scratch" else 1.0
        self.network = network

    def parameter_groups(self) -> list[ParameterGroup]:
        """Backbone, regressors, and the rest."""

        def rate_of(name: str) -> float:
            if name.startswith("backbone."):
                return self._backbone_rate
            return _REGRESSORS_RATE if name.startswith(_REGRESSORS) else 1.0

        return grouped_by_rate(self.network, rate_of)

    def resize(self, network: nn.Module, size: int) -> None:
        """Resample the embeddings of places in the image."""
        assert isinstance(network, EANet)
        network.resize(size)

    def losses(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Weighted terms of section 3.5, presence and, where asked for, heat-maps."""
        self._follow(batch.image.device)
        if self._start is not None:
            self._start.begin(batch.image.device)
        pixels = batch.pixels()
        said, maps = self._split(network(pixels))
        output: EANetOutput = floats(said)
        with in_single_precision(batch.image.device):
            targets = eanet_targets(batch, self._config.depth_cells)
            terms = self._losses(output, targets)
            if self._weights.heat:
                terms["heat"] = heat_loss(output.heat, targets)
            terms["presence"] = presence_loss(output.confidence, *seen_part(batch))
        if self._giver is not None:
            terms["hints"] = torch.stack(stage_losses(maps, self._giver.maps(pixels))).mean()
        return weighted_terms(terms, self._weights)

    def predict(self, network: nn.Module, batch: Batch) -> Prediction:
        """Meshes, their joints through the cameras, and presence."""
        self._follow(batch.image.device)
        said, _ = self._split(network(batch.pixels()))
        output: EANetOutput = floats(said)
        vertices, joints = self._losses.meshes(self._losses.pose(output), output.shape)
        places = from_cells(project(joints, output.camera), CAMERA_ZERO)
        heat = from_cells(output.joints[..., :2], HEAT_ZERO)
        return Prediction(joints, vertices, places, heat, output.confidence.mean(dim=-1), batch.joints)

    def _split(self, said: Any) -> tuple[EANetOutput, list[list[Tensor]]]:
        """What the network says of hands, and the maps of its blocks where hints teach them."""
        return (said, []) if self._giver is None else said

    def export(self, network: nn.Module, path: Path, notes: dict[str, Any]) -> None:
        """Write half-precision weights with their configuration, and the notes of the model's card."""
        state = {
            name: value.half() if value.is_floating_point() else value for name, value in network.state_dict().items()
        }
        save(path, self._config, state)
        # Counted anew only where nobody did: counting changes what all threads of a program compute with.
        size = (RECORDED.get(self._config) or measure(self._config))._asdict()
        app = {**_APP, "crop_each_hand": self._config.backbone == "lwa-hand"}
        write_card(path, file_sha256(path), {**app, "size": size, **notes})

    def _follow(self, device: torch.device) -> None:
        for model in self._models.values():
            if model.template.device != device:
                model.to(device)


def eanet_targets(batch: Batch, cells: int) -> Targets:
    """What EANet should have said of a batch; see `training.losses.eanet.Targets`.

    Places in the image count in full. What else is known of a hand counts as far as it is trusted, and not where most
    of the hand lies outside: nobody can tell its pose.
    """
    wrist = batch.joints[:, :, WRIST]
    depth = batch.joints[..., 2] - wrist[..., None, 2]
    inside = _inside(batch)
    visible = batch.present * (inside.mean(dim=-1) > 0.5)
    seen = batch.present[..., None] * batch.joints_trust * inside
    deep = seen * batch.mesh_trust[..., None] * (depth.abs() < DEPTH_RANGE)
    return Targets(
        pose=batch.pose,
        shape=batch.shape,
        joints_grid=grid_targets(batch.joints_2d, depth, cells),
        joints_2d=to_cells(batch.joints_2d, CAMERA_ZERO),
        relative_translation=wrist[:, 0] - wrist[:, 1],
        parameters_weight=visible * batch.parameters_trust,
        grid_weight=torch.stack([seen, seen, deep], dim=-1),
        joints_2d_weight=visible[..., None] * batch.joints_trust,
        # Two guessed depths tell nothing of their difference.
        pair_weight=(visible * (batch.mesh_trust >= 1.0)).prod(dim=1),
    )


def seen_part(batch: Batch) -> tuple[Tensor, Tensor]:
    """Which part of each hand's labelled joints lies in the image, 0 of a hand that is not there; and trust in that.

    Returns:
        (B, 2) each.
    """
    labelled = batch.joints_trust.sum(dim=-1)
    part = (batch.joints_trust * _inside(batch)).sum(dim=-1) / labelled.clamp_min(1.0)
    unknown = (batch.present > 0.5) & (labelled <= 0)
    return batch.present * part, batch.presence_trust * ~unknown


def _inside(batch: Batch) -> Tensor:
    """(B, 2, 21) 1 where a joint lies in the image, else 0."""
    return (batch.joints_2d.abs() < 1.0).all(dim=-1).to(batch.joints_2d.dtype)


def _configuration(config: TrainConfig) -> EANetConfig:
    base = BY_MODEL[config.model]
    try:
        base = EANetConfig.from_dict({**base.to_dict(), **config.network})
        return ablated(config.ablation, base) if config.ablation else base
    except KeyError as error:
        names = ", ".join(ABLATIONS)
        raise BothhandsError(f"There is no ablation {config.ablation!r}; choose one of {names}.") from error
    except (TypeError, ValueError) as error:
        raise BothhandsError(f"The network cannot be built as [network] says: {error}.") from error


def _load_backbone(network: EANet, path: Path) -> None:
    """Weights of an ImageNet classifier, a state dict of torchvision's resnet50; of a backbone trained here; or, where
    LWA-HAND's encoder is the backbone, of an LWA-HAND.
    """
    if isinstance(network.backbone, HandEncoder):
        load_weights(path, network.backbone.encoder, adapt=partial(_encoder_of, network.backbone.encoder))
        return
    if path.suffix == ".safetensors":
        load_weights(path, network.backbone)
        return
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged file fails in as many ways as pickle and zip know
        raise BothhandsError(f"The backbone {path} cannot be read ({type(error).__name__}: {error}).") from error
    body = {name: value for name, value in state.items() if not name.startswith("fc.")}
    try:
        network.backbone.load_state_dict(body)
    except RuntimeError as error:
        raise BothhandsError(
            f"The backbone {path} is not torchvision's ResNet-50: {str(error).splitlines()[-1].strip()}"
        ) from error


def _encoder_of(encoder: nn.Module, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """What an encoder has of an LWA-HAND's weights; the last bridge's, which it lacks, are left away."""
    own = encoder.state_dict()
    start = "encoder."
    found = {name.removeprefix(start): value for name, value in tensors.items() if name.startswith(start)}
    return {name: value for name, value in found.items() if name in own or ".bridge." not in name}
