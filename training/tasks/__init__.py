"""What is trained: a network with its losses, its parts' learning rates and its start."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from training.names import TRAINABLE
from training.tasks.protocol import Prediction, Task

if TYPE_CHECKING:
    from training.config import TrainConfig

__all__ = ["Prediction", "Task", "create_task"]


def create_task(config: TrainConfig) -> Task:
    """The task of a run, its network at the start of training.

    Raises:
        BothhandsError: no such network, ablation or start.
    """
    module, task = TRAINABLE[config.model].task
    return getattr(importlib.import_module(f".{module}", __name__), task)(config)
