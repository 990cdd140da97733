"""FuseFormer: fuses two features through SimToken and JoinToken (section 3.2, figure 5)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.eanet.config import EANetConfig
from models.eanet.transformer import CrossAttentionBlock, SelfAttentionBlock, run_blocks


def embedding(length: int, channels: int) -> nn.Parameter:
    """A learned vector per token, (1, length, channels)."""
    return nn.Parameter(0.02 * torch.randn(1, length, channels))


class SimTokens(nn.Module):
    """SA Transformer over a class token and both features' tokens: similarity makes SimToken t_S.

    Args:
        config: widths and depths.
        cells: hw, tokens of one feature.
    """

    def __init__(self, config: EANetConfig, cells: int) -> None:
        super().__init__()
        c = config.channels
        self.class_token = embedding(1, c)
        self.position = embedding(2 * cells + 1, c)
        self.blocks = nn.ModuleList(SelfAttentionBlock(c, config.heads) for _ in range(config.sa_depth))
        self.linear = nn.Linear(c, c) if config.token_linears else nn.Identity()

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """Two (B, hw, c) to SimToken (B, 2 hw + 1, c), class token first."""
        class_token = self.class_token.expand(first.shape[0], -1, -1)
        tokens = torch.cat([class_token, first, second], dim=1) + self.position
        return self.linear(run_blocks(self.blocks, tokens))


class CrossTransformer(nn.Module):
    """CA Transformer: queries read key-value tokens, which stay the same for every block.

    Args:
        config: widths and depths.
        queries: number of query tokens.
        key_values: number of key-value tokens.
        depth: number of blocks.
    """

    def __init__(self, config: EANetConfig, queries: int, key_values: int, depth: int) -> None:
        super().__init__()
        c = config.channels
        self.query_position = embedding(queries, c)
        self.key_value_position = embedding(key_values, c)
        self.blocks = nn.ModuleList(CrossAttentionBlock(c, config.heads, config.ca_mlp_bias) for _ in range(depth))

    def forward(self, query: Tensor, key_value: Tensor) -> Tensor:
        """(B, L, c) and (B, M, c) to (B, L, c)."""
        return run_blocks(self.blocks, query + self.query_position, key_value + self.key_value_position)


class FuseFormer(nn.Module):
    """Two features of hw tokens to one that holds what both say.

    Where SimToken is the query (Table 3), hw tokens must come of its 2 hw + 1; the paper is silent. The two tokens of
    a cell are averaged and the class token is left: no further weights, and every cell keeps its place.

    Args:
        config: widths, depths and the choice of tokens.
        cells: hw.
    """

    def __init__(self, config: EANetConfig, cells: int) -> None:
        super().__init__()
        c = config.channels
        self.query, self.key_value = config.query, config.key_value
        crossed = config.query is not None
        uses_join = not crossed or "join" in (config.query, config.key_value)
        uses_sim = crossed and "sim" in (config.query, config.key_value)
        self.join = nn.Linear(2 * c, c) if uses_join else None
        self.sim = SimTokens(config, cells) if uses_sim else None
        lengths = {"join": cells, "hands": 2 * cells, "sim": 2 * cells + 1}
        self.cross = (
            CrossTransformer(config, lengths[config.query], lengths[config.key_value], config.ca_depth)
            if config.query is not None
            else None
        )
        self.linear = nn.Linear(c, c) if config.token_linears else nn.Identity()

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """Fuse.

        Args:
            first: (B, hw, c).
            second: (B, hw, c).

        Returns:
            (B, hw, c).
        """
        tokens: dict[str | None, Tensor] = {}
        if self.join is not None:
            tokens["join"] = self.join(torch.cat([first, second], dim=-1))
        if self.sim is not None:
            tokens["sim"] = self.sim(first, second)
        if self.cross is None:
            return self.linear(tokens["join"])
        if self.key_value == "hands":
            tokens["hands"] = torch.cat([first, second], dim=1)
        fused = self.cross(tokens[self.query], tokens[self.key_value])
        if self.query == "sim":
            fused = fused[:, 1:].unflatten(1, (2, -1)).mean(dim=1)
        return self.linear(fused)
