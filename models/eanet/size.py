"""How large a configuration is and what it costs."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from models.eanet.config import LIGHT, PAPER, PUBLISHED, EANetConfig
from models.eanet.network import EANet


class Size(NamedTuple):
    """Numbers of a network at one picture of 256 x 256 px.

    Attributes:
        parameters: weights.
        macs_image: multiply-accumulates up to the joints' features: backbone, EABlock, joint feature extractors.
        macs_pose: of the rest: self-joint Transformers and regressors.
    """

    parameters: int
    macs_image: int
    macs_pose: int


def measure(config: EANetConfig, input_size: int = 256) -> Size:
    """Count on tensors without memory; attention counts as the two matrix products that it is."""
    with torch.device("meta"), torch.no_grad(), sdpa_kernel(SDPBackend.MATH):
        network = EANet(config, input_size).eval().requires_grad_(False)
        with FlopCounterMode(display=False) as image_part:
            found = network.find(torch.zeros(1, 3, input_size, input_size))
        with FlopCounterMode(display=False) as pose_part:
            network.regress(*found)
    parameters = sum(parameter.numel() for parameter in network.parameters())
    return Size(parameters, image_part.get_total_flops() // 2, pose_part.get_total_flops() // 2)


_KNOWN = {
    PAPER: Size(106_429_101, 9_637_468_160, 800_239_424),
    PUBLISHED: Size(136_738_221, 13_948_694_528, 535_248_192),
    LIGHT: Size(34_463_277, 5_969_184_256, 68_017_984),
    replace(LIGHT, backbone="lwa-hand"): Size(12_136_221, 787_308_032, 68_017_984),
}


def size_of(config: EANetConfig) -> Size:
    """`measure`, known beforehand for the usual configurations: a card should not cost a second."""
    return _KNOWN.get(config) or measure(config)
