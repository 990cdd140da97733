from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.virtual_display import virtual_display


@pytest.fixture
def display() -> Iterator[str]:
    yield from virtual_display()
