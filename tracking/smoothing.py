"""One Euro smoothing of hand parameters, on the rotation group.

The One Euro filter (Casiez, Roussel and Vogel, CHI 2012, https://gery.casiez.net/1euro/) is a low-pass whose cutoff
rises with speed: still hands do not jitter and fast ones do not lag. Rotations are filtered in the tangent space of
SO(3): the step from the filtered to the measured rotation is scaled and composed, r <- r Exp(a Log(r^-1 m)). Filtering
the three numbers of an axis-angle vector instead would make a hand spin when the vector wraps at 180 degrees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

import numpy as np
from pydantic import ConfigDict, Field

from models.quaternions import Rotations
from models.values import HandParameters, Side

SHAPE_SECONDS = 1.0
"""Time constant of the running mean of the shape: a person's hand does not change, only its estimate does."""
PREDICTION_DAMPING = 0.6
"""Share of the velocity that each further predicted frame keeps."""
SAME_PLACE = 0.1
"""Distance, as a tangent of the viewing angle, within which a hand of the other side is the same hand relabelled."""
_MIN_DEPTH = 1e-3

Gain = Annotated[float, Field(ge=0.0, lt=1e6)]
"""Of a filter; where records are read, others are refused."""


@dataclass(frozen=True)
class SmoothingSettings:
    """Gains of the filters. If a still hand jitters, lower the cutoffs; if a moving hand lags, raise the betas.

    Attributes:
        wrist_min_cutoff: of the hand's global rotation, Hz.
        wrist_beta: rise of that cutoff with angular speed, Hz per rad/s.
        finger_min_cutoff, finger_beta: the same for the 15 finger joints.
        position_min_cutoff: of the viewing direction of the wrist, Hz.
        position_beta: rise of that cutoff with speed, Hz per (tangent of viewing angle)/s.
        depth_min_cutoff: of log depth, the noisiest number that one camera gives, Hz.
        depth_beta: rise of that cutoff with speed, Hz per (relative depth)/s.
        derivative_cutoff: of the speeds themselves, Hz.
        predicted_frames: for how many frames a hand that is not measured is carried on.
        predicted_seconds: for how long, at most: at few frames a second a hand is elsewhere after three of them.
        predicted_metres: how far it may have moved meanwhile, at its last speed: a fast hand turns back at any moment.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", allow_inf_nan=False)

    wrist_min_cutoff: Gain = 1.0
    wrist_beta: Gain = 12.0
    finger_min_cutoff: Gain = 1.0
    finger_beta: Gain = 9.0
    position_min_cutoff: Gain = 1.5
    position_beta: Gain = 300.0
    depth_min_cutoff: Gain = 0.8
    depth_beta: Gain = 45.0
    derivative_cutoff: Gain = 4.0
    predicted_frames: Annotated[int, Field(ge=0, lt=1_000_000)] = 3
    predicted_seconds: Gain = 0.12
    predicted_metres: Gain = 0.025

    def scaled(self, steadiness: float, response: float) -> SmoothingSettings:
        """These gains turned by a person's two knobs; 0.5 and 0.5 leave them as they are.

        Args:
            steadiness: 0..1; from end to end the cutoffs fall by a factor of 64.
            response: 0..1; from end to end the betas rise by a factor of 64.
        """
        cutoff, beta = 64.0 ** (0.5 - steadiness), 64.0 ** (response - 0.5)
        return replace(
            self,
            **{name: getattr(self, name) * cutoff for name in _KNOBS["cutoff"]},
            **{name: getattr(self, name) * beta for name in _KNOBS["beta"]},
        )


def gains_of(enabled: bool, steadiness: float, response: float) -> SmoothingSettings | None:
    """Gains for a person's two knobs (0..1 each), or None where smoothing is off; see `SmoothingSettings.scaled`."""
    return SmoothingSettings().scaled(steadiness, response) if enabled else None


_KNOBS = {
    "cutoff": ("wrist_min_cutoff", "finger_min_cutoff", "position_min_cutoff", "depth_min_cutoff"),
    "beta": ("wrist_beta", "finger_beta", "position_beta", "depth_beta"),
}


def smoothing_factor(cutoff: np.ndarray | float, seconds: float) -> np.ndarray:
    """Share of a new value that a first-order low-pass takes over in one step.

    Args:
        cutoff: Hz.
        seconds: length of the step.
    """
    turn = 2.0 * np.pi * np.asarray(cutoff) * seconds
    return turn / (turn + 1.0)


