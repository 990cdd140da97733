from __future__ import annotations

import numpy as np
import pytest

from app.live.playback import Pacer
from app.live.statistics import AgeMeter, HandWatch, RateMeter, StageMeter

MS = 1_000_000


def test_rate_of_steady_events():
    meter = RateMeter()
    for i in range(200):
        meter.add(i * 20 * MS)
    assert meter.rate(199 * 20 * MS) == pytest.approx(50.0)


def test_rate_falls_to_nothing_when_events_stop():
    meter = RateMeter()
    meter.add(0)
    assert meter.rate(0) == 0.0
    meter.add(20 * MS)
    assert meter.rate(30 * MS) == pytest.approx(50.0)
    assert meter.rate(5000 * MS) == 0.0


def test_age_over_the_last_seconds():
    meter = AgeMeter()
    assert meter.median_and_p95(0) is None
    meter.add(0, 900 * MS)  # old enough to be forgotten below
    for i in range(101):
        shown = 5000 * MS + i * 10 * MS
        meter.add(shown - i * MS, shown)
    assert meter.median_and_p95(6000 * MS) == pytest.approx((50.0, 95.0))
    assert meter.median_and_p95(9000 * MS) is None


def test_stages_by_their_medians():
    meter = StageMeter()
    assert meter.medians(0) == {}
    for detect in (1.0, 9.0, 2.0):
        meter.add({"detect": detect}, 0)
    meter.add({"detect": 3.0, "render": 4.0}, 1)
    assert meter.medians(1) == {"detect": 2.5, "render": 4.0}


@pytest.mark.parametrize("count", [1, 2, 3, 20, 61])
def test_percentiles_are_numpys(count: int):
    values = np.random.default_rng(count).exponential(5.0, count)
    meter, ages = StageMeter(), AgeMeter()
    for value in values:
        meter.add({"detect": float(value)}, 0)
        ages.add(0, round(value * 1e6))
    wanted = pytest.approx(tuple(np.percentile(values, [50, 95])), abs=1e-5)
    assert meter.percentiles(0)["detect"] == wanted
    assert ages.median_and_p95(0) == wanted


def test_a_stage_that_some_images_lack_is_of_those_that_have_it():
    meter = StageMeter()
    for stages in ({"detect": 9.0}, {"detect": 1.0, "fit": 4.0}, {"detect": 2.0, "fit": 6.0}):
        meter.add(stages, 0)
    assert meter.medians(0) == {"detect": 2.0, "fit": 5.0}


def test_hint_after_five_seconds_without_a_hand():
    watch = HandWatch()
    assert [watch.update(False, second * 1000 * MS) for second in range(7)] == [False] * 5 + [True] * 2
    assert watch.update(True, 7000 * MS) is False
    assert watch.update(False, 11_999 * MS) is False
    assert watch.update(False, 12_000 * MS) is True
    watch.restart()
    assert watch.update(False, 20_000 * MS) is False


def test_frames_are_due_at_their_own_rate():
    pacer = Pacer()
    now = 1_000_000 * MS
    for frame in range(5):
        now += pacer.wait_ns(frame * 33 * MS, now)
        assert now == 1_000_000 * MS + frame * 33 * MS


def test_a_little_lateness_is_caught_up():
    pacer = Pacer()
    assert pacer.wait_ns(0, 0) == 0
    assert pacer.wait_ns(33 * MS, 80 * MS) == 0
    assert pacer.wait_ns(99 * MS, 81 * MS) == 18 * MS


def test_long_lateness_is_not_followed_by_a_rush():
    pacer = Pacer()
    assert pacer.wait_ns(0, 0) == 0
    assert pacer.wait_ns(33 * MS, 10_033 * MS) == 0  # ten seconds late: all but 100 ms is given up
    assert pacer.wait_ns(166 * MS, 10_034 * MS) == (10_033 - 100 + 133 - 10_034) * MS
