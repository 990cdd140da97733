"""Vertices to parameters of the hand model."""

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from models.hand_model import HandModel, asset, load_hand_models
from models.lwa_hand.reconstructor import WEIGHTS, create_network
from models.lwa_hand.weights import load_network
from models.values import SIDES, HandParameters
from training.losses.vertex_fit import FittedHands, VertexFit
from training.synthetic.synthesiser import Synthesiser


@pytest.fixture(scope="module")
def hand_models():
    return load_hand_models()


def random_hand(model: HandModel, random: np.random.Generator) -> HandParameters:
    """A pose of the model's own prior, half as varied again, and any view."""
    fingers = model.hands_mean.numpy() + random.normal(0.0, 0.3, 45)
    pose = np.concatenate([Rotation.random(random_state=random).as_rotvec(), fingers]).reshape(16, 3)
    return HandParameters(
        pose.astype(np.float32), random.normal(size=10).astype(np.float32), random.normal(size=3).astype(np.float32)
    )


def meshes(hand_models, fitted: FittedHands) -> np.ndarray:
    pose = fitted.pose(np.eye(3))
    return np.stack(
        [
            hand_models[side].mesh(
                HandParameters(*(part[hand].astype(np.float32) for part in (pose, fitted.shape, fitted.translation)))
            )[0]
            for hand, side in enumerate(SIDES)
        ]
    )


def test_fit_to_hands_with_noise_lies_near_the_true_hands(hand_models):
    """Noise of 2 mm a coordinate, as a network leaves it: the fit takes most of it away."""
    fit, random = VertexFit(hand_models), np.random.default_rng(0)
    to_seen, to_true, to_clean = [], [], []
    for _ in range(20):
        true = np.stack([hand_models[side].mesh(random_hand(hand_models[side], random))[0] for side in SIDES])
        seen = true + random.normal(0.0, 0.002, true.shape)
        mesh = meshes(hand_models, fit.fit(seen))
        to_seen.append(np.linalg.norm(mesh - seen, axis=-1).mean())
        to_true.append(np.linalg.norm(mesh - true, axis=-1).mean())
        to_clean.append(np.linalg.norm(meshes(hand_models, fit.fit(true)) - true, axis=-1).mean())
    assert max(to_seen) < 4.5e-3  # the noise itself is 3.2 mm long
    assert np.mean(to_true) < 1.5e-3
    assert np.mean(to_clean) < 1.0e-3


def test_what_the_shipped_weights_give_is_nearly_a_hand(hand_models):
    """Vertices of synthetic pairs in contact lie within 3 mm, on average, of the hands fitted to them."""
    network = create_network(hand_models)
    load_network(asset("weights") / WEIGHTS, network)
    synthesiser = Synthesiser(7, "contact", 256, reuse=1)
    pictures = np.stack([sample.image for sample in synthesiser.samples(range(6))])
    synthesiser.close()
    with torch.inference_mode():
        pixels = torch.from_numpy(pictures).permute(0, 3, 1, 2) / 255.0
        given = network(pixels).prediction.vertices.numpy()
    fit = VertexFit(hand_models)
    apart = [np.linalg.norm(meshes(hand_models, fit.fit(pair)) - pair, axis=-1).mean() for pair in given]
    assert np.mean(apart) < 3e-3


def test_fit_turns_and_moves_with_its_vertices(hand_models):
    random = np.random.default_rng(1)
    true = np.stack([hand_models[side].mesh(random_hand(hand_models[side], random))[0] for side in SIDES])
    turn, move = Rotation.random(random_state=2).as_matrix(), np.array([0.3, -0.2, 0.5])
    fit = VertexFit(hand_models)
    first, second = fit.fit(true), fit.fit(true @ turn.T + move)
    np.testing.assert_allclose(second.shape, first.shape, atol=1e-6)
    np.testing.assert_allclose(second.rotations[:, 1:], first.rotations[:, 1:], atol=1e-6)
    np.testing.assert_allclose(second.rotations[:, 0], turn @ first.rotations[:, 0], atol=1e-6)


def test_rotations_are_proper_even_for_vertices_that_are_no_hand(hand_models):
    fitted = VertexFit(hand_models).fit(np.random.default_rng(0).normal(size=(2, 778, 3)))
    np.testing.assert_allclose(np.linalg.det(fitted.rotations), 1.0, atol=1e-6)
    assert np.isfinite(fitted.shape).all()
