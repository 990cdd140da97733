"""`person_solver.solve` once more, as loops that numba compiles: the same steps to rounding, in a fraction of the time.

Not one source for both: loops over 21 points take a second a frame where nothing compiles them, and the array
expressions of `person_solver` do not compile. So `person_solver` is where the solve is defined, read and changed;
functions here have the names of those there, and a test holds that both come to the same. What may be tuned comes in
as arguments, because compiled code keeps the constants of its own file only.

Importing this module takes its code from the disk cache, or compiles it, which takes seconds: `models.runtime.compiled`
does it beside the program. The signature is fixed, so that no call ever compiles.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import boolean, float64, int64, njit, types

from models.fitting import contact, person_solver, solver
from models.fitting.chain import ChainState, Posed
from models.fitting.contact import Overlaps
from models.fitting.person_solver import OWN, Evidence, Expected, Measured, Problem
from models.values import MIDDLE_KNUCKLE

_SUMS = {"reassoc", "nsz", "contract", "arcp"}
"""Sums in any order, which is what lets a processor add several at once."""
_FAMILIAR = {"error_model": "numpy", "fastmath": _SUMS}


class Tuning(NamedTuple):
    """Constants of `person_solver`, `solver` and `contact`, under their names there."""

    nearest: float
    kernel_2d: float
    kernel_3d: float
    kernel_past: float
    stands_out: float
    dip_share: float
    dip_sigma: float
    contact_sigma: float
    contact_near: float


class Rest(NamedTuple):
    """Of `chain.Chain`: rest geometry of H hands, and of `solver`: limits, rest and spread (5, 3, 3) of the angles."""

    offsets: np.ndarray
    offset_dirs: np.ndarray
    axes: np.ndarray
    marks: np.ndarray
    space_marks: np.ndarray
    lowest: np.ndarray
    highest: np.ndarray
    resting: np.ndarray
    spread: np.ndarray


class Balls(NamedTuple):
    """Of `contact`: shares (K, 21) of the joints, reaches (K, K), and how many pairs are taken."""

    shares: np.ndarray
    reaches: np.ndarray
    most: int
    knuckle: int


class Found(NamedTuple):
    """Residuals at a state, the fields of `person_solver.Measured` in its order.

    Pairs of balls that lie in each other: `pairs` (K, 2), `push` (K, 4) direction and depth, `pair_count` (1,) of them.
    """

    joints: np.ndarray
    carrier: np.ndarray
    turning: np.ndarray
    points: np.ndarray
    seen: np.ndarray
    off_2d: np.ndarray
    off_3d: np.ndarray
    root: np.ndarray
    wrist: np.ndarray
    angles: np.ndarray
    pairs: np.ndarray
    push: np.ndarray
    pair_count: np.ndarray


class Counted(NamedTuple):
    """The fields of `person_solver.Weights`."""

    info_2d: np.ndarray
    info_3d: np.ndarray
    root: np.ndarray
    wrist: np.ndarray
    angles: np.ndarray


@njit(**_FAMILIAR)
def exp_with_jacobian(vector, turn, left):
    """Fill turn and left (3, 3), of one vector (3,)."""
    x, y, z = vector[0], vector[1], vector[2]
    square = x * x + y * y + z * z
    if square < 1e-8:
        first, second, third = 1.0 - square / 6.0, 0.5 - square / 24.0, 1.0 / 6.0 - square / 120.0
    else:
        angle = math.sqrt(square)
        sine, cosine = math.sin(angle), math.cos(angle)
        first, second, third = sine / angle, (1.0 - cosine) / square, (angle - sine) / (square * angle)
    for row in range(3):
        for column in range(3):
            squared = vector[row] * vector[column]
            if row == column:
                squared -= square
                turn[row, column] = 1.0 + second * squared
                left[row, column] = 1.0 + third * squared
            else:
                turn[row, column] = second * squared
                left[row, column] = third * squared
    for row, column, entry in ((1, 0, z), (0, 2, y), (2, 1, x)):
        turn[row, column] += first * entry
        turn[column, row] -= first * entry
        left[row, column] += second * entry
        left[column, row] -= second * entry


@njit(**_FAMILIAR)
def _multiply(a, b, out):
    for i in range(3):
        for j in range(3):
            out[i, j] = a[i, 0] * b[0, j] + a[i, 1] * b[1, j] + a[i, 2] * b[2, j]


@njit(**_FAMILIAR)
def _copy(matrix, into):
    for row in range(3):
        for column in range(3):
            into[row, column] = matrix[row, column]


@njit(**_FAMILIAR)
def pose(rest, state, found):
    """Turn the bones, lay the joints and the points that are marked beside them."""
    vector, offset = np.empty(3), np.empty(3)
    turn, left, turned, bent = np.empty((3, 3)), np.empty((3, 3)), np.empty((3, 3)), np.empty((3, 3))
    joints, carrier = found.joints, found.carrier
    for hand in range(len(state.root)):
        for row in range(3):
            joints[hand, 0, row] = state.wrist[hand, row]
        _copy(state.root[hand], carrier[hand, 0])
        for finger in range(5):
            for level in range(4):
                point = 1 + 4 * finger + level
                before = point - 1 if level else 0
                if level == 0:
                    _copy(state.root[hand], carrier[hand, point])
                else:
                    axes = rest.axes[hand, finger, level - 1]
                    for row in range(3):
                        vector[row] = 0.0
                        for axis in range(3):
                            vector[row] += axes[row, axis] * state.angles[hand, finger, level - 1, axis]
                    exp_with_jacobian(vector, turn, left)
                    _multiply(carrier[hand, before], turn, carrier[hand, point])
                    _multiply(carrier[hand, before], left, turned)
                    _multiply(turned, axes, bent)
                    _copy(bent.T, found.turning[hand, finger, level - 1])
                for row in range(3):
                    offset[row] = rest.offsets[hand, finger, level, row]
                    for k in range(10):
                        offset[row] += rest.offset_dirs[hand, finger, level, row, k] * state.shape[hand, k]
                for row in range(3):
                    step = 0.0
                    for column in range(3):
                        step += carrier[hand, point, row, column] * offset[column]
                    joints[hand, point, row] = joints[hand, before, row] + step
        for point in range(21):
            for row in range(3):
                beside, in_space = 0.0, 0.0
                for column in range(3):
                    beside += carrier[hand, point, row, column] * rest.marks[hand, point, column]
                    in_space += carrier[hand, point, row, column] * rest.space_marks[hand, point, column]
                found.points[hand, 0, point, row] = joints[hand, point, row]
                found.points[hand, 1, point, row] = joints[hand, point, row] + beside
                found.points[hand, 2, point, row] = joints[hand, point, row] + in_space


@njit(**_FAMILIAR)
def overlaps(balls, tuning, found):
    """Fill the pairs of balls, one of each hand, that lie in each other: the deepest ones, first come among equals."""
    joints = found.joints
    found.pair_count[0] = 0
    apart = 0.0
    for axis in range(3):
        apart += (joints[0, balls.knuckle, axis] - joints[1, balls.knuckle, axis]) ** 2
    if apart > tuning.contact_near**2:
        return
    size = len(balls.shares)
    places = np.zeros((2, size, 3))
    for ball in range(size):
        for joint in range(21):
            share = balls.shares[ball, joint]
            if share != 0.0:
                for hand in range(2):
                    for axis in range(3):
                        places[hand, ball, axis] += share * joints[hand, joint, axis]
    depths = np.empty(size * size)
    met = np.empty((size * size, 2), np.int64)
    count = 0
    for first in range(size):
        for second in range(size):
            square = 0.0
            for axis in range(3):
                square += (places[0, first, axis] - places[1, second, axis]) ** 2
            reach = balls.reaches[first, second]
            if square < reach * reach:
                depths[count] = reach - math.sqrt(square)
                met[count, 0], met[count, 1] = first, second
                count += 1
    for n in range(min(count, balls.most)):
        chosen = n
        if count > balls.most:
            chosen = 0
            for other in range(count):
                if depths[other] > depths[chosen]:
                    chosen = other
        first, second = met[chosen, 0], met[chosen, 1]
        found.pairs[n, 0], found.pairs[n, 1] = first, second
        length = 0.0
        for axis in range(3):
            found.push[n, axis] = places[0, first, axis] - places[1, second, axis]
            length += found.push[n, axis] ** 2
        length = max(math.sqrt(length), 1e-9)
        for axis in range(3):
            found.push[n, axis] /= length
        found.push[n, 3] = depths[chosen]
        if count > balls.most:
            depths[chosen] = -1.0
    found.pair_count[0] = min(count, balls.most)


@njit(**_FAMILIAR)
def log_rotation(rotation, vector):
    """Fill the rotation vector (3,) of one matrix (3, 3)."""
    vector[0] = 0.5 * (rotation[2, 1] - rotation[1, 2])
    vector[1] = 0.5 * (rotation[0, 2] - rotation[2, 0])
    vector[2] = 0.5 * (rotation[1, 0] - rotation[0, 1])
    sine = math.sqrt(vector[0] ** 2 + vector[1] ** 2 + vector[2] ** 2)
    cosine = 0.5 * (rotation[0, 0] + rotation[1, 1] + rotation[2, 2] - 1.0)
    if sine > 1e-9:
        scale = math.atan2(sine, cosine) / sine
        for axis in range(3):
            vector[axis] *= scale


@njit(**_FAMILIAR)
def measure(rest, balls, tuning, evidence, camera, expected, state, found):
    """Fill the residuals of the hands in a state."""
    pose(rest, state, found)
    for one in range(len(evidence.hand)):
        hand, marked = evidence.hand[one], evidence.marked[one]
        for point in range(21):
            depth = max(found.points[hand, marked, point, 2], tuning.nearest)
            for axis in range(3):
                found.seen[one, point, axis] = found.points[hand, marked, point, axis]
                in_space = found.points[hand, 2 * marked, point, axis]
                found.off_3d[one, point, axis] = in_space - evidence.joints_3d[one, point, axis]
            for axis in range(2):
                place = found.seen[one, point, axis] / depth * camera[axis] + camera[2 + axis]
                found.off_2d[one, point, axis] = place - evidence.joints_2d[one, point, axis]
    turned = np.empty((3, 3))
    hands = len(state.root)
    for hand in range(hands):
        _multiply(state.root[hand], expected.root[hand].T, turned)
        log_rotation(turned, found.root[hand])
        for axis in range(3):
            found.wrist[hand, axis] = state.wrist[hand, axis] - expected.wrist[hand, axis]
        for finger in range(5):
            for level in range(3):
                for axis in range(3):
                    found.angles[hand, finger, level, axis] = (
                        state.angles[hand, finger, level, axis] - expected.angles[hand, finger, level, axis]
                    )
    found.pair_count[0] = 0
    if hands == 2:
        overlaps(balls, tuning, found)


@njit(**_FAMILIAR)
def _counts(square, kernel):
    share = kernel / (kernel + square)
    return share * share


@njit(**_FAMILIAR)
def _kernel(squares, info, is_anchor, kernel, stands_out):
    """Squared distance from which joints of one observation count less, given squares (21,) and info (21,)."""
    if not is_anchor:
        return kernel
    known = np.empty(21)
    count = 0
    for point in range(21):
        if info[point] > 0:
            place = count
            while place > 0 and known[place - 1] > squares[point]:
                known[place] = known[place - 1]
                place -= 1
            known[place] = squares[point]
            count += 1
    return max(kernel, stands_out * known[count // 2]) if count else kernel


@njit(**_FAMILIAR)
def _centre(off, info, mean, totals):
    """Fill the weighted mean (3,) of offsets (21, 3), and the totals (3,) of the weights."""
    for axis in range(3):
        total, weighed = 0.0, 0.0
        for point in range(21):
            total += info[point, axis]
            weighed += info[point, axis] * off[point, axis]
        totals[axis] = total
        mean[axis] = weighed / max(total, 1e-12)


@njit(**_FAMILIAR)
def weigh(tuning, evidence, expected, trusting, found, weights):
    """Fill what each residual counts now."""
    square_2d, square_3d, mean, totals = np.empty(21), np.empty(21), np.empty(3), np.empty(3)
    for one in range(len(evidence.hand)):
        if trusting:
            for point in range(21):
                weights.info_2d[one, point] = evidence.info_2d[one, point]
                for axis in range(3):
                    weights.info_3d[one, point, axis] = evidence.info_3d[one, point, axis]
            continue
        _centre(found.off_3d[one], evidence.info_3d[one], mean, totals)
        for point in range(21):
            u, v = found.off_2d[one, point, 0], found.off_2d[one, point, 1]
            square_2d[point] = evidence.info_2d[one, point] * (u * u + v * v)
            square_3d[point] = 0.0
            for axis in range(3):
                centred = found.off_3d[one, point, axis] - mean[axis]
                square_3d[point] += evidence.info_3d[one, point, axis] * centred * centred
        anchor, info = evidence.anchor[one], evidence.info_3d[one, :, 0]
        kernel_2d = _kernel(square_2d, evidence.info_2d[one], anchor, tuning.kernel_2d, tuning.stands_out)
        kernel_3d = _kernel(square_3d, info, anchor, tuning.kernel_3d, tuning.stands_out)
        for point in range(21):
            weights.info_2d[one, point] = evidence.info_2d[one, point] * _counts(square_2d[point], kernel_2d)
            of_space = _counts(square_3d[point], kernel_3d)
            for axis in range(3):
                weights.info_3d[one, point, axis] = evidence.info_3d[one, point, axis] * of_space
    for hand in range(len(found.root)):
        turned, moved = 0.0, 0.0
        for row in range(3):
            turned += found.root[hand, row] ** 2
            for column in range(3):
                info = expected.wrist_info[hand, row, column]
                moved += found.wrist[hand, row] * info * found.wrist[hand, column]
        of_root = 1.0 if trusting else _counts(expected.root_info[hand] * turned, tuning.kernel_past)
        of_wrist = 1.0 if trusting else _counts(moved, tuning.kernel_past)
        weights.root[hand] = expected.root_info[hand] * of_root
        for row in range(3):
            for column in range(3):
                weights.wrist[hand, row, column] = expected.wrist_info[hand, row, column] * of_wrist
        info = expected.angle_info[hand]
        for finger in range(5):
            for level in range(3):
                bent = 0.0
                for axis in range(3):
                    bent += found.angles[hand, finger, level, axis] ** 2
                of_joint = 1.0 if trusting else _counts(info * bent, tuning.kernel_past)
                weights.angles[hand, finger, level] = info * of_joint


@njit(**_FAMILIAR)
def quadratic(rest, tuning, state, shape_mean, shape_info, found, weights):
    """Cost of a state where each residual counts as the weights say."""
    cost = 0.0
    mean, totals = np.empty(3), np.empty(3)
    for one in range(len(found.off_2d)):
        _centre(found.off_3d[one], weights.info_3d[one], mean, totals)
        for point in range(21):
            u, v = found.off_2d[one, point, 0], found.off_2d[one, point, 1]
            cost += weights.info_2d[one, point] * (u * u + v * v)
            for axis in range(3):
                centred = found.off_3d[one, point, axis] - mean[axis]
                cost += weights.info_3d[one, point, axis] * centred * centred
    for hand in range(len(found.root)):
        for row in range(3):
            cost += weights.root[hand] * found.root[hand, row] ** 2
            for column in range(3):
                cost += found.wrist[hand, row] * weights.wrist[hand, row, column] * found.wrist[hand, column]
        for finger in range(5):
            for level in range(3):
                for axis in range(3):
                    cost += weights.angles[hand, finger, level] * found.angles[hand, finger, level, axis] ** 2
                    strain = state.angles[hand, finger, level, axis] - rest.resting[finger, level, axis]
                    cost += (strain / rest.spread[finger, level, axis]) ** 2
            if finger:
                bend = state.angles[hand, finger, 2, 0] - tuning.dip_share * state.angles[hand, finger, 1, 0]
                cost += (bend / tuning.dip_sigma) ** 2
    for pair in range(found.pair_count[0]):
        cost += (found.push[pair, 3] / tuning.contact_sigma) ** 2
    if shape_info > 0:
        for k in range(10):
            cost += shape_info * (state.shape[0, k] - shape_mean[k]) ** 2
    return cost


@njit(**_FAMILIAR)
def _derivatives(found, hand, kind, point, by_shape, columns, rows):
    """How a point moves: fill rows (3, 25) for the unknowns in columns (25,), of one hand, and give their number.

    The shape's come from how the joint moves with it, by_shape (3, 10), or (3, 0) where the shape is held.
    """
    joints = found.joints[hand]
    place = found.points[hand, kind, point]
    x, y, z = place[0] - joints[0, 0], place[1] - joints[0, 1], place[2] - joints[0, 2]
    for row in range(3):
        for column in range(6):
            rows[row, column] = 1.0 if column == row + 3 else 0.0
    rows[0, 1], rows[0, 2] = z, -y
    rows[1, 0], rows[1, 2] = -z, x
    rows[2, 0], rows[2, 1] = y, -x
    for column in range(6):
        columns[column] = column
    count = 6
    if point == 0:
        return count
    finger = (point - 1) // 4
    for level in range((point - 1) % 4):
        turned = joints[1 + 4 * finger + level]
        x, y, z = place[0] - turned[0], place[1] - turned[1], place[2] - turned[2]
        for axis in range(3):
            about = found.turning[hand, finger, level, axis]
            rows[0, count] = about[1] * z - about[2] * y
            rows[1, count] = about[2] * x - about[0] * z
            rows[2, count] = about[0] * y - about[1] * x
            columns[count] = 6 + 9 * finger + 3 * level + axis
            count += 1
    for k in range(by_shape.shape[1]):
        for row in range(3):
            rows[row, count] = by_shape[row, k]
        columns[count] = OWN + k
        count += 1
    return count


@njit(**_FAMILIAR)
def _grow(rest, found, hand, point, by_shape):
    """Take how the joint of a point moves with the shape from the one before it in its finger on to it."""
    finger, level = (point - 1) // 4, (point - 1) % 4
    for row in range(3):
        for k in range(by_shape.shape[1]):
            grown = by_shape[row, k] if level else 0.0
            for column in range(3):
                grown += found.carrier[hand, point, row, column] * rest.offset_dirs[hand, finger, level, column, k]
            by_shape[row, k] = grown


@njit(**_FAMILIAR)
def _in_space(tuning, evidence, camera, found, weights, information, pull, totals):
    """Fill all observations as information (H, 3, 21, 3, 3) and pull (H, 3, 21, 3) on the points, and the totals."""
    fx, fy = camera[0], camera[1]
    mean = np.empty(3)
    for one in range(len(evidence.hand)):
        hand, marked = evidence.hand[one], evidence.marked[one]
        _centre(found.off_3d[one], weights.info_3d[one], mean, totals[one])
        for point in range(21):
            depth = max(found.seen[one, point, 2], tuning.nearest)
            a, b = fx / depth, fy / depth
            c, d = -a * found.seen[one, point, 0] / depth, -b * found.seen[one, point, 1] / depth
            info, u, v = weights.info_2d[one, point], found.off_2d[one, point, 0], found.off_2d[one, point, 1]
            own, pulled = information[hand, marked, point], pull[hand, marked, point]
            own[0, 0] += info * a * a
            own[1, 1] += info * b * b
            own[0, 2] += info * a * c
            own[2, 0] += info * a * c
            own[1, 2] += info * b * d
            own[2, 1] += info * b * d
            own[2, 2] += info * (c * c + d * d)
            pulled[0] += info * a * u
            pulled[1] += info * b * v
            pulled[2] += info * (c * u + d * v)
            for axis in range(3):
                info = weights.info_3d[one, point, axis]
                information[hand, 2 * marked, point, axis, axis] += info
                pull[hand, 2 * marked, point, axis] += info * (found.off_3d[one, point, axis] - mean[axis])


@njit(**_FAMILIAR)
def _at(column, hand, hands):
    """Where an unknown of one hand, or of the shape behind those, stands among all."""
    return OWN * hand + column if column < OWN else OWN * (hands - 1) + column


@njit(**_FAMILIAR)
def normal_equations(
    rest, balls, tuning, evidence, camera, state, shape_mean, shape_info, found, weights, matrix, gradient
):
    """Fill the lower triangle of the matrix (N, N), and the gradient (N,)."""
    for n in range(len(gradient)):
        gradient[n] = 0.0
        for m in range(n + 1):
            matrix[n, m] = 0.0
    hands, observations, free = len(state.root), len(evidence.hand), 10 if shape_info > 0 else 0
    information, pull = np.zeros((hands, 3, 21, 3, 3)), np.zeros((hands, 3, 21, 3))
    totals = np.empty((observations, 3))
    _in_space(tuning, evidence, camera, found, weights, information, pull, totals)
    rows, weighed, columns, places = (
        np.empty((3, 25)),
        np.empty((3, 25)),
        np.empty(25, np.int64),
        np.empty(25, np.int64),
    )
    by_shape = np.zeros((3, free))
    means = np.zeros((observations, 3, OWN + free))
    kinds = np.zeros((hands, 3), np.bool_)
    for one in range(observations):
        kinds[evidence.hand[one], evidence.marked[one]] = True
        kinds[evidence.hand[one], 2 * evidence.marked[one]] = True
    for hand in range(hands):
        for point in range(21):
            if free and point:
                _grow(rest, found, hand, point, by_shape)
            for kind in range(3):
                if not kinds[hand, kind]:
                    continue
                count = _derivatives(found, hand, kind, point, by_shape, columns, rows)
                info, pulled = information[hand, kind, point], pull[hand, kind, point]
                for n in range(count):
                    places[n] = _at(columns[n], hand, hands)
                    moved = 0.0
                    for row in range(3):
                        moved += rows[row, n] * pulled[row]
                        weighed[row, n] = (
                            info[row, 0] * rows[0, n] + info[row, 1] * rows[1, n] + info[row, 2] * rows[2, n]
                        )
                    gradient[places[n]] += moved
                for n in range(count):
                    into = matrix[places[n]]
                    for m in range(n + 1):
                        into[places[m]] += (
                            rows[0, n] * weighed[0, m] + rows[1, n] * weighed[1, m] + rows[2, n] * weighed[2, m]
                        )
                for one in range(observations):
                    if evidence.hand[one] == hand and 2 * evidence.marked[one] == kind:
                        for row in range(3):
                            for n in range(count):
                                means[one, row, columns[n]] += weights.info_3d[one, point, row] * rows[row, n]
    # Where the points lie in space as a whole is not known: their mean takes no part.
    for one in range(observations):
        hand = evidence.hand[one]
        for row in range(3):
            mean, share = means[one, row], 1.0 / max(totals[one, row], 1e-12)
            for n in range(OWN + free):
                if mean[n] != 0.0:
                    into, scaled = matrix[_at(n, hand, hands)], mean[n] * share
                    for m in range(min(n + 1, OWN)):
                        into[OWN * hand + m] -= scaled * mean[m]
                    for m in range(OWN, n + 1):
                        into[OWN * (hands - 1) + m] -= scaled * mean[m]
    _add_expectations(rest, tuning, state, found, weights, matrix, gradient)
    for k in range(free):
        n = OWN * hands + k
        matrix[n, n] += shape_info
        gradient[n] += shape_info * (state.shape[0, k] - shape_mean[k])
    if found.pair_count[0]:
        _push_apart(rest, balls, tuning, found, free, matrix, gradient)


@njit(**_FAMILIAR)
def _add_expectations(rest, tuning, state, found, weights, matrix, gradient):
    for hand in range(len(state.root)):
        first = OWN * hand
        for row in range(3):
            matrix[first + row, first + row] += weights.root[hand]
            gradient[first + row] += weights.root[hand] * found.root[hand, row]
            for column in range(3):
                info = weights.wrist[hand, row, column]
                if column <= row:
                    matrix[first + 3 + row, first + 3 + column] += info
                gradient[first + 3 + row] += info * found.wrist[hand, column]
        dip = 1.0 / tuning.dip_sigma**2
        for finger in range(5):
            for level in range(3):
                for axis in range(3):
                    n = first + 6 + 9 * finger + 3 * level + axis
                    info = 1.0 / rest.spread[finger, level, axis] ** 2
                    strain = state.angles[hand, finger, level, axis] - rest.resting[finger, level, axis]
                    past = weights.angles[hand, finger, level]
                    matrix[n, n] += past + info
                    gradient[n] += past * found.angles[hand, finger, level, axis] + info * strain
            if finger:
                middle, last = first + 6 + 9 * finger + 3, first + 6 + 9 * finger + 6
                bend = state.angles[hand, finger, 2, 0] - tuning.dip_share * state.angles[hand, finger, 1, 0]
                gradient[last] += dip * bend
                gradient[middle] -= tuning.dip_share * dip * bend
                matrix[last, last] += dip
                matrix[middle, middle] += tuning.dip_share**2 * dip
                matrix[last, middle] -= tuning.dip_share * dip


@njit(**_FAMILIAR)
def _push_apart(rest, balls, tuning, found, free, matrix, gradient):
    """Add what two hands that lie in each other say."""
    moved = np.zeros((2, 21, 3, OWN + free))
    rows, columns, by_shape = np.empty((3, 25)), np.empty(25, np.int64), np.zeros((3, free))
    for hand in range(2):
        for point in range(21):
            if free and point:
                _grow(rest, found, hand, point, by_shape)
            count = _derivatives(found, hand, 0, point, by_shape, columns, rows)
            for row in range(3):
                for n in range(count):
                    moved[hand, point, row, columns[n]] = rows[row, n]
    info = 1.0 / tuning.contact_sigma**2
    along = np.empty(len(gradient))
    for pair in range(found.pair_count[0]):
        for n in range(len(along)):
            along[n] = 0.0
        for hand in range(2):
            for joint in range(21):
                share = balls.shares[found.pairs[pair, hand], joint] * (1.0 - 2.0 * hand)
                if share != 0.0:
                    for axis in range(3):
                        weight = share * found.push[pair, axis]
                        for n in range(OWN + free):
                            along[_at(n, hand, 2)] += weight * moved[hand, joint, axis, n]
        for n in range(len(gradient)):
            gradient[n] -= info * along[n] * found.push[pair, 3]
            scaled = info * along[n]
            if scaled != 0.0:
                into = matrix[n]
                for m in range(n + 1):
                    into[m] += scaled * along[m]


@njit(**_FAMILIAR)
def _solved(matrix, right, starts, lower, solution):
    """Solve a symmetric, positive definite system by Cholesky's factors, of which each row begins at its start.

    Two hands that do not touch share no entry but the shape's, and the factor has none where the matrix has none.

    Args:
        matrix: (N, N), its lower triangle.
        right: (N,).
        starts: (N,) first column of each row that may not be zero.
        lower: (N, N) takes the factor.
        solution: (N,) takes the solution.

    Returns:
        Whether the matrix is positive definite, to rounding.
    """
    size = len(right)
    for i in range(size):
        row = lower[i]
        for j in range(starts[i], i + 1):
            other = lower[j]
            total = 0.0
            for k in range(max(starts[i], starts[j]), j):
                total += row[k] * other[k]
            value = matrix[i, j] - total
            if j < i:
                row[j] = value / other[j]
            elif value > 1e-14 * matrix[i, i]:
                row[i] = math.sqrt(value)
            else:
                return False
        total = 0.0
        for k in range(starts[i], i):
            total += row[k] * solution[k]
        solution[i] = (right[i] - total) / row[i]
    for i in range(size - 1, -1, -1):
        row = lower[i]
        solution[i] /= row[i]
        for k in range(starts[i], i):
            solution[k] -= row[k] * solution[i]
    return True


@njit(**_FAMILIAR)
def bounded_step(rest, state, matrix, gradient, touching, lower, step):
    """Fill Newton's step (N,) within the limits of the angles; whether the matrix can be solved."""
    hands, size = len(state.root), len(gradient)
    starts = np.zeros(size, np.int64)
    if not touching:
        for n in range(OWN * hands):
            starts[n] = n // OWN * OWN
    if not _solved(matrix, gradient, starts, lower, step):
        return False
    held = np.zeros(size)
    fixed = np.zeros(size, np.bool_)
    beyond = False
    for n in range(size):
        step[n] = -step[n]
        if n < OWN * hands and n % OWN >= 6:
            hand, angle = n // OWN, n % OWN - 6
            finger, level, axis = angle // 9, angle // 3 % 3, angle % 3
            now = state.angles[hand, finger, level, axis]
            low, high = rest.lowest[finger, level, axis], rest.highest[finger, level, axis]
            wanted = now + step[n]
            if wanted < low or wanted > high:
                held[n] = min(max(wanted, low), high) - now
                fixed[n] = True
                beyond = True
    if not beyond:
        return True
    remaining = gradient.copy()
    for n in range(size):
        for m in range(starts[n], n + 1):
            remaining[n] += matrix[n, m] * held[m]
            if m < n:
                remaining[m] += matrix[n, m] * held[n]
    for n in range(size):
        if fixed[n]:
            remaining[n] = 0.0
        for m in range(starts[n], n + 1):
            if fixed[n] or fixed[m]:
                matrix[n, m] = 1.0 if n == m else 0.0
    if not _solved(matrix, remaining, starts, lower, step):
        return False
    for n in range(size):
        step[n] = held[n] - step[n]
    return True


