"""Anatomical angles and the prior of finger poses."""

from __future__ import annotations

import numpy as np
import pytest

from models.hand_model import load_hand_models
from models.values import SIDES, HandParameters
from training.data import poses
from training.data.poses import ABDUCTION, CHAINS, FLEXION, Articulation, PosePrior, pack, unpack

MODELS = load_hand_models()
JOINTS = {side: Articulation(MODELS[side]) for side in SIDES}
LIMITS = JOINTS["right"].limits
TIPS = [8, 12, 20, 16, 4]
"""Among the 21 joints, by finger in MANO's order."""


@pytest.fixture(scope="module")
def prior() -> PosePrior:
    return PosePrior(MODELS)


def within_limits(count: int, seed: int) -> np.ndarray:
    share = np.random.default_rng(seed).uniform(size=(count, 15, 3))
    return LIMITS[..., 0] + share * (LIMITS[..., 1] - LIMITS[..., 0])


def joints_of(side, pose: np.ndarray) -> np.ndarray:
    full = np.concatenate([np.zeros((1, 3)), pose]).astype(np.float32)
    return MODELS[side].mesh(HandParameters(full, np.zeros(10, np.float32), np.zeros(3, np.float32)))[1]


@pytest.mark.parametrize("side", SIDES)
def test_angles_and_poses_are_inverse_within_the_limits(side):
    angles = within_limits(40, seed=1)
    np.testing.assert_allclose(JOINTS[side].angles(JOINTS[side].pose(angles)), angles, atol=1e-9)


def test_the_same_angles_are_mirrored_poses_on_the_two_sides():
    angles = within_limits(10, seed=2)
    np.testing.assert_allclose(JOINTS["left"].pose(angles), JOINTS["right"].pose(angles) * (1.0, -1.0, -1.0), atol=1e-5)


@pytest.mark.parametrize("side", SIDES)
def test_flexion_brings_a_finger_tip_towards_the_palm(side):
    for finger in range(4):
        angles = np.zeros((15, 3))
        angles[CHAINS[finger, :2], FLEXION] = np.radians(40.0)
        moved = joints_of(side, JOINTS[side].pose(angles)) - joints_of(side, np.zeros((15, 3)))
        assert moved[TIPS[finger], 1] < -0.03, "the palm faces -y at rest"


@pytest.mark.parametrize("side", SIDES)
def test_abduction_turns_a_finger_towards_the_thumb(side):
    for finger in range(4):
        angles = np.zeros((15, 3))
        angles[CHAINS[finger, 0], ABDUCTION] = np.radians(15.0)
        moved = joints_of(side, JOINTS[side].pose(angles)) - joints_of(side, np.zeros((15, 3)))
        assert moved[TIPS[finger], 2] > 0.01, "the thumb is at +z at rest"


def test_packing_loses_less_than_a_step_and_clips_to_the_limits():
    angles = within_limits(50, seed=3)
    step = (LIMITS[..., 1] - LIMITS[..., 0]) / 255.0
    assert (np.abs(unpack(pack(angles, LIMITS), LIMITS) - angles) <= step / 2.0 + 1e-9).all()
    beyond = unpack(pack(angles + 10.0, LIMITS), LIMITS)
    np.testing.assert_allclose(beyond, np.broadcast_to(LIMITS[..., 1], beyond.shape), atol=1e-12)


def test_the_recorded_poses_reach_from_flat_hands_to_fists(prior):
    assert len(prior.recorded) > 3000
    curl = np.degrees(prior.recorded[:, CHAINS[:4, 1], FLEXION])
    fists, flat = (curl > 60.0).all(axis=1), (curl < 25.0).all(axis=1)
    assert fists.mean() > 0.03
    assert flat.mean() > 0.03
    pointing = (curl[:, 0] < 30.0) & (curl[:, 1:] > 60.0).all(axis=1)
    assert pointing.sum() > 20


def test_sampled_angles_stay_within_the_limits(prior):
    rng = np.random.default_rng(4)
    angles = np.stack([prior.sample_angles(rng) for _ in range(300)])
    assert (angles >= LIMITS[..., 0] - 1e-12).all()
    assert (angles <= LIMITS[..., 1] + 1e-12).all()
    used = angles.max(axis=0) - angles.min(axis=0)
    free = LIMITS[..., 1] > LIMITS[..., 0]
    assert (used[free] > 0.8 * (LIMITS[..., 1] - LIMITS[..., 0])[free]).all(), "and use most of every range"


@pytest.mark.parametrize("side", SIDES)
def test_sampled_poses_do_not_run_through_themselves(prior, side):
    rng = np.random.default_rng(5)
    sampled = [prior.sample(rng, side) for _ in range(60)]
    assert not any(prior.collides(pose, side) for pose in sampled)
    assert np.ptp(np.stack(sampled), axis=0).max() > 1.0


def test_crossed_fingers_collide(prior):
    angles = np.zeros((15, 3))
    angles[CHAINS[0, 0], ABDUCTION] = np.radians(-18.0)
    angles[CHAINS[1, 0], ABDUCTION] = np.radians(18.0)
    assert prior.collides(JOINTS["right"].pose(angles).astype(np.float32), "right")
    assert not prior.collides(np.zeros((15, 3), np.float32), "right")


def test_a_missing_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(poses, "asset", lambda name: tmp_path / name)
    with pytest.raises(poses.BothhandsError, match=r"fingerspelling\.npz"):
        poses.load_recorded(LIMITS)
