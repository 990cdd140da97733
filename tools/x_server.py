"""An X server without a screen, for real windows where nobody looks."""

from __future__ import annotations

import os
import subprocess


def start_x_server(size: tuple[int, int] = (1920, 1080)) -> tuple[subprocess.Popen[bytes], str]:
    """Start Xvfb; returns the process and its name, as DISPLAY has it: ":" alone where it did not start.

    Args:
        size: width and height of its screen, px. It has 96 dots an inch, so that Qt scales nothing by itself.
    """
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [
            *("Xvfb", "-displayfd", str(writing), "-nolisten", "tcp"),
            *("-screen", "0", f"{size[0]}x{size[1]}x24", "-dpi", "96"),
        ],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as numbers:
        return server, f":{numbers.readline().strip()}"  # written when the server is ready
