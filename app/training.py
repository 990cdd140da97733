"""`train`: a network from a configuration to weights."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from models.runtime.device import resolve_device
from training.config import load_config
from training.run.trainer import WEIGHTS, Trainer
from training.synthetic.synthesiser import prepare_worker


@dataclass(frozen=True, kw_only=True)
class TrainOptions:
    """What `train` was asked for; see its `--help`."""

    config: str
    folder: Path
    device: str = "auto"
    workers: int | None = None


def train_model(options: TrainOptions, progress: Callable[[int, int, str], None]) -> Path:
    """Train, or go on.

    Returns:
        The weights' file.

    Raises:
        BothhandsError: see `training.run.trainer.Trainer`.
    """
    config = load_config(options.config)
    device = _own_device(resolve_device(options.device))
    prepare_worker()
    cores = os.cpu_count() or 1
    world = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    if options.workers is None:
        # A GPU needs all cores to feed it; a processor that also trains gives half of each pair.
        workers = max(cores // world - 1, 1) if device.startswith("cuda") else max(cores // (2 * world), 1)
    else:
        workers = options.workers
    # torchrun says one thread a process whatever the machine has; a person who says so shares it with other work.
    if device == "cpu" and (world > 1 or "OMP_NUM_THREADS" not in os.environ):
        torch.set_num_threads(max(cores // world, 1))
    Trainer(config, options.folder, device, workers, progress).run()
    return options.folder / WEIGHTS


def _own_device(device: str) -> str:
    """Under torchrun, each process of a machine takes its own GPU."""
    if device.startswith("cuda") and "LOCAL_RANK" in os.environ:
        return f"cuda:{os.environ['LOCAL_RANK']}"
    return device
