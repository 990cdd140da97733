"""What tests of cameras share."""

from pathlib import Path

import pytest


@pytest.fixture
def device(tmp_path: Path) -> str:
    """A file in the place of a camera's device."""
    path = tmp_path / "video0"
    path.touch()
    return str(path)
