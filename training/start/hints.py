"""Hints: a new network's inner layers learn what a trained one's see, before they learn what for.

They bring first layers gradients that a task's own loss, through untrained layers, does not (Romero et al.,
https://arxiv.org/abs/1412.6550).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.feature_attention.encoder import FeatureAttentionEncoder, InvertedBottleneck
from models.hand_model import load_hand_models
from models.lwa_hand.network import LwaHand, hand_topologies
from models.lwa_hand.weights import load_network

_LEAST_VARIANCE = 0.02
"""Of the mean channel's: what hardly changes needs no learning to a hundredth of itself."""
_SKIPPED = 1
"""Stages of the encoder, at half the image's size, that a ResNet has none for."""


class HintGiver:
    """Feature maps of a trained LWA-HAND's encoder.

    Args:
        weights: safetensors file.

    Raises:
        BothhandsError: it is missing or of another network.
    """

    def __init__(self, weights: Path) -> None:
        network = LwaHand(hand_topologies(load_hand_models()))
        load_network(weights, network)
        self._encoder = network.encoder.eval().requires_grad_(False)
        self._maps: dict[nn.Module, Tensor] = {}
        for module in self._encoder.modules():
            if isinstance(module, InvertedBottleneck):
                module.register_forward_hook(self._keep)

    def _keep(self, block: nn.Module, _: tuple[Tensor, ...], output: Tensor) -> None:
        self._maps[block] = output

    @torch.no_grad()
    def maps(self, pixels: Tensor) -> list[list[Tensor]]:
        """What each inverted bottleneck gives, at a quarter, an eighth, a sixteenth and a 32nd of the image's size.

        Maps with both signs are given as their positive and their negative part, one after the other: what a network
        whose maps end in a rectifier can learn.

        Args:
            pixels: (B, 3, S, S) in [0, 1].
        """
        encoder = self._encoder.to(pixels.device)
        last = encoder(pixels).last
        found = [[rectified(self._maps[block]) for block in stage] for stage in _blocks_by_stage(encoder)]
        self._maps.clear()
        return [*found[_SKIPPED:-1], [*found[-1], last]]


def rectified(values: Tensor) -> Tensor:
    """(B, C, H, W) of both signs to (B, 2 C, H, W) of none."""
    return torch.cat([F.relu(values), F.relu(-values)], dim=1)


def partners(own: int, other: int) -> list[tuple[int, int]]:
    """Which blocks of two stages with so many are to see the same, by number from 0, the last ones together.

    The stage with fewer blocks has a partner for each of them, spread evenly over those of the other one.
    """
    least = min(own, other)
    return [(-(-own * (place + 1) // least) - 1, -(-other * (place + 1) // least) - 1) for place in range(least)]


def hint_loss(feature: Tensor, hint: Tensor) -> Tensor:
    """Which part of a hint's variance, mean over its channels, the first channels of a feature map leave unexplained.

    The channels themselves are to agree, so that nothing is learnt in between that is thrown away afterwards; the other
    channels are the student's own.

    Args:
        feature: (B, C, H, W).
        hint: (B, C', H, W) of the same images, C' <= C.
    """
    variance = hint.var(dim=(0, 2, 3), correction=0)
    error = (feature[:, : hint.shape[1]] - hint).square().mean(dim=(0, 2, 3))
    return (error / variance.clamp_min(_LEAST_VARIANCE * variance.mean())).mean()


def stage_losses(features: Sequence[Sequence[Tensor]], hints: Sequence[Sequence[Tensor]]) -> list[Tensor]:
    """`hint_loss` of each stage, mean over its `partners`.

    Args:
        features: maps of the student's blocks by stage.
        hints: of the teacher's.
    """
    return [
        torch.stack([hint_loss(own[i].float(), given[j].float()) for i, j in partners(len(own), len(given))]).mean()
        for own, given in zip(features, hints, strict=True)
    ]


def _blocks_by_stage(encoder: FeatureAttentionEncoder) -> list[nn.ModuleList]:
    return [stage.blocks for stage in encoder.stages]  # type: ignore[misc]
