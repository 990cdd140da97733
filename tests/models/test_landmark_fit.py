"""The inverse kinematics fit on hands whose parameters are known, and on degenerate landmarks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from models.fitting.chain import MANO_OF_FINGERS, Chain, ChainState, exp_with_jacobian
from models.fitting.landmark_points import landmark_points
from models.fitting.solver import (
    HIGHEST_ANGLES,
    LOWEST_ANGLES,
    ShapePrior,
    linearise,
    observe,
)
from models.hand_model import load_hand_models
from models.landmark_fit.reconstructor import LandmarkFit
from models.values import SIDES, Crop, Detection, HandParameters, Intrinsics

HAND_MODELS = load_hand_models()
POINTS = landmark_points(HAND_MODELS)
CHAIN = Chain.of(HAND_MODELS, POINTS)
CAMERA = Intrinsics.from_fov(640, 360)
FACING = {side: Rotation.from_euler("zx", [turn, 10], degrees=True) for side, turn in (("right", 90), ("left", -90))}


def random_state(seed: int) -> ChainState:
    rng = np.random.default_rng(seed)
    root, _ = exp_with_jacobian(rng.normal(0, 1, (2, 3)))
    wrist = np.array([[-0.1, 0.0, 0.5], [0.12, 0.03, 0.6]])
    return ChainState(root, wrist, rng.uniform(LOWEST_ANGLES, HIGHEST_ANGLES, (2, 5, 3, 3)), rng.normal(0, 1, (2, 10)))


def moved(state: ChainState, step: np.ndarray) -> ChainState:
    turn, _ = exp_with_jacobian(step[:, :3])
    angles = state.angles + step[:, 6:51].reshape(-1, 5, 3, 3)
    return ChainState(turn @ state.root, state.wrist + step[:, 3:6], angles, state.shape + step[:, 51:])


@given(st.tuples(*[st.floats(-4, 4)] * 3))
def test_the_exponential_is_scipys_and_its_jacobian_the_derivative(vector):
    vector = np.array(vector)
    rotation, left = exp_with_jacobian(vector)
    np.testing.assert_allclose(rotation, Rotation.from_rotvec(vector).as_matrix(), atol=1e-9)
    step = np.array([1e-6, -2e-6, 1.5e-6])
    ahead = Rotation.from_rotvec(vector + step) * Rotation.from_rotvec(vector).inv()
    np.testing.assert_allclose(ahead.as_rotvec(), left @ step, atol=1e-10)


@settings(max_examples=10)
@given(st.integers(0, 2**31))
def test_jacobian_of_every_residual_matches_finite_differences(seed):
    state = random_state(seed)
    rng = np.random.default_rng(seed)
    seen = observe(rng.normal((320, 180), 20, (2, 21, 2)), rng.normal(0, 0.03, (2, 21, 3)), CAMERA)
    prior = ShapePrior(np.zeros(10), 1.0)
    here = linearise(CHAIN, state, seen, prior)
    for column in range(61):
        step = np.zeros((2, 61))
        step[:, column] = 1e-6
        ahead = linearise(CHAIN, moved(state, step), seen, prior).residuals
        behind = linearise(CHAIN, moved(state, -step), seen, prior).residuals
        numeric = (ahead - behind) / 2e-6
        np.testing.assert_allclose(here.jacobian[..., column], numeric, rtol=2e-4, atol=2e-3)


@pytest.mark.parametrize("side", SIDES)
def test_the_chain_has_the_joints_of_the_hand_model(side):
    """Joints agree exactly; tips are skinned vertices there and rigid here."""
    state = random_state(3)
    h = SIDES.index(side)
    points = CHAIN.pose(state).joints
    _, joints = HAND_MODELS[side].mesh(parameters_of(side, state))
    tips = [4, 8, 12, 16, 20]
    knuckles = [j for j in range(21) if j not in tips]
    np.testing.assert_allclose(points[h, knuckles], joints[knuckles], atol=1e-5)
    assert np.linalg.norm(points[h, tips] - joints[tips], axis=1).max() < 0.005


def parameters_of(side, state: ChainState) -> HandParameters:
    h = SIDES.index(side)
    pose = np.zeros((16, 3), np.float32)
    pose[0] = Rotation.from_matrix(state.root[h]).as_rotvec()
    pose[MANO_OF_FINGERS] = CHAIN.pose_vectors(state.angles)[h]
    translation = state.wrist[h] - CHAIN.rest_wrist(state.shape)[h]
    return HandParameters(pose, state.shape[h].astype(np.float32), translation.astype(np.float32))


@pytest.mark.parametrize("side", SIDES)
def test_positive_flexion_takes_every_fingertip_to_the_palm(side):
    h = SIDES.index(side)
    flat = ChainState(np.eye(3)[None].repeat(2, 0), np.zeros((2, 3)), np.zeros((2, 5, 3, 3)), np.zeros((2, 10)))
    bent = flat._replace(angles=flat.angles.copy())
    bent.angles[..., 0] = np.radians(40)
    before, after = (CHAIN.pose(state).joints[h] for state in (flat, bent))
    palm = np.cross(before[5] - before[0], before[17] - before[0]) * (1 if side == "right" else -1)
    moved_by = (after - before)[[8, 12, 16, 20]] @ (palm / np.linalg.norm(palm))
    assert moved_by.min() > 0.03
    # the thumb bends across the palm: its tip comes nearer to the little finger's base
    assert np.linalg.norm(after[4] - after[17]) < np.linalg.norm(before[4] - before[17]) - 0.01


def curled(side, degrees: float, place=(0.0, 0.0, 0.5)) -> HandParameters:
    state = ChainState(
        np.stack([FACING[s].as_matrix() for s in SIDES]),
        np.tile(np.array(place), (2, 1)),
        np.zeros((2, 5, 3, 3)),
        np.zeros((2, 10)),
    )
    state.angles[:, 1:, :, 0] = np.radians(degrees)
    state.angles[:, 0, 1:, 0] = np.radians(degrees * 0.4)
    return parameters_of(side, state)


def seen(side, parameters: HandParameters, noise: float = 0.0, seed: int = 0) -> Detection:
    """The hand as MediaPipe would mark it: beside its joints."""
    rng = np.random.default_rng(seed)
    turns = Rotation.from_rotvec(parameters.pose).as_matrix()
    joints = HAND_MODELS[side].mesh(parameters)[1]
    pixels = CAMERA.project(joints + marked(turns, POINTS[side].image)) + rng.normal(0, noise, (21, 2))
    box = np.concatenate([pixels.min(0), pixels.max(0)]).astype(np.float32)
    # A landmark network sees each hand as if it stood straight ahead.
    ray = np.append((pixels.mean(axis=0) - (CAMERA.cx, CAMERA.cy)) / CAMERA.fx, 1.0)
    ahead, _ = Rotation.align_vectors([[0.0, 0.0, 1.0]], [ray / np.linalg.norm(ray)])
    world = ahead.apply(joints + marked(turns, POINTS[side].space))
    world -= world.mean(axis=0)
    return Detection(side, 0.9, box, pixels.astype(np.float32), world.astype(np.float32))


def marked(turns: np.ndarray, points: np.ndarray) -> np.ndarray:
    """What points beside the joints add to them (21, 3), for a hand whose joints turn by (16, 3, 3)."""
    added = points @ turns[0].T
    for finger, joints in enumerate(MANO_OF_FINGERS):
        carrier = turns[0]
        for level, joint in enumerate(joints):
            carrier = carrier @ turns[joint]
            place = 2 + 4 * finger + level
            added[place] = carrier @ points[place]
    return added


def crop(*detections: Detection, captured_ns: int | None = None) -> Crop:
    sides = frozenset(d.side for d in detections)
    return Crop(
        np.zeros((256, 256, 3), np.uint8), np.eye(2, 3, dtype=np.float32), sides, detections, CAMERA, captured_ns
    )


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("degrees", [0, 30, 60, 85])
def test_a_hand_seen_without_noise_is_found_again(side, degrees):
    truth = curled(side, degrees)
    _, joints = HAND_MODELS[side].mesh(truth)
    hand = LandmarkFit(HAND_MODELS).reconstruct([crop(seen(side, truth))])[0].hands[side]
    pixels = np.linalg.norm(hand.joints_px - CAMERA.project(joints), axis=1).mean()
    box = np.ptp(CAMERA.project(joints), axis=0).max()
    assert pixels < 0.015 * box
    centred = (hand.joints - hand.joints.mean(0)) - (joints - joints.mean(0))
    assert np.linalg.norm(centred, axis=1).mean() < 0.006
    assert abs(hand.joints[0, 2] - joints[0, 2]) < 0.03


def test_both_hands_of_a_frame_are_fitted_to_their_own_landmarks():
    left, right = curled("left", 20, (0.12, 0, 0.5)), curled("right", 60, (-0.12, 0, 0.55))
    hands = LandmarkFit(HAND_MODELS).reconstruct([crop(seen("left", left), seen("right", right))])[0].hands
    assert hands["left"].joints[0, 0] > 0.08
    assert hands["right"].joints[0, 0] < -0.08


def test_the_shape_is_estimated_for_a_second_and_then_held():
    subject = LandmarkFit(HAND_MODELS)
    shapes = []
    for n in range(60):
        detection = seen("right", curled("right", 20 + n), noise=1.0, seed=n)
        hands = subject.reconstruct([crop(detection, captured_ns=n * 33_333_333)])[0].hands
        shapes.append(hands["right"].parameters.shape)
    assert not np.array_equal(shapes[5], shapes[6])
    for later in shapes[33:]:
        np.testing.assert_array_equal(later, shapes[32])


def test_a_image_that_stands_alone_depends_on_nothing_before_it():
    subject = LandmarkFit(HAND_MODELS)
    alone = subject.reconstruct([crop(seen("left", curled("left", 40)))])[0].hands["left"]
    subject.reconstruct([crop(seen("left", curled("left", 5), noise=2.0), captured_ns=1)])
    again = subject.reconstruct([crop(seen("left", curled("left", 40)))])[0].hands["left"]
    np.testing.assert_array_equal(alone.vertices, again.vertices)


def test_time_that_runs_backwards_forgets_the_hand():
    subject = LandmarkFit(HAND_MODELS)
    first = subject.reconstruct([crop(seen("left", curled("left", 40)), captured_ns=10)])[0].hands["left"]
    subject.reconstruct([crop(seen("left", curled("left", 60), noise=3.0), captured_ns=20)])
    again = subject.reconstruct([crop(seen("left", curled("left", 40)), captured_ns=5)])[0].hands["left"]
    np.testing.assert_array_equal(first.vertices, again.vertices)


def test_a_reset_forgets_the_hand_and_its_shape():
    subject = LandmarkFit(HAND_MODELS)
    first = subject.reconstruct([crop(seen("left", curled("left", 40)), captured_ns=10)])[0].hands["left"]
    for n in range(40):
        subject.reconstruct([crop(seen("left", curled("left", 60), noise=3.0), captured_ns=20 + n * 33_333_333)])
    subject.reset()
    again = subject.reconstruct([crop(seen("left", curled("left", 40)), captured_ns=2_000_000_000)])[0].hands["left"]
    np.testing.assert_array_equal(first.vertices, again.vertices)


def test_no_detection_is_no_hand():
    assert LandmarkFit(HAND_MODELS).reconstruct([crop(captured_ns=0)])[0].hands == {}


@pytest.mark.parametrize("spot", ["one point", "a line", "wild"])
def test_degenerate_landmarks_give_finite_hands_within_their_limits(spot):
    rng = np.random.default_rng(0)
    pixels = {
        "one point": np.full((21, 2), 100.0),
        "a line": np.stack([np.linspace(0, 640, 21), np.full(21, 180.0)], 1),
        "wild": rng.uniform(-2000, 4000, (21, 2)),
    }[spot]
    world = np.zeros((21, 3)) if spot == "one point" else rng.normal(0, 0.1, (21, 3))
    box = np.concatenate([pixels.min(0), pixels.max(0)])
    detection = Detection("left", 0.5, box.astype(np.float32), pixels.astype(np.float32), world.astype(np.float32))
    subject = LandmarkFit(HAND_MODELS)
    for n in range(4):
        hand = subject.reconstruct([crop(detection, captured_ns=n)])[0].hands["left"]
        assert np.isfinite(hand.vertices).all()
        assert np.isfinite(hand.joints_px).all()
        assert np.abs(hand.parameters.pose[1:]).max() < np.pi
