"""What a hand's last states say of where it is now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.fitting.chain import ChainState, exp_with_jacobian
from models.fitting.person_solver import log_rotations

LONGEST_STEP = 0.1
"""Seconds beyond which a hand is not carried on: it may have turned back meanwhile."""
_VELOCITY_SHARE = 0.5
"""Share of a newly measured velocity that is taken over from one frame to the next."""
_CAUTION = 0.7
"""Share of its velocity that a hand is trusted to keep."""
_STEP = 1.0 / 30.0
_ROOT_SIGMA, _ANGLE_SIGMA = 0.4, 0.4
"""Radians by which a hand's rotation and a finger's joint stray from what is predicted over `_STEP` seconds; they stray
as a random walk does, with the root of time."""
_ACROSS_SIGMA, _DEPTH_SIGMA = 0.2, 0.03
"""The same of the wrist's place, as shares of its distance, across the line of sight and along it. Where a hand is in
the image, readings know best; how far it is, one camera hardly sees."""


class Expectation:
    """Where a hand is expected and how surely: the fields of `person_solver.Expected` for one hand."""

    def __init__(self, state: ChainState, seconds: float) -> None:
        spread = max(seconds, 1e-3) / _STEP
        self.root, self.wrist, self.angles = state.root, state.wrist, state.angles
        distance = max(float(np.linalg.norm(state.wrist)), 0.05)
        sight = state.wrist / distance
        along = np.outer(sight, sight)
        across = (np.eye(3) - along) / _ACROSS_SIGMA**2
        self.wrist_info = (across + along / _DEPTH_SIGMA**2) / (spread * distance**2)
        self.root_info = 1.0 / (_ROOT_SIGMA**2 * spread)
        self.angle_info = 1.0 / (_ANGLE_SIGMA**2 * spread)


@dataclass
class Motion:
    """Last state of a hand, without batch, and how it moved.

    Attributes:
        state: root (3, 3), wrist (3,), angles (5, 3, 3), shape (10,).
        seen_ns: when that was.
    """

    state: ChainState
    seen_ns: int

    def __post_init__(self) -> None:
        self._turning, self._moving, self._bending = np.zeros(3), np.zeros(3), np.zeros((5, 3, 3))

    def at(self, captured_ns: int) -> ChainState:
        """Where the hand will be, carried on cautiously."""
        seconds = _CAUTION * min((captured_ns - self.seen_ns) * 1e-9, LONGEST_STEP)
        turn, _ = exp_with_jacobian(self._turning * seconds)
        return self.state._replace(
            root=turn @ self.state.root,
            wrist=self.state.wrist + self._moving * seconds,
            angles=self.state.angles + self._bending * seconds,
        )

    def expectation(self, captured_ns: int) -> Expectation:
        """The same with how sure that is."""
        return Expectation(self.at(captured_ns), (captured_ns - self.seen_ns) * 1e-9)

    def update(self, state: ChainState, captured_ns: int) -> None:
        """Take a new state; one of the same moment replaces the last."""
        seconds = (captured_ns - self.seen_ns) * 1e-9
        if seconds > 0:
            before = self.state
            turned = log_rotations((state.root @ before.root.T)[None])[0]
            for velocity, step in (
                (self._turning, turned),
                (self._moving, state.wrist - before.wrist),
                (self._bending, state.angles - before.angles),
            ):
                velocity += _VELOCITY_SHARE * (step / seconds - velocity)
        self.state, self.seen_ns = state, captured_ns
