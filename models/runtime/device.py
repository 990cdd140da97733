"""Which device a network runs on."""

from __future__ import annotations

import re

import torch

from models.errors import BothhandsError


def resolve_device(name: str) -> str:
    """A torch device name for what a person asked for.

    Args:
        name: "auto" (CUDA where there is one), "cpu", "cuda" or "cuda:N".

    Raises:
        BothhandsError: not a device, or this machine does not have it.
    """
    if name == "auto":
        return "cuda:0" if torch.cuda.is_available() else "cpu"
    if name == "cpu":
        return name
    match = re.fullmatch(r"cuda(?::(\d+))?", name)
    if match is None:
        raise BothhandsError(f"There is no device {name!r}; use auto, cpu, cuda or cuda:N.")
    number, count = int(match[1] or 0), torch.cuda.device_count()
    if number >= count:
        seen = f"{count} CUDA device{'s' if count != 1 else ''}" if count else "no CUDA device"
        raise BothhandsError(f"Device {name!r} is not there: torch sees {seen}; use --device cpu.")
    return f"cuda:{number}"
