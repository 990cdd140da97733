"""What tests of training share."""

from pathlib import Path

import pytest
from hands_folder import write_hands_folder


@pytest.fixture(scope="session")
def pictures(tmp_path_factory) -> Path:
    """A folder of labelled images."""
    return write_hands_folder(tmp_path_factory.mktemp("data") / "hands", 6)
