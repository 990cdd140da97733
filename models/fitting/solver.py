"""Damped Gauss-Newton fit of the kinematic chain to hand landmarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from models.fitting.chain import Chain, ChainState, exp_with_jacobian
from models.values import Intrinsics

PIXEL_SIGMA = 0.01
"""Standard deviation of MediaPipe's landmarks in the image, as a share of the hand's box: what calibrated landmark
points leave."""
WORLD_SIGMA = np.array([0.005, 0.005, 0.0085])
"""Of its world landmarks, metres; their depth (along the viewing ray) is the weakest."""
SHAPE_SIGMA = 0.6
"""Of the shape, in the model's own standard deviations. Stiffer than people differ: MediaPipe's landmarks do not lie
quite on the model's joints, and a free shape would follow that difference into hands that nobody has.
"""
FIRST_DAMPING = 0.1

# Joint limits, degrees (finger thumb..little, level base..tip; columns flexion, abduction, twist): ranges of motion of
# healthy adults (Hume et al., J. Hand Surg. 1990; American Academy of Orthopaedic Surgeons), a little widened because
# MediaPipe's joint centres are not the model's.
_FINGER_LOW = [[-35, -30, -16], [-8, -6, -8], [-15, -6, -8]]
_FINGER_HIGH = [[100, 30, 16], [118, 6, 8], [88, 6, 8]]
LOWEST_ANGLES = np.radians([[[-50, -50, -45], [-35, -18, -15], [-35, -6, -6]]] + [_FINGER_LOW] * 4)
HIGHEST_ANGLES = np.radians([[[60, 50, 45], [75, 18, 15], [90, 6, 6]]] + [_FINGER_HIGH] * 4)
REST_ANGLES = np.radians([[[0, 0, 0], [10, 0, 0], [10, 0, 0]]] + [[[15, 0, 0], [15, 0, 0], [8, 0, 0]]] * 4)
ANGLE_SIGMA = np.radians([[[65, 60, 30], [60, 18, 12], [60, 6, 6]]] + [[[100, 24, 9], [100, 3, 4], [65, 3, 4]]] * 4)
DIP_SHARE, DIP_SIGMA = 0.6, np.radians(25.0)
"""The last joint of a finger bends with the one before it."""


class Observation(NamedTuple):
    """What was seen of H hands.

    Attributes:
        landmarks: (H, 21, 2) frame px.
        world: (H, 21, 3) metres, camera axes, any origin.
        box_px: (H,) size of each hand in the image.
        intrinsics: of the frame.
        pixel_sigma: standard deviation of a landmark in the image, as a share of the hand's box.
        world_sigma: (3,) of a world landmark, metres.
    """

    landmarks: np.ndarray
    world: np.ndarray
    box_px: np.ndarray
    intrinsics: Intrinsics
    pixel_sigma: float = PIXEL_SIGMA
    world_sigma: np.ndarray = WORLD_SIGMA


def box_px(landmarks: np.ndarray) -> np.ndarray:
    """Size of each hand (H,) in the image, of landmarks (H, 21, 2): the longer side of their box, px."""
    return np.maximum((landmarks.max(axis=1) - landmarks.min(axis=1)).max(axis=1), 1.0)


@dataclass(frozen=True)
class ShapePrior:
    """Where the shape is expected and how surely.

    Attributes:
        mean: (10,) standard deviations.
        sigma: in standard deviations; 0 holds the shape at `mean`.
    """

    mean: np.ndarray
    sigma: float


def observe(landmarks: np.ndarray, world: np.ndarray, intrinsics: Intrinsics) -> Observation:
    """Build an observation; world landmarks are turned from the hand's viewing ray to the camera's axes.

    A landmark network sees each hand as if it stood straight ahead of the camera.

    Args:
        landmarks: (H, 21, 2) frame px.
        world: (H, 21, 3) metres.
        intrinsics: of the frame.
    """
    landmarks, world = landmarks.astype(np.float64), world.astype(np.float64)
    middle = landmarks.mean(axis=1)
    ray = np.stack(
        [(middle[:, 0] - intrinsics.cx) / intrinsics.fx, (middle[:, 1] - intrinsics.cy) / intrinsics.fy], axis=1
    )
    tangent = np.linalg.norm(ray, axis=1)
    # Shortest rotation from the optical axis to the ray: about (-y, x, 0), by atan of the tangent.
    scale = np.where(tangent > 1e-9, np.arctan(tangent) / np.maximum(tangent, 1e-9), 1.0)
    axis = np.stack([-ray[:, 1] * scale, ray[:, 0] * scale, np.zeros(len(ray))], axis=1)
    turn, _ = exp_with_jacobian(axis)
    return Observation(landmarks, world @ np.swapaxes(turn, -1, -2), box_px(landmarks), intrinsics)


def initial_state(chain: Chain, seen: Observation, shape: np.ndarray) -> ChainState:
    """A start without a previous frame: palm aligned to the world landmarks, then each bone in closed form."""
    hands = len(seen.landmarks)
    offsets = chain.rest_offsets(np.broadcast_to(shape, (hands, 10)))
    marks = chain.space_marks
    palm = (offsets[:, :, 0] + marks[:, 1::4] - marks[:, :1])[:, 1:]  # wrist to the four knuckles
    root = np.stack([kabsch(palm[h], seen.world[h, [5, 9, 13, 17]] - seen.world[h, 0]) for h in range(hands)])
    bones = np.diff(seen.world[:, 1:].reshape(hands, 5, 4, 3), axis=2)
    angles = np.zeros((hands, 5, 3, 3))
    carrier = np.broadcast_to(root[:, None], (hands, 5, 3, 3))
    for level in range(3):
        rest = offsets[:, :, level + 1]
        seen_bone = np.einsum("hfji,hfj->hfi", carrier, bones[:, :, level])
        turn = _swing(rest, seen_bone)
        wanted = np.einsum("hfik,hfi->hfk", chain.axes[:, :, level], turn)
        angles[:, :, level] = np.clip(wanted, LOWEST_ANGLES[:, level], HIGHEST_ANGLES[:, level])
        local, _ = exp_with_jacobian(np.einsum("hfik,hfk->hfi", chain.axes[:, :, level], angles[:, :, level]))
        carrier = carrier @ local
    state = ChainState(root, np.zeros((hands, 3)), angles, np.broadcast_to(shape, (hands, 10)).copy())
    points, _ = chain.forward(state, with_shape=False)
    wrist = np.stack([_place(points[h], seen.landmarks[h], seen.intrinsics) for h in range(hands)])
    return state._replace(wrist=wrist)


def kabsch(rest: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Rotation that takes `rest` (N, 3) best onto `seen` (N, 3), both from one origin."""
    u, _, vt = np.linalg.svd(rest.T @ seen)
    flip = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    return (u @ flip @ vt).T


