"""EANet in training (section 3.5 of https://arxiv.org/abs/2309.01943)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from models.eanet.config import ABLATIONS, LIGHT, PAPER, EANetConfig, ablated
from models.eanet.network import STRIDE, EANet, EANetOutput
from models.eanet.weights import save
from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.values import WRIST
from models.weights_io import file_sha256, load_weights
from training.config import TrainConfig
from training.eanet_losses import EANetLosses, LossWeights, Targets, grid_targets, presence_loss, project
from training.examples import Batch
from training.reduction import weighted_terms
from training.tasks.common import changed_weights, floats, write_card
from training.tasks.protocol import ParameterGroup, Prediction


class EANetTask:
    """See `training.tasks.protocol.Task`.

    Raises:
        BothhandsError: no such ablation, or a file that does not fit.
    """

    network: nn.Module

    def __init__(self, config: TrainConfig) -> None:
        self._config = _configuration(config)
        self._weights = changed_weights(LossWeights(), config.loss_weights)
        self._models = load_hand_models(config.mano)
        self._losses = EANetLosses(self._models)
        self._size = config.stages[0].size
        torch.manual_seed(config.seed)
        network = EANet(self._config, self._size)
        if config.start == "pretrained":
            raise BothhandsError("eanet has no pretrained start; begin from scratch, or name a safetensors file.")
        if config.start != "scratch":
            load_weights(Path(config.start), network)
        if config.backbone is not None:
            _load_backbone(network, config.backbone)
        self._backbone_rate = config.start_rate if config.backbone or config.start != "scratch" else 1.0
        self.network = network

    def parameter_groups(self) -> list[ParameterGroup]:
        """The backbone apart from the rest."""
        assert isinstance(self.network, EANet)
        backbone = list(self.network.backbone.parameters())
        held = set(map(id, backbone))
        others = [parameter for parameter in self.network.parameters() if id(parameter) not in held]
        return [ParameterGroup(others, 1.0), ParameterGroup(backbone, self._backbone_rate)]

    def losses(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Weighted terms of section 3.5, and presence."""
        self._follow(batch.image.device)
        output: EANetOutput = floats(network(batch.pixels()))
        terms = self._losses(output, eanet_targets(batch, self._size, self._config.depth_cells))
        terms["presence"] = presence_loss(output.confidence, batch.present, batch.presence_trust)
        return weighted_terms(terms, self._weights)

    def predict(self, network: nn.Module, batch: Batch) -> Prediction:
        """Meshes, their joints through the cameras, and presence."""
        self._follow(batch.image.device)
        output: EANetOutput = floats(network(batch.pixels()))
        vertices, joints = self._losses.meshes(self._losses.pose(output), output.shape)
        places = self._to_unit(project(joints, output.camera))
        heat = self._to_unit(output.joints[..., :2])
        return Prediction(joints, vertices, places, heat, output.confidence.mean(dim=-1))

    def export(self, network: nn.Module, path: Path, notes: dict[str, Any]) -> None:
        """Write half-precision weights with their configuration, and the notes of the model's card."""
        state = {
            name: value.half() if value.is_floating_point() else value for name, value in network.state_dict().items()
        }
        save(path, self._config, state)
        write_card(path, file_sha256(path), notes)

    def _follow(self, device: torch.device) -> None:
        for model in self._models.values():
            if model.template.device != device:
                model.to(device)

    def _to_unit(self, cells: Tensor) -> Tensor:
        """Cells of the heat-map, 0 the middle of the picture's first pixel, to [-1, 1] over the picture."""
        return (cells * STRIDE + 0.5) * (2.0 / self._size) - 1.0


def eanet_targets(batch: Batch, size: int, cells: int) -> Targets:
    """What EANet should have said of a batch; see `training.eanet_losses.Targets`."""
    wrist = batch.joints[:, :, WRIST]
    joints_px = (batch.joints_2d + 1.0) * (size / 2.0) - 0.5
    grid, inside = grid_targets(joints_px, batch.joints[..., 2] - wrist[..., None, 2], cells)
    known = batch.present * (batch.mesh_trust > 0)
    return Targets(
        pose=batch.pose,
        shape=batch.shape,
        joints_grid=grid,
        relative_translation=wrist[:, 0] - wrist[:, 1],
        parameters_weight=batch.present * batch.parameters_trust,
        joints_weight=inside * batch.joints_trust * known[..., None],
        # Two guessed depths tell nothing of their difference.
        pair_weight=(batch.present * (batch.mesh_trust >= 1.0)).prod(dim=1),
    )


def _configuration(config: TrainConfig) -> EANetConfig:
    base = LIGHT if config.model == "eanet-light" else PAPER
    try:
        base = replace(base, **config.network)
        return ablated(config.ablation, base) if config.ablation else base
    except KeyError as error:
        names = ", ".join(ABLATIONS)
        raise BothhandsError(f"There is no ablation {config.ablation!r}; choose one of {names}.") from error
    except (TypeError, ValueError) as error:
        raise BothhandsError(f"The network cannot be built as [network] says: {error}.") from error


def _load_backbone(network: EANet, path: Path) -> None:
    """Weights of an ImageNet classifier: a state dict of torchvision's resnet50."""
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
