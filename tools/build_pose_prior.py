"""Make assets/pose_prior/fingerspelling.npz: joint angles of real hands.

    python -m tools.build_pose_prior LANDMARKS.npz

The file holds `left` and `right`, (N, 21, 3) landmarks of MediaPipe in px (nan where no hand is seen), z relative to
the wrist. Each hand is fitted by the solver of `landmark-fit`; poor fits and poses that run through themselves go.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from models.fitting.chain import MANO_OF_FINGERS, Chain
from models.fitting.landmark_points import landmark_points
from models.fitting.solver import ShapePrior, initial_state, observe, solve
from models.hand_model import HandModel, asset, load_hand_models
from models.values import FINGERS, SIDES, HandParameters, Intrinsics, Side
from training.data.poses import Articulation, pack, unpack
from training.synthetic.capsules import collides_with_itself

IMAGE = 500
STEP = 2
"""Every so manieth frame: neighbours at 25 frames a second are much alike."""
BATCH = 250
WORST_FIT = 0.06
"""Mean reprojection error as a share of the hand's box."""
ITERATIONS = 25
LENGTH = 0.101
"""Wrist to middle knuckle, metres."""


def fit_side(landmarks: np.ndarray, model: HandModel, chain: Chain) -> np.ndarray:
    """Angles (M, 15, 3) of the hands (N, 21, 3) that could be fitted well."""
    joints = Articulation(model)
    kept: list[np.ndarray] = []
    for start in range(0, len(landmarks), BATCH):
        batch = landmarks[start : start + BATCH]
        palm = np.linalg.norm(batch[:, FINGERS["middle"][0]] - batch[:, 0], axis=-1)
        world = (batch - batch.mean(axis=1, keepdims=True)) * (LENGTH / palm)[:, None, None]
        hands = chain.take([SIDES.index(model.side)] * len(batch))
        seen = observe(batch[..., :2], world, Intrinsics.from_fov(IMAGE, IMAGE))
        state, fit = solve(
            hands, initial_state(hands, seen, np.zeros(10)), seen, ShapePrior(np.zeros(10), 0.0), ITERATIONS
        )
        error = np.linalg.norm(seen.intrinsics.project(fit.points) - seen.landmarks, axis=-1).mean(axis=1)
        pose = np.zeros((len(batch), 16, 3))
        pose[:, MANO_OF_FINGERS] = hands.pose_vectors(state.angles)
        kept.append(joints.angles(pose[:, 1:])[error < WORST_FIT * seen.box_px])
    return np.concatenate(kept)


def collision_free(angles: np.ndarray, model: HandModel) -> np.ndarray:
    """Which (N,) of the angles (N, 15, 3) give a hand that does not run through itself."""
    pose = np.zeros((len(angles), 16, 3), np.float32)
    pose[:, 1:] = Articulation(model).pose(angles)
    zero = np.zeros(10, np.float32), np.zeros(3, np.float32)
    return np.array([not collides_with_itself(model.mesh(HandParameters(each, *zero))[1]) for each in pose])


def main() -> None:
    """Fit both sides and write the asset."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("landmarks", type=Path)
    arguments = parser.parse_args()
    models: dict[Side, HandModel] = load_hand_models()
    chain = Chain.of(models, landmark_points(models))
    limits = Articulation(models["right"]).limits
    packed: list[np.ndarray] = []
    with np.load(arguments.landmarks) as arrays:
        for side in SIDES:
            landmarks = arrays[side].astype(np.float64)
            landmarks = landmarks[np.isfinite(landmarks).all(axis=(1, 2))][::STEP]
            packed.append(pack(fit_side(landmarks, models[side], chain), limits))
            print(f"{side}: {len(packed[-1])} of {len(landmarks)} hands fitted")
    every = np.concatenate(packed)
    free = collision_free(unpack(every, limits), models["right"])
    print(f"{free.sum()} of {len(every)} do not run through themselves")
    path = asset("pose_prior") / "fingerspelling.npz"
    np.savez_compressed(path, angles=every[free])
    print(f"{path}: {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
