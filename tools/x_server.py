"""An X server without a screen, for real windows where nobody looks."""

from __future__ import annotations

import os
import subprocess


def start_x_server() -> tuple[subprocess.Popen[bytes], str]:
    """Start Xvfb; returns the process and its name, as DISPLAY has it: ":" alone where it did not start."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as numbers:
        return server, f":{numbers.readline().strip()}"  # written when the server is ready
