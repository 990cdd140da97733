"""Where a fit starts that knows nothing of the frame before: a closed form from one observation."""

from __future__ import annotations

import numpy as np

from models.fitting.chain import Chain, ChainState
from models.fitting.solver import Observation, box_px, initial_state, kabsch
from models.values import HandObservation, Intrinsics

FEWEST_JOINTS = 4
"""Known joints without which an observation says nothing of how a hand lies."""


def known_joints(observation: HandObservation) -> np.ndarray:
    """(21,) which joints an observation places in the image."""
    return np.isfinite(observation.sigma_2d) & np.isfinite(observation.joints_2d).all(axis=1)


def closed_form_start(
    chain: Chain, observation: HandObservation, intrinsics: Intrinsics, shape: np.ndarray
) -> ChainState:
    """A hand where an observation sees it.

    Args:
        chain: of one hand; its marks are what the observation speaks of.
        observation: places at least `FEWEST_JOINTS` joints in the image.
        intrinsics: of the frame.
        shape: (10,) standard deviations.

    Returns:
        The state of that one hand.
    """
    state = ChainState(np.eye(3)[None], np.zeros((1, 3)), np.zeros((1, 5, 3, 3)), shape[None])
    rest = chain.forward(state, with_shape=False)[0][0]
    known = known_joints(observation)
    world = _completed_in_space(rest, observation, known)
    pixels = _completed_in_image(world, np.asarray(observation.joints_2d, np.float64), known)
    seen = Observation(pixels[None], world[None], box_px(pixels[None]), intrinsics)
    return initial_state(chain, seen, shape)


def _completed_in_space(rest: np.ndarray, observation: HandObservation, known: np.ndarray) -> np.ndarray:
    """(21, 3) what the observation knows, and where it knows nothing a hand (21, 3) at rest turned to lie beside it."""
    if observation.joints_3d is not None and observation.sigma_3d is not None:
        joints = np.asarray(observation.joints_3d, np.float64)
        placed = np.isfinite(observation.sigma_3d).all(axis=1) & np.isfinite(joints).all(axis=1)
        if placed.all():
            return joints
        if placed.sum() >= FEWEST_JOINTS:
            turn = kabsch(rest[placed] - rest[placed].mean(axis=0), joints[placed] - joints[placed].mean(axis=0))
            filled = (rest - rest[placed].mean(axis=0)) @ turn.T + joints[placed].mean(axis=0)
            filled[placed] = joints[placed]
            return filled
    return rest @ _flat_turn(rest[known], np.asarray(observation.joints_2d, np.float64)[known]).T


def _flat_turn(rest: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """Rotation (3, 3) that lays a hand's palm in the image's plane, turned as points (N, 2) show it.

    Which way round it lies, palm or back to the camera, follows from the order of the points: the side is known.
    """
    plane = rest[:, [0, 2]] - rest[:, [0, 2]].mean(axis=0)  # of the palm, see models.hand_model
    u, _, vt = np.linalg.svd((pixels - pixels.mean(axis=0)).T @ plane)
    flat = u @ vt
    turn = np.zeros((3, 3))
    turn[:2, 0], turn[:2, 2] = flat[:, 0], flat[:, 1]
    turn[2, 1] = 1.0
    turn[2, 1] = np.sign(np.linalg.det(turn)) or 1.0
    return turn


def _completed_in_image(world: np.ndarray, pixels: np.ndarray, known: np.ndarray) -> np.ndarray:
    """(21, 2) unknown joints laid beside the known ones as a far camera would see them."""
    if known.all():
        return pixels
    flat = world[:, :2] - world[known, :2].mean(axis=0)
    seen = pixels[known] - pixels[known].mean(axis=0)
    scale = float(np.sum(flat[known] * seen) / max(np.sum(flat[known] ** 2), 1e-12))
    return np.where(known[:, None], pixels, flat * scale + pixels[known].mean(axis=0))
