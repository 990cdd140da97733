"""A gesture that begins and ends recordings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.live.gesture_control import HOLD_NS, GestureControl
from models.values import Intrinsics, Reconstruction, Side
from tracking.gestures import Gesture
from tracking.values import Frame, TrackedFrame

STEP_NS = 33_333_333
BARE = TrackedFrame(
    Frame(0, 0, np.zeros((4, 4, 3), np.uint8)), Reconstruction(), {}, frozenset(), Intrinsics.from_fov(4, 4), {}, "fit"
)


def run(control: GestureControl, start_ns: int, made: list[Gesture | None], side: Side = "left") -> list[int]:
    """Enter frames; the numbers of those at which it counted."""
    counted = []
    for number, gesture in enumerate(made):
        gestures: dict[Side, Gesture] = {} if gesture is None else {side: gesture}
        frame = replace(BARE.frame, captured_ns=start_ns + number * STEP_NS)
        if control.update(replace(BARE, frame=frame, gestures=gestures)):
            counted.append(number)
    return counted


def watching(gesture: Gesture | None = "thumb up") -> GestureControl:
    control = GestureControl()
    control.choose(gesture)
    return control


def test_a_gesture_counts_once_when_it_was_held():
    control = watching()
    assert run(control, 0, ["thumb up"] * 90) == [-(-HOLD_NS // STEP_NS)]


def test_it_counts_again_after_the_hand_let_go():
    control = watching()
    assert len(run(control, 0, ["thumb up"] * 40)) == 1
    assert run(control, 40 * STEP_NS, [None] * 5 + ["thumb up"] * 20) == []
    assert len(run(control, 65 * STEP_NS, ["thumb up"] * 15)) == 0, "a gap so short is no letting go"
    assert run(control, 80 * STEP_NS, [None] * 10) == []
    assert len(run(control, 90 * STEP_NS, ["thumb up"] * 40)) == 1


def test_in_passing_it_does_not_count():
    made: list[Gesture | None] = [*["thumb up"] * 20, *[None] * 10]
    assert run(watching(), 0, made * 5) == []


def test_a_frame_without_it_is_no_letting_go():
    made: list[Gesture | None] = ["thumb up", "thumb up", None] * 20
    assert len(run(watching(), 0, made)) == 1


def test_only_the_chosen_gesture_counts():
    assert run(watching(), 0, ["fist"] * 60) == []
    assert run(watching(None), 0, ["thumb up"] * 60) == []


def test_another_source_and_a_leap_in_time_begin_anew():
    control = watching()
    run(control, 0, ["thumb up"] * 25)
    assert control.held > 0.7
    control.let_go()
    assert control.held == 0
    assert run(control, 25 * STEP_NS, ["thumb up"] * 20) == []
    assert run(control, 10_000 * STEP_NS, ["thumb up"] * 20) == []
    assert run(control, 0, ["thumb up"] * 20) == []
