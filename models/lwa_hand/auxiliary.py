"""Decoders of 2.5D heat-maps and silhouettes (figure 2, section 3.2), and what is read from them.

They supervise the encoder in training. At run time their peaks and masks say which hands are there, because the pose
part always gives two.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.feature_attention.encoder import BlockSpec, InvertedBottleneck, convolution
from models.feature_attention.tokens import cells, grid_coordinates

JOINTS = 21
_GUIDE_SIGMA, _GUIDE_FLOOR = 0.15, 0.05
"""Half images, the initial estimate's own error of large hands; and the likelihood left where it says nothing."""
_LOG_FLOOR = math.log(_GUIDE_FLOOR)


class DenseMaps(NamedTuple):
    """What the decoders draw, at 1/8 of the image's size (H, W here).

    Attributes:
        features: (B, C, H / 4, W / 4), (B, C, H / 2, W / 2), (B, C, H, W): the maps Y_t for the bridges.
        heat: (B, 2, 21, H * W + 1) logits over the places where a joint is, the last one for "not in the image".
        depth: (B, 2, 21, H * W) depth of a joint behind its hand's root if it lies in that cell, in decimetres.
        masks: (B, 2, H, W) logits of each hand's silhouette, parts behind the other hand included.
    """

    features: tuple[Tensor, Tensor, Tensor]
    heat: Tensor
    depth: Tensor
    masks: Tensor


class JointEvidence(NamedTuple):
    """What the heat-maps say of each joint.

    Attributes:
        coordinates: (B, 2, 21, 3) x and y in [-1, 1] over the image and depth behind the root in decimetres, each
            times `seen`.
        seen: (B, 2, 21, 1) probability that the joint is in the image.
        covered: (B, 2, 21, 1) probability that it is and lies on its hand's silhouette, or within two cells of it.
        features: (B, 2, 21, C) the finest map's features where the joint is, times `seen`.
    """

    coordinates: Tensor
    seen: Tensor
    covered: Tensor
    features: Tensor

    @property
    def presence(self) -> Tensor:
        """(B, 2) how sure each hand is there: the mean of its joints' peaks, half of it where its mask confirms them.

        Peaks alone tell hands from no hands best in single images, but fall where a hand leaves the crop; what the
        mask confirms falls where the other hand covers it.
        """
        return 0.5 * (self.seen + self.covered).mean(dim=(2, 3))


class _Merge(nn.Module):
    """A coarser map, doubled, plus a lateral one, smoothed by a depthwise-separable convolution."""

    def __init__(self, lateral: int, channels: int) -> None:
        super().__init__()
        self.lateral = convolution(lateral, channels, gain=1.0)
        self.depthwise = convolution(channels, channels, 3, groups=channels)
        self.pointwise = convolution(channels, channels)

    def forward(self, coarse: Tensor, x: Tensor) -> Tensor:
        merged = self.lateral(x) + F.interpolate(coarse, scale_factor=2.0, mode="bilinear")
        return F.relu6(self.pointwise(F.relu6(self.depthwise(merged))))


