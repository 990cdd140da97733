"""Joint feature extractor: 2.5D joints by soft-argmax, and the features found there (section 3.3)."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.eanet.config import GRID, JOINTS, EANetConfig
from models.eanet.eablock import conv_bn_relu
from models.eanet.fuseformer import embedding
from models.eanet.transformer import SelfAttentionBlock, run_blocks


class Joints(NamedTuple):
    """Joints of one stream.

    Attributes:
        grid: (B, J, 3) x and y in cells of which `GRID` make a side of the image, z in depth cells; 0 is the middle
            of the first.
        confidence: (B, J) in [0, 1]; see `soft_argmax`.
        features: (B, J, c).
        heat: (B, J, h, w) logits of each cell of the image, whatever the depth.
    """

    grid: Tensor
    confidence: Tensor
    features: Tensor
    heat: Tensor


def soft_argmax(heat_map: Tensor) -> tuple[Tensor, Tensor]:
    """Expected place under a softmax over all cells (Sun et al., https://arxiv.org/abs/1711.08229), and how sure it is.

    Args:
        heat_map: (B, J, D, H, W) logits.

    Returns:
        (B, J, 3) expected x, y, z in cells, and (B, J) confidence: one less the variance of x and y in units of a flat
        map's. A single peak gives 1; a flat map, or two far peaks, 0.
    """
    depth, height, width = heat_map.shape[2:]
    # Half precision would round a place to a sixteenth of a cell, two pixels.
    heat_map = heat_map.to(torch.promote_types(heat_map.dtype, torch.float32))
    probability = heat_map.flatten(2).softmax(dim=-1).unflatten(2, (depth, height, width))
    expected, variance, flat = [], [], 0.0
    for axes, length in (((2, 3), width), ((2, 4), height), ((3, 4), depth)):
        cells = torch.arange(length, dtype=heat_map.dtype, device=heat_map.device)
        marginal = probability.sum(dim=axes)
        mean = (marginal * cells).sum(dim=-1)
        expected.append(mean)
        if len(variance) < 2:
            variance.append((marginal * (cells - mean[..., None]) ** 2).sum(dim=-1))
            flat += (length**2 - 1) / 12.0
    confidence = (1.0 - (variance[0] + variance[1]) / flat).clamp(0.0, 1.0)
    return torch.stack(expected, dim=-1), confidence


def sample(feature: Tensor, grid: Tensor, side: int) -> Tensor:
    """Bilinear samples of a map at joints.

    Args:
        feature: (B, c, side, side).
        grid: (B, J, 2) x, y in cells.
        side: cells along each side of the map.

    Returns:
        (B, J, c).
    """
    places = (grid * (2.0 / (side - 1)) - 1.0)[:, :, None].to(feature.dtype)
    return F.grid_sample(feature, places, align_corners=True)[..., 0].transpose(1, 2)


class JointFeatureExtractor(nn.Module):
    """Adapted feature to joints and their features.

    The places are detached before they guide and inform what follows, as in the public code: the pose losses do not
    move them.

    Args:
        config: widths.
        side: cells along each side of the feature map.
        hands: how many hands the feature holds; 2 where they are not separated, left first.
    """

    def __init__(self, config: EANetConfig, side: int, hands: int = 1) -> None:
        super().__init__()
        self.side = side
        self.depth = config.depth_cells
        self.heat_map = nn.Conv2d(config.adapted_channels, hands * JOINTS * self.depth, 1)
        self.features = conv_bn_relu(config.adapted_channels, config.channels)
        nn.init.normal_(self.heat_map.weight, std=0.01)
        nn.init.zeros_(self.heat_map.bias)  # type: ignore[arg-type]

    def forward(self, adapted: Tensor) -> Joints:
        """(B, adapted channels, h, w) to the joints of every hand in it, hand after hand."""
        heat_map = self.heat_map(adapted).unflatten(1, (-1, self.depth))
        cells, confidence = soft_argmax(heat_map)
        features = sample(self.features(adapted), cells.detach()[..., :2], self.side)
        return Joints(self._to_grid(cells), confidence, features, heat_map.float().logsumexp(dim=2))

    def _to_grid(self, cells: Tensor) -> Tensor:
        """From cells of this map to those of `Joints.grid`; at 256 px they are the same."""
        if self.side == GRID:
            return cells
        width = GRID / self.side
        return torch.cat([(cells[..., :2] + 0.5) * width - 0.5, cells[..., 2:]], dim=-1)


class SelfJointTransformer(nn.Module):
    """SA Transformer over joint features (SJT, section 3.4).

    Args:
        config: widths and depth.
        joints: number of tokens.
    """

    def __init__(self, config: EANetConfig, joints: int) -> None:
        super().__init__()
        self.position = embedding(joints, config.channels)
        self.blocks = nn.ModuleList(SelfAttentionBlock(config.channels, config.heads) for _ in range(config.sjt_depth))

    def forward(self, features: Tensor) -> Tensor:
        """(B, J, c) to (B, J, c)."""
        return run_blocks(self.blocks, features + self.position)
