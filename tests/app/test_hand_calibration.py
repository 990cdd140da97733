"""Measuring a hand's shape from made-up tracked frames: what counts, what does not, and what comes of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from app.live.hand_calibration import CALIBRATION_SECONDS, HandCalibration, robust_mean
from models.hand_model import load_hand_models
from models.values import SIDES, HandParameters, HandReconstruction, Intrinsics, Reconstruction
from tracking.values import Frame, TrackedFrame

CAMERA = Intrinsics.from_fov(640, 480)
MODELS = load_hand_models()
FRAME_NS = 33_333_333
IMAGE = np.zeros((480, 640, 3), np.uint8)
SHAPE = np.array([0.7, -0.3, 0.2] + [0.0] * 7)
# Fingers up, palm to the camera, by side.
FACING = {"left": [[0, 0, -1], [-1, 0, 0], [0, 1, 0]], "right": [[0, 0, 1], [1, 0, 0], [0, 1, 0]]}


@cache  # most frames have the same hands
def a_hand(side, x, y, turned, shape: tuple[float, ...], bent) -> HandReconstruction:
    root = Rotation.from_euler("y", turned, degrees=True) * Rotation.from_matrix(FACING[side])
    pose = np.zeros((16, 3))
    pose[0] = root.as_rotvec()
    pose[1:13, 2] = np.radians(bent) * (1 if side == "right" else -1)  # of all fingers but the thumb
    at = np.array([-x if side == "left" else x, y, 0.6])
    parameters = HandParameters(pose, np.array(shape), at - MODELS[side].rest_wrist(np.array(shape)))
    vertices, joints = MODELS[side].mesh(parameters)
    return HandReconstruction(parameters, vertices, joints, CAMERA.project(joints), 0.9)


def a_frame(number, *, ns=None, sides=SIDES, predicted=(), x=0.12, y=0.1, turned=0.0, shape=SHAPE, bent=0.0):
    hands = {side: a_hand(side, x, y, turned, tuple(shape), bent) for side in sides}
    return TrackedFrame(
        Frame(number, number * FRAME_NS if ns is None else ns, IMAGE),
        Reconstruction(hands),
        {side: hand.parameters for side, hand in hands.items() if side not in predicted},
        frozenset(predicted),
        CAMERA,
    )


def show(calibration: HandCalibration, count: int, first: int = 0, **how) -> int:
    for number in range(first, first + count):
        calibration.update(a_frame(number, **how))
    return first + count


def test_two_seconds_of_open_hands_give_their_shape():
    calibration = HandCalibration()
    assert (calibration.progress, calibration.missing) == (0.0, "both hands")
    end = show(calibration, 40)
    assert calibration.missing is None
    assert 0.4 < calibration.progress < 0.7
    assert calibration.result is None
    show(calibration, 40, end)
    assert calibration.progress == 1.0
    assert calibration.result is not None
    np.testing.assert_allclose(calibration.result.shape, SHAPE, atol=1e-6)
    assert calibration.result.frames >= CALIBRATION_SECONDS / (FRAME_NS * 1e-9)


@pytest.mark.parametrize(
    ("how", "missing"),
    [
        ({"sides": ("left",)}, "both hands"),
        ({"sides": ()}, "both hands"),
        ({"predicted": ("right",)}, "both hands"),
        ({"bent": 80.0}, "open"),
        ({"bent": 30.0}, "open"),
        ({"turned": 75.0}, "turned"),
        ({"y": -0.15}, "whole"),
        ({"x": 0.02}, "apart"),
    ],
)
def test_a_frame_that_lacks_something_does_not_count_and_loses_nothing(how, missing):
    calibration = HandCalibration()
    end = show(calibration, 30)
    before = calibration.progress
    end = show(calibration, 90, end, **how)
    assert (calibration.missing, calibration.result) == (missing, None)
    assert calibration.progress == before
    show(calibration, 45, end)
    assert calibration.result is not None


def test_hands_that_move_do_not_count():
    calibration = HandCalibration()
    for number in range(120):
        calibration.update(a_frame(number, x=0.12 + 0.02 * np.sin(0.4 * number)))  # up to a quarter of a metre a second
    assert (calibration.missing, calibration.result) == ("still", None)


def test_the_tremor_of_a_hand_that_is_held_still_is_no_movement():
    rng, calibration = np.random.default_rng(0), HandCalibration()
    for number in range(80):
        x, y = np.array([0.12, 0.1]) + rng.normal(0, 0.0015, 2)
        calibration.update(a_frame(number, x=x, y=y))
    assert calibration.result is not None


@pytest.mark.parametrize("step_ns", [10**10, -(10**10), -FRAME_NS])
def test_time_that_leaps_counts_nothing(step_ns):
    calibration = HandCalibration()
    end = show(calibration, 30)
    before, start = calibration.progress, end * FRAME_NS + step_ns
    calibration.update(a_frame(end, ns=start))
    assert calibration.progress == before
    assert calibration.missing == "still"
    for number in range(20):
        calibration.update(a_frame(end, ns=start + (number + 1) * FRAME_NS))
    assert calibration.progress > before


def test_a_frame_again_counts_nothing():
    calibration = HandCalibration()
    for _ in range(500):
        calibration.update(a_frame(3))
    assert calibration.result is None


def test_a_few_frames_a_second_are_no_two_seconds_of_three_frames():
    calibration = HandCalibration()
    for number in range(7):
        calibration.update(a_frame(0, ns=number * 390_000_000))
    assert calibration.result is None
    for number in range(7, 11):
        calibration.update(a_frame(0, ns=number * 390_000_000))
    assert calibration.result is not None


def test_frames_that_were_fitted_badly_do_not_drag_the_mean():
    rng, calibration = np.random.default_rng(1), HandCalibration()
    for number in range(90):
        shape = SHAPE + rng.normal(0, 0.05, 10)
        calibration.update(a_frame(number, shape=shape + (3.0 if number % 8 == 0 else 0.0)))
    assert calibration.result is not None
    np.testing.assert_allclose(calibration.result.shape, SHAPE, atol=0.06)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, 40.0])
def test_a_shape_that_no_hand_has_is_not_taken(wrong):
    calibration = HandCalibration()
    for number in range(90):
        frame = a_frame(number)
        if number % 2:
            bad = replace(frame.raw["left"], shape=np.full(10, wrong))
            frame = replace(frame, raw={**frame.raw, "left": bad})
        calibration.update(frame)
    assert calibration.result is None or np.allclose(calibration.result.shape, SHAPE, atol=1e-6)


def test_it_can_begin_anew():
    calibration = HandCalibration()
    show(calibration, 100)
    assert calibration.result is not None
    calibration.restart()
    assert (calibration.progress, calibration.result, calibration.missing) == (0.0, None, "both hands")


def test_the_mean_of_shapes_that_are_all_alike_is_theirs():
    np.testing.assert_array_equal(robust_mean(np.tile(SHAPE, (5, 1))), SHAPE)
