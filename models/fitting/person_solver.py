"""All that is known of a person's hands in one frame, explained by one shape and the pose of each hand.

Damped Gauss-Newton (Levenberg and Marquardt) over 51 unknowns a hand and 10 of the shape that both share. Readers may
contradict each other, so residuals are weighed anew in each iteration with the kernel of Geman and McClure
(Barron, A General and Adaptive Robust Loss Function, CVPR 2019, https://arxiv.org/abs/1701.03077, eq. 8): what
lies far from all that is surer counts little. Each step lowers the quadratic that bounds the robust cost from above.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from models.fitting.chain import Chain, ChainState, Posed, exp_with_jacobian
from models.fitting.contact import CONTACT_SIGMA, SHARES, Overlaps, overlaps
from models.fitting.solver import (
    ANGLE_SIGMA,
    DIP_SHARE,
    DIP_SIGMA,
    FIRST_DAMPING,
    HIGHEST_ANGLES,
    LOWEST_ANGLES,
    REST_ANGLES,
)
from models.rotations import COMPILED_ROTATIONS
from models.runtime.compiled import ready

COMPILED_SOLVER = f"{__package__}.compiled_solver"
"""The same in compiled loops, where `models.runtime.compiled` has loaded them."""
OWN = 51
"""Unknowns of one hand, in the order of `Chain.derivatives`."""
NEAREST = 1e-2
"""Metres: what lies nearer is projected as if it lay there."""
KERNEL_2D, KERNEL_3D, KERNEL_PAST = 9.0, 9.0, 9.0
"""Squared distances, in variances, about which a residual begins to count less."""
STANDS_OUT = 16.0
"""The surest reading of a hand is not judged by where the hand was, only by itself: a joint of it counts less from
where its squared distance is so many times that of its median joint."""


class Evidence(NamedTuple):
    """O observations of H hands.

    Attributes:
        hand: (O,) index of the hand that each speaks of.
        marked: (O,) 1 where it marks landmark points, 0 where it gives joints.
        anchor: (O,) whether it is the surest of its hand.
        joints_2d: (O, 21, 2) frame px.
        info_2d: (O, 21) one over variance, 1/px^2; 0 where a joint is unknown.
        joints_3d: (O, 21, 3) metres, camera axes, any origin.
        info_3d: (O, 21, 3) 1/metres^2.
    """

    hand: np.ndarray
    marked: np.ndarray
    anchor: np.ndarray
    joints_2d: np.ndarray
    info_2d: np.ndarray
    joints_3d: np.ndarray
    info_3d: np.ndarray


class Expected(NamedTuple):
    """Where H hands are expected from where they were.

    Attributes:
        root: (H, 3, 3).
        wrist: (H, 3) metres.
        angles: (H, 5, 3, 3) radians.
        root_info: (H,) 1/radians^2; 0 where nothing is expected.
        wrist_info: (H, 3, 3) 1/metres^2.
        angle_info: (H,) 1/radians^2.
    """

    root: np.ndarray
    wrist: np.ndarray
    angles: np.ndarray
    root_info: np.ndarray
    wrist_info: np.ndarray
    angle_info: np.ndarray

    @classmethod
    def nothing(cls, hands: int) -> Expected:
        """Of hands that were not seen before."""
        return cls(
            np.tile(np.eye(3), (hands, 1, 1)),
            np.zeros((hands, 3)),
            np.zeros((hands, 5, 3, 3)),
            np.zeros(hands),
            np.zeros((hands, 3, 3)),
            np.zeros(hands),
        )


@dataclass(frozen=True, eq=False)
class Problem:
    """What is to be explained.

    Attributes:
        chain: rest geometry of the H hands; its marks are the landmark points.
        evidence: what was read.
        camera: fx, fy, cx, cy, px.
        expected: from the past.
        shape_mean: (10,) standard deviations.
        shape_info: one over its variance; 0 holds the shape at its start.
        trusting: whether every residual counts in full, however far it lies.
    """

    chain: Chain
    evidence: Evidence
    camera: np.ndarray
    expected: Expected
    shape_mean: np.ndarray
    shape_info: float
    trusting: bool = False

    def of_the_surest(self) -> Problem:
        """The same with the surest reading of each hand alone, which counts in full: a start that is far off needs a
        bowl to fall into, and kernels have many.
        """
        evidence = self.evidence
        alone = evidence._replace(
            info_2d=np.where(evidence.anchor[:, None], evidence.info_2d, 0.0),
            info_3d=np.where(evidence.anchor[:, None, None], evidence.info_3d, 0.0),
        )
        return replace(self, evidence=alone, trusting=True)

    @property
    def free_shape(self) -> bool:
        """Whether the shape is sought too."""
        return self.shape_info > 0


class Measured(NamedTuple):
    """Residuals at a state.

    Attributes:
        posed: the hands.
        points: (H, 3, 21, 3) joints, landmark points of the image and of space, camera frame.
        seen: (O, 21, 3) those that each observation places in the image.
        off_2d: (O, 21, 2) projected less read, px.
        off_3d: (O, 21, 3) metres, with an offset that does not matter.
        root, wrist, angles: (H, 3), (H, 3), (H, 5, 3, 3) less what is expected.
        overlaps: where two hands lie in each other.
    """

    posed: Posed
    points: np.ndarray
    seen: np.ndarray
    off_2d: np.ndarray
    off_3d: np.ndarray
    root: np.ndarray
    wrist: np.ndarray
    angles: np.ndarray
    overlaps: Overlaps | None


class Solution(NamedTuple):
    """A state and the residuals there."""

    state: ChainState
    measured: Measured


class Weights(NamedTuple):
    """What each residual counts, by where it lay when the weights were made; as `Evidence` and `Expected` have them."""

    info_2d: np.ndarray
    info_3d: np.ndarray
    root: np.ndarray
    wrist: np.ndarray
    angles: np.ndarray


def measure(problem: Problem, state: ChainState) -> Measured:
    """Residuals of the hands in a state."""
    evidence, expected, chain = problem.evidence, problem.expected, problem.chain
    fx, fy, cx, cy = problem.camera
    posed = chain.pose(state)
    points = np.stack([posed.joints, posed.points(chain.marks), posed.points(chain.space_marks)], axis=1)
    seen = points[evidence.hand, evidence.marked]
    view = seen[..., :2] / np.maximum(seen[..., 2:], NEAREST)
    return Measured(
        posed,
        points,
        seen,
        view * (fx, fy) + (cx, cy) - evidence.joints_2d,
        points[evidence.hand, 2 * evidence.marked] - evidence.joints_3d,
        log_rotations(state.root @ np.swapaxes(expected.root, -1, -2)),
        state.wrist - expected.wrist,
        state.angles - expected.angles,
        overlaps(posed.joints) if len(posed.joints) == 2 else None,
    )


def weigh(problem: Problem, measured: Measured) -> Weights:
    """What each residual counts now."""
    evidence, expected = problem.evidence, problem.expected
    if problem.trusting:
        angle_info = np.broadcast_to(expected.angle_info[:, None, None], measured.angles.shape[:3])
        return Weights(evidence.info_2d, evidence.info_3d, expected.root_info, expected.wrist_info, angle_info)
    square_2d = evidence.info_2d * np.sum(measured.off_2d**2, axis=-1)
    centred, _ = _centred(measured.off_3d, evidence.info_3d)
    square_3d = np.sum(evidence.info_3d * centred**2, axis=-1)
    info_2d = evidence.info_2d * _counts(square_2d, _kernels(square_2d, evidence.info_2d, evidence.anchor, KERNEL_2D))
    of_space = _counts(square_3d, _kernels(square_3d, evidence.info_3d[..., 0], evidence.anchor, KERNEL_3D))
    root = _counts(expected.root_info * np.sum(measured.root**2, axis=-1), KERNEL_PAST)
    wrist = _counts(np.einsum("hi,hij,hj->h", measured.wrist, expected.wrist_info, measured.wrist), KERNEL_PAST)
    angles = _counts(expected.angle_info[:, None, None] * np.sum(measured.angles**2, axis=-1), KERNEL_PAST)
    return Weights(
        info_2d,
        evidence.info_3d * of_space[..., None],
        expected.root_info * root,
        expected.wrist_info * wrist[:, None, None],
        expected.angle_info[:, None, None] * angles,
    )


def quadratic(problem: Problem, state: ChainState, measured: Measured, weights: Weights) -> float:
    """Cost of a state where each residual counts as `weights` say."""
    centred, _ = _centred(measured.off_3d, weights.info_3d)
    bend = state.angles[:, 1:, 2, 0] - DIP_SHARE * state.angles[:, 1:, 1, 0]
    cost = (
        np.sum(weights.info_2d * np.sum(measured.off_2d**2, axis=-1))
        + np.sum(weights.info_3d * centred**2)
        + np.sum(weights.root * np.sum(measured.root**2, axis=-1))
        + np.einsum("hi,hij,hj->", measured.wrist, weights.wrist, measured.wrist)
        + np.sum(weights.angles * np.sum(measured.angles**2, axis=-1))
        + np.sum(((state.angles - REST_ANGLES) / ANGLE_SIGMA) ** 2)
        + np.sum((bend / DIP_SIGMA) ** 2)
    )
    if measured.overlaps is not None:
        cost += np.sum(measured.overlaps.depth**2) / CONTACT_SIGMA**2
    if problem.free_shape:
        cost += problem.shape_info * np.sum((state.shape[0] - problem.shape_mean) ** 2)
    return float(cost)


def normal_equations(
    problem: Problem, state: ChainState, measured: Measured, weights: Weights
) -> tuple[np.ndarray, np.ndarray]:
    """Matrix (N, N) and gradient (N,) of half the quadratic: 51 columns a hand, then 10 of a shape that is free."""
    hands, free = len(state.root), problem.free_shape
    evidence, chain = problem.evidence, problem.chain
    columns = OWN + 10 * free
    information, pull, centred_totals = _in_space(problem, measured, weights)
    blocks, gradients = np.zeros((hands, columns, columns)), np.zeros((hands, columns))
    of_joints: np.ndarray | None = None
    for kind in np.unique([evidence.marked, 2 * evidence.marked]):
        moved = chain.derivatives(measured.posed, measured.points[:, kind], free)
        if kind == 0:
            of_joints = moved
        flat = moved.reshape(hands, 63, columns)
        blocks += np.swapaxes(flat, -1, -2) @ (information[:, kind] @ moved).reshape(hands, 63, columns)
        gradients += (pull[:, kind].reshape(hands, 1, 63) @ flat)[:, 0]
        for one in np.flatnonzero(2 * evidence.marked == kind):
            # Where the points lie in space as a whole is not known: their mean takes no part.
            hand = evidence.hand[one]
            mean = np.einsum("jk,jkp->kp", weights.info_3d[one], moved[hand])
            blocks[hand] -= mean.T @ (mean / np.maximum(centred_totals[one], 1e-12)[:, None])
    _add_expectations(blocks, gradients, state, measured, weights)

    size = OWN * hands + 10 * free
    matrix, gradient = np.zeros((size, size)), np.zeros(size)
    for hand in range(hands):
        own = slice(OWN * hand, OWN * (hand + 1))
        matrix[own, own] = blocks[hand, :OWN, :OWN]
        gradient[own] = gradients[hand, :OWN]
        if free:
            matrix[own, -10:] = blocks[hand, :OWN, OWN:]
            matrix[-10:, own] = blocks[hand, OWN:, :OWN]
            matrix[-10:, -10:] += blocks[hand, OWN:, OWN:]
            gradient[-10:] += gradients[hand, OWN:]
    if free:
        matrix[np.arange(size - 10, size), np.arange(size - 10, size)] += problem.shape_info
        gradient[-10:] += problem.shape_info * (state.shape[0] - problem.shape_mean)
    if measured.overlaps is not None:
        if of_joints is None:
            of_joints = chain.derivatives(measured.posed, measured.posed.joints, free)
        _push_apart(matrix, gradient, of_joints, measured.overlaps)
    return matrix, gradient


def solve(
    problem: Problem, state: ChainState, iterations: int, tolerance: float = 2e-3, damping: float = FIRST_DAMPING
) -> Solution:
    """The state that explains the problem best, near a start.

    Args:
        problem: what is to be explained.
        state: start; of the shape its first hand's.
        iterations: at most.
        tolerance: stop when the cost falls by less than this share.
        damping: of the first step.
    """
    # The same, compiled, where that is loaded.
    if compiled_solver := ready(COMPILED_SOLVER):
        solved = compiled_solver.solve(problem, state, iterations, tolerance, damping)
        if solved is not None:
            return Solution(*solved)
    here = measure(problem, state)
    weights: Weights | None = None
    cost = 0.0
    for _ in range(iterations):
        if weights is None:
            weights = weigh(problem, here)
            cost = quadratic(problem, state, here, weights)
        matrix, gradient = normal_equations(problem, state, here, weights)
        diagonal = np.einsum("ii->i", matrix)
        diagonal += damping * diagonal + 1e-9
        candidate = _moved(state, _bounded_step(state, matrix, gradient), problem.free_shape)
        there = measure(problem, candidate)
        new_cost = quadratic(problem, candidate, there, weights)
        if new_cost >= cost:
            damping *= 10.0
            if damping > 1e6:
                break
            continue
        gain = 1.0 - new_cost / cost
        damping *= 0.2
        state, here, weights = candidate, there, None
        if gain < tolerance:
            break
    return Solution(state, here)


def _in_space(problem: Problem, measured: Measured, weights: Weights) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All observations as information (H, 3, 21, 3, 3) and pull (H, 3, 21, 3) on `Measured.points`, and the total
    information (O, 3) of each one's places in space.
    """
    evidence = problem.evidence
    fx, fy = problem.camera[:2]
    depth = np.maximum(measured.seen[..., 2], NEAREST)
    slope = np.zeros((*depth.shape, 2, 3))
    slope[..., 0, 0], slope[..., 1, 1] = fx / depth, fy / depth
    slope[..., 0, 2] = -slope[..., 0, 0] * measured.seen[..., 0] / depth
    slope[..., 1, 2] = -slope[..., 1, 1] * measured.seen[..., 1] / depth
    weighed = np.swapaxes(slope, -1, -2) * weights.info_2d[..., None, None]
    own = weighed @ slope
    pulls = (weighed @ measured.off_2d[..., None])[..., 0]
    centred, totals = _centred(measured.off_3d, weights.info_3d)
    pulls_in_space = weights.info_3d * centred
    hands = len(measured.points)
    information, pull = np.zeros((hands, 3, 21, 3, 3)), np.zeros((hands, 3, 21, 3))
    diagonal = np.einsum("hkjii->hkji", information)
    for one, (hand, marked) in enumerate(zip(evidence.hand, evidence.marked, strict=True)):
        information[hand, marked] += own[one]
        pull[hand, marked] += pulls[one]
        diagonal[hand, 2 * marked] += weights.info_3d[one]
        pull[hand, 2 * marked] += pulls_in_space[one]
    return information, pull, totals


