"""All readings of both hands in one fit: what agrees holds, what contradicts gives way, what is past helps a little."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from models.fitting import hand_fitter as module
from models.fitting.calibration import ShapeRule, palm_length
from models.fitting.chain import Chain, ChainState
from models.fitting.contact import overlaps
from models.fitting.hand_fitter import WARM_ITERATIONS, HandFitter
from models.fitting.landmark_points import landmark_points
from models.fitting.observations import landmark_observation, network_observation
from models.hand_model import load_hand_models
from models.values import SIDES, HandObservation, Intrinsics

HAND_MODELS = load_hand_models()
CHAIN = Chain.of(HAND_MODELS, landmark_points(HAND_MODELS))
CAMERA = Intrinsics.from_fov(640, 480)
_TILT = Rotation.from_euler("x", 10, degrees=True).as_matrix()
FACING = np.array([_TILT @ [[0, 0, -x], [-x, 0, 0], [0, 1, 0]] for x in (1, -1)])  # by side: fingers up, palm to us
FRAME_NS = 33_333_333


def hands_at(places=((-0.1, 0.0, 0.6), (0.1, 0.0, 0.6)), bend=30.0, shape=None) -> ChainState:
    """Two hands, palms to the camera, fingers bent by so many degrees."""
    state = ChainState(
        FACING.copy(),
        np.array(places, float),
        np.zeros((2, 5, 3, 3)),
        np.tile(np.zeros(10) if shape is None else shape, (2, 1)),
    )
    state.angles[:, 1:, :, 0] = np.radians(bend)
    state.angles[:, 0, 1:, 0] = np.radians(0.4 * bend)
    return state


def joints_of(state: ChainState) -> np.ndarray:
    """(2, 21, 3) of the hand models."""
    parameters = CHAIN.parameters(state)
    return np.stack([HAND_MODELS[side].mesh(parameters[hand])[1] for hand, side in enumerate(SIDES)]).astype(float)


def network_reads(state: ChainState, hand: int, noise=0.0, seed=0, presence=0.9) -> HandObservation:
    rng = np.random.default_rng(seed)
    joints = joints_of(state)[hand]
    places = CAMERA.project(joints) + rng.normal(0, 300 * noise, (21, 2))
    return network_observation(places, joints + rng.normal(0, noise, (21, 3)), presence)


def landmarks_read(state: ChainState, hand: int, noise=0.0, seed=0) -> HandObservation:
    rng = np.random.default_rng(seed)
    posed = CHAIN.pose(state)
    places = CAMERA.project(posed.points(CHAIN.marks)[hand]) + rng.normal(0, 300 * noise, (21, 2))
    world = posed.points(CHAIN.space_marks)[hand]
    seen = landmark_observation(places, np.zeros((21, 3)), 0.95, 0.0, CAMERA)
    return replace(seen, joints_3d=world + rng.normal(0, noise, (21, 3)))


def error(hand, joints: np.ndarray) -> float:
    """Mean distance of joints from the true ones (21, 3), both from their middles, metres."""
    return float(np.linalg.norm((hand.joints - hand.joints.mean(0)) - (joints - joints.mean(0)), axis=1).mean())


def misplaced(hand, joints: np.ndarray) -> float:
    """Mean distance in the image, px."""
    return float(np.linalg.norm(hand.joints_px - CAMERA.project(joints), axis=1).mean())


@pytest.mark.parametrize("reads", [network_reads, landmarks_read])
def test_true_readings_of_either_kind_give_the_true_hands(reads):
    state = hands_at()
    fitted = HandFitter(HAND_MODELS).fit({s: [reads(state, h)] for h, s in enumerate(SIDES)}, CAMERA, None)
    for hand, side in enumerate(SIDES):
        assert misplaced(fitted[side], joints_of(state)[hand]) < 1.5
        assert error(fitted[side], joints_of(state)[hand]) < 3e-3


def test_both_hands_have_one_shape():
    state = hands_at(shape=np.array([0.8, -0.5, 0.3] + [0.0] * 7))
    fitted = HandFitter(HAND_MODELS).fit(
        {s: [network_reads(state, h, 2e-3)] for h, s in enumerate(SIDES)}, CAMERA, None
    )
    np.testing.assert_array_equal(fitted["left"].parameters.shape, fitted["right"].parameters.shape)


def test_two_readers_that_agree_are_nearer_than_each_alone():
    state, errors = hands_at(), {"both": [], "landmarks": [], "network": []}
    for seed in range(8):
        readings = {
            "landmarks": [landmarks_read(state, 0, 6e-3, seed)],
            "network": [network_reads(state, 0, 6e-3, 90 + seed)],
        }
        readings["both"] = readings["landmarks"] + readings["network"]
        for name, read in readings.items():
            fitted = HandFitter(HAND_MODELS).fit({"left": read}, CAMERA, None)
            errors[name].append(error(fitted["left"], joints_of(state)[0]))
    means = {name: np.mean(values) for name, values in errors.items()}
    assert means["both"] < min(means["landmarks"], means["network"])


def test_a_network_that_disagrees_with_sure_landmarks_does_not_drag():
    """It sees a fist an eighth of the image away, where the landmarks see an open hand."""
    state, elsewhere = hands_at(bend=10), hands_at(places=((-0.02, 0.05, 0.6), (0.1, 0.0, 0.6)), bend=80)
    alone = HandFitter(HAND_MODELS).fit({"left": [landmarks_read(state, 0)]}, CAMERA, None)["left"]
    both = HandFitter(HAND_MODELS).fit({"left": [network_reads(elsewhere, 0), landmarks_read(state, 0)]}, CAMERA, None)[
        "left"
    ]
    assert misplaced(both, joints_of(state)[0]) < misplaced(alone, joints_of(state)[0]) + 1.0
    assert error(both, joints_of(state)[0]) < error(alone, joints_of(state)[0]) + 2e-3


def test_one_wild_joint_does_not_bend_the_others():
    state = hands_at()
    wild = landmarks_read(state, 1)
    places = np.array(wild.joints_2d)
    places[8] += (60.0, -40.0)
    fitted = HandFitter(HAND_MODELS).fit({"right": [replace(wild, joints_2d=places)]}, CAMERA, None)["right"]
    off = np.linalg.norm(fitted.joints_px - CAMERA.project(joints_of(state)[1]), axis=1)
    assert np.delete(off, [5, 6, 7, 8]).max() < 3.0


def test_unknown_joints_follow_from_the_known_ones_and_from_the_past():
    fitter, state = HandFitter(HAND_MODELS), hands_at(bend=60)
    for n in range(5):
        fitter.fit({"right": [landmarks_read(state, 1)]}, CAMERA, n * FRAME_NS)
    whole = landmarks_read(state, 1)
    assert whole.sigma_3d is not None
    hidden = np.isin(np.arange(21), [13, 14, 15, 16, 17, 18, 19, 20])
    seen = replace(
        whole,
        joints_2d=np.where(hidden[:, None], np.nan, whole.joints_2d),
        sigma_2d=np.where(hidden, np.inf, whole.sigma_2d),
        sigma_3d=np.where(hidden[:, None], np.inf, whole.sigma_3d),
    )
    for n in range(5, 8):
        hand = fitter.fit({"right": [seen]}, CAMERA, n * FRAME_NS)["right"]
    assert error(hand, joints_of(state)[1]) < 6e-3


def test_a_palm_alone_starts_a_hand_the_right_way_round():
    state, known = hands_at(bend=5), [0, 1, 2, 5, 9, 13, 17]
    for hand, side in enumerate(SIDES):
        places = np.full((21, 2), np.nan)
        places[known] = CAMERA.project(joints_of(state)[hand])[known]
        sigma = np.where(np.isin(np.arange(21), known), 4.0, np.inf)
        palm = HandObservation("palm", 0.6, 0.0, places, sigma)
        fitted = HandFitter(HAND_MODELS).fit({side: [palm]}, CAMERA, None)[side]
        assert np.linalg.norm(fitted.joints_px[known] - places[known], axis=1).mean() < 4.0
        turn = Rotation.from_rotvec(fitted.parameters.pose[0]).as_matrix() @ FACING[hand].T
        assert np.degrees(Rotation.from_matrix(turn).magnitude()) < 35


def test_too_little_is_no_hand():
    nothing = HandObservation("palm", 0.9, 0.0, np.zeros((21, 2)), np.full(21, np.inf))
    assert HandFitter(HAND_MODELS).fit({"left": [nothing], "right": []}, CAMERA, None) == {}
    assert HandFitter(HAND_MODELS).fit({}, CAMERA, 0) == {}


def test_a_fast_hand_is_followed_without_lag():
    """It starts from rest at 1.2 m a second: the past must give way to what is read."""
    fitter = HandFitter(HAND_MODELS)
    for n in range(12):
        x = -0.1 + max(n - 4, 0) * 0.04
        state = hands_at(places=((x, 0.0, 0.6), (0.1, 0.0, 0.6)))
        hand = fitter.fit({"left": [landmarks_read(state, 0)]}, CAMERA, n * FRAME_NS)["left"]
        box = np.ptp(hand.joints_px, axis=0).max()
        assert misplaced(hand, joints_of(state)[0]) < 0.02 * box, n


def test_a_hand_that_turns_round_is_found_again():
    fitter = HandFitter(HAND_MODELS)
    for n in range(6):
        fitter.fit({"left": [landmarks_read(hands_at(bend=5), 0)]}, CAMERA, n * FRAME_NS)
    state = hands_at(bend=70)
    state.root[0] = Rotation.from_euler("y", 160, degrees=True).as_matrix() @ state.root[0]
    hand = fitter.fit({"left": [landmarks_read(state, 0)]}, CAMERA, 6 * FRAME_NS)["left"]
    assert error(hand, joints_of(state)[0]) < 8e-3


def test_the_past_steadies_what_one_frame_hardly_tells():
    """Depth of a still hand, read with noise: it jitters less than image by image."""
    state, fitter, together, single = hands_at(), HandFitter(HAND_MODELS), [], []
    for n in range(40):
        seen = {"right": [landmarks_read(state, 1, 2e-3, n)]}
        together.append(fitter.fit(seen, CAMERA, n * FRAME_NS)["right"].joints[:, 2])
        single.append(HandFitter(HAND_MODELS).fit(seen, CAMERA, None)["right"].joints[:, 2])
    trembling = [np.diff(np.array(depths)[20:], axis=0).std() for depths in (together, single)]
    assert trembling[0] < 0.6 * trembling[1]


def test_a_warm_fit_takes_three_iterations_at_most(monkeypatch):
    asked: list[int] = []
    real = module.solve

    def counted(problem, state, iterations, *rest):
        asked.append(iterations)
        return real(problem, state, iterations, *rest)

    monkeypatch.setattr(module, "solve", counted)
    fitter = HandFitter(HAND_MODELS)
    for n in range(4):
        state = hands_at(bend=30 + n)
        fitter.fit({s: [landmarks_read(state, h, 1e-3, n)] for h, s in enumerate(SIDES)}, CAMERA, n * FRAME_NS)
    assert asked[0] > WARM_ITERATIONS
    assert asked[2:] == [WARM_ITERATIONS] * 3
    assert WARM_ITERATIONS <= 3


def test_hands_that_are_read_in_each_other_are_moved_apart_in_depth_not_in_the_image():
    state = hands_at(places=((0.0, 0.0, 0.6), (0.0, 0.0, 0.606)), bend=10)
    read = {side: [landmarks_read(state, hand)] for hand, side in enumerate(SIDES)}
    assert overlaps(joints_of(state)) is not None
    fitted = HandFitter(HAND_MODELS).fit(read, CAMERA, None)
    before, after = overlaps(joints_of(state)), overlaps(np.stack([fitted[s].joints for s in SIDES]).astype(float))
    assert before is not None
    deepest = 0.0 if after is None else after.depth.max()
    assert deepest < 0.5 * before.depth.max()
    for hand, side in enumerate(SIDES):
        assert misplaced(fitted[side], joints_of(state)[hand]) < 3.0


def test_the_shape_is_not_learnt_from_hands_of_which_much_is_hidden():
    fitter, state = HandFitter(HAND_MODELS), hands_at(shape=np.array([1.5] + [0.0] * 9))
    for n in range(45):
        seen = landmarks_read(state, 1)
        sigma = np.array(seen.sigma_2d)
        sigma[5:13] = np.inf
        fitter.fit({"right": [replace(seen, sigma_2d=sigma)]}, CAMERA, n * FRAME_NS)
    shapes = []
    for n in range(45, 50):
        hand = fitter.fit({"right": [landmarks_read(state, 1, 2e-3, n)]}, CAMERA, n * FRAME_NS)["right"]
        shapes.append(hand.parameters.shape)
    assert not np.array_equal(shapes[-1], shapes[-2]), "still free"


def test_a_second_look_at_the_same_frame_forgets_nothing():
    fitter, state = HandFitter(HAND_MODELS), hands_at()
    for n in range(45):
        fitter.fit({"left": [landmarks_read(state, 0, 2e-3, n)]}, CAMERA, n * FRAME_NS)
    held = fitter.fit({"left": [landmarks_read(state, 0)]}, CAMERA, 45 * FRAME_NS)["left"].parameters.shape
    other = fitter.fit({"right": [landmarks_read(state, 1)]}, CAMERA, 45 * FRAME_NS)["right"].parameters.shape
    np.testing.assert_array_equal(held, other)


def test_a_image_that_stands_alone_carries_nothing():
    fitter, state = HandFitter(HAND_MODELS), hands_at(bend=50)
    first = fitter.fit({"left": [landmarks_read(state, 0)]}, CAMERA, None)["left"]
    for n in range(5):
        fitter.fit({"left": [landmarks_read(hands_at(bend=5), 0)]}, CAMERA, n * FRAME_NS)
    again = fitter.fit({"left": [landmarks_read(state, 0)]}, CAMERA, None)["left"]
    np.testing.assert_array_equal(first.vertices, again.vertices)


def test_a_shape_that_is_known_is_held_from_the_first_frame_on_and_over_takes():
    known = (1.2, -0.4, 0.3) + (0.0,) * 7
    state, fitter = hands_at(), HandFitter(HAND_MODELS, ShapeRule(known))
    for captured_ns in (0, FRAME_NS, None, 5 * FRAME_NS):
        fitted = fitter.fit({s: [landmarks_read(state, h, 2e-3)] for h, s in enumerate(SIDES)}, CAMERA, captured_ns)
        for side in SIDES:
            np.testing.assert_array_equal(fitted[side].parameters.shape, np.float32(known))
    fitter.reset()
    fitted = fitter.fit({"left": [network_reads(state, 0)]}, CAMERA, 0)
    np.testing.assert_array_equal(fitted["left"].parameters.shape, np.float32(known))


def test_a_larger_hand_of_which_the_shape_is_known_is_farther_away():
    """Its image is the same: depth goes with size."""
    state, depths, palms = hands_at(), [], []
    for size in (-1.5, 1.5):
        rule = ShapeRule((size,) + (0.0,) * 9)
        fitted = HandFitter(HAND_MODELS, rule).fit({"left": [landmarks_read(state, 0)]}, CAMERA, None)["left"]
        depths.append(fitted.joints[:, 2].mean())
        palms.append(palm_length(HAND_MODELS["left"], rule.held or ()))
    assert np.sign(depths[1] - depths[0]) == np.sign(palms[1] - palms[0])
    assert depths[1] / depths[0] == pytest.approx(palms[1] / palms[0], rel=0.05)


def test_while_a_shape_is_measured_every_frame_estimates_it():
    state = hands_at(shape=np.array([1.0] + [0.0] * 9))
    fitter = HandFitter(HAND_MODELS, ShapeRule((0.0,) * 10))
    fitter.use_shape(ShapeRule((0.0,) * 10, measured=True))
    shapes = []
    for n in range(60):
        read = {s: [network_reads(state, h, 1e-3, 2 * n + h)] for h, s in enumerate(SIDES)}
        shapes.append(fitter.fit(read, CAMERA, n * FRAME_NS)["left"].parameters.shape)
    assert all(np.any(one != other) for one, other in pairwise(shapes[30:])), "it was held"
    mean = np.mean(shapes, axis=0)
    assert mean[0] > 0.3
    fitter.use_shape(ShapeRule(tuple(mean)))
    held = fitter.fit({"left": [network_reads(state, 0)]}, CAMERA, 61 * FRAME_NS)["left"].parameters.shape
    np.testing.assert_array_equal(held, mean.astype(np.float32))
    fitter.use_shape(ShapeRule())
    adapted = fitter.fit({"left": [network_reads(state, 0)]}, CAMERA, 62 * FRAME_NS)["left"].parameters.shape
    assert np.any(adapted != held), "it adapts again"


def test_the_same_rule_again_forgets_nothing():
    state, fitter = hands_at(bend=60), HandFitter(HAND_MODELS)
    for n in range(5):
        fitter.fit({"right": [landmarks_read(state, 1)]}, CAMERA, n * FRAME_NS)
        fitter.use_shape(ShapeRule())
    assert fitter._motions, "where the hand was is known"