class VectorFilter:
    """One Euro over the rows of an array; each row has one speed and so one cutoff."""

    def __init__(self, value: np.ndarray) -> None:
        self.value = np.array(value, dtype=np.float64)
        self.velocity = np.zeros_like(self.value)
        self._measured = self.value

    def step(
        self, value: np.ndarray, seconds: float, min_cutoff: float, beta: float, derivative_cutoff: float
    ) -> np.ndarray:
        """Take a measurement (N, D) made `seconds` after the last one; returns the filtered value."""
        speed_factor = smoothing_factor(derivative_cutoff, seconds)
        self.velocity += speed_factor * ((value - self._measured) / seconds - self.velocity)
        self._measured = np.asarray(value, dtype=np.float64)
        speed = np.linalg.norm(self.velocity, axis=-1, keepdims=True)
        self.value = self.value + smoothing_factor(min_cutoff + beta * speed, seconds) * (value - self.value)
        return self.value


class RotationFilter:
    """One Euro in the tangent space of SO(3), one filter per rotation of a batch.

    Multiplying all measurements by one rotation from the left multiplies the output by it and changes nothing else.
    """

    def __init__(self, value: Rotations) -> None:
        self.value = value
        self.velocity = np.zeros((len(value), 3))
        self._measured = value

    def step(
        self, value: Rotations, seconds: float, min_cutoff: np.ndarray, beta: np.ndarray, derivative_cutoff: float
    ) -> Rotations:
        """Take N rotations measured `seconds` after the last ones.

        Args:
            value: N rotations.
            seconds: since the last step.
            min_cutoff: (N,) Hz.
            beta: (N,) Hz per rad/s.
            derivative_cutoff: Hz.
        """
        angular_velocity = (self._measured.inv() * value).as_rotvec() / seconds
        self.velocity += smoothing_factor(derivative_cutoff, seconds) * (angular_velocity - self.velocity)
        self._measured = value
        factor = smoothing_factor(min_cutoff + beta * np.linalg.norm(self.velocity, axis=-1), seconds)
        self.value = self.value.towards(value, factor)
        return self.value


