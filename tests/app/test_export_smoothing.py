import numpy as np
import pytest
from export_fakes import record
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal
from scipy.spatial.transform import Rotation

from app.outputs.export.smoothing import align_hemispheres, both_ways, low_pass, smooth_take, zero_phase
from app.outputs.export.take import load_take
from app.sessions.moments import gaps

SECONDS = np.arange(300) / 30.0


def nothing(done: int, total: int) -> None:
    pass


def gain(frequency: float, seconds: np.ndarray = SECONDS) -> complex:
    """Amplitude and phase that are left of a wave, away from the ends."""
    wave = np.exp(2j * np.pi * frequency * seconds)
    out = zero_phase(seconds, wave.real) + 1j * zero_phase(seconds, wave.imag)
    return complex((out / wave)[60:-60].mean())


def test_half_the_power_is_left_at_the_cutoff_and_nothing_lags():
    assert abs(gain(6.0)) == pytest.approx(np.sqrt(0.5), abs=0.01)
    assert abs(gain(1.0)) == pytest.approx(1.0, abs=0.01)
    assert abs(gain(12.0)) < 0.05
    for frequency in (0.5, 2.0, 6.0):
        assert abs(np.angle(gain(frequency))) < 1e-3


def test_uneven_times_lag_no_more():
    jitter = np.random.default_rng(0).uniform(-0.01, 0.01, len(SECONDS))
    wave = np.sin(2 * np.pi * 1.0 * (SECONDS + jitter))
    assert np.abs(zero_phase(SECONDS + jitter, wave) - wave)[30:-30].max() < 0.05


def test_straight_lines_stay():
    line = 3.0 * SECONDS[:, None] + [1.0, -2.0]
    assert np.abs(zero_phase(SECONDS, line) - line).max() < 1e-5


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 10])
def test_short_runs_are_no_trouble(count):
    values = np.random.default_rng(0).standard_normal((count, 4))
    assert np.isfinite(zero_phase(SECONDS[:count], values)).all()


def test_a_rate_too_low_for_the_filter_is_left_alone():
    seconds = np.arange(20) / 5.0
    values = np.random.default_rng(0).standard_normal(20)
    assert np.array_equal(zero_phase(seconds, values), values)


@settings(max_examples=30)
@given(st.floats(0.005, 0.49), st.integers(4, 80), st.data())
def test_the_filter_is_scipys_butterworth_run_both_ways(cutoff, count, data):
    padding = data.draw(st.integers(1, count - 1))
    values = np.random.default_rng(count).standard_normal((count, 2, 3)) + 5.0
    sections = signal.butter(2, cutoff, fs=1.0, output="sos")
    np.testing.assert_allclose([*low_pass(cutoff).forward, 1.0, *low_pass(cutoff).back], sections[0], atol=1e-12)
    expected = signal.sosfiltfilt(sections, values, axis=0, padlen=padding)
    np.testing.assert_allclose(both_ways(low_pass(cutoff), values, padding), expected, atol=1e-9)


def filtered(rotations: Rotation) -> Rotation:
    return Rotation.from_quat(zero_phase(SECONDS[: len(rotations)], align_hemispheres(rotations.as_quat())))


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_the_choice_of_axes_makes_no_difference(seed):
    """Turning all rotations from the left and from the right turns the result likewise."""
    numbers = np.random.default_rng(seed)
    path = Rotation.from_rotvec(np.cumsum(0.2 * numbers.standard_normal((60, 3)), axis=0))
    left, right = Rotation.random(2, random_state=seed)
    turned = left * filtered(path) * right
    assert (turned * filtered(left * path * right).inv()).magnitude().max() < 1e-7


def test_jitter_goes_and_the_turn_through_180_degrees_stays():
    numbers = np.random.default_rng(0)
    swing = Rotation.from_rotvec(np.outer(np.pi + 0.6 * np.sin(2 * np.pi * 0.5 * SECONDS), [0.0, 1.0, 0.0]))
    noisy = swing * Rotation.from_rotvec(0.03 * numbers.standard_normal((len(SECONDS), 3)))
    before = np.degrees((swing.inv() * noisy).magnitude())
    after = np.degrees((swing.inv() * filtered(noisy)).magnitude())
    assert np.sqrt((after**2).mean()) < 0.75 * np.sqrt((before**2).mean())
    assert after[10:-10].max() < before.max()


def test_gaps_are_found_and_not_bridged(tmp_path):
    take, _ = load_take(record(tmp_path, gone={"left": range(15, 25)}), with_hand_models=True)
    rows = take.columns.rows("left")
    assert np.flatnonzero(gaps(take.seconds()[rows])).tolist() == [14]
    smooth = smooth_take(take, nothing)
    # What comes before the gap does not depend on what comes after it.
    alone, _ = load_take(record(tmp_path / "alone", frames=15), with_hand_models=True)
    first = smooth_take(alone, nothing).columns
    assert np.allclose(smooth.columns.pose[rows[:15]], first.pose[first.side == "left"], atol=1e-5)


def test_a_slow_source_has_no_gaps():
    assert not gaps(np.arange(10) / 4.0).any()
    assert not gaps(np.zeros(1)).any()


def test_joints_follow_the_smoothed_parameters(tmp_path):
    take, _ = load_take(record(tmp_path), with_hand_models=True)
    smooth = smooth_take(take, nothing)
    for row in (0, 33, 79):
        side = "left" if smooth.columns.side[row] == "left" else "right"
        _, joints = take.hand_models[side].mesh(smooth.columns.parameters(row))
        assert np.abs(joints.ravel() - smooth.columns.joints[row]).max() < 1e-6
        pixels = take.info.intrinsics.project(joints)
        assert np.abs(pixels.ravel() - smooth.columns.joints_px[row]).max() < 1e-3
