from __future__ import annotations

import pytest

from app.window.texts import age_text, duration, short_name


@pytest.mark.parametrize(("seconds", "text"), [(0, "00:00"), (59.99, "00:59"), (75, "01:15"), (3725, "1:02:05")])
def test_duration(seconds: float, text: str):
    assert duration(seconds) == text


def test_short_name_keeps_both_ends():
    assert short_name("HD Webcam") == "HD Webcam"
    short = short_name("A very long video name that ends in its number 42.mp4", 21)
    assert len(short) == 21
    assert short.startswith("A very lon…")
    assert short.endswith("r 42.mp4")


def test_age_before_the_first_picture():
    assert age_text(None) == "age –"
