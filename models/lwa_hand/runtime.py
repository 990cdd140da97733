"""The network as the app wants it: bytes in, joints out.

It says three times where a hand's joints are: by its mesh, by its heat-maps and by its first guess. Where these agree,
their mean is nearer to the truth than each of them. Where they do not, the hand is mostly taken for the other one by
some, and the mesh is right most often: its two hands know of each other.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from models.lwa_hand.camera import project
from models.lwa_hand.graph_decoder import ROOT
from models.lwa_hand.network import LwaHand
from models.registry import HandModels
from models.values import SIDES

_AGREED = 0.1
"""Mean distance between readings of the joints, as a part of the hand's box, up to which they are of one hand."""


class RuntimeNetwork(nn.Module):
    """Crops to what both hands' models are fitted to.

    Args:
        network: trained or not; a copy of it is made.
        hand_models: by side, those whose vertices it gives.
    """

    regressor: Tensor

    def __init__(self, network: LwaHand, hand_models: HandModels) -> None:
        super().__init__()
        self.network = copy.deepcopy(network)
        self.register_buffer("regressor", torch.stack([hand_models[side].keypoint_regressor for side in SIDES]))
        # Bytes to [0, 1] in the weights instead of the pixels: the division was a tenth of the whole network's time.
        with torch.no_grad():
            self.network.encoder.stem.weight /= 255.0

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Look at crops.

        Args:
            crops: (B, 256, 256, 3) uint8 RGB.

        Returns:
            Vertices (B, 2, 778, 3) and joints (B, 2, 21, 3), metres, relative to the root, view axes; joints in the
            picture (B, 2, 21, 2), [-1, 1] over it; presence (B, 2). Left hand first.
        """
        image = crops.to(self.network.encoder.stem.weight.dtype).permute(0, 3, 1, 2)
        output = self.network.decode(self.network.look(image))
        vertices, guess, evidence = output.prediction.vertices, output.guess, output.joints
        of_mesh = self.regressor @ vertices
        flat = project(of_mesh, output.prediction.cameras)
        # The heat-maps' coordinates come weighted by whether they see the joint.
        others = (guess.flat + evidence.coordinates[..., :2]) / (1.0 + evidence.seen)
        size = (flat.amax(dim=2) - flat.amin(dim=2)).amax(dim=-1)
        apart = torch.linalg.vector_norm(others - flat, dim=-1).mean(dim=2) / size.clamp_min(1e-3)
        trust = torch.exp(-((apart / _AGREED) ** 2))[..., None, None]
        joints = of_mesh + 0.5 * trust * (guess.space - guess.space[:, :, ROOT, None] - of_mesh)
        return vertices, joints, flat + trust * (2.0 / 3.0) * (others - flat), evidence.presence
