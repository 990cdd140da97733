"""How large a configuration is and what it costs, as it was counted once (`models.eanet.counting`).

What shows cards must not count: torch's counter of operations imports a compiler (triton), and that crashes a process
which draws with Mesa, see `models.runtime.conversion`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from models.eanet.config import LIGHT, MOBILE, PAPER, PUBLISHED, EANetConfig


class Size(NamedTuple):
    """Numbers of a network at one image of 256 x 256 px.

    Attributes:
        parameters: weights.
        macs_image: multiply-accumulates up to the joints' features: backbone, EABlock, joint feature extractors; 0
            where nobody counted.
        macs_pose: of the rest: self-joint Transformers and regressors; 0 where nobody counted.
    """

    parameters: int
    macs_image: int = 0
    macs_pose: int = 0


RECORDED: Mapping[EANetConfig, Size] = {
    PAPER: Size(106_429_101, 9_637_468_160, 800_239_424),
    PUBLISHED: Size(136_738_221, 13_948_694_528, 535_248_192),
    LIGHT: Size(34_463_277, 5_969_184_256, 68_017_984),
    MOBILE: Size(12_136_221, 787_308_032, 68_017_984),
}
"""What `models.eanet.counting.measure` gives; a test counts again."""


def size_of(config: EANetConfig, notes: Mapping[str, Any] | None = None) -> Size:
    """The size of a configuration, without counting operations.

    Args:
        config: what network it is.
        notes: what lies beside weights of another network than `RECORDED`: under `size` what training counted.
    """
    if config in RECORDED:
        return RECORDED[config]
    try:
        return Size(**(notes or {})["size"])
    except (KeyError, TypeError):
        return Size(count_parameters(config))


def count_parameters(config: EANetConfig, input_size: int = 256) -> int:
    """Weights of a network for images of `input_size` px."""
    import torch  # seconds, which a recorded size does not take

    from models.eanet.network import EANet

    with torch.device("meta"):
        return sum(parameter.numel() for parameter in EANet(config, input_size).parameters())
