"""The hand model fitted to the joints that a network gives.

Its own mesh says less than it knows: where it doubts between two places of a finger, a free mesh is too short for
either, and a regressed pose is a mean of poses. The hand model has bones of one length and joints with limits, and lies
nearer to the true hand when it is fitted to joints in space and in the picture together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.fitting.chain import Chain
from models.fitting.solver import SHAPE_SIGMA, Observation, ShapePrior, box_px, initial_state, solve
from models.registry import HandModels
from models.values import HandParameters, Intrinsics

_PIXEL_SIGMA, _WORLD_SIGMA = 0.03, np.array([0.007, 0.007, 0.010])
"""Of the joints in the picture, as a share of the hand's box, and in metres: by what fits held-out hands best. The
errors themselves are larger, but most of them all joints of a hand share."""
_ITERATIONS = 2
"""From the closed-form start; more change nothing."""


class JointFit:
    """Fits hand models to joints.

    Args:
        hand_models: by side.
    """

    def __init__(self, hand_models: HandModels) -> None:
        self._chain = Chain.of(hand_models, tip_inset=0.0)

    def fit(
        self, hands: Sequence[int], joints_px: np.ndarray, joints: np.ndarray, intrinsics: Intrinsics
    ) -> list[HandParameters]:
        """Parameters in the camera frame.

        Args:
            hands: which, as places in `SIDES`.
            joints_px: (H, 21, 2) frame px.
            joints: (H, 21, 3) metres, camera axes, any origin.
            intrinsics: of the frame.
        """
        chain = self._chain.take(list(hands))
        seen = Observation(joints_px, joints, box_px(joints_px), intrinsics, _PIXEL_SIGMA, _WORLD_SIGMA)
        average = np.zeros(10)
        start = initial_state(chain, seen, average)
        state, _ = solve(chain, start, seen, ShapePrior(average, SHAPE_SIGMA), _ITERATIONS)
        return chain.parameters(state)
