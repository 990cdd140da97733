"""How many workers a machine bears, and what each of them may use."""

from __future__ import annotations

import os

import psutil

from app.processing import ProcessOptions
from models.extras import is_installed
from models.registry import model_card
from tracking.config import TrackerConfig

MEMORY_PER_WORKER = 1 << 30
"""Bytes; a worker takes about 620 MB on 640x360 video, and more on larger images."""
WORKERS_PER_GPU = 4
"""A network looks at one crop at a time, so that a single worker leaves a GPU waiting."""

ONE_THREAD: dict[str, str] = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)
"""Environment of a worker: many videos at a time keep all cores busy, and threads within one only wait."""


def usable_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def runs_on_gpu(config: TrackerConfig) -> bool:
    """Whether the model can use a GPU and may; `landmark-fit` runs on the CPU whatever the device."""
    return "cuda" in model_card(config.model).devices and config.device != "cpu"


def gpu_count() -> int:
    """CUDA devices that torch sees."""
    if not is_installed("networks"):
        return 0
    import torch

    return torch.cuda.device_count()


def default_workers(options: ProcessOptions, cores: int, memory: int, gpus: int) -> int:
    """Worker processes for a machine: one a core, fewer where memory or GPUs are short.

    Args:
        options: an overlay keeps a second thread of each worker busy.
        cores: usable ones.
        memory: free bytes.
        gpus: CUDA devices that the workers share.
    """
    workers = min(cores // (2 if options.overlay else 1), memory // MEMORY_PER_WORKER)
    if gpus and runs_on_gpu(options.tracker):
        workers = min(workers, WORKERS_PER_GPU * gpus)
    return max(1, workers)


def workers_for(options: ProcessOptions) -> int:
    """`default_workers` for this machine."""
    gpus = gpu_count() if runs_on_gpu(options.tracker) else 0
    return default_workers(options, usable_cores(), psutil.virtual_memory().available, gpus)


def device_of(worker: int, config: TrackerConfig, gpus: int) -> str:
    """The device of one worker: GPUs are dealt out in turn, unless a person named one."""
    if gpus and config.device in ("auto", "cuda") and runs_on_gpu(config):
        return f"cuda:{worker % gpus}"
    return config.device
