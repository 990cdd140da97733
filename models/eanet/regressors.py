"""Regressors of MANO parameters, cameras and the relative translation (section 3.5)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.eanet.config import FINGER_JOINTS, GRID, JOINTS, EANetConfig

_START_CAMERA = (20.0, GRID / 2.0, GRID / 2.0)
"""An untrained camera: a hand of 20 cm takes half the image, in its middle."""
_IDENTITY_6D = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
"""No rotation, in the interleaved order of `models.eanet.rotations.matrix_from_6d`."""


def _start(layer: nn.Linear, std: float, bias: tuple[float, ...] = (0.0,)) -> nn.Linear:
    nn.init.normal_(layer.weight, std=std)
    with torch.no_grad():
        layer.bias.copy_(torch.tensor(bias).repeat(layer.out_features // len(bias)))
    return layer


class PoseRegressor(nn.Module):
    """Joint features beside the 2.5D joints, flattened, to 16 rotations in 6D.

    Args:
        config: widths, and how "two fully connected layers" is read (`pose_hidden`).
    """

    def __init__(self, config: EANetConfig) -> None:
        super().__init__()
        inputs = JOINTS * (config.channels + 3)
        self.hidden = nn.Sequential(nn.Linear(inputs, config.pose_hidden), nn.ReLU()) if config.pose_hidden else None
        inputs = config.pose_hidden or inputs
        self.wrist = _start(nn.Linear(inputs, 6), 0.001, _IDENTITY_6D)
        self.fingers = _start(nn.Linear(inputs, 6 * FINGER_JOINTS), 0.001, _IDENTITY_6D)

    def forward(self, features: Tensor, grid: Tensor) -> tuple[Tensor, Tensor]:
        """Features (B, J, c) and joints (B, J, 3), detached, to wrist (B, 6) and fingers (B, 90)."""
        x = torch.cat([features, grid.detach().to(features.dtype)], dim=-1).flatten(1)
        if self.hidden is not None:
            x = self.hidden(x)
        return self.wrist(x), self.fingers(x)


class ShapeRegressor(nn.Linear):
    """Pooled adapted feature (B, C*) to shape (B, 10)."""

    def __init__(self, config: EANetConfig) -> None:
        super().__init__(config.adapted_channels, 10)
        _start(self, 0.01)


class CameraRegressor(nn.Linear):
    """Pooled adapted feature (B, C*) to a weak-perspective camera (B, 3): scale in cells a metre, x and y in cells.

    `GRID` cells make a side of the image. The paper names no camera; the public code has this one.
    """

    def __init__(self, config: EANetConfig) -> None:
        super().__init__(config.adapted_channels, 3)
        _start(self, 0.01, _START_CAMERA)


class RelativeTranslationRegressor(nn.Sequential):
    """Pooled adapted features of the streams, right first, to left wrist minus right wrist (B, 3), metres."""

    def __init__(self, config: EANetConfig, streams: int) -> None:
        inputs, hidden = streams * config.adapted_channels, config.translation_hidden
        if hidden:
            super().__init__(nn.Linear(inputs, hidden), nn.ReLU(), _start(nn.Linear(hidden, 3), 0.001))
        else:
            super().__init__(_start(nn.Linear(inputs, 3), 0.001))
