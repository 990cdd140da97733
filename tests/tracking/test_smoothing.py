"""One Euro on SO(3): group properties, closed forms of the low-pass, and the life of a filter."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from models.quaternions import Rotations
from models.values import HandParameters
from tracking.smoothing import (
    HandFilter,
    HandSmoother,
    RotationFilter,
    SmoothingSettings,
    VectorFilter,
    smoothing_factor,
)

FRAME_NS = 33_333_333
WRIST = np.array([0.09, 0.006, 0.006])
SETTINGS = SmoothingSettings()


def hand(pose: np.ndarray | None = None, place: tuple[float, float, float] = (0.0, 0.0, 0.5)) -> HandParameters:
    pose = np.zeros((16, 3)) if pose is None else pose
    return HandParameters(pose.astype(np.float32), np.zeros(10, np.float32), np.array(place, np.float32))


def filtered_angles(turns: list[Rotation], cutoff: float, beta: float) -> list[Rotation]:
    first, *others = (Rotations.from_quat(turn.as_quat()) for turn in turns)
    filter_ = RotationFilter(first)
    gains = np.full(len(first), cutoff), np.full(len(first), beta)
    out = [first, *(filter_.step(turn, 1 / 30, *gains, 1.0) for turn in others)]
    return [Rotation.from_quat(turn.as_quat()) for turn in out]


def noisy_turn_across_pi(seed: int) -> list[Rotation]:
    """A rotation that swings through 180 degrees, measured with noise: its axis-angle vector flips sign often."""
    rng = np.random.default_rng(seed)
    seconds = np.arange(90) / 30
    angles = np.pi + np.radians(34) * np.sin(np.pi * seconds)
    clean = Rotation.from_rotvec(angles[:, None] * np.array([0.0, 0.6, 0.8]))
    noisy = clean * Rotation.from_rotvec(rng.normal(0, 0.03, (90, 3)))
    return [noisy[i : i + 1] for i in range(90)]


@settings(max_examples=25)
@given(seed=st.integers(0, 2**31), turn=st.tuples(*[st.floats(-3, 3)] * 3))
def test_a_global_rotation_of_the_input_only_rotates_the_output(seed, turn):
    world = Rotation.from_rotvec(turn)
    turns = noisy_turn_across_pi(seed)[:20]
    plain = filtered_angles(turns, 1.0, 0.3)
    turned = filtered_angles([world * t for t in turns], 1.0, 0.3)
    gaps = [((world * a).inv() * b).magnitude().max() for a, b in zip(plain, turned, strict=True)]
    assert max(gaps) < 1e-9


def test_nothing_pops_where_the_axis_angle_vector_flips():
    turns = noisy_turn_across_pi(0)
    vectors = np.concatenate([t.as_rotvec() for t in turns])
    assert np.linalg.norm(np.diff(vectors, axis=0), axis=1).max() > 5.0  # the trap is in the data
    out = filtered_angles(turns, 1.0, 0.3)
    steps = [(a.inv() * b).magnitude()[0] for a, b in pairwise(out)]
    errors = [(a.inv() * b).magnitude()[0] for a, b in zip(out, turns, strict=True)]
    assert np.degrees(max(steps)) < 8.0
    assert np.degrees(max(errors)) < 20.0


def test_smoothing_factor_is_that_of_an_rc_low_pass():
    seconds, cutoff = 1 / 30, 2.0
    tau = 1 / (2 * np.pi * cutoff)
    assert smoothing_factor(cutoff, seconds) == pytest.approx(1 / (1 + tau / seconds))


def test_a_step_without_beta_decays_geometrically():
    filter_ = VectorFilter(np.zeros((1, 1)))
    factor = float(smoothing_factor(1.0, 0.02))
    values = [filter_.step(np.ones((1, 1)), 0.02, 1.0, 0.0, 1.0)[0, 0] for _ in range(5)]
    assert values == pytest.approx([1 - (1 - factor) ** n for n in range(1, 6)])


def test_a_faster_hand_is_followed_more_closely():
    def lag(beta: float) -> float:
        filter_ = VectorFilter(np.zeros((1, 1)))
        for n in range(1, 30):
            value = filter_.step(np.array([[n * 0.05]]), 1 / 30, 1.0, beta, 1.0)
        return 29 * 0.05 - value[0, 0]

    assert lag(5.0) < 0.5 * lag(0.0)


def test_real_time_steps_count_not_the_number_of_frames():
    """A steady hand approached over one second ends at the same place with 30 steps as with uneven ones."""
    even, uneven = VectorFilter(np.zeros((1, 1))), VectorFilter(np.zeros((1, 1)))
    for _ in range(200):
        even.step(np.ones((1, 1)), 0.005, 0.5, 0.0, 1.0)
    for seconds in [0.004, 0.006] * 100:
        uneven.step(np.ones((1, 1)), seconds, 0.5, 0.0, 1.0)
    assert even.value[0, 0] == pytest.approx(uneven.value[0, 0], abs=1e-3)


def test_time_must_rise():
    filter_ = HandFilter(hand(), WRIST, 1_000)
    with pytest.raises(ValueError, match="time must rise"):
        filter_.update(hand(), WRIST, 1_000, SETTINGS)


def test_noise_on_a_still_hand_is_damped():
    rng = np.random.default_rng(1)
    filter_ = HandFilter(hand(), WRIST, 0)
    raw, smooth = [], []
    for n in range(1, 120):
        # Half a millimetre at half a metre is about half a pixel of a 640 px image: what a still hand shows.
        noisy = hand(rng.normal(0, 0.01, (16, 3)), tuple(rng.normal((0, 0, 0.5), 0.0005)))
        raw.append(noisy)
        smooth.append(filter_.update(noisy, WRIST, n * FRAME_NS, SETTINGS))

    def trembling(hands: list[HandParameters], name: str) -> float:
        return float(np.std(np.diff([getattr(h, name) for h in hands[30:]], axis=0)))

    assert trembling(smooth, "pose") < 0.4 * trembling(raw, "pose")
    assert trembling(smooth, "translation") < 0.5 * trembling(raw, "translation")


def update(smoother: HandSmoother, frame: int, **hands: HandParameters):
    return smoother.update(hands, lambda side, parameters: WRIST, frame * FRAME_NS, SETTINGS)  # type: ignore[arg-type]


def test_a_lost_hand_is_predicted_for_three_frames_and_then_gone():
    smoother = HandSmoother()
    for n in range(5):
        update(smoother, n, left=hand(place=(0.01 * n, 0.0, 0.5)))
    places = []
    for n in range(5, 8):
        parameters, predicted = update(smoother, n)["left"]
        assert predicted
        places.append(parameters.translation[0])
    assert update(smoother, 8) == {}
    assert places[0] < places[1] < places[2] < 0.07  # goes on, ever slower


def test_a_fast_hand_is_not_predicted():
    """It turns back at any moment: a hand where there is none is worse than none for a frame."""
    smoother = HandSmoother()
    for n in range(5):
        update(smoother, n, left=hand(place=(0.05 * n, 0.0, 0.5)))  # 1.5 m/s
    assert update(smoother, 5) == {}


def test_a_hand_that_comes_back_starts_afresh():
    smoother = HandSmoother()
    update(smoother, 0, left=hand())
    for n in range(1, 6):
        update(smoother, n)
    far = hand(place=(0.3, 0.1, 0.8))
    parameters, predicted = update(smoother, 6, left=far)["left"]
    assert not predicted
    np.testing.assert_array_equal(parameters.translation, far.translation)


def test_a_hand_that_changes_its_side_leaves_no_ghost():
    smoother = HandSmoother()
    for n in range(3):
        update(smoother, n, left=hand())
    relabelled = hand(place=(0.01, 0.0, 0.5))
    result = update(smoother, 3, right=relabelled)
    assert set(result) == {"right"}
    np.testing.assert_array_equal(result["right"][0].translation, relabelled.translation)


def test_the_other_hand_elsewhere_does_not_end_a_prediction():
    smoother = HandSmoother()
    update(smoother, 0, left=hand())
    assert set(update(smoother, 1, right=hand(place=(0.3, 0.0, 0.5)))) == {"left", "right"}


def test_knobs_in_the_middle_change_nothing_and_move_the_gains_the_right_way():
    assert SETTINGS.scaled(0.5, 0.5) == SETTINGS
    steadier = SETTINGS.scaled(0.9, 0.5)
    assert steadier.finger_min_cutoff < SETTINGS.finger_min_cutoff
    assert steadier.finger_beta == SETTINGS.finger_beta
    assert SETTINGS.scaled(0.5, 0.9).position_beta > SETTINGS.position_beta
