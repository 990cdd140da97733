"""The joint solve: its gradient is that of its cost, and it weighs what contradicts."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from models.fitting.chain import Chain, ChainState, exp_with_jacobian
from models.fitting.landmark_points import landmark_points
from models.fitting.person_solver import (
    OWN,
    Evidence,
    Expected,
    Problem,
    measure,
    normal_equations,
    quadratic,
    solve,
    weigh,
)
from models.fitting.solver import HIGHEST_ANGLES, LOWEST_ANGLES
from models.hand_model import load_hand_models

HAND_MODELS = load_hand_models()
CHAIN = Chain.of(HAND_MODELS, landmark_points(HAND_MODELS))
CAMERA = np.array([550.0, 560.0, 320.0, 240.0])


def random_problem(seed: int, hands: int = 2, free: bool = True) -> tuple[Problem, ChainState]:
    """Three readings of two hands that lie in each other, of which some joints are unknown."""
    rng = np.random.default_rng(seed)
    chain = CHAIN.take(list(range(hands)))
    facing = Rotation.from_euler("zy", [[90, 20], [-90, 30]], degrees=True).as_matrix()[:hands]
    root = Rotation.random(random_state=seed).as_matrix() @ facing
    wrist = np.array([[0.01, 0.0, 0.5], [0.02, 0.01, 0.51]])[:hands]
    angles = rng.uniform(0.8 * LOWEST_ANGLES, 0.8 * HIGHEST_ANGLES, (hands, 5, 3, 3))
    state = ChainState(root, wrist, angles, np.tile(rng.normal(0, 0.5, 10), (hands, 1)))
    of = np.array([0, 0, 1] if hands == 2 else [0, 0, 0])
    info_2d, info_3d = np.full((3, 21), 0.2), np.full((3, 21, 3), 1e4)
    info_2d[1, :8], info_3d[2, 5:], info_3d[1] = 0.0, 0.0, 0.0
    posed = chain.pose(state).joints[of]
    seen = posed[..., :2] / posed[..., 2:] * CAMERA[:2] + CAMERA[2:]
    evidence = Evidence(
        of,
        np.array([0, 1, 1]),
        np.array([True, False, True]),
        seen + rng.normal(0, 5, (3, 21, 2)),
        info_2d,
        posed + rng.normal(0, 0.01, (3, 21, 3)) + 0.2,
        info_3d,
    )
    turn, _ = exp_with_jacobian(rng.normal(0, 1e-4, (hands, 3)))
    expected = Expected(
        turn @ root,
        wrist + rng.normal(0, 0.01, (hands, 3)),
        angles + rng.normal(0, 0.1, angles.shape),
        np.full(hands, 40.0),
        np.tile(np.diag([1e3, 2e3, 3e3]), (hands, 1, 1)),
        np.full(hands, 30.0),
    )
    return Problem(chain, evidence, CAMERA, expected, np.zeros(10), 2.0 if free else 0.0), state


def moved(state: ChainState, step: np.ndarray) -> ChainState:
    hands = len(state.root)
    own = step[: OWN * hands].reshape(hands, OWN)
    turn, _ = exp_with_jacobian(own[:, :3])
    shape = state.shape + step[OWN * hands :] if len(step) > OWN * hands else state.shape
    return ChainState(
        turn @ state.root, state.wrist + own[:, 3:6], state.angles + own[:, 6:].reshape(-1, 5, 3, 3), shape
    )


@pytest.mark.parametrize("hands", [1, 2])
@pytest.mark.parametrize("free", [True, False])
def test_the_gradient_is_that_of_the_quadratic(hands, free):
    problem, state = random_problem(3, hands, free)
    here = measure(problem, state)
    assert (here.overlaps is not None) == (hands == 2), "the two hands lie in each other"
    weights = weigh(problem, here)
    _, gradient = normal_equations(problem, state, here, weights)
    numeric = np.empty_like(gradient)
    for column in range(len(gradient)):
        step = np.zeros(len(gradient))
        step[column] = 1e-6
        ahead, behind = (moved(state, sign * step) for sign in (1.0, -1.0))
        costs = [quadratic(problem, s, measure(problem, s), weights) for s in (ahead, behind)]
        numeric[column] = (costs[0] - costs[1]) / 4e-6  # the gradient is of half the quadratic
    np.testing.assert_allclose(gradient, numeric, rtol=2e-3, atol=0.05 * np.abs(gradient).mean())


def test_the_matrix_is_positive_definite_and_symmetric():
    problem, state = random_problem(5)
    here = measure(problem, state)
    matrix, _ = normal_equations(problem, state, here, weigh(problem, here))
    np.testing.assert_allclose(matrix, matrix.T, rtol=1e-9, atol=1e-6 * np.abs(matrix).max())
    assert np.linalg.eigvalsh(matrix).min() > 0


def test_the_solve_lowers_its_cost_and_stays_within_the_limits():
    problem, state = random_problem(7)
    problem = replace(problem, expected=Expected.nothing(2))
    solved = solve(problem, state, 20).state
    before, after = (measure(problem, s) for s in (state, solved))
    weights = weigh(problem, after)
    assert quadratic(problem, solved, after, weights) < quadratic(problem, state, before, weights)
    assert (solved.angles >= LOWEST_ANGLES).all()
    assert (solved.angles <= HIGHEST_ANGLES).all()
    np.testing.assert_array_equal(solved.shape[0], solved.shape[1])
