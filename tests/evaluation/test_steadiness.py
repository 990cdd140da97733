"""Jitter and lag of tracked hands against closed forms."""

import math

import numpy as np
import pytest

from evaluation.steadiness import SteadinessTally
from models.hand_model import load_hand_models
from models.values import HandParameters, HandReconstruction, Intrinsics, Reconstruction
from tracking.detector.reading import hand_size
from tracking.values import Frame, TrackedFrame

MODELS = load_hand_models()
CAMERA = Intrinsics.from_fov(1280, 720, 60.0)
HAND = HandParameters(np.zeros((16, 3), np.float32), np.zeros(10, np.float32), np.array([0.0, 0.0, 0.6], np.float32))
VERTICES, JOINTS = MODELS["left"].mesh(HAND)
JOINTS_PX = CAMERA.project(JOINTS)


def tracked(shift: tuple[float, float] | None, index: int = 0) -> TrackedFrame:
    """A left hand whose smoothed joints lie this far, px, from the raw ones, which never move; None is no hand."""
    hands = {}
    if shift is not None:
        hands = {"left": HandReconstruction(HAND, VERTICES, JOINTS, (JOINTS_PX + shift).astype(np.float32), 1.0)}
    return TrackedFrame(
        frame=Frame(index, index * 33_000_000, np.zeros((720, 1280, 3), np.uint8)),
        hands=Reconstruction(hands),
        raw=dict.fromkeys(hands, HAND),
        predicted=frozenset(),
        intrinsics=CAMERA,
        milliseconds={},
        model="landmark-fit",
        readers={},
    )


def figures(shifts):
    tally = SteadinessTally(MODELS)
    for index, shift in enumerate(shifts):
        tally.add(tracked(shift, index))
    return tally.figures()


def test_a_hand_that_alternates_jitters_by_twelve_elevenths_of_that():
    # 1 px to and fro at 1280 is half a px at 640; the mean of 11 such is an eleventh of the middle one, reversed.
    found = figures([((-1.0) ** n, 0.0) for n in range(40)])
    assert found.jitter_px == pytest.approx(0.5 * 12 / 11, rel=1e-3)
    assert found.still_jitter_px == pytest.approx(found.jitter_px, rel=1e-3)


def test_a_steady_movement_is_no_jitter():
    assert figures([(3.0 * n, -2.0 * n) for n in range(40)]).jitter_px == pytest.approx(0.0, abs=1e-3)


def test_the_stillest_fifth_is_judged_by_itself():
    calm, wild = [(0.1 * (-1.0) ** n, 0.0) for n in range(50)], [(8.0 * (-1.0) ** n, 0.0) for n in range(100)]
    tally = SteadinessTally(MODELS)
    for part in (calm, wild):
        tally.begin()
        for shift in part:
            tally.add(tracked(shift))
    found = tally.figures()
    assert found.still_jitter_px == pytest.approx(0.05 * 12 / 11, rel=1e-2)
    assert found.jitter_px > 3.0


def test_lag_is_the_distance_from_the_hand_before_smoothing():
    found = figures([(6.0, 8.0)] * 5)
    assert found.lag == pytest.approx(10.0 / hand_size(JOINTS_PX), rel=1e-3)
    fast = figures([(0.0, 0.0)] * 80 + [(2.0 * n, 0.0) for n in range(20)])
    assert fast.fast_lag > 4.0 * fast.lag


def test_a_gap_ends_a_movement():
    """A hand that comes back elsewhere has not jumped."""
    found = figures([(0.0, 0.0)] * 12 + [None] + [(300.0, 0.0)] * 12)
    assert found.jitter_px == pytest.approx(0.0, abs=1e-3)


def test_hands_that_were_never_there_long_enough_have_no_figures():
    assert math.isnan(figures([(0.0, 0.0)] * 10).jitter_px)
    assert math.isnan(figures([None] * 3).lag)
