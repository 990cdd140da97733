"""What is trained: a network with its losses, its parts' learning rates and its start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.names import BACKBONE
from training.tasks.protocol import Prediction, Task

if TYPE_CHECKING:
    from training.config import TrainConfig

__all__ = ["Prediction", "Task", "create_task"]


def create_task(config: TrainConfig) -> Task:
    """The task of a run, its network at the start of training.

    Raises:
        BothhandsError: no such network, ablation or start.
    """
    if config.model == "lwa-hand":
        from training.tasks.lwa_hand import LwaHandTask

        return LwaHandTask(config)
    if config.model == BACKBONE:
        from training.tasks.backbone import BackboneTask

        return BackboneTask(config)
    from training.tasks.eanet import EANetTask

    return EANetTask(config)
