"""EANet: one image to both hands, through tokens that hold what the two say together (https://arxiv.org/abs/2309.01943).

`load` reads weights, `raw_outputs` runs them under the public code's names for its outputs; `models.eanet.cards` enters
`eanet`, `eanet-light` and `eanet-mobile` in the registry. Importing this needs torch alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.eanet.config import ABLATIONS, CONFIGURATIONS, EANetConfig, ablated

if TYPE_CHECKING:
    from models.eanet.network import EANet, EANetOutput, raw_outputs
    from models.eanet.weights import import_checkpoint, load, save

__all__ = [
    "ABLATIONS",
    "CONFIGURATIONS",
    "EANet",
    "EANetConfig",
    "EANetOutput",
    "ablated",
    "import_checkpoint",
    "load",
    "raw_outputs",
    "save",
]


def __getattr__(name: str) -> Any:
    """What needs torch, which takes seconds to load, is imported when it is first asked for."""
    if name in ("EANet", "EANetOutput", "raw_outputs"):
        from models.eanet import network as module
    elif name in ("import_checkpoint", "load", "save"):
        from models.eanet import weights as module
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(module, name)
    return value
