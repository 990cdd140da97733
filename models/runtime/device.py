"""Which device a network runs on."""

from __future__ import annotations

import ctypes
import re
import sys
from pathlib import Path

from models.errors import BothhandsError
from models.extras import extra_for, is_installed
from models.sentences import say


def resolve_device(name: str) -> str:
    """A torch device name for what a person asked for.

    Args:
        name: "auto" (CUDA where there is one), "cpu", "cuda" or "cuda:N".

    Raises:
        BothhandsError: not a device, or this machine does not have it.
    """
    check_device_name(name)
    if name == "cpu" or (name == "auto" and not (is_installed("networks") and _may_have_gpu())):
        return "cpu"
    with extra_for(f"--device {name}", "networks"):
        import torch  # a second that a mistyped name, or a processor, need not wait for

    if name == "auto":
        return "cuda:0" if torch.cuda.is_available() else "cpu"
    number, count = int(name.partition(":")[2] or 0), torch.cuda.device_count()
    if number >= count:
        seen = say("CUDA devices: {count}", count=count) if count else say("no CUDA device")
        raise BothhandsError(
            say("Device {name!r} is not there: torch sees {seen}; use --device cpu.", name=name, seen=seen)
        )
    return f"cuda:{number}"


def _may_have_gpu() -> bool:
    """Whether there is a driver of a GPU that torch might use; without one there is no need to load torch, which takes
    seconds, to ask it.
    """
    if Path("/dev/kfd").exists():  # AMD's, which torch calls CUDA too
        return True
    try:
        ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False
    return True


def check_device_name(name: str) -> str:
    """The name, if `resolve_device` knows such names; whether this machine has that device is not asked.

    Raises:
        BothhandsError: it does not.
    """
    if re.fullmatch(r"auto|cpu|cuda(:\d{1,4})?", name, re.ASCII) is None:
        raise BothhandsError(say("There is no device {name!r}; use auto, cpu, cuda or cuda:N.", name=name))
    return name
