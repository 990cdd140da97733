"""Pyramid cross image and graph bridge module: tokens to hand vertices (section 4.2)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class HandLinear(nn.Module):
    """A linear layer per hand, both in one batched product: small products apart cost more in calls than in work.

    Args:
        inputs: channels in.
        outputs: channels out.
        gain: 2 before a ReLU, 1 before none, 0 at the end of a residual branch or of a head: a new network then
            passes its input on, and learns from there.
    """

    def __init__(self, inputs: int, outputs: int, gain: float = 1.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(2, inputs, outputs) * (gain / inputs) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(2, 1, outputs))

    def forward(self, x: Tensor) -> Tensor:
        """(2, N, inputs) of left and right to (2, N, outputs)."""
        return x @ self.weight + self.bias


class VertexFusion(nn.Module):
    """Direct contact of context features with the vertices of each hand (eq. 5).

    "Fusion" concatenates the contexts to the vertices on the token axis, and a linear layer mixes along it: every
    vertex takes the contexts with its own learned weights. The paper is silent on the mixing; one vector for all
    vertices, the other reading, leaves them nothing to tell a fingertip's evidence from the wrist's.

    Args:
        contexts: how many context vectors there are.
        context_dim: their width.
        mixing: (2, V, contexts) first weights of each vertex, by hand.
        channels: of the vertex features.
    """

    def __init__(self, context_dim: int, mixing: Tensor, channels: int) -> None:
        super().__init__()
        self.mixing = nn.Parameter(mixing.clone())
        self.project = HandLinear(context_dim, channels)

    def forward(self, vertices: Tensor, context: Tensor) -> Tensor:
        """Fuse.

        Args:
            vertices: (2, B, V, C).
            context: (2, B, contexts, context_dim), or (1, B, ...) where both hands read the same.
        """
        hands, batch, count = vertices.shape[0], vertices.shape[1], context.shape[2]
        projected = self.project(context.reshape(context.shape[0], batch * count, -1))
        return vertices + self.mixing[:, None] @ projected.view(hands, batch, count, -1)


def random_mixing(vertices: int, contexts: int) -> Tensor:
    """(2, V, contexts) first weights for contexts that mean nothing yet: all of them, each vertex a little apart."""
    return 1.0 / contexts + torch.randn(2, vertices, contexts) / contexts


def mlp(layer_in: HandLinear, layer_out: HandLinear, x: Tensor) -> Tensor:
    """Two layers with a ReLU between them."""
    return layer_out(F.relu(layer_in(x)))
