"""EABlock: extracts an interaction feature and adapts it to each hand (section 3.2, figure 4); and what Tables 1, 2
and 4 put in its place.

Every block takes and gives the features of the hands by stream: "left" and "right", or "both" where the network does
not separate them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import torch
from torch import Tensor, nn

from models.eanet.config import EANetConfig
from models.eanet.fuseformer import CrossTransformer, FuseFormer, embedding
from models.eanet.transformer import SelfAttentionBlock, run_blocks
from models.values import SIDES

Streams: TypeAlias = dict[str, Tensor]


def conv_bn_relu(inputs: int, outputs: int) -> nn.Sequential:
    """1x1 convolution, batch norm, ReLU."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, 1), nn.BatchNorm2d(outputs), nn.ReLU())


class Reduce(nn.Module):
    """Adapted feature as in the paper: the hand's feature, and the interaction feature reduced to c / 4 beside it."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.linear = nn.Linear(channels, channels // 4)

    def forward(self, feature: Tensor, interaction: Tensor) -> Tensor:
        """Feature (B, c, h, w) and interaction tokens (B, hw, c) to (B, 1.25 c, h, w)."""
        return torch.cat([feature, to_map(self.linear(interaction), feature)], dim=1)


class Mix(nn.Module):
    """Adapted feature as in the public code: both in full, mixed by a 1x1 convolution with batch norm and ReLU."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = conv_bn_relu(2 * channels, 2 * channels)

    def forward(self, feature: Tensor, interaction: Tensor) -> Tensor:
        """Feature (B, c, h, w) and interaction tokens (B, hw, c) to (B, 2 c, h, w)."""
        return self.conv(torch.cat([feature, to_map(interaction, feature)], dim=1))


def to_tokens(feature: Tensor) -> Tensor:
    """(B, c, h, w) to (B, hw, c), row by row."""
    return feature.flatten(2).transpose(1, 2)


def to_map(tokens: Tensor, like: Tensor) -> Tensor:
    """(B, hw, c) to (B, c, h, w), the height and width those of another map."""
    return tokens.transpose(1, 2).unflatten(2, like.shape[-2:])


class EAInteraction(nn.Module):
    """Extract and adaptation stages.

    Args:
        config: of the FuseFormers; with `block="extract"` the interaction feature is not adapted (Table 2).
        cells: hw.
    """

    def __init__(self, config: EANetConfig, cells: int) -> None:
        super().__init__()
        self.order = ("left", "right") if config.first_hand == "left" else ("right", "left")
        self.extract = FuseFormer(config, cells)
        self.adapt = (
            nn.ModuleDict({side: FuseFormer(config, cells) for side in SIDES}) if config.block == "ea" else None
        )

    def forward(self, tokens: Mapping[str, Tensor]) -> Streams:
        """(B, hw, c) by side to the interaction feature of each side, the same shape."""
        interaction = self.extract(*(tokens[side] for side in self.order))
        if self.adapt is None:
            return dict.fromkeys(SIDES, interaction)
        return {side: self.adapt[side](tokens[side], interaction) for side in SIDES}


class SelfAttentionInteraction(nn.Module):
    """One SA Transformer over the tokens of all streams (Table 2; Table 1 without separation)."""

    def __init__(self, config: EANetConfig, cells: int, streams: tuple[str, ...]) -> None:
        super().__init__()
        self.streams = streams
        self.position = embedding(len(streams) * cells, config.channels)
        self.blocks = nn.ModuleList(
            SelfAttentionBlock(config.channels, config.heads) for _ in range(config.plain_depth)
        )

    def forward(self, tokens: Mapping[str, Tensor]) -> Streams:
        """(B, hw, c) by stream to the same."""
        joined = torch.cat([tokens[stream] for stream in self.streams], dim=1) + self.position
        parts = run_blocks(self.blocks, joined).chunk(len(self.streams), dim=1)
        return dict(zip(self.streams, parts, strict=True))


class CrossAttentionInteraction(nn.Module):
    """A CA Transformer per hand: its queries, the other hand's key-values (Table 2; Table 1 without EABlock)."""

    def __init__(self, config: EANetConfig, cells: int) -> None:
        super().__init__()
        self.cross = nn.ModuleDict({side: CrossTransformer(config, cells, cells, config.plain_depth) for side in SIDES})

    def forward(self, tokens: Mapping[str, Tensor]) -> Streams:
        """(B, hw, c) by side to the same."""
        return {
            "left": self.cross["left"](tokens["left"], tokens["right"]),
            "right": self.cross["right"](tokens["right"], tokens["left"]),
        }


class EABlock(nn.Module):
    """Hand features to adapted hand features F*.

    Args:
        config: what lies between them.
        cells: hw, cells of a feature map.
        streams: names of the features that come and go.
    """

    def __init__(self, config: EANetConfig, cells: int, streams: tuple[str, ...]) -> None:
        super().__init__()
        if config.block == "none":
            self.interaction = None
            return
        if config.block == "sa":
            self.interaction = SelfAttentionInteraction(config, cells, streams)
        elif config.block == "ca":
            self.interaction = CrossAttentionInteraction(config, cells)
        else:
            self.interaction = EAInteraction(config, cells)
        fusion = Mix if config.fusion == "mix" else Reduce
        self.fuse = nn.ModuleDict({stream: fusion(config.channels) for stream in streams})

    def forward(self, features: Streams) -> Streams:
        """(B, c, h, w) by stream to (B, adapted channels, h, w)."""
        if self.interaction is None:
            return features
        interactions = self.interaction({stream: to_tokens(feature) for stream, feature in features.items()})
        return {stream: self.fuse[stream](feature, interactions[stream]) for stream, feature in features.items()}
