"""Networks of two parts, of which the first does not bear every half precision."""

from __future__ import annotations

from torch import Tensor, nn


class TwoParts(nn.Module):
    """A network whose first part is computed in float32 where the rest is in bfloat16.

    What the layers that see fine detail round, all layers behind them see, and these are many.

    Args:
        start: gives a tuple of tensors.
        rest: takes them.
    """

    def __init__(self, start: nn.Module, rest: nn.Module) -> None:
        super().__init__()
        self.start = start
        self.rest = rest

    def forward(self, batch: Tensor) -> tuple[Tensor, ...]:
        """What the rest gives for what the start gives."""
        return self.rest(*self.start(batch))