def _add_expectations(
    blocks: np.ndarray, gradients: np.ndarray, state: ChainState, measured: Measured, weights: Weights
) -> None:
    """What is expected of any hand, and of these hands from where they were."""
    hands = len(blocks)
    diagonal = np.einsum("hii->hi", blocks)
    diagonal[:, :3] += weights.root[:, None]
    gradients[:, :3] += weights.root[:, None] * measured.root
    blocks[:, 3:6, 3:6] += weights.wrist
    gradients[:, 3:6] += np.einsum("hij,hj->hi", weights.wrist, measured.wrist)
    rest = 1.0 / ANGLE_SIGMA**2
    diagonal[:, 6:OWN] += (weights.angles[..., None] + rest).reshape(hands, 45)
    gradients[:, 6:OWN] += (weights.angles[..., None] * measured.angles + rest * (state.angles - REST_ANGLES)).reshape(
        hands, 45
    )
    middle, last = 6 + 9 * np.arange(1, 5) + 3, 6 + 9 * np.arange(1, 5) + 6
    info = 1.0 / DIP_SIGMA**2
    bend = info * (state.angles[:, 1:, 2, 0] - DIP_SHARE * state.angles[:, 1:, 1, 0])
    gradients[:, last] += bend
    gradients[:, middle] -= DIP_SHARE * bend
    blocks[:, last, last] += info
    blocks[:, middle, middle] += DIP_SHARE**2 * info
    blocks[:, last, middle] -= DIP_SHARE * info
    blocks[:, middle, last] -= DIP_SHARE * info


