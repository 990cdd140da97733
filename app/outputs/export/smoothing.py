"""A second smoothing pass over a finished take: forwards and backwards, so that nothing lags.

A Butterworth filter of second order run both ways has no phase shift and is of fourth order (Winter, "Biomechanics and
Motor Control of Human Movement", section 3.4.4). Rotations are filtered as unit quaternions on one hemisphere and
normalised again: a linear filter commutes with turning all of them from either side, so the result does not depend on
the axes chosen, and there is no angle at which it jumps.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from app.outputs.export.formats import Progress
from app.outputs.export.take import Take
from app.sessions.moments import gaps
from models.quaternions import Rotations, rows_around
from models.values import Side

CUTOFF_HZ = 6.0
"""Where half the power is left after both passes; hands gesture below it."""
_ORDER = 2
_PASSES = 2
_FEWEST = 4
"""A run of fewer rows has nothing to smooth."""


class LowPass(NamedTuple):
    """A filter y[n] = f0 x[n] + f1 x[n-1] + f2 x[n-2] - b0 y[n-1] - b1 y[n-2].

    Attributes:
        forward: f0, f1, f2.
        back: b0, b1.
    """

    forward: tuple[float, float, float]
    back: tuple[float, float]

    def run(self, values: np.ndarray) -> np.ndarray:
        """Values (N, ...) filtered, as if they had been the first one for ever."""
        filtered = np.empty_like(values)
        second = (self.forward[2] - self.back[1]) * values[0]
        first = (self.forward[1] - self.back[0]) * values[0] + second
        for place, value in enumerate(values):
            filtered[place] = out = self.forward[0] * value + first
            first = self.forward[1] * value - self.back[0] * out + second
            second = self.forward[2] * value - self.back[1] * out
        return filtered


def smooth_take(take: Take, progress: Progress) -> Take:
    """The take with rotations and wrist places smoothed; shapes and raw values stay.

    Time in which a hand was gone is left alone: the runs before and after it are smoothed each for itself.

    Args:
        take: with its hand models.
        progress: called with rows done and in all.
    """
    columns = take.columns
    pose, translation = columns.pose.astype(np.float64), columns.translation.astype(np.float64)
    seconds = take.seconds()
    for side in take.sides:
        rows = columns.rows(side)
        times = seconds[rows]
        rest = _rest_wrists(take, side, rows)
        quaternions = align_hemispheres(Rotations.from_rotvec(pose[rows].reshape(-1, 16, 3)).as_quat())
        places = translation[rows] + rest
        for run in np.split(np.arange(len(rows)), np.flatnonzero(gaps(times)) + 1):
            quaternions[run] = _normalised(zero_phase(times[run], quaternions[run]))
            places[run] = zero_phase(times[run], places[run])
        pose[rows] = Rotations.from_quat(quaternions).as_rotvec().reshape(-1, 48)
        translation[rows] = places - rest
    return take.with_parameters(pose, translation, progress)


def zero_phase(seconds: np.ndarray, values: np.ndarray, cutoff_hz: float = CUTOFF_HZ) -> np.ndarray:
    """Low-pass values without delay.

    Args:
        seconds: (N,) rising; uneven times are brought to even ones and back along straight lines.
        values: (N, ...).
        cutoff_hz: where half the power is left.

    Returns:
        (N, ...); the values themselves where there are too few, or the rate is too low for the filter to matter.
    """
    if len(seconds) < _FEWEST:
        return values
    steps = round((seconds[-1] - seconds[0]) / float(np.median(np.diff(seconds))))
    even = np.linspace(seconds[0], seconds[-1], steps + 1)
    rate = steps / (seconds[-1] - seconds[0])
    if cutoff_hz >= rate / 2:
        return values
    # Each pass alone takes less away, so that both together halve the power at the cutoff. Winter's factor holds for
    # the filter in continuous time, whose frequencies the tangent gives.
    factor = (2 ** (1 / _PASSES) - 1) ** (1 / (2 * _ORDER))
    single = math.atan(math.tan(math.pi * cutoff_hz / rate) / factor) * rate / math.pi
    padding = min(len(even) - 1, round(3 * rate / cutoff_hz))
    filtered = both_ways(low_pass(single / rate), on_lines(even, seconds, values), padding)
    return on_lines(seconds, even, filtered)


def on_lines(at: np.ndarray, times: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Values (M, ...) at times (M,) on the straight lines between values (N, ...) at rising times (N,)."""
    before, shares = rows_around(times, at)
    shares = shares.reshape(-1, *[1] * (values.ndim - 1))
    return (1.0 - shares) * values[before] + shares * values[before + 1]


def low_pass(cutoff: float) -> LowPass:
    """Butterworth's low-pass of second order, from continuous time by the bilinear transform.

    Args:
        cutoff: where half the power is left, as a share of the sampling rate, less than a half.
    """
    warped = math.tan(math.pi * cutoff)
    scale = 1.0 / (1.0 + math.sqrt(2.0) * warped + warped * warped)
    gain = warped * warped * scale
    back = (2.0 * (warped * warped - 1.0) * scale, (1.0 - math.sqrt(2.0) * warped + warped * warped) * scale)
    return LowPass((gain, 2.0 * gain, gain), back)


def both_ways(section: LowPass, values: np.ndarray, padding: int) -> np.ndarray:
    """Values (N, ...) filtered forwards and backwards.

    Both ends are carried on by their own reflection through the end point, so that neither is pulled towards zero
    (Gustafsson, "Determining the initial states in forward-backward filtering", 1996, names the ways there are).

    Args:
        section: the filter.
        values: at least two.
        padding: rows, fewer than there are values, by which either end is carried on before filtering.
    """
    before = 2.0 * values[0] - values[padding:0:-1]
    after = 2.0 * values[-1] - values[-2 : -padding - 2 : -1]
    filtered = section.run(section.run(np.concatenate([before, values, after]))[::-1])[::-1]
    return filtered[padding : padding + len(values)]


def align_hemispheres(quaternions: np.ndarray) -> np.ndarray:
    """The same rotations, each quaternion on the side of the one before it.

    Args:
        quaternions: (N, ..., 4).
    """
    turned = np.einsum("n...i,n...i->n...", quaternions[1:], quaternions[:-1]) < 0
    signs = np.cumprod(np.where(turned, -1.0, 1.0), axis=0)
    return np.concatenate([quaternions[:1], quaternions[1:] * signs[..., None]])


def _normalised(quaternions: np.ndarray) -> np.ndarray:
    return quaternions / np.linalg.norm(quaternions, axis=-1, keepdims=True)


def _rest_wrists(take: Take, side: Side, rows: np.ndarray) -> np.ndarray:
    """(N, 3) places of the wrist joint before posing: shapes move it, and with it what a translation means."""
    model = take.hand_models[side]
    return np.stack([model.rest_wrist(shape) for shape in take.columns.shape[rows].astype(np.float64)])
