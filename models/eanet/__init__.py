"""EANet: one image to both hands, through tokens that hold what the two say together (https://arxiv.org/abs/2309.01943).

`load` reads weights, `raw_outputs` runs them under the public code's names for its outputs; `models.eanet.cards` enters
`eanet`, `eanet-light` and `eanet-mobile` in the registry. Importing this needs torch alone.
"""

from models.eanet.config import ABLATIONS, CONFIGURATIONS, EANetConfig, ablated
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
