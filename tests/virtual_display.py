"""An X server without a screen, for tests of real windows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tools.x_server import start_x_server


def virtual_display() -> Iterator[str]:
    """Its name, as DISPLAY has it; the server ends with the iterator. Skips the test where there is no Xvfb."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    server, name = start_x_server()
    try:
        assert name != ":", "Xvfb did not start"
        yield name
    finally:
        server.terminate()
        server.wait()
