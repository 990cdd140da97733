"""The network as the app wants it: bytes in, small tensors out."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.eanet.network import EANet


class RuntimeNetwork(nn.Module):
    """The network as an app wants it: bytes in, small tensors out.

    Args:
        network: trained or not.
    """

    def __init__(self, network: EANet) -> None:
        super().__init__()
        self.network = network

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Look at crops.

        Args:
            crops: (B, 256, 256, 3) uint8 RGB.

        Returns:
            rotations (B, 2, 16, 6), shape (B, 2, 10), camera (B, 2, 3), relative translation (B, 3), the heat-maps'
            joints (B, 2, 21, 3), cells, and their confidence (B, 2, 21); hands in the order of `SIDES`.
        """
        image = crops.permute(0, 3, 1, 2).to(next(self.parameters()).dtype) / 255.0
        output = self.network.regress(*self.network.find(image))
        rotations = torch.cat([output.wrist, output.fingers], dim=-1).unflatten(-1, (16, 6))
        return rotations, output.shape, output.camera, output.relative_translation, output.joints, output.confidence
