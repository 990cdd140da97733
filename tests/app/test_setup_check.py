"""The check of camera, light, speed and distance, on made-up frames and hands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.live import setup_check
from app.live.player import PlaybackStatus
from app.live.setup_check import TOPICS, Finding, SetupCheck
from app.live.values import LiveStatus, RenderedFrame
from models.values import SIDES, HandParameters, HandReconstruction, Intrinsics, Reconstruction, Side
from tracking.values import Frame, TrackedFrame

MS = 1_000_000
CAMERA = LiveStatus(source="Webcam", source_spec="0", live=True, source_fps=30.0, model="lwa-hand")
PLAYING = PlaybackStatus(0, 9, 0.0, 1.0, True, 1.0, True, False)
CLIP = replace(CAMERA, source="demo.mp4", live=False, playback=PLAYING)
AGE = (40.0, 60.0)
WIDTH, HEIGHT = 640, 480
ROOM = np.tile(np.linspace(60, 180, WIDTH)[None, :, None], (HEIGHT, 1, 3)).astype(np.uint8)
"""Light enough, with contrast."""


def joints(side, size=0.4, at=(0.3, 0.5)) -> np.ndarray:
    """(21, 2) px: fingers up, from the wrist below; the box's height is `size` of the image's."""
    x = np.concatenate([[0.0], np.repeat([-0.4, -0.2, 0.0, 0.2, 0.4], 4)])
    y = np.concatenate([[0.5], np.tile([0.1, -0.1, -0.3, -0.5], 5)])
    middle = np.array([at[0] if side == "left" else 1 - at[0], at[1]]) * (WIDTH, HEIGHT)
    return np.stack([x, y], axis=1) * size * HEIGHT + middle


def a_picture(
    number,
    image=ROOM,
    places: dict[Side, np.ndarray] | None = None,
    ns=None,
    predicted=(),
    model="lwa-hand",
    hand_value=None,
):
    parameters = HandParameters(np.zeros((16, 3)), np.zeros(10), np.zeros(3))
    places = {side: joints(side) for side in SIDES} if places is None else places
    if hand_value is not None:
        image = image.copy()
        for place in places.values():
            low, high = place.min(axis=0).astype(int), place.max(axis=0).astype(int) + 1
            image[max(low[1], 0) : high[1], max(low[0], 0) : high[0]] = hand_value
    hands: dict[Side, HandReconstruction] = {
        side: HandReconstruction(parameters, np.zeros((778, 3)), np.zeros((21, 3)), place, 0.9)
        for side, place in places.items()
    }
    captured = round(number * 1e9 / 30) if ns is None else ns
    tracked = TrackedFrame(
        Frame(number, captured, image),
        Reconstruction(hands),
        {},
        frozenset(predicted),
        Intrinsics.from_fov(WIDTH, HEIGHT),
        model=model,
    )
    return RenderedFrame(image, tracked, captured, captured, {})


def check_of(count=45, status=CAMERA, age=AGE, step=1, rate=30.0, **how) -> dict[str, Finding]:
    check = SetupCheck()
    now = 0
    for number in range(0, count * step, step):
        now = round(number * 1e9 / rate)
        check.see(a_picture(number, ns=now, **how))
    findings = check.findings(status, age, now)
    assert tuple(finding.topic for finding in findings) == TOPICS
    return {finding.topic: finding for finding in findings}


def test_a_good_setup_is_good_in_every_line_and_says_what_was_measured():
    found = check_of()
    assert {finding.sign for finding in found.values()} == {"ok"}
    assert found["camera"].measured == "640x480 px, 30 frames/s"
    assert found["light"].measured.startswith("brightness 47 %, hands ")
    assert found["speed"].measured == "30 of 30 frames/s tracked, 60 ms old (95 %)"
    assert found["distance"].measured == "hands 40 % and 40 % of the image's height"
    assert found["distance"].sizes == pytest.approx((0.4, 0.4))


def filled(value: int, noise: int = 15) -> np.ndarray:
    grain = np.random.default_rng(0).integers(-noise, noise + 1, (HEIGHT, WIDTH, 1))
    return np.clip(value + grain, 0, 255).astype(np.uint8).repeat(3, axis=2)


@pytest.mark.parametrize(
    ("image", "places", "hand_value", "cause"),
    [
        (filled(20), {}, None, "too dark"),
        (filled(240), {}, None, "too bright"),
        (np.zeros((HEIGHT, WIDTH, 3), np.uint8), {}, None, "covered"),
        (filled(120, 2), {}, None, "flat"),
        (filled(120), {}, None, "good"),
        (filled(20), None, 25, "too dark"),
        (filled(80), None, 15, "too dark"),
        (filled(10), None, 150, "good"),  # a dark room behind hands that are lit
        (filled(235), None, 140, "good"),  # a white wall behind them
        (filled(120), None, 245, "too bright"),
        (filled(220), None, 45, "backlit"),
        (filled(120), None, 60, "good"),  # dark skin in a usual room
    ],
)
def test_light(image, places, hand_value, cause):
    found = check_of(2, image=image, places=places, hand_value=hand_value)
    assert found["light"].cause == cause, found["light"].measured
    assert " %" in found["light"].measured


def test_a_window_behind_somebody_whose_hands_are_not_found_is_light_from_behind():
    image = filled(25)
    image[:240, 200:500] = 255
    assert check_of(2, image=image, places={})["light"].cause == "backlit"


def test_a_hand_that_was_only_carried_on_says_nothing_of_light_and_distance():
    found = check_of(2, image=filled(220), hand_value=45, predicted=SIDES)
    assert found["light"].cause == "good"
    assert "hands" not in found["light"].measured
    assert found["distance"].cause == "no hand"


@pytest.mark.parametrize(
    ("size", "at", "cause"),
    [
        (0.12, (0.3, 0.5), "good"),
        (0.58, (0.3, 0.5), "good"),
        (0.65, (0.3, 0.5), "near"),
        (0.5, (0.3, 0.1), "near"),
        (0.5, (0.02, 0.5), "near"),
        (0.2, (0.3, 0.98), "cut off"),
        (0.08, (0.3, 0.5), "far"),
    ],
)
def test_distance(size, at, cause):
    found = check_of(places={side: joints(side, size, at) for side in SIDES})["distance"]
    assert found.cause == cause
    assert found.sizes == pytest.approx((size, size))


def test_the_farther_hand_is_too_far_and_the_nearer_one_too_near():
    near, good, far = (joints(side, size) for side, size in (("left", 0.7), ("right", 0.3), ("right", 0.05)))
    assert check_of(places={"left": near, "right": good})["distance"].cause == "near"
    assert check_of(places={"left": joints("left"), "right": far})["distance"].cause == "far"


def test_one_frame_does_not_change_the_distance():
    check = SetupCheck()
    for number in range(30):
        places: dict[Side, np.ndarray] = {side: joints(side, 0.9 if number == 20 else 0.4) for side in SIDES}
        check.see(a_picture(number, places=places))
    assert check.findings(CAMERA, AGE, 29 * 33 * MS)[3].cause == "good"


def test_hands_that_have_left_are_forgotten():
    check = SetupCheck()
    for number in range(70):
        check.see(a_picture(number, places=None if number < 30 else {}))
    found = check.findings(CAMERA, AGE, 69 * 33 * MS)[3]
    assert (found.cause, found.sign) == ("no hand", "waiting")


def test_a_model_that_sees_every_third_frame_is_slow():
    found = check_of(30, step=3)
    assert found["camera"].cause == "good", "the camera is not to blame"
    assert found["speed"].cause == "few frames"
    assert found["speed"].measured.startswith("10 of 30 frames/s tracked")


@pytest.mark.parametrize(("p95", "cause"), [(95.0, "good"), (130.0, "good"), (140.0, "late"), (900.0, "late")])
def test_images_older_than_four_frames_are_late(p95, cause):
    assert check_of(age=(40.0, p95))["speed"].cause == cause


def test_a_camera_of_many_frames_a_second_is_not_late_below_a_tenth_of_a_second():
    assert check_of(200, rate=120.0, age=(40.0, 95.0), status=replace(CAMERA, source_fps=120.0))["speed"].sign == "ok"


@pytest.mark.parametrize(
    ("rate", "nominal", "cause", "measured"),
    [
        (29.97, 30.0, "good", "640x480 px, 30 frames/s"),
        (15.0, 30.0, "camera slows down", "640x480 px, 15 of 30 frames/s"),
        (15.0, 15.0, "slow camera", "640x480 px, 15 frames/s"),
        (30.0, None, "good", "640x480 px, 30 frames/s"),
    ],
)
def test_the_cameras_rate_is_counted(rate, nominal, cause, measured):
    found = check_of(rate=rate, status=replace(CAMERA, source_fps=nominal))
    assert (found["camera"].cause, found["camera"].measured) == (cause, measured)


def test_a_small_image_is_said():
    found = check_of(places={}, image=ROOM[:240, :320])
    assert (found["camera"].cause, found["camera"].measured[:10]) == ("small image", "320x240 px")


def test_a_clip_is_no_camera_and_is_measured_against_its_own_rate():
    found = check_of(status=CLIP)
    assert (found["camera"].cause, found["camera"].sign) == ("clip", "attention")
    assert found["speed"].cause == "good"
    slower = replace(CLIP, playback=replace(PLAYING, speed=0.5))
    assert "of 15 frames/s" in check_of(status=slower)["speed"].measured
    for standing in (replace(CLIP, playback=replace(PLAYING, playing=False)), replace(CLIP, source_fps=None)):
        assert check_of(status=standing)["speed"].cause == "paused"


@pytest.mark.parametrize(
    ("status", "camera", "others"),
    [
        (LiveStatus(), "no source", "no image"),
        (LiveStatus(opening=True), "opening", "no image"),
        (replace(CAMERA, stalled=True), "stalled", "no image"),
    ],
)
def test_without_a_source_nothing_else_is_claimed(status, camera, others):
    found = check_of(status=status)
    assert [found[topic].cause for topic in TOPICS] == [camera, others, others, others]


def test_before_frames_and_before_a_model_it_waits():
    assert {finding.sign for finding in SetupCheck().findings(CAMERA, None, 0)} == {"waiting"}
    found = check_of(status=replace(CAMERA, model="", loading_model="lwa-hand"), model="", places={})
    assert [found[topic].cause for topic in TOPICS] == ["good", "good", "loading", "loading"]
    found = check_of(3)
    assert found["speed"].sign == "waiting", "a rate of three frames is none"


def test_a_camera_that_begins_anew_is_counted_anew():
    check = SetupCheck()
    for number in range(30):
        check.see(a_picture(number))
    for number in range(30):
        check.see(a_picture(number, ns=round((number + 60) * 1e9 / 30)))
    assert check.findings(CAMERA, AGE, 3000 * MS)[0].measured == "640x480 px, 30 frames/s"


def test_the_light_is_measured_twice_a_second_on_few_pixels(monkeypatch: pytest.MonkeyPatch):
    measured = []
    monkeypatch.setattr(setup_check, "light_of", lambda tracked: measured.append(tracked.frame.index))
    check = SetupCheck()
    for number in range(60):
        check.see(a_picture(number))
    assert measured == [0, 15, 30, 45]


def test_the_part_of_the_pixels_says_the_same_as_all():
    large = a_picture(0, image=ROOM.repeat(6, axis=0).repeat(6, axis=1), places={})
    small, all_of_it = setup_check.light_of(a_picture(0, places={}).tracked), setup_check.light_of(large.tracked)
    assert small.mean == pytest.approx(all_of_it.mean, abs=1.0)
    assert small.contrast == pytest.approx(all_of_it.contrast, abs=1.0)


def test_joints_that_are_no_numbers_are_left_out():
    bad = {side: np.full((21, 2), np.nan) for side in SIDES}
    found = check_of(places=bad)
    assert found["distance"].cause == "no hand"
    assert found["light"].cause == "good"
