"""Calls to Video4Linux (https://docs.kernel.org/userspace-api/media/v4l/v4l2.html).

A device may be opened a second time for them while its images are read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from models.sentences import say
from tracking.sources.protocol import SourceError


@contextmanager
def opened(device: str) -> Iterator[int]:
    """A device's file.

    Args:
        device: its path.

    Raises:
        SourceError: it cannot be opened.
    """
    try:
        file = os.open(device, os.O_RDWR | os.O_NONBLOCK)
    except OSError as error:
        raise SourceError(
            say(
                "The settings of {device} cannot be read ({reason}); is the camera plugged in?",
                device=device,
                reason=str(error.strerror),
            )
        ) from error
    try:
        yield file
    finally:
        os.close(file)


def ioctl(file: int, request: int, content: bytes) -> bytes:
    """Ask or tell a driver.

    Args:
        file: of a device that is opened.
        request: number of linux/videodev2.h; the size of its structure is part of it.
        content: the structure.

    Returns:
        The structure as the driver leaves it.

    Raises:
        OSError: the driver refuses it, or has nothing of the kind.
    """
    import fcntl  # there is none on Windows

    buffer = bytearray(content)
    fcntl.ioctl(file, request, buffer)
    return bytes(buffer)
