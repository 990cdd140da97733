"""What smoothing does to a hand, and the presets of its knobs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.live.smoothing_presets import OWN, PRESETS, preset_of
from app.live.smoothing_trace import QUANTITIES, SECONDS, SmoothingTraces
from models.values import HandParameters, HandReconstruction, Intrinsics, Reconstruction
from tracking.values import Frame, TrackedFrame

STEP_NS = 33_333_333


def parameters(x: float, bend: float = 0.0) -> HandParameters:
    pose = np.zeros((16, 3), np.float32)
    pose[1:4, 2] = bend
    return HandParameters(pose, np.zeros(10, np.float32), np.float32([x, 0.0, 0.5]))


def tracked(number: int, raw: HandParameters | None, smoothed: HandParameters | None) -> TrackedFrame:
    hands = {}
    if smoothed is not None:
        hands["left"] = HandReconstruction(smoothed, np.zeros((778, 3)), np.zeros((21, 3)), np.zeros((21, 2)), 1.0)
    frame = Frame(number, number * STEP_NS, np.zeros((4, 4, 3), np.uint8))
    given = {} if raw is None else {"left": raw}
    return TrackedFrame(frame, Reconstruction(hands), given, frozenset(), Intrinsics.from_fov(4, 4), {}, "fit")  # type: ignore[arg-type]


def test_the_last_seconds_are_kept_with_gaps_where_no_hand_was():
    traces = SmoothingTraces()
    for number in range(300):
        raw = None if number == 290 else parameters(0.001 * number)
        traces.add(tracked(number, raw, None if number == 295 else parameters(0.002 * number)))
    trace = traces.trace("left", "Wrist, sideways")
    assert trace.seconds[-1] == 0
    assert trace.seconds[0] == pytest.approx(-SECONDS, abs=0.04)
    assert trace.raw[-1] == pytest.approx(299.0, rel=1e-4)
    assert trace.smoothed[-1] == pytest.approx(598.0, rel=1e-4)
    assert np.isnan(trace.raw[-10])
    assert np.isnan(trace.smoothed[-5])
    assert np.isnan(traces.trace("right", "Wrist, sideways").raw).all()


def test_a_bent_finger_is_told_in_degrees():
    traces = SmoothingTraces()
    traces.add(tracked(0, parameters(0.0, bend=np.radians(30)), None))
    assert traces.trace("left", "Index, bent").raw[0] == pytest.approx(90.0, abs=1e-3)
    assert traces.trace("left", "Thumb, bent").raw[0] == 0.0
    assert QUANTITIES["Index, bent"].unit == "°"


def test_jitter_is_what_smoothing_takes_away():
    traces, noise = SmoothingTraces(), np.random.default_rng(0).normal(0, 0.001, 60)
    for number in range(60):
        traces.add(tracked(number, parameters(noise[number]), parameters(0.1 * noise[number])))
    jitter = traces.trace("left", "Wrist, sideways").jitter
    assert jitter is not None
    raw, smoothed = jitter
    assert smoothed == pytest.approx(raw / 10, rel=1e-3)
    assert SmoothingTraces().trace("left", "Wrist, sideways").jitter is None


def test_a_clip_that_starts_over_begins_a_new_trace():
    traces = SmoothingTraces()
    for number in (5, 6, 7, 0):
        traces.add(tracked(number, parameters(0.0), None))
    assert len(traces.trace("left", "Wrist, sideways").seconds) == 1


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_recognized(name: str):
    preset = PRESETS[name]
    assert preset_of(preset.steadiness, preset.response) == name
    assert preset_of(preset.steadiness + 0.01, preset.response) == OWN
    assert replace(preset, steadiness=0.1) != preset
