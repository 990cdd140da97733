"""Lightweight feature attention module: inverted bottlenecks that are fused with a few global tokens (section 4.1).

The paper gives no widths. The inverted bottlenecks are laid out as those of MediaPipe's hand-landmark lite network
(Apache-2.0; https://arxiv.org/abs/2006.10214), which has seen real hands, so that its weights can be a start: the same
kernels, ReLU6, biases instead of batch norm, TensorFlow's SAME padding. `training.start.pretrained` reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.feature_attention.tokens import TokenBridge


class BlockSpec(NamedTuple):
    """One inverted bottleneck.

    Attributes:
        expand: hidden channels.
        kernel: of the depthwise convolution, px.
        stride: 1 or 2.
        out: channels after the pointwise convolution; None leaves it away and the block ends in its hidden channels.
    """

    expand: int
    kernel: int
    stride: int
    out: int | None


TRUNK_STEM = 24
TRUNK_STAGES: tuple[tuple[BlockSpec, ...], ...] = (
    (BlockSpec(24, 3, 1, 16),),
    (BlockSpec(64, 3, 2, 16), BlockSpec(96, 3, 1, 16)),
    (BlockSpec(96, 5, 2, 24), BlockSpec(144, 5, 1, 24)),
    (
        BlockSpec(144, 3, 2, 48),
        BlockSpec(288, 3, 1, 48),
        BlockSpec(288, 3, 1, 48),
        BlockSpec(288, 5, 1, 64),
        BlockSpec(384, 5, 1, 64),
        BlockSpec(384, 5, 1, 64),
    ),
    (BlockSpec(384, 5, 2, 112), *[BlockSpec(672, 5, 1, 112)] * 3),
)
"""The hand-landmark lite trunk by resolution: /2, /4, /8, /16, /32."""
_BEGIN = 2
"""Stages before an eighth of the image's size."""
TRUNK_HEAD = BlockSpec(672, 3, 1, None)
"""Its last block, whose hidden channels are averaged into the global feature."""