def _to_view(translation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Camera point (3,) to the tangents of its viewing direction (1, 2) and its log depth (1, 1)."""
    depth = max(float(translation[2]), _MIN_DEPTH)
    return (translation[:2] / depth)[None].astype(np.float64), np.array([[np.log(depth)]])


def _elapsed(earlier_ns: int, later_ns: int) -> float:
    seconds = (later_ns - earlier_ns) * 1e-9
    if seconds <= 0:
        raise ValueError(f"time must rise: {later_ns} ns after {earlier_ns} ns")
    return seconds


class HandFilter:
    """Filters one hand from the moment it appears until it is lost.

    The translation is filtered at the wrist joint as viewing direction and log depth, because one camera measures the
    first well and the second badly.

    Args:
        parameters: first measurement.
        wrist: (3,) rest position of the wrist joint for that shape, metres: what lies between translation and wrist.
        captured_ns: time of it.
    """

    def __init__(self, parameters: HandParameters, wrist: np.ndarray, captured_ns: int) -> None:
        self._rotations = RotationFilter(Rotations.from_rotvec(parameters.pose))
        direction, log_depth = _to_view(parameters.translation + wrist)
        self._direction, self._log_depth = VectorFilter(direction), VectorFilter(log_depth)
        self._shape = parameters.shape.astype(np.float64)
        self._rest_wrist = wrist
        self._captured_ns = captured_ns
        self._measured_ns = captured_ns
        self._seconds = 0.0
        self.predicted = 0

    def update(
        self, parameters: HandParameters, wrist: np.ndarray, captured_ns: int, settings: SmoothingSettings
    ) -> HandParameters:
        """Filtered parameters for a measurement.

        Raises:
            ValueError: `captured_ns` does not lie after the last one.
        """
        seconds = _elapsed(self._measured_ns, captured_ns)
        self._captured_ns = self._measured_ns = captured_ns
        self._seconds += seconds
        self.predicted = 0
        joints = len(parameters.pose)
        min_cutoff = np.full(joints, settings.finger_min_cutoff)
        beta = np.full(joints, settings.finger_beta)
        min_cutoff[0], beta[0] = settings.wrist_min_cutoff, settings.wrist_beta
        low = settings.derivative_cutoff
        rotations = self._rotations.step(Rotations.from_rotvec(parameters.pose), seconds, min_cutoff, beta, low)
        direction, log_depth = _to_view(parameters.translation + wrist)
        self._direction.step(direction, seconds, settings.position_min_cutoff, settings.position_beta, low)
        self._log_depth.step(log_depth, seconds, settings.depth_min_cutoff, settings.depth_beta, low)
        self._rest_wrist = wrist
        share = seconds / (min(self._seconds, SHAPE_SECONDS) + seconds)
        self._shape = self._shape + share * (parameters.shape - self._shape)
        return self._parameters(rotations)

    def predict(self, captured_ns: int) -> HandParameters:
        """Parameters carried on to a time without measurement, with damped velocities."""
        seconds = _elapsed(self._captured_ns, captured_ns)
        self._captured_ns = captured_ns
        self.predicted += 1
        for filter_ in (self._rotations, self._direction, self._log_depth):
            filter_.velocity = filter_.velocity * PREDICTION_DAMPING
        self._rotations.value = self._rotations.value * Rotations.from_rotvec(self._rotations.velocity * seconds)
        self._direction.value = self._direction.value + self._direction.velocity * seconds
        self._log_depth.value = self._log_depth.value + self._log_depth.velocity * seconds
        return self._parameters(self._rotations.value)

    def is_stale(self, captured_ns: int, settings: SmoothingSettings) -> bool:
        """Whether the hand was not measured for so long, or moves so fast, that it is not carried on to this time."""
        seconds = _elapsed(self._measured_ns, captured_ns)
        speed = float(np.linalg.norm(self._direction.velocity)) * float(np.exp(self._log_depth.value[0, 0]))
        return (
            self.predicted >= settings.predicted_frames
            or seconds > settings.predicted_seconds
            or speed * seconds > settings.predicted_metres
        )

    @property
    def wrist(self) -> np.ndarray:
        """Filtered position of the wrist joint (3,), metres, camera frame."""
        depth = float(np.exp(self._log_depth.value[0, 0]))
        return np.array([*(self._direction.value[0] * depth), depth])

    def _parameters(self, rotations: Rotations) -> HandParameters:
        return HandParameters(
            pose=rotations.as_rotvec().astype(np.float32),
            shape=self._shape.astype(np.float32),
            translation=(self.wrist - self._rest_wrist).astype(np.float32),
        )


class HandSmoother:
    """One filter per hand: made when a hand appears, dropped when it is lost, changes side or time starts anew."""

    def __init__(self) -> None:
        self._filters: dict[Side, HandFilter] = {}

    def reset(self) -> None:
        """Forget all hands."""
        self._filters.clear()

    def update(
        self,
        measured: Mapping[Side, HandParameters],
        wrists: Callable[[Side, HandParameters], np.ndarray],
        captured_ns: int,
        settings: SmoothingSettings,
    ) -> dict[Side, tuple[HandParameters, bool]]:
        """Filtered parameters of every hand in view and whether they are predicted.

        Args:
            measured: this frame's hands.
            wrists: rest position (3,) of the wrist joint of a side for given parameters.
            captured_ns: time of the frame; must rise from call to call.
            settings: gains.
        """
        rest: dict[Side, np.ndarray] = {side: wrists(side, hand) for side, hand in measured.items()}
        lost: list[Side] = [side for side in self._filters if side not in measured]
        for side in lost:
            if self._changed_side(side, measured, rest) or self._filters[side].is_stale(captured_ns, settings):
                del self._filters[side]
        smoothed: dict[Side, tuple[HandParameters, bool]] = {}
        for side, hand in measured.items():
            if side in self._filters:
                smoothed[side] = self._filters[side].update(hand, rest[side], captured_ns, settings), False
            else:
                self._filters[side] = HandFilter(hand, rest[side], captured_ns)
                smoothed[side] = hand, False
        for side in self._filters.keys() - measured.keys():
            smoothed[side] = self._filters[side].predict(captured_ns), True
        return smoothed

    def _changed_side(
        self, lost: Side, measured: Mapping[Side, HandParameters], rest: Mapping[Side, np.ndarray]
    ) -> bool:
        """Whether a hand that was not there before stands where the lost one was: the same hand, relabelled."""
        place = self._filters[lost].wrist
        return any(
            side not in self._filters
            and np.linalg.norm(_at_unit_depth(hand.translation + rest[side]) - _at_unit_depth(place)) < SAME_PLACE
            for side, hand in measured.items()
        )


def _at_unit_depth(point: np.ndarray) -> np.ndarray:
    return point[:2] / max(float(point[2]), _MIN_DEPTH)
