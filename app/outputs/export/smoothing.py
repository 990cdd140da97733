"""A second smoothing pass over a finished take: forwards and backwards, so that nothing lags.

A Butterworth filter of second order run both ways has no phase shift and is of fourth order (Winter, "Biomechanics and
Motor Control of Human Movement", section 3.4.4). Rotations are filtered as unit quaternions on one hemisphere and
normalised again: a linear filter commutes with turning all of them from either side, so the result does not depend on
the axes chosen, and there is no angle at which it jumps.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.interpolate import make_interp_spline
from scipy.signal import butter, sosfiltfilt
from scipy.spatial.transform import Rotation

from app.outputs.export.formats import Progress
from app.outputs.export.take import Take
from app.sessions.moments import gaps
from models.values import Side

CUTOFF_HZ = 6.0
"""Where half the power is left after both passes; hands gesture below it."""
_ORDER = 2
_PASSES = 2
_FEWEST = 4
"""A run of fewer rows has nothing to smooth."""


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
        quaternions = align_hemispheres(Rotation.from_rotvec(pose[rows].reshape(-1, 3)).as_quat().reshape(-1, 16, 4))
        places = translation[rows] + rest
        for run in np.split(np.arange(len(rows)), np.flatnonzero(gaps(times)) + 1):
            quaternions[run] = _normalised(zero_phase(times[run], quaternions[run]))
            places[run] = zero_phase(times[run], places[run])
        pose[rows] = Rotation.from_quat(quaternions.reshape(-1, 4)).as_rotvec().reshape(-1, 48)
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
    sections = butter(_ORDER, single, fs=rate, output="sos")
    padding = min(len(even) - 1, round(3 * rate / cutoff_hz))
    filtered = sosfiltfilt(sections, make_interp_spline(seconds, values, k=1)(even), axis=0, padlen=padding)
    return make_interp_spline(even, filtered, k=1)(seconds)


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