def _swing(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Rotation vectors (..., 3) of the shortest rotation between directions (..., 3)."""
    axis = np.cross(start, end)
    sine, cosine = np.linalg.norm(axis, axis=-1, keepdims=True), np.sum(start * end, axis=-1, keepdims=True)
    return axis / np.maximum(sine, 1e-12) * np.arctan2(sine, cosine)


def _place(points: np.ndarray, landmarks: np.ndarray, camera: Intrinsics) -> np.ndarray:
    """Translation (3,) that lays points (21, 3) on landmarks (21, 2): linear least squares of the pinhole equations."""
    view = (landmarks - [camera.cx, camera.cy]) / [camera.fx, camera.fy]
    system = np.zeros((21, 2, 3))
    system[:, 0, 0] = system[:, 1, 1] = 1.0
    system[..., 2] = -view
    right = view * points[:, 2:] - points[:, :2]
    translation = np.linalg.lstsq(system.reshape(42, 3), right.reshape(42), rcond=None)[0]
    if translation[2] + points[:, 2].min() > 0.05:
        return translation
    # Degenerate landmarks (all in one spot): straight ahead at arm's length, at their middle.
    return np.array([*(view.mean(axis=0) * 0.5), 0.5]) - points.mean(axis=0)


class Linearised(NamedTuple):
    """Residuals (H, R), their Jacobian (H, R, P) and cost (H,) at a state, with the points (H, 21, 3)."""

    residuals: np.ndarray
    jacobian: np.ndarray
    cost: np.ndarray
    points: np.ndarray


def linearise(chain: Chain, state: ChainState, seen: Observation, prior: ShapePrior) -> Linearised:
    """Residuals in standard deviations: 42 pixels, 63 world, 45 angles, 4 couplings, 10 shape where it is free."""
    hands = len(state.root)
    free_shape = prior.sigma > 0
    posed = chain.pose(state)
    points = posed.points(chain.marks)
    moved = chain.derivatives(posed, points, free_shape)
    columns = moved.shape[-1]
    camera = seen.intrinsics
    depth = np.maximum(points[..., 2], 1e-2)
    view = points[..., :2] / depth[..., None]
    focal = np.array([camera.fx, camera.fy])
    weight = 1.0 / (seen.pixel_sigma * seen.box_px)
    rows = 42 + 63 + 45 + 4 + (10 if free_shape else 0)
    residuals, jacobian = np.zeros((hands, rows)), np.zeros((hands, rows, columns))

    scale = (weight[:, None] / depth)[..., None] * focal
    pixels = (view * focal + [camera.cx, camera.cy] - seen.landmarks) * weight[:, None, None]
    residuals[:, :42] = pixels.reshape(hands, 42)
    flat = scale[..., None] * (moved[:, :, :2] - view[..., None] * moved[:, :, 2:])
    jacobian[:, :42] = flat.reshape(hands, 42, columns)

    in_space = posed.points(chain.space_marks)
    moved = chain.derivatives(posed, in_space, free_shape)
    difference = in_space - seen.world
    difference -= difference.mean(axis=1, keepdims=True)
    residuals[:, 42:105] = (difference / seen.world_sigma).reshape(hands, 63)
    centred = (moved - moved.mean(axis=1, keepdims=True)) / seen.world_sigma[:, None]
    jacobian[:, 42:105] = centred.reshape(hands, 63, columns)

    angles = np.arange(45)
    residuals[:, 105:150] = ((state.angles - REST_ANGLES) / ANGLE_SIGMA).reshape(hands, 45)
    jacobian[:, 105 + angles, 6 + angles] = 1.0 / ANGLE_SIGMA.reshape(45)

    middle, last = 6 + 9 * np.arange(1, 5) + 3, 6 + 9 * np.arange(1, 5) + 6
    residuals[:, 150:154] = (state.angles[:, 1:, 2, 0] - DIP_SHARE * state.angles[:, 1:, 1, 0]) / DIP_SIGMA
    jacobian[:, np.arange(150, 154), last] = 1.0 / DIP_SIGMA
    jacobian[:, np.arange(150, 154), middle] = -DIP_SHARE / DIP_SIGMA

    if free_shape:
        shape = np.arange(10)
        residuals[:, 154:] = (state.shape - prior.mean) / prior.sigma
        jacobian[:, 154 + shape, 51 + shape] = 1.0 / prior.sigma
    return Linearised(residuals, jacobian, np.sum(residuals**2, axis=1), points)


def _step(state: ChainState, step: np.ndarray) -> ChainState:
    turn, _ = exp_with_jacobian(step[:, :3])
    angles = np.clip(state.angles + step[:, 6:51].reshape(-1, 5, 3, 3), LOWEST_ANGLES, HIGHEST_ANGLES)
    shape = state.shape + step[:, 51:] if step.shape[1] > 51 else state.shape
    return ChainState(turn @ state.root, state.wrist + step[:, 3:6], angles, shape)


def choose(mask: np.ndarray, first: tuple, second: tuple) -> list[np.ndarray]:
    """Hand by hand, the arrays of `first` where `mask` (H,) says so, else those of `second`."""
    return [np.where(mask.reshape(-1, *[1] * (a.ndim - 1)), a, b) for a, b in zip(first, second, strict=True)]


def _bounded_step(state: ChainState, normal: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """Newton's step (H, P) in which angles that would leave their limits go to the limit and the others take account
    of it; clipping alone would spoil the step of all the others.
    """
    step = -np.linalg.solve(normal, gradient)[..., 0]
    wanted = state.angles + step[:, 6:51].reshape(state.angles.shape)
    to_limit = (np.clip(wanted, LOWEST_ANGLES, HIGHEST_ANGLES) - state.angles).reshape(-1, 45)
    hands, angles = np.nonzero(((wanted < LOWEST_ANGLES) | (wanted > HIGHEST_ANGLES)).reshape(-1, 45))
    if not len(hands):
        return step
    columns = angles + 6
    held = np.zeros_like(step)
    held[hands, columns] = to_limit[hands, angles]
    remaining = gradient + normal @ held[..., None]
    reduced = normal.copy()
    reduced[hands, columns, :] = 0.0
    reduced[hands, :, columns] = 0.0
    reduced[hands, columns, columns] = 1.0
    remaining[hands, columns] = 0.0
    return held - np.linalg.solve(reduced, remaining)[..., 0]


def solve(
    chain: Chain, state: ChainState, seen: Observation, prior: ShapePrior, iterations: int, tolerance: float = 2e-3
) -> tuple[ChainState, Linearised]:
    """Damped Gauss-Newton (Levenberg and Marquardt) within the joint limits.

    A hand whose cost would rise keeps its state and is damped more; all hands advance together.

    Args:
        chain: rest geometry of the H hands.
        state: where to start.
        seen: what to fit.
        prior: of the shape.
        iterations: at most.
        tolerance: stop when no hand's cost falls by more than this share.
    """
    here = linearise(chain, state, seen, prior)
    damping = np.full(len(state.root), FIRST_DAMPING)
    for _ in range(iterations):
        transposed = np.swapaxes(here.jacobian, -1, -2)
        normal = transposed @ here.jacobian
        gradient = transposed @ here.residuals[..., None]
        diagonal = np.einsum("hii->hi", normal)
        diagonal += damping[:, None] * diagonal + 1e-9
        candidate = _step(state, _bounded_step(state, normal, gradient))
        there = linearise(chain, candidate, seen, prior)
        better = there.cost < here.cost
        gain = np.where(better, 1.0 - there.cost / np.maximum(here.cost, 1e-12), 0.0)
        damping = np.where(better, damping * 0.2, damping * 10.0)
        state = ChainState(*choose(better, candidate, state))
        here = Linearised(*choose(better, there, here))
        if np.all(gain < tolerance) and np.all(damping < 1.0):
            break
    return state, here
