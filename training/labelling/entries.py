"""A hand as `labels.json` holds it, from the landmarks that were read of it and the hand model fitted to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from models.fitting.landmark_points import landmark_points, marked_points
from models.placement import NEAREST
from models.registry import HandModels
from models.values import HandParameters, HandReconstruction, Intrinsics, Side
from tracking.detector.reading import hand_size

WITHOUT_POINTS: Mapping[str, Any] = {"joints_px": [None] * 21}
"""A hand that is there, and of which nothing more is known."""
_GOOD_FIT = 0.03
"""Mean distance of the fitted model's landmark points from the landmarks, as a share of the hand's box."""
_ENOUGH_JOINTS_3D = 16
"""Of so many joints the landmarks must be known for the fit to tell the pose of the whole hand."""


def hand_entry(joints_px: np.ndarray, parameters: HandParameters | None) -> dict[str, Any]:
    """A hand as `labels.json` holds it.

    Args:
        joints_px: (21, 2) image px; NaN where a joint's place is not known.
        parameters: of the fitted model; None where the fit does not tell them.
    """
    points = [place if np.isfinite(place).all() else None for place in np.round(joints_px.astype(float), 2).tolist()]
    if parameters is None:
        return {"joints_px": points}
    values = {
        key: np.round(getattr(parameters, key).astype(float), 5).ravel().tolist()
        for key in ("pose", "shape", "translation")
    }
    return {"joints_px": points, "parameters": values}


def camera_entry(camera: Intrinsics) -> dict[str, float]:
    """An image's camera as `labels.json` holds it."""
    return {key: round(getattr(camera, key), 3) for key in ("fx", "fy", "cx", "cy")}


class HandEntries:
    """Makes labels of fitted hands.

    Args:
        hand_models: by side, those that are fitted.
    """

    def __init__(self, hand_models: HandModels) -> None:
        self._models, self._marks = hand_models, landmark_points(hand_models)

    def of(
        self,
        side: Side,
        landmarks: np.ndarray,
        parameters: HandParameters,
        camera: Intrinsics,
        known: np.ndarray | None = None,
    ) -> dict[str, Any] | None:
        """The joints in the image where the landmarks say they are, and the fit.

        Landmarks lie beside the joints (`models.fitting.landmark_points`): how far, the fit tells.

        Args:
            side: of the hand.
            landmarks: (21, 2) image px.
            parameters: fitted to them.
            camera: of the image.
            known: (21,) bool, which landmarks are to be believed; None: all. The others have no place in the label.

        Returns:
            None where the fit does not explain the landmarks that are known.
        """
        vertices, joints = self._models[side].mesh(parameters)
        if float(joints[:, 2].min()) <= NEAREST:
            return None
        known = np.ones(21, bool) if known is None else known
        joints_px = camera.project(joints)
        hand = HandReconstruction(parameters, vertices, joints, joints_px.astype(np.float32), 1.0)
        marked_px = camera.project(marked_points(hand, self._marks[side]).image)
        error = np.linalg.norm(marked_px - landmarks, axis=1)[known].mean()
        if error > _GOOD_FIT * hand_size(landmarks):
            return None
        places = np.where(known[:, None], landmarks + joints_px - marked_px, np.nan)
        return hand_entry(places, parameters if known.sum() >= _ENOUGH_JOINTS_3D else None)
