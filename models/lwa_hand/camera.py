"""Camera head of each hand."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.lwa_hand.bridge import HandLinear


class CameraHead(nn.Module):
    """Weak-perspective camera from the vertex features (Pi of section 4.4; the paper gives no head).

    As in IntagHand, a learned weighting of the vertices and a linear layer; what it says changes the camera that fits
    the initial joints, and changes nothing in a new network. The scale is changed by a factor, so that it cannot become
    negative.

    Args:
        vertices: of the level it reads.
        channels: of their features.
    """

    def __init__(self, vertices: int, channels: int) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.full((2, 1, 1, vertices), 1.0 / vertices))
        self.linear = HandLinear(channels, 3, gain=0.0)

    def forward(self, x: Tensor, cameras: Tensor) -> Tensor:
        """Vertex features (2, B, V, C) and first cameras (2, B, 3) to scale, x and y (2, B, 3); see `project`."""
        raw = self.linear((self.weights @ x).squeeze(2))
        return torch.cat([cameras[..., :1] * raw[..., :1].exp(), cameras[..., 1:] + raw[..., 1:]], dim=-1)


def project(points: Tensor, cameras: Tensor) -> Tensor:
    """Weak-perspective projection.

    Args:
        points: (..., N, 3) metres, relative to the hand's root, view axes.
        cameras: (..., 3) scale in half images a metre, and the root's place.

    Returns:
        (..., N, 2) x and y in [-1, 1] over the image.
    """
    return points[..., :2] * cameras[..., None, :1] + cameras[..., None, 1:]
