"""Counts what a configuration of EANet costs. Never imported where there is a window, see `models.eanet.size`."""

from __future__ import annotations

import functools

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from models.eanet.config import EANetConfig
from models.eanet.network import EANet
from models.eanet.size import Size


@functools.cache
def measure(config: EANetConfig, input_size: int = 256) -> Size:
    """Count on tensors without memory, each configuration once; attention counts as the two matrix products it is."""
    with torch.device("meta"), torch.no_grad(), sdpa_kernel(SDPBackend.MATH):
        network = EANet(config, input_size).eval().requires_grad_(False)
        with FlopCounterMode(display=False) as image_part:
            found = network.find(torch.zeros(1, 3, input_size, input_size))
        with FlopCounterMode(display=False) as pose_part:
            network.regress(*found)
    parameters = sum(parameter.numel() for parameter in network.parameters())
    return Size(parameters, image_part.get_total_flops() // 2, pose_part.get_total_flops() // 2)
