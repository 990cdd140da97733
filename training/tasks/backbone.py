"""EANet's backbone in training by itself: it learns what the encoder of a trained LWA-HAND sees."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from models.eanet.backbone import ResNet
from models.weights_io import save_weights
from training.data.examples import Batch
from training.start.hints import HintGiver, stage_losses
from training.tasks.common import write_card
from training.tasks.protocol import ParameterGroup, Prediction

if TYPE_CHECKING:
    from training.config import TrainConfig


class Observed(nn.Module):
    """A backbone that tells what each of its blocks gives.

    Args:
        backbone: to observe.
    """

    def __init__(self, backbone: ResNet) -> None:
        super().__init__()
        self.backbone = backbone

    def forward(self, image: Tensor) -> list[list[Tensor]]:
        """Maps of an image (B, 3, S, S) by stage."""
        return list(self.backbone.block_maps(image))


class BackboneTask:
    """See `training.tasks.protocol.Task`.

    Raises:
        BothhandsError: see `training.start.hints.HintGiver`.
    """

    network: nn.Module
    outer: Sequence[str] = ("backbone.conv1",)

    def __init__(self, config: TrainConfig) -> None:
        assert config.hints is not None
        self._giver = HintGiver(config.hints)
        torch.manual_seed(config.seed)
        self.network = Observed(ResNet(**config.network))

    def parameter_groups(self) -> list[ParameterGroup]:
        """One."""
        return [ParameterGroup(list(self.network.parameters()), 1.0)]

    def resize(self, network: nn.Module, size: int) -> None:
        """Nothing depends on it."""

    def losses(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """What each stage leaves unexplained."""
        pixels = batch.pixels()
        losses = stage_losses(network(pixels), self._giver.maps(pixels))
        return {f"stage {number}": loss for number, loss in enumerate(losses, 1)}

    def predict(self, network: nn.Module, batch: Batch) -> Prediction:
        """Never asked: configurations of a backbone validate nothing."""
        raise NotImplementedError

    def export(self, network: nn.Module, path: Path, notes: dict[str, Any]) -> None:
        """Write the backbone as `backbone` of a configuration reads it, under the names of common ImageNet files."""
        assert isinstance(network, Observed)
        write_card(path, save_weights(path, network.backbone, torch.float32), notes)
