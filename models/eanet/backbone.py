"""Image to image feature F (section 3.1): ResNet-50, or what a trained LWA-HAND sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.feature_attention.encoder import TRUNK_HEAD, TRUNK_STAGES, FeatureAttentionEncoder

_EXPANSION = 4
HAND_ENCODER_CHANNELS = TRUNK_HEAD.expand + 4 * (TRUNK_STAGES[3][-1].out or 0)
"""Of `HandEncoder`'s feature: the last map's, and those at a sixteenth of the image's size, four cells in one."""


class Bottleneck(nn.Module):
    """1x1, 3x3, 1x1 convolutions around a shortcut."""

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        outputs = _EXPANSION * width
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.downsample = (
            nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
            if stride != 1 or inputs != outputs
            else None
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, inputs, H, W) to (B, 4 width, H / stride, W / stride)."""
        shortcut = x if self.downsample is None else self.downsample(x)
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.bn2(self.conv2(x)))
        return F.relu(self.bn3(self.conv3(x)) + shortcut)


class ResNet(nn.Module):
    """ResNet-50 (He et al., https://arxiv.org/abs/1512.03385) without its classifier; stride in the 3x3 convolutions.

    Names of the weights are those of common ImageNet files.

    Args:
        width: channels of the stem; 64 in ResNet-50.
        depths: residual blocks per stage; 3, 4, 6, 3 in ResNet-50.
    """

    def __init__(self, width: int = 64, depths: Sequence[int] = (3, 4, 6, 3)) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.stages: list[str] = []
        inputs = width
        for stage, depth in enumerate(depths):
            blocks: list[nn.Module] = []
            for index in range(depth):
                stride = 2 if stage > 0 and index == 0 else 1
                blocks.append(Bottleneck(inputs, width << stage, stride))
                inputs = _EXPANSION * (width << stage)
            self.stages.append(f"layer{stage + 1}")
            self.add_module(self.stages[-1], nn.Sequential(*blocks))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, image: Tensor) -> Tensor:
        """(B, 3, H, W) in [0, 1] to (B, 32 width, H / 32, W / 32)."""
        x = self._stem(image)
        for stage in self.stages:
            x = self.get_submodule(stage)(x)
        return x

    def block_maps(self, image: Tensor) -> Iterator[list[Tensor]]:
        """What each residual block gives, stage by stage; the last one of the last stage is the image feature."""
        x = self._stem(image)
        for stage in self.stages:
            maps: list[Tensor] = []
            for block in self.get_submodule(stage).children():
                x = block(x)
                maps.append(x)
            yield maps

    def _stem(self, image: Tensor) -> Tensor:
        return F.max_pool2d(F.relu(self.bn1(self.conv1(image))), 3, 2, padding=1)


class HandEncoder(nn.Module):
    """LWA-HAND's encoder in the ResNet's place: a twentieth of its cost, and it knows real hands.

    Its last map is what MediaPipe's landmarks are read from; its map at a sixteenth of the image's size is what
    LWA-HAND's heat-maps of two hands are drawn from. Both are given, the finer one with four cells in one, and
    normalised, as they are of different height.
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = FeatureAttentionEncoder()
        self.encoder.leave_out_last_bridge()
        self.norm = nn.BatchNorm2d(HAND_ENCODER_CHANNELS)

    def forward(self, image: Tensor) -> Tensor:
        """(B, 3, H, W) in [0, 1] to (B, 928, H / 32, W / 32)."""
        seen = self.encoder(image)
        return self.norm(torch.cat([seen.last, F.pixel_unshuffle(seen.pyramid[1], 2)], dim=1))
