"""Hand models fitted to what a network says of the joints."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from models.fitting.chain import Chain, ChainState
from models.fitting.solver import HIGHEST_ANGLES, LOWEST_ANGLES
from models.hand_model import load_hand_models
from models.joint_fit import JointFit
from models.values import SIDES, Intrinsics

CAMERA = Intrinsics.from_fov(640, 480)
HAND_MODELS = load_hand_models()
HANDS = 12
FINGER_BASES = np.repeat([1, 5, 9, 13, 17], 4)


@pytest.fixture(scope="module")
def true() -> list[tuple[int, np.ndarray, np.ndarray]]:
    """Hands that a person could hold up, any way round: side, vertices and joints before the camera."""
    random, chain, hands = np.random.default_rng(0), Chain.of(HAND_MODELS), []
    for _ in range(HANDS // 2):
        state = ChainState(
            Rotation.random(2, random_state=random).as_matrix(),
            np.array([0.0, 0.0, 0.6]) + random.uniform(-0.1, 0.1, (2, 3)),
            random.uniform(0.7 * LOWEST_ANGLES, 0.7 * HIGHEST_ANGLES, (2, *LOWEST_ANGLES.shape)),
            random.normal(0.0, 0.4, (2, 10)),
        )
        for side, parameters in enumerate(chain.parameters(state)):
            hands.append((side, *HAND_MODELS[SIDES[side]].mesh(parameters)))
    return hands


def fit_error(hands, change) -> float:
    """Mean distance of vertices, metres, after the fit to joints that `change` has been at."""
    fit, errors = JointFit(HAND_MODELS), []
    for side, vertices, joints in hands:
        [parameters] = fit.fit([side], CAMERA.project(joints)[None].astype(float), change(joints)[None], CAMERA)
        mesh, _ = HAND_MODELS[SIDES[side]].mesh(parameters)
        # Depth is as sure as the hand's size.
        error = (mesh - mesh.mean(axis=0)) - (vertices - vertices.mean(axis=0))
        errors.append(np.linalg.norm(error, axis=-1).mean())
    return float(np.mean(errors))


def test_true_joints_give_the_true_mesh(true):
    assert fit_error(true, lambda joints: joints.astype(float)) < 2e-3


def test_the_origin_of_the_joints_does_not_matter(true):
    side, _, joints = true[0]
    places = CAMERA.project(joints)[None].astype(float)
    fit = JointFit(HAND_MODELS)
    [here], [there] = (fit.fit([side], places, joints[None] + shift, CAMERA) for shift in (0.0, 0.3))
    np.testing.assert_allclose(here.pose, there.pose, atol=1e-5)
    np.testing.assert_allclose(here.translation, there.translation, atol=1e-5)


def test_fingers_that_are_too_short_come_back_at_full_length(true):
    """As a network says them that doubts: three quarters of each finger, in space; in the image it is right."""

    def shortened(joints: np.ndarray) -> np.ndarray:
        short = joints.astype(float)
        short[1:] = short[FINGER_BASES] + 0.75 * (short[1:] - short[FINGER_BASES])
        return short

    said = np.mean([np.linalg.norm(shortened(joints) - joints, axis=-1).mean() for _, _, joints in true])
    assert said > 6e-3
    assert fit_error(true, shortened) < 0.6 * said


def test_both_hands_are_fitted_at_once_and_have_one_shape(true):
    (first, _, one), (second, _, other) = true[:2]
    joints = np.stack([one, other]).astype(float)
    together = JointFit(HAND_MODELS).fit([first, second], CAMERA.project(joints), joints, CAMERA)
    np.testing.assert_array_equal(together[0].shape, together[1].shape)
    for hand, (side, parameters) in enumerate(zip((first, second), together, strict=True)):
        _, fitted = HAND_MODELS[SIDES[side]].mesh(parameters)
        error = (fitted - fitted.mean(axis=0)) - (joints[hand] - joints[hand].mean(axis=0))
        assert np.linalg.norm(error, axis=-1).mean() < 4e-3