@njit(**_FAMILIAR)
def moved(rest, state, step, free, target):
    """Fill the state after a step."""
    hands = len(state.root)
    turn, left = np.empty((3, 3)), np.empty((3, 3))
    for hand in range(hands):
        own = step[OWN * hand : OWN * (hand + 1)]
        exp_with_jacobian(own[:3], turn, left)
        _multiply(turn, state.root[hand], target.root[hand])
        for axis in range(3):
            target.wrist[hand, axis] = state.wrist[hand, axis] + own[3 + axis]
        for finger in range(5):
            for level in range(3):
                for axis in range(3):
                    angle = state.angles[hand, finger, level, axis] + own[6 + 9 * finger + 3 * level + axis]
                    low, high = rest.lowest[finger, level, axis], rest.highest[finger, level, axis]
                    target.angles[hand, finger, level, axis] = min(max(angle, low), high)
        for k in range(10):
            target.shape[hand, k] = state.shape[hand, k] + (step[OWN * hands + k] if free else 0.0)


@njit
def _room(hands, observations, most):
    return Found(
        np.empty((hands, 21, 3)),
        np.empty((hands, 21, 3, 3)),
        np.empty((hands, 5, 3, 3, 3)),
        np.empty((hands, 3, 21, 3)),
        np.empty((observations, 21, 3)),
        np.empty((observations, 21, 2)),
        np.empty((observations, 21, 3)),
        np.empty((hands, 3)),
        np.empty((hands, 3)),
        np.empty((hands, 5, 3, 3)),
        np.empty((most, 2), np.int64),
        np.empty((most, 4)),
        np.zeros(1, np.int64),
    )


