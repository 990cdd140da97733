"""What can be trained, and which settings of a run each of them takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

BACKBONE = "eanet-backbone"
"""EANet's backbone alone, which learns a trained encoder's features."""


@dataclass(frozen=True)
class Trainable:
    """A network that can be trained.

    Attributes:
        task: module in `training.tasks` and its class of `training.tasks.protocol.Task`.
        refuses: settings of `training.config.TrainConfig` that mean nothing for it.
        needs: settings without which it cannot begin.
    """

    task: tuple[str, str]
    refuses: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()


TRAINABLE: Mapping[str, Trainable] = {
    "lwa-hand": Trainable(("lwa_hand", "LwaHandTask"), frozenset({"ablation", "backbone", "hints"})),
    "eanet": Trainable(("eanet", "EANetTask")),
    "eanet-light": Trainable(("eanet", "EANetTask")),
    # Its backbone is the encoder that hints come from.
    "eanet-mobile": Trainable(("eanet", "EANetTask"), frozenset({"hints"})),
    # It says nothing of hands, so that there is nothing to validate or to complete.
    BACKBONE: Trainable(
        ("backbone", "BackboneTask"), frozenset({"validation", "teacher", "start"}), needs=frozenset({"hints"})
    ),
}
MODELS = tuple(name for name in TRAINABLE if name != BACKBONE)
"""Those that are models of the registry."""
