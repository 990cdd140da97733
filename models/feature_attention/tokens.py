"""Tokens that read local features: the one-way bridge of LWA-HAND (section 4.2)."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def grid_coordinates(height: int, width: int, device: torch.device, dtype: torch.dtype) -> Tensor:
    """Centres of a map's cells in [-1, 1] over the image, row by row: (H * W, 2) of x, y."""
    y = (torch.arange(height, device=device, dtype=dtype) + 0.5) * (2.0 / height) - 1.0
    x = (torch.arange(width, device=device, dtype=dtype) + 0.5) * (2.0 / width) - 1.0
    rows, columns = torch.meshgrid(y, x, indexing="ij")
    return torch.stack([columns, rows], dim=-1).reshape(-1, 2)


def cells(x: Tensor) -> Tensor:
    """A map (B, C, H, W), cell by cell: (B, H * W, C). Maps lie channels last in compiled networks: nothing moves."""
    return x.permute(0, 2, 3, 1).flatten(1, 2)


class PositionCode(nn.Module):
    """Where a cell lies in the image, added to its feature so that attention-pooled features know places.

    The paper is silent; without it, a pooled feature says what was seen and not where. Smooth functions of the place,
    so that a network works at sizes it was not trained at; zero at the start.

    Args:
        channels: of the feature map.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.mix = nn.Linear(10, channels, bias=False)
        nn.init.zeros_(self.mix.weight)

    def forward(self, height: int, width: int) -> Tensor:
        """(H * W, C)."""
        weight = self.mix.weight
        grid = grid_coordinates(height, width, weight.device, weight.dtype)
        waves = torch.cat([grid * (0.5 * math.pi), grid * math.pi], dim=-1)
        return self.mix(torch.cat([grid, waves.sin(), waves.cos()], dim=-1))


class TokenUpdate(nn.Module):
    """W^O of eq. 3 and the MLP of figure 4, each added to the tokens.

    Args:
        channels: of the attended features.
        token_dim: d.
        mlp_ratio: hidden width of the MLP in units of d.
    """

    def __init__(self, channels: int, token_dim: int, mlp_ratio: int) -> None:
        super().__init__()
        self.output = nn.Linear(channels, token_dim)
        self.norm = nn.LayerNorm(token_dim)
        self.mlp = nn.Sequential(
            nn.Linear(token_dim, mlp_ratio * token_dim), nn.ReLU(), nn.Linear(mlp_ratio * token_dim, token_dim)
        )

    def forward(self, tokens: Tensor, attended: Tensor) -> Tensor:
        """Tokens (B, M, d) and attended features (B, M, C) to tokens."""
        tokens = self.norm(tokens + self.output(attended))
        return tokens + self.mlp(tokens)


class TokenBridge(nn.Module):
    """One-way bridge from local features to tokens (eq. 3-4).

    Only W^Q and W^O are projections; keys and values are the local features themselves. The attended features before
    W^O are M_i of eq. 4, the attention matrix times the local features.

    Args:
        channels: of the local features, a multiple of `heads`.
        token_dim: d, a multiple of `heads`.
        heads: h.
        mlp_ratio: hidden width of the MLP of figure 4 in units of d, a silent choice: Mobile-Former's two.
        updates: whether the tokens are read again, so that they need the update of eq. 3; else only M_i is made.
    """

    def __init__(self, channels: int, token_dim: int, heads: int, mlp_ratio: int = 2, *, updates: bool = True) -> None:
        super().__init__()
        self.heads = heads
        self.scale = (channels // heads) ** -0.5
        self.position = PositionCode(channels)
        self.query = nn.Parameter(
            torch.randn(heads, token_dim // heads, channels // heads) * (heads / token_dim) ** 0.5
        )
        self.update = TokenUpdate(channels, token_dim, mlp_ratio) if updates else None

    def forward(self, x: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Attend.

        Args:
            x: local features (B, C, H, W).
            tokens: (B, M, d).

        Returns:
            Updated tokens (B, M, d) and M_i (B, M, C).
        """
        batch, channels, height, width = x.shape
        rows = (cells(x) + self.position(height, width))[:, None]
        query = (tokens @ self._queries()).view(batch, -1, self.heads, channels).transpose(1, 2)
        attended = ((query @ rows.mT).softmax(dim=-1) @ rows).split(channels // self.heads, dim=-1)
        attended = torch.cat([own[:, head] for head, own in enumerate(attended)], dim=-1)
        return tokens if self.update is None else self.update(tokens, attended), attended

    def _queries(self) -> Tensor:
        """(d, heads * C): W^Q, each head's with zeros at the other heads' channels.

        So all heads read the map as it lies. To take it apart for them would cost a compiled network more than the
        products with zeros do.
        """
        width = self.query.shape[-1]
        wide = [
            F.pad(self.scale * query, (head * width, (self.heads - 1 - head) * width))
            for head, query in enumerate(self.query)
        ]
        return torch.block_diag(*wide)