def _push_apart(matrix: np.ndarray, gradient: np.ndarray, moved: np.ndarray, met: Overlaps) -> None:
    """Add what two hands that lie in each other say, given the derivatives (2, 21, 3, P) of their joints."""
    rows = np.zeros((len(met.depth), len(gradient)))
    for hand, balls, sign in ((0, met.first, 1.0), (1, met.second, -1.0)):
        of_balls = np.tensordot(SHARES[balls], moved[hand], axes=1)  # (K, 3, P)
        row = sign * np.einsum("ki,kip->kp", met.direction, of_balls)
        rows[:, OWN * hand : OWN * (hand + 1)] = row[:, :OWN]
        if moved.shape[-1] > OWN:
            rows[:, -10:] += row[:, OWN:]
    matrix += rows.T @ rows / CONTACT_SIGMA**2
    gradient -= rows.T @ met.depth / CONTACT_SIGMA**2


def _bounded_step(state: ChainState, matrix: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """Newton's step (N,) in which angles that would leave their limits go to the limit and the others take account of
    it; clipping alone would spoil the step of all the others.
    """
    step = -np.linalg.solve(matrix, gradient)
    hands = len(state.root)
    columns = (OWN * np.arange(hands)[:, None] + np.arange(6, OWN)).ravel()
    wanted = state.angles + step[columns].reshape(state.angles.shape)
    beyond = ((wanted < LOWEST_ANGLES) | (wanted > HIGHEST_ANGLES)).ravel()
    if not beyond.any():
        return step
    to_limit = (np.clip(wanted, LOWEST_ANGLES, HIGHEST_ANGLES) - state.angles).ravel()
    fixed = columns[beyond]
    held = np.zeros_like(step)
    held[fixed] = to_limit[beyond]
    remaining = gradient + matrix @ held
    reduced = matrix.copy()
    reduced[fixed, :] = 0.0
    reduced[:, fixed] = 0.0
    reduced[fixed, fixed] = 1.0
    remaining[fixed] = 0.0
    return held - np.linalg.solve(reduced, remaining)


def _moved(state: ChainState, step: np.ndarray, free_shape: bool) -> ChainState:
    hands = len(state.root)
    own = step[: OWN * hands].reshape(hands, OWN)
    turn, _ = exp_with_jacobian(own[:, :3])
    angles = np.clip(state.angles + own[:, 6:].reshape(hands, 5, 3, 3), LOWEST_ANGLES, HIGHEST_ANGLES)
    shape = state.shape + step[OWN * hands :] if free_shape else state.shape
    return ChainState(turn @ state.root, state.wrist + own[:, 3:6], angles, shape)


def _centred(off: np.ndarray, info: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Offsets (O, 21, 3) from their weighted mean, and the totals (O, 3) of the weights."""
    totals = info.sum(axis=1)
    return off - (np.sum(info * off, axis=1) / np.maximum(totals, 1e-12))[:, None], totals


def _kernels(square: np.ndarray, info: np.ndarray, anchor: np.ndarray, kernel: float) -> np.ndarray:
    """(O, 1) squared distances from which joints of each observation count less."""
    kernels = np.full((len(square), 1), kernel)
    for one in np.flatnonzero(anchor):
        known = square[one, info[one] > 0]
        if len(known):
            kernels[one] = max(kernel, STANDS_OUT * float(np.partition(known, len(known) // 2)[len(known) // 2]))
    return kernels


def _counts(square: np.ndarray, kernel: np.ndarray | float) -> np.ndarray:
    """Share, 0..1, that residuals count whose squares, in variances, are these."""
    share = kernel / (kernel + square)
    return share * share


def log_rotations(rotations: np.ndarray) -> np.ndarray:
    """Rotation vectors (H, 3) of matrices (H, 3, 3)."""
    if compiled := ready(COMPILED_ROTATIONS):
        return compiled.log_rotations(np.ascontiguousarray(rotations, np.float64))
    skew = rotations - np.swapaxes(rotations, -1, -2)
    vector = 0.5 * np.stack([skew[:, 2, 1], skew[:, 0, 2], skew[:, 1, 0]], axis=1)
    sine = np.linalg.norm(vector, axis=1, keepdims=True)
    cosine = 0.5 * (np.trace(rotations, axis1=-2, axis2=-1)[:, None] - 1.0)
    return vector * np.where(sine > 1e-9, np.arctan2(sine, cosine) / np.maximum(sine, 1e-9), 1.0)
