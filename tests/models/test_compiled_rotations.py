"""The compiled small loops come to what numpy comes to, in the functions that use them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from models.fitting.chain import exp_with_jacobian
from models.fitting.person_solver import log_rotations
from models.hand_model import load_hand_models, load_twin
from models.rotations import exp_so3
from models.runtime import compiled
from models.values import SIDES, HandParameters

MODULE = "models.compiled_rotations"


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch):
    """Calls a function in numpy, and with the loops compiled."""
    pytest.importorskip("numba")
    monkeypatch.setattr(compiled, "_ready", {})
    assert compiled.load([MODULE], compiling=True), compiled.problem()
    fast = dict(compiled._ready)

    def call(function, *arguments):
        results = []
        for modules in ({}, fast):
            monkeypatch.setattr(compiled, "_ready", modules)
            results.append(function(*arguments))
        return results

    return call


@pytest.mark.parametrize("shape", [(3,), (7, 3), (2, 5, 3, 3), (0, 3)])
@pytest.mark.parametrize("size", [0.0, 1e-9, 1e-4, 1e-3, 1.0, 3.1])
def test_exponentials(both, shape, size):
    vectors = np.random.default_rng(0).uniform(-1, 1, shape) * size
    slow, fast = both(exp_with_jacobian, vectors)
    for expected, found in zip(slow, fast, strict=True):
        assert found.shape == (*shape, 3)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)
    slow, fast = both(exp_so3, vectors)
    np.testing.assert_allclose(fast, slow, rtol=0, atol=1e-14)
    slow, fast = both(exp_so3, vectors.astype(np.float32))
    assert slow.dtype == fast.dtype == np.float32


def test_views_and_locked_arrays_are_taken(both):
    vectors = np.random.default_rng(1).normal(size=(3, 8)).T
    vectors.flags.writeable = False
    slow, fast = both(exp_so3, vectors)
    np.testing.assert_allclose(fast, slow, rtol=0, atol=1e-14)


@pytest.mark.parametrize("angle", [0.0, 1e-10, 1e-5, 1.0, 3.0])
def test_logarithms(both, angle):
    axes = np.random.default_rng(2).normal(size=(6, 3))
    vectors = angle * axes / np.linalg.norm(axes, axis=1, keepdims=True)
    slow, fast = both(log_rotations, Rotation.from_rotvec(vectors).as_matrix())
    np.testing.assert_allclose(fast, slow, rtol=0, atol=1e-12)
    np.testing.assert_allclose(fast, vectors, atol=1e-7)


@pytest.mark.parametrize("side", SIDES)
def test_meshes(both, side):
    rng = np.random.default_rng(3)
    parts = rng.normal(0, 0.4, (16, 3)), rng.normal(0, 1, 10), rng.normal(0, 0.3, 3)
    parameters = HandParameters(*(part.astype(np.float32) for part in parts))
    slow, fast = both(load_hand_models()[side].mesh, parameters)
    for expected, found in zip(slow, fast, strict=True):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    slow, fast = both(load_twin(side).mesh, parameters)
    np.testing.assert_allclose(fast, slow, rtol=0, atol=1e-6)
