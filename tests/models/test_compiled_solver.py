"""The compiled solve comes to what `person_solver` comes to."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
from test_hand_fitter import CAMERA, FRAME_NS, HAND_MODELS, hands_at, landmarks_read, network_reads
from test_person_solver import random_problem

from models.fitting.hand_fitter import HandFitter
from models.fitting.person_solver import Expected, Problem, measure, solve
from models.runtime import compiled
from models.values import SIDES

MODULE = "models.fitting.compiled_solver"
TOLERANCE = 2e-3


@pytest.fixture
def numpy_only(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """Nothing is compiled but what is put in here."""
    modules: dict[str, ModuleType] = {}
    monkeypatch.setattr(compiled, "_ready", modules)
    return modules


@pytest.fixture
def fast(numpy_only: dict[str, ModuleType]) -> ModuleType:
    """The compiled module, which is not used by itself yet."""
    pytest.importorskip("numba")
    assert compiled.load([MODULE], compiling=True), compiled.problem()
    return numpy_only.pop(MODULE)


def apart(problem: Problem) -> Problem:
    """The same with the second hand's joints read half a metre beside the first's."""
    evidence = problem.evidence
    aside = np.where(evidence.hand == 1, 400.0, 0.0)
    return replace(problem, evidence=evidence._replace(joints_2d=evidence.joints_2d + aside[:, None, None] * (1, 0)))


@pytest.mark.parametrize("hands", [1, 2])
@pytest.mark.parametrize("free", [True, False])
@pytest.mark.parametrize(("iterations", "first"), [(1, 0), (3, 6), (14, 12)])
@pytest.mark.parametrize("trusting", [True, False])
def test_states_and_residuals_are_the_same(fast, hands, free, iterations, first, trusting):
    touched = 0
    for seed in range(first, first + 6):  # six, in which every case below comes with every other
        problem, start = random_problem(seed, hands, free)
        if seed % 3 == 0:
            problem = replace(problem, expected=Expected.nothing(hands))
        if seed % 2 and hands == 2:
            start = start._replace(wrist=start.wrist + np.array([[-0.2, 0, 0], [0.2, 0, 0]]))
            problem = apart(problem)
        problem = replace(problem, trusting=trusting)
        slow = solve(problem, start, iterations)
        state, measured = fast.solve(problem, start, iterations, TOLERANCE, 0.1)
        for expected, found in zip(slow.state, state, strict=True):
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
        for name in ("seen", "off_2d", "off_3d", "root", "wrist", "angles", "points"):
            np.testing.assert_allclose(getattr(measured, name), getattr(slow.measured, name), rtol=1e-6, atol=1e-6)
        for expected, found in zip(slow.measured.posed, measured.posed, strict=True):
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
        assert (measured.overlaps is None) == (slow.measured.overlaps is None)
        if measured.overlaps is not None:
            touched += 1
            np.testing.assert_array_equal(measured.overlaps.first, slow.measured.overlaps.first)
            np.testing.assert_allclose(measured.overlaps.depth, slow.measured.overlaps.depth, atol=1e-6)
    assert (touched > 0) == (hands == 2), "hands in each other are among the problems"
    assert touched < 6


def test_many_pairs_of_balls_are_the_same_ones(fast):
    """Hands wholly in each other: the deepest pairs are taken."""
    problem, start = random_problem(1)
    # At rest the left hand's fingers point along x and the right hand's against it: half a turn lays one in the other.
    turned = start.root[0] @ np.diag([-1.0, 1.0, -1.0])
    start = start._replace(wrist=start.wrist[[0, 0]], root=np.stack([start.root[0], turned]), angles=start.angles * 0.0)
    slow = measure(problem, start).overlaps
    _, found = fast.solve(problem, start, 0, TOLERANCE, 0.1)
    assert slow is not None
    assert found.overlaps is not None
    assert len(slow.depth) == len(found.overlaps.depth) > 20
    pairs = [set(zip(one.first.tolist(), one.second.tolist(), strict=True)) for one in (slow, found.overlaps)]
    assert pairs[0] == pairs[1]


def test_whole_sequences_of_frames_are_the_same(fast, numpy_only):
    def fitted():
        fitter, hands = HandFitter(HAND_MODELS), []
        for n in range(30):
            close = 0.1 - 0.008 * max(0, n - 17)  # the hands come together
            state = hands_at(places=((-close, 0, 0.6), (close, 0, 0.61)), bend=20 + n)
            read = {
                s: [landmarks_read(state, h, 1e-3, n), network_reads(state, h, 5e-3, n)] for h, s in enumerate(SIDES)
            }
            if n % 9 == 0:
                read.pop("left")
            if n % 5 == 0:
                hidden = np.array(read["right"][0].sigma_2d)
                hidden[n % 20 :] = np.inf
                read["right"][0] = replace(read["right"][0], sigma_2d=hidden)
            hands.append(fitter.fit(read, CAMERA, n * FRAME_NS if n < 25 else None))
        return hands

    slow = fitted()
    numpy_only[MODULE] = fast
    quick = fitted()
    for expected, found in zip(slow, quick, strict=True):
        assert list(expected) == list(found)
        for side in expected:
            np.testing.assert_allclose(found[side].vertices, expected[side].vertices, rtol=0, atol=1e-6)


def test_what_cannot_be_solved_is_left_to_numpy(fast):
    problem, start = random_problem(2)
    broken = replace(problem, camera=problem.camera * np.nan)
    assert fast.solve(broken, start, 3, TOLERANCE, 0.1) is None


def test_arrays_that_are_locked_or_laid_out_otherwise_are_taken(fast):
    problem, start = random_problem(4)
    expected, _ = fast.solve(problem, start, 3, TOLERANCE, 0.1)
    start.wrist.flags.writeable = False
    start = start._replace(angles=np.asfortranarray(start.angles), shape=start.shape.astype(np.float32))
    found, _ = fast.solve(problem, start, 3, TOLERANCE, 0.1)
    np.testing.assert_allclose(found.angles, expected.angles, atol=1e-5)