_1, _2, _3, _4, _5 = (types.Array(float64, dimensions, "C") for dimensions in range(1, 6))
_STATE = types.NamedTuple((_3, _2, _4, _2), ChainState)
_REST = types.NamedTuple((_4, _5, _5, _3, _3, _3, _3, _3, _3), Rest)
_BALLS = types.NamedTuple((_2, _2, int64, int64), Balls)
_TUNING = types.NamedUniTuple(float64, len(Tuning._fields), Tuning)
_WHOLE, _TRUTHS = types.Array(int64, 1, "C"), types.Array(boolean, 1, "C")
_EVIDENCE = types.NamedTuple((_WHOLE, _WHOLE, _TRUTHS, _3, _2, _3, _3), Evidence)
_EXPECTED = types.NamedTuple((_3, _2, _4, _1, _3, _1), Expected)


@njit(
    [(_REST, _BALLS, _TUNING, _EVIDENCE, _1, _EXPECTED, _1, float64, boolean, _STATE, int64, float64, float64)],
    cache=True,
    nogil=True,
    error_model="numpy",
)
def _solve(
    rest,
    balls,
    tuning,
    evidence,
    camera,
    expected,
    shape_mean,
    shape_info,
    trusting,
    start,
    iterations,
    tolerance,
    damping,
):
    """Whether every system could be solved, the state, and what is found there."""
    hands, observations, free = len(start.root), len(evidence.hand), shape_info > 0
    size = OWN * hands + (10 if free else 0)
    state = ChainState(start.root.copy(), start.wrist.copy(), start.angles.copy(), start.shape.copy())
    candidate = ChainState(start.root.copy(), start.wrist.copy(), start.angles.copy(), start.shape.copy())
    here, there = _room(hands, observations, balls.most), _room(hands, observations, balls.most)
    weights = Counted(
        np.empty((observations, 21)),
        np.empty((observations, 21, 3)),
        np.empty(hands),
        np.empty((hands, 3, 3)),
        np.empty((hands, 5, 3)),
    )
    matrix, lower = np.empty((size, size)), np.empty((size, size))
    gradient, step = np.empty(size), np.empty(size)
    measure(rest, balls, tuning, evidence, camera, expected, state, here)
    cost, weighed = 0.0, False
    for _ in range(iterations):
        if not weighed:
            weigh(tuning, evidence, expected, trusting, here, weights)
            cost = quadratic(rest, tuning, state, shape_mean, shape_info, here, weights)
            weighed = True
        normal_equations(
            rest, balls, tuning, evidence, camera, state, shape_mean, shape_info, here, weights, matrix, gradient
        )
        for n in range(size):
            matrix[n, n] += damping * matrix[n, n] + 1e-9
        if not bounded_step(rest, state, matrix, gradient, here.pair_count[0] > 0, lower, step):
            return False, state, here
        moved(rest, state, step, free, candidate)
        measure(rest, balls, tuning, evidence, camera, expected, candidate, there)
        new_cost = quadratic(rest, tuning, candidate, shape_mean, shape_info, there, weights)
        if new_cost >= cost:
            damping *= 10.0
            if damping > 1e6:
                break
            continue
        gain = 1.0 - new_cost / cost
        damping *= 0.2
        state, candidate = candidate, state
        here, there = there, here
        weighed = False
        if gain < tolerance:
            break
    return True, state, here