class SameConv2d(nn.Conv2d):
    """Convolution with TensorFlow's SAME padding: at stride 2 the right and the bottom get one more.

    Args:
        inputs: channels.
        outputs: channels.
        kernel: odd, px.
        stride: 1 or 2; at 2 images are of even height and width.
        groups: of channels.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, groups: int) -> None:
        super().__init__(inputs, outputs, kernel, stride, kernel // 2 if stride == 1 else 0, groups=groups)
        before = (kernel - 2) // 2
        self._margin = (before, kernel - 2 - before) * 2 if stride == 2 and kernel > 1 else None

    def forward(self, input: Tensor) -> Tensor:
        """(B, C, H, W) to (B, C', H / stride, W / stride)."""
        return super().forward(input if self._margin is None else F.pad(input, self._margin))


def convolution(
    inputs: int, outputs: int, kernel: int = 1, stride: int = 1, groups: int = 1, gain: float = 2.0
) -> nn.Conv2d:
    """A convolution whose output is as large as its input at the start.

    Without batch norm, fifty layers of torch's default weights, each too small by a factor, leave nothing of
    an image (He et al., https://arxiv.org/abs/1502.01852).

    Args:
        inputs: channels.
        outputs: channels.
        kernel: px.
        stride: px.
        groups: of channels.
        gain: 2 before a ReLU, 1 before none.
    """
    layer = SameConv2d(inputs, outputs, kernel, stride, groups)
    nn.init.normal_(layer.weight, std=(gain * groups / (inputs * kernel**2)) ** 0.5)
    nn.init.zeros_(layer.bias)  # type: ignore[arg-type]
    return layer


class InvertedBottleneck(nn.Module):
    """Expand, depthwise, and pointwise convolution with the tokens' contribution (eq. 1-2).

    "Fusion" in eq. 1 concatenates the tokens, constant over the image, to the depthwise features. The pointwise
    convolution of eq. 2 is linear, so its part that reads the tokens is the same vector at every pixel: it is
    computed once, by the caller, and added here.

    Args:
        channels: of the input.
        spec: layout.
        expands: whether there is an expanding convolution (the trunk's first block has none).
    """

    def __init__(self, channels: int, spec: BlockSpec, expands: bool = True) -> None:
        super().__init__()
        self.spec = spec
        self.expand = convolution(channels, spec.expand) if expands else None
        self.depthwise = convolution(spec.expand, spec.expand, spec.kernel, spec.stride, groups=spec.expand)
        self.project = convolution(spec.expand, spec.out, gain=1.0) if spec.out else None
        self.shortcut = expands and spec.out == channels

    def forward(self, x: Tensor, token_part: Tensor | None = None) -> Tensor:
        """Features (B, C, H, W) and the tokens' part of the pointwise convolution (B, out) to (B, out, H', W')."""
        hidden = F.relu6(self.expand(x), inplace=True) if self.expand is not None else x
        hidden = F.relu6(self.depthwise(hidden), inplace=True)
        if self.project is None:
            return hidden
        out = self.project(hidden)
        if self.shortcut:
            out = out + (F.max_pool2d(x, 2) if self.spec.stride == 2 else x)
        return out if token_part is None else out + token_part[:, :, None, None]


class Stage(nn.Module):
    """The blocks of one resolution, all fused with the same tokens, which the stage's bridge then updates.

    Args:
        channels: of the input.
        blocks: layouts.
        token_count: M.
        token_dim: d.
        heads: of the bridge; None for a stage without one, which leaves the tokens as they are.
        expands_first: whether the first block has an expanding convolution.
    """

    def __init__(
        self,
        channels: int,
        blocks: Sequence[BlockSpec],
        token_count: int,
        token_dim: int,
        heads: int | None,
        expands_first: bool = True,
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        widths: list[int] = []
        for place, spec in enumerate(blocks):
            self.blocks.append(InvertedBottleneck(channels, spec, expands_first or place > 0))
            channels = spec.out or spec.expand
            widths.append(channels)
        self.widths = widths
        # Token columns of all pointwise convolutions of the stage. Zero at the start: the trunk begins as it was.
        self.fusion = nn.Linear(token_count * token_dim, sum(widths), bias=False)
        nn.init.zeros_(self.fusion.weight)
        self.bridge = TokenBridge(channels, token_dim, heads) if heads else None

    def forward(self, x: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Features (B, C, H, W) and tokens (B, M, d) to those of the next stage."""
        parts = self.fusion(tokens.flatten(1)).split(self.widths, dim=1)
        for block, part in zip(self.blocks, parts, strict=True):
            x = block(x, part)
        if self.bridge is not None:
            tokens, _ = self.bridge(x, tokens)
        return x, tokens


class EncoderOutput(NamedTuple):
    """What the encoder sees.

    Attributes:
        pyramid: feature maps, coarse to fine: (B, 112, H/32, W/32), (B, 64, H/16, W/16), (B, 24, H/8, W/8).
        tokens: (B, M, d).
        last: (B, 672, H/32, W/32), the last block's map.
        image_feature: (B, 672 + M * d), its mean and the tokens: F_G in section 3.2.
    """

    pyramid: tuple[Tensor, Tensor, Tensor]
    tokens: Tensor
    last: Tensor
    image_feature: Tensor


class FeatureAttentionEncoder(nn.Module):
    """Image to feature pyramid, tokens and global feature (section 4.1, eq. 1-3).

    Args:
        token_count: M; the paper wants fewer than 7, and two hands want as many as they can get.
        token_dim: d, a silent choice: 128 is Mobile-Former's width for networks of this cost
            (https://arxiv.org/abs/2108.05895, table 1: 128 at 52 M, 192 from 96 M multiply-adds on).
        heads: h of eq. 3, a silent choice: Mobile-Former's two; widths of 24 leave no room for many.

    The stages from /8 on end in a bridge, a silent choice: before that a feature sees less than a fingertip and the
    maps are the largest.
    """

    def __init__(self, token_count: int = 6, token_dim: int = 128, heads: int = 2) -> None:
        super().__init__()
        self.stem = convolution(3, TRUNK_STEM, 3, 2)
        # "These tokens are randomly initialized": section 4.1.
        self.tokens = nn.Parameter(torch.randn(token_count, token_dim))
        self.stages = nn.ModuleList()
        channels = TRUNK_STEM
        self.pyramid_channels: list[int] = []
        for place, blocks in enumerate(TRUNK_STAGES):
            stage = Stage(channels, blocks, token_count, token_dim, heads if place >= _BEGIN else None, place > 0)
            self.stages.append(stage)
            channels = stage.widths[-1]
            self.pyramid_channels.insert(0, channels)
        self.head = InvertedBottleneck(channels, TRUNK_HEAD)
        self.feature_width = TRUNK_HEAD.expand + token_count * token_dim

    def forward(self, image: Tensor) -> EncoderOutput:
        """RGB in [0, 1], (B, 3, H, W) with H and W multiples of 32."""
        return self.finish(*self.see_detail(image))

    def see_detail(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """All stages but the last: maps of an eighth and a sixteenth of the image's size, and tokens."""
        x, tokens = self.begin(image), self.tokens.expand(image.shape[0], -1, -1)
        fine, tokens = self.stages[_BEGIN](x, tokens)
        return fine, *self.stages[_BEGIN + 1](fine, tokens)

    def finish(self, fine: Tensor, middle: Tensor, tokens: Tensor) -> EncoderOutput:
        """The last stage, on what `see_detail` gives."""
        coarse, tokens = self.stages[_BEGIN + 2](middle, tokens)
        last = self.head(coarse)
        feature = torch.cat([last.mean(dim=(2, 3)), tokens.flatten(1)], dim=1)
        return EncoderOutput((coarse, middle, fine), tokens, last, feature)

    def leave_out_last_bridge(self) -> None:
        """For whoever reads the maps alone: tokens that no block reads any more are not updated."""
        last = self.stages[-1]
        assert isinstance(last, Stage)
        last.bridge = None

    def begin(self, image: Tensor) -> Tensor:
        """The stages before the first bridge, where tokens are the same for all images: (B, 16, H / 4, W / 4)."""
        x, tokens = F.relu6(self.stem(image), inplace=True), self.tokens.expand(image.shape[0], -1, -1)
        for stage in self.first_stages:
            x, _ = stage(x, tokens)
        return x

    @property
    def first_stages(self) -> nn.ModuleList:
        """Those of `begin`, behind the stem."""
        return self.stages[:_BEGIN]