class _Refinement(nn.Module):
    """An inverted bottleneck beside a shortcut; it changes nothing in a new network.

    Args:
        channels: of the map.
        ratio: hidden channels in units of them.
    """

    def __init__(self, channels: int, ratio: int = 3) -> None:
        super().__init__()
        self.block = InvertedBottleneck(channels, BlockSpec(ratio * channels, 5, 1, channels))
        nn.init.zeros_(self.block.project.weight)  # type: ignore[union-attr]

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) to the same, not negative."""
        return F.relu6(self.block(x))


class AuxiliaryDecoders(nn.Module):
    """Feature pyramid to heat-maps, joint depths and silhouettes of both hands.

    Args:
        pyramid_channels: of the encoder's maps, coarse to fine.
        channels: C of the decoder, a silent choice: a multiple of the vector width that leaves the image part within
            its budget. The maps are drawn at 1/8 of the image: the expectation over a heat-map reads a tenth of
            a cell, and maps of twice the size would cost a third of the image part's budget. At 1/16, where a quarter
            of the cells sees twice as far, they are refined by a further block.
    """

    def __init__(self, pyramid_channels: Sequence[int], channels: int = 64) -> None:
        super().__init__()
        coarse, middle, fine = pyramid_channels[:3]
        self.channels = channels
        self.top = convolution(coarse, channels)
        self.merge_middle = _Merge(middle, channels)
        self.refinement = _Refinement(channels)
        self.merge_fine = _Merge(fine, channels)
        # Heat-maps, depths and masks, left hand first. A product with the map's cells, where a convolution would make
        # a compiler change the layout of each of its parts.
        self.draw = nn.Linear(channels, 2 * (2 * JOINTS + 1))
        self.guidance = nn.Parameter(torch.zeros(2, JOINTS, 1))

    def forward(self, pyramid: tuple[Tensor, Tensor, Tensor], initial: Tensor, absence: Tensor) -> DenseMaps:
        """Draw.

        Args:
            pyramid: the encoder's.
            initial: (B, 2, 21, 2) where the joints may be, [-1, 1] over the image. Cells tell fingertips from other
                skin, and hardly one fingertip from the next: that takes the whole image, which this estimate has seen.
                How far each joint's heat-map listens is learnt; far from the estimate it is held back by no more than
                `_GUIDE_FLOOR`, so that a hand that the estimate has elsewhere can be seen.
            absence: (B, 2) logit of each hand's not being in the image.
        """
        top = F.relu6(self.top(pyramid[0]))
        middle = self.refinement(self.merge_middle(top, pyramid[1]))
        fine = self.merge_fine(middle, pyramid[2])
        batch, _, height, width = fine.shape
        drawn = self.draw(cells(fine)).transpose(1, 2)
        heat, depth, masks = drawn.split([2 * JOINTS, 2 * JOINTS, 2], dim=1)
        # The whole image knows better than a cell whose hand it shows: what a cell says must exceed that.
        absent = absence[:, :, None, None].expand(-1, -1, JOINTS, 1)
        heat = heat.reshape(batch, 2, JOINTS, height * width)
        heat = torch.cat([heat + self.guidance * _nearness(initial.detach(), height, width), absent], dim=-1)
        depth = depth.reshape(batch, 2, JOINTS, height * width)
        return DenseMaps((top, middle, fine), heat, depth, masks.reshape(batch, 2, height, width))


def _nearness(places: Tensor, height: int, width: int) -> Tensor:
    """How near each cell is to places (B, 2, 21, 2): the logarithm of a Gaussian on a floor, (B, 2, 21, H * W)."""
    grid = grid_coordinates(height, width, places.device, places.dtype)
    square = places.square().sum(dim=-1, keepdim=True) - 2.0 * places @ grid.T + grid.square().sum(dim=-1)
    # log(exp(x) + floor), of functions that compilers have vector code for.
    return F.softplus(square * (-0.5 / _GUIDE_SIGMA**2) - _LOG_FLOOR) + _LOG_FLOOR


def read_joints(maps: DenseMaps) -> JointEvidence:
    """Expectations under the heat-maps: the attention form of eq. 4 with the heat-maps as attention."""
    fine = maps.features[2]
    batch, channels, height, width = fine.shape
    heat = maps.heat.softmax(dim=-1)[..., :-1]
    flat = heat.flatten(1, 2)
    grid = grid_coordinates(height, width, fine.device, fine.dtype).expand(batch, -1, -1)
    pooled = (flat @ torch.cat([grid, cells(fine)], dim=2)).view(batch, 2, JOINTS, 2 + channels)
    depth = (heat * maps.depth).sum(dim=-1, keepdim=True)
    # A heat-map is wider than a finger, which is hardly wider than a cell: look for the mask around its cells as well.
    near = F.max_pool2d(maps.masks.sigmoid(), 5, stride=1, padding=2)
    covered = heat @ near.view(batch, 2, height * width, 1)
    return JointEvidence(
        torch.cat([pooled[..., :2], depth], dim=-1), heat.sum(dim=-1, keepdim=True), covered, pooled[..., 2:]
    )


def heat_width(maps: DenseMaps, places: Tensor) -> Tensor:
    """Root mean square distance of the heat from its middle.

    Args:
        maps: whose heat-maps.
        places: (B, 2, 21, 2) the middle of each, [-1, 1] over the image.

    Returns:
        (B, 2, 21, 1) half images.
    """
    height, width = maps.masks.shape[2:]
    heat = maps.heat[..., :-1].softmax(dim=-1)
    square = grid_coordinates(height, width, heat.device, heat.dtype).square().sum(dim=-1)
    spread = (heat @ square[:, None]) - places.square().sum(dim=-1, keepdim=True)
    return spread.clamp_min(0.0).sqrt()
