"""Video4Linux drivers that tests play: what answers the kernel's calls."""

from __future__ import annotations

from typing import Protocol

import pytest


class Driver(Protocol):
    """Answers calls in the kernel's structures."""

    def ioctl(self, file: int, request: int, buffer: bytearray) -> int:
        """What linux/videodev2.h says of the request, in place; `OSError` where it is refused."""
        ...


def play(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the driver answer every call, as on Linux."""

    def ioctl(file: int, request: int, buffer: bytearray) -> int:
        # The size of the structure is in the request: a wrong one would be refused by the kernel.
        assert len(buffer) == request >> 16 & 0x3FFF
        return driver.ioctl(file, request, buffer)

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("fcntl.ioctl", ioctl)
