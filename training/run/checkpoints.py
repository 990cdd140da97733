"""A run on disk: its state, written so that there is always a whole one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

from models.errors import BothhandsError

LATEST, PREVIOUS = "checkpoint.pt", "checkpoint-previous.pt"


def save_checkpoint(folder: Path, state: dict[str, Any]) -> None:
    """Write a run's state; until it is whole on disk, the one before stays, and after it as `PREVIOUS`.

    Raises:
        OSError: no space, no permission. What was there is as it was.
    """
    unfinished = folder / (LATEST + ".part")
    try:
        with unfinished.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
    except (OSError, RuntimeError) as error:  # torch turns a short write into a RuntimeError
        unfinished.unlink(missing_ok=True)
        raise error if isinstance(error, OSError) else OSError(str(error).splitlines()[0]) from error
    latest = folder / LATEST
    if latest.exists():
        latest.replace(folder / PREVIOUS)
    unfinished.replace(latest)


def load_checkpoint(folder: Path) -> dict[str, Any] | None:
    """The newest state that can be read, on the CPU; None where a run has not got that far.

    Raises:
        BothhandsError: there are checkpoints, and none can be read.
    """
    problems: list[str] = []
    for name in (LATEST, PREVIOUS):
        path = folder / name
        if not path.is_file():
            continue
        try:
            return torch.load(path, map_location="cpu", weights_only=True)
        except Exception as error:  # noqa: BLE001 - a damaged file fails in as many ways as pickle and zip know
            problems.append(f"{path} ({type(error).__name__})")
    if problems:
        raise BothhandsError(f"No checkpoint can be read: {', '.join(problems)}; start the run anew in another folder.")
    return None
