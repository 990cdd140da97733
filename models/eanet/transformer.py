"""Self- and cross-attention Transformers (equations 1 to 3), with normalisation before each step."""

from __future__ import annotations

from collections.abc import Iterable

import torch.nn.functional as F
from torch import Tensor, nn

_MLP_RATIO = 4


def _split_heads(x: Tensor, heads: int) -> Tensor:
    batch, length, channels = x.shape
    return x.view(batch, length, heads, channels // heads).transpose(1, 2)


def _attend(query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
    """Equation 1 per head; (B, L, c) of queries and (B, M, c) of keys and values to (B, L, c)."""
    attended = F.scaled_dot_product_attention(
        _split_heads(query, heads), _split_heads(key, heads), _split_heads(value, heads)
    )
    return attended.transpose(1, 2).flatten(2)


class Mlp(nn.Module):
    """Two linear layers with GELU between them, four times as wide inside.

    Args:
        channels: in and out.
        bias: of both layers.
    """

    def __init__(self, channels: int, bias: bool = True) -> None:
        super().__init__()
        self.expand = nn.Linear(channels, _MLP_RATIO * channels, bias=bias)
        self.reduce = nn.Linear(_MLP_RATIO * channels, channels, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        """(B, L, c) to (B, L, c)."""
        return self.reduce(F.gelu(self.expand(x)))


class SelfAttentionBlock(nn.Module):
    """Tokens attend to each other, then pass an MLP; both are added (equations 2 and 3)."""

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(channels)
        self.query_key_value = nn.Linear(channels, 3 * channels, bias=False)
        self.project = nn.Linear(channels, channels)
        self.mlp_norm = nn.LayerNorm(channels)
        self.mlp = Mlp(channels)

    def forward(self, x: Tensor) -> Tensor:
        """(B, L, c) to (B, L, c)."""
        query, key, value = self.query_key_value(self.attention_norm(x)).chunk(3, dim=-1)
        x = x + self.project(_attend(query, key, value, self.heads))
        return x + self.mlp(self.mlp_norm(x))


class CrossAttentionBlock(nn.Module):
    """Queries attend to key-value tokens, then pass an MLP; both are added to the queries."""

    def __init__(self, channels: int, heads: int, mlp_bias: bool = True) -> None:
        super().__init__()
        self.heads = heads
        self.query_norm = nn.LayerNorm(channels)
        self.key_value_norm = nn.LayerNorm(channels)
        self.query = nn.Linear(channels, channels, bias=False)
        self.key = nn.Linear(channels, channels, bias=False)
        self.value = nn.Linear(channels, channels, bias=False)
        self.project = nn.Linear(channels, channels)
        self.mlp_norm = nn.LayerNorm(channels)
        self.mlp = Mlp(channels, mlp_bias)

    def forward(self, x: Tensor, key_value: Tensor) -> Tensor:
        """Queries (B, L, c) and key-values (B, M, c) to (B, L, c)."""
        source = self.key_value_norm(key_value)
        attended = _attend(self.query(self.query_norm(x)), self.key(source), self.value(source), self.heads)
        x = x + self.project(attended)
        return x + self.mlp(self.mlp_norm(x))


def run_blocks(blocks: Iterable[nn.Module], x: Tensor, *context: Tensor) -> Tensor:
    """Tokens through blocks in turn, each with the same context."""
    for block in blocks:
        x = block(x, *context)
    return x
