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
        # Input I (one score), key K and value V.
        self.branches = HandLinear(channels, 1 + 2 * channels)
        self.output = HandLinear(channels, channels, gain=0.0)
        self.mlp_in = HandLinear(channels, mlp_ratio * channels, gain=2.0)
        self.mlp_out = HandLinear(mlp_ratio * channels, channels, gain=0.0)

    def forward(self, x: Tensor, batch: int) -> Tensor:
        """Exchange.

        Args:
            x: vertex features of left and right hand, (2, B * V, C), image after image.
            batch: B.
        """
        hands, _, channels = x.shape
        rows = F.layer_norm(x, (channels,))
        to_score, to_key, to_value = self.branches.weight.split([1, channels, channels], dim=-1)
        of_score, of_key, of_value = self.branches.bias.split([1, channels, channels], dim=-1)
        weights = (rows @ to_score + of_score).view(hands, batch, 1, -1).softmax(dim=-1)
        # Eq. 10 is linear in the vertices, and its weights sum to one: the key of their mean is the mean of their keys.
        mean = (weights @ rows.view(hands, batch, -1, channels)).view(hands, batch, channels)
        context = (mean @ to_key + of_key).flip(0)
        values = F.relu(rows @ to_value + of_value)
        crossed = (values.view(hands, batch, -1, channels) * context[:, :, None]).view_as(x)
        x = x + self.output(crossed)
        return x + mlp(self.mlp_in, self.mlp_out, F.layer_norm(x, (channels,)))