_TUNING_VALUES = Tuning(
    person_solver.NEAREST,
    person_solver.KERNEL_2D,
    person_solver.KERNEL_3D,
    person_solver.KERNEL_PAST,
    person_solver.STANDS_OUT,
    solver.DIP_SHARE,
    float(solver.DIP_SIGMA),
    contact.CONTACT_SIGMA,
    contact.NEAR,
)
_BALL_VALUES = Balls(contact.SHARES, contact.REACHES, contact.MOST, MIDDLE_KNUCKLE)


def solve(
    problem: Problem, state: ChainState, iterations: int, tolerance: float, damping: float
) -> tuple[ChainState, Measured] | None:
    """As `person_solver.solve`.

    Returns:
        State and residuals there; None where a system is not positive definite to rounding, as Cholesky's factors want
        it.
    """
    chain = problem.chain
    rest = Rest(
        _plain(chain.offsets),
        _plain(chain.offset_dirs),
        _plain(chain.axes),
        _plain(chain.marks),
        _plain(chain.space_marks),
        solver.LOWEST_ANGLES,
        solver.HIGHEST_ANGLES,
        solver.REST_ANGLES,
        solver.ANGLE_SIGMA,
    )
    solved, there, found = _solve(
        rest,
        _BALL_VALUES,
        _TUNING_VALUES,
        Evidence(*problem.evidence[:3], *map(_plain, problem.evidence[3:])),
        _plain(problem.camera),
        Expected(*map(_plain, problem.expected)),
        _plain(problem.shape_mean),
        float(problem.shape_info),
        problem.trusting,
        ChainState(*map(_plain, state)),
        iterations,
        float(tolerance),
        float(damping),
    )
    if not solved:
        return None
    count = int(found.pair_count[0])
    met = Overlaps(found.pairs[:count, 0], found.pairs[:count, 1], found.push[:count, :3], found.push[:count, 3])
    measured = Measured(Posed(*found[:3]), *found[3:10], met if count else None)
    return there, measured


def _plain(array: np.ndarray) -> np.ndarray:
    """As compiled code takes it: contiguous, double, and writable."""
    flags = array.flags
    if flags.c_contiguous and flags.writeable and array.dtype == np.float64:
        return array
    return np.array(array, np.float64, order="C")
