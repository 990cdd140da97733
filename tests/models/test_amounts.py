"""Numbers and sizes in words."""

import pytest

from models.amounts import frames_text, hands_text, size_text


def test_one_is_no_plural():
    assert [frames_text(count) for count in (0, 1, 2)] == ["0 frames", "1 frame", "2 frames"]
    assert [hands_text(count) for count in (0, 1, 2)] == ["0 hands", "1 hand", "2 hands"]


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0.0 kB"), (3_140, "3.1 kB"), (999_000, "999.0 kB"), (52e6, "52.0 MB"), (12.4e9, "12.4 GB"), (2e12, "2.0 TB")],
)
def test_sizes_have_a_unit_that_fits(size: float, text: str):
    assert size_text(size) == text
