from __future__ import annotations

from pathlib import Path

import pytest

from app.live import LiveStatus
from app.sessions.catalogue import Entry
from app.sessions.listing import SessionSummary
from app.window.texts import NO_HAND_HINT, NO_SOURCE, age_text, duration, hint_text, session_lines, short_name


@pytest.mark.parametrize(("seconds", "text"), [(0, "00:00"), (59.99, "00:59"), (75, "01:15"), (3725, "1:02:05")])
def test_duration(seconds: float, text: str):
    assert duration(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(0.6, "00:00.60"), (0.999, "00:01.00"), (1.0, "00:01"), (75.3, "01:15")])
def test_the_shortest_session_has_a_length(seconds: float, text: str):
    entry = Entry(SessionSummary(path=Path("/s/a"), state="complete", seconds=seconds, frames=18))
    assert session_lines(entry)[1].split("  ·  ")[:2] == [text, "18 frames"]


@pytest.mark.parametrize(
    ("status", "no_hand", "hint"),
    [
        (LiveStatus(), True, NO_SOURCE),
        (LiveStatus(opening=True), False, ""),
        (LiveStatus("clip", "clip", model="lwa-hand"), False, ""),
        (LiveStatus("clip", "clip", model="lwa-hand"), True, NO_HAND_HINT),
        (
            LiveStatus("clip", "clip", loading_model="lwa-hand", loading_seconds=12.7, loading_reason="it is compiled"),
            True,
            "Loading lwa-hand, 12 s: it is compiled. Hands are shown as soon as it is ready.",
        ),
        (LiveStatus("clip", "clip", model="lwa-hand", loading_model="eanet"), False, ""),
    ],
)
def test_the_sentence_over_the_image(status: LiveStatus, no_hand: bool, hint: str):
    assert hint_text(status, no_hand) == hint


def test_short_name_keeps_both_ends():
    assert short_name("HD Webcam") == "HD Webcam"
    short = short_name("A very long video name that ends in its number 42.mp4", 21)
    assert len(short) == 21
    assert short.startswith("A very lon…")
    assert short.endswith("r 42.mp4")


def test_age_before_the_first_image():
    assert age_text(None) == "age –"
