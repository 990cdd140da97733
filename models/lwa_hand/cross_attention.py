"""Lightweight cross hand attention module (section 4.3)."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from models.lwa_hand.bridge import HandLinear, mlp


class CrossHandAttention(nn.Module):
    """Each hand's vertices read a summary of the other hand, at a cost linear in the vertices (eq. 6-10).

    Separable attention (https://arxiv.org/abs/2206.02680) takes the place of the quadratic form of eq. 6-7, as
    section 4.3 says. Where the paper is silent:

    * "cross": scores and keys, and with them the context vector, come from the other hand, values from the own one;
    * the ReLU on the values and the product with the context vector are those of the cited separable attention;
    * fp of eq. 8-9 is two layers with a ReLU, added to its input, so that a new network passes vertices on unchanged.

    Args:
        channels: of the vertex features.
        mlp_ratio: hidden width of fp in units of `channels`.
    """

    def __init__(self, channels: int, mlp_ratio: int = 1) -> None:
        super().__init__()
        self.channels = channels
        # Input I (one score), key K and value V in one product.
        self.branches = HandLinear(channels, 1 + 2 * channels)
        self.output = HandLinear(channels, channels, gain=0.0)
        self.mlp_in = HandLinear(channels, mlp_ratio * channels, gain=2.0)
        self.mlp_out = HandLinear(mlp_ratio * channels, channels, gain=0.0)

    def forward(self, x: Tensor) -> Tensor:
        """Vertex features of left and right hand (2, B, V, C) to the same after the exchange."""
        hands, batch, count, channels = x.shape
        rows = F.layer_norm(x, (channels,)).view(hands, batch * count, channels)
        score, key, value = self.branches(rows).split([1, channels, channels], dim=-1)
        weights = score.view(hands, batch, 1, count).softmax(dim=-1)
        context = weights @ key.reshape(hands, batch, count, channels)  # eq. 10
        crossed = F.relu(value).view(hands, batch, count, channels) * context.flip(0)
        x = x + self.output(crossed.view(hands, batch * count, channels)).view_as(x)
        rows = F.layer_norm(x, (channels,)).view(hands, batch * count, channels)
        return x + mlp(self.mlp_in, self.mlp_out, rows).view_as(x)
