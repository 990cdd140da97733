"""The hand model fitted to the joints that a network gives, in an image that stands alone.

Its own mesh says less than it knows: where it doubts between two places of a finger, a free mesh is too short for
either, and a regressed pose is a mean of poses. The hand model has bones of one length and joints with limits, and lies
nearer to the true hand when it is fitted to joints in space and in the image together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.fitting.calibration import ShapeRule
from models.fitting.hand_fitter import HandFitter
from models.fitting.observations import network_observation
from models.registry import HandModels
from models.values import SIDES, HandObservation, HandParameters, Intrinsics, Side


class JointFit:
    """Fits hand models to joints.

    Args:
        hand_models: by side.
    """

    def __init__(self, hand_models: HandModels) -> None:
        self._fitter = HandFitter(hand_models)

    def use_shape(self, rule: ShapeRule) -> None:
        """See `HandFitter.use_shape`."""
        self._fitter.use_shape(rule)

    def fit(
        self,
        hands: Sequence[int],
        joints_px: np.ndarray,
        joints: np.ndarray,
        intrinsics: Intrinsics,
        errors_px: np.ndarray | None = None,
    ) -> list[HandParameters]:
        """Parameters in the camera frame; hands fitted at once are one person's and have one shape.

        Args:
            hands: which, as places in `SIDES`, each once.
            joints_px: (H, 21, 2) frame px.
            joints: (H, 21, 3) metres, camera axes, any origin.
            intrinsics: of the frame.
            errors_px: (H, 21) that are expected of them, frame px; None: nothing is known of that.
        """
        observations: dict[Side, list[HandObservation]] = {
            SIDES[hand]: [
                network_observation(
                    joints_px[row], joints[row], 1.0, errors_px=None if errors_px is None else errors_px[row]
                )
            ]
            for row, hand in enumerate(hands)
        }
        fitted = self._fitter.fit(observations, intrinsics, None)
        return [fitted[SIDES[hand]].parameters for hand in hands]
