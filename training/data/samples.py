"""What training and evaluation are fed with: a crop and what is known of the hands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

import numpy as np

from models.values import HandParameters, Intrinsics, Side, lock_arrays

SEGMENT_BIT: Mapping[Side, int] = MappingProxyType({"left": 1, "right": 2})
"""Bit of a hand in `Sample.segmentation`."""


class Knowledge(IntEnum):
    """How much of a hand is known; each level includes those before it.

    A loss reads nothing from beyond a label's level.
    """

    POINTS_2D = 1
    """The joints in the image."""
    WEAK_3D = 2
    """Joints in metres too, good relative to the wrist, weak along the viewing ray: pseudo-labels."""
    FULL = 3
    """Parameters, mesh and joints, exact."""


@dataclass(frozen=True, eq=False)
class HandLabel:
    """One hand of a sample.

    Attributes:
        knowledge: what of the rest may be trusted.
        joints_px: (21, 2) float32, crop px, centres of pixels at whole numbers.
        joints: (21, 3) float32, metres, camera frame; None below `Knowledge.WEAK_3D`.
        vertices: (778, 3) float32, metres, camera frame; always there at `Knowledge.FULL`, sometimes below.
        parameters: of the hand model that the source was labelled with; always there at `Knowledge.FULL`.
    """

    knowledge: Knowledge
    joints_px: np.ndarray
    joints: np.ndarray | None = None
    vertices: np.ndarray | None = None
    parameters: HandParameters | None = None

    def __post_init__(self) -> None:
        lock_arrays(self)
        missing = (self.knowledge >= Knowledge.WEAK_3D and self.joints is None) or (
            self.knowledge >= Knowledge.FULL and (self.vertices is None or self.parameters is None)
        )
        if missing:
            raise ValueError(f"a label of level {self.knowledge.name} must hold what that level promises")


@dataclass(frozen=True, eq=False)
class Sample:
    """A crop and its labels.

    Attributes:
        image: (S, S, 3) uint8 RGB.
        intrinsics: of the crop: its focal length and principal point in crop px, so that
            `intrinsics.project(joints)` is `joints_px`. The principal point may lie outside the crop.
        hands: by side; the person's own left or right hand.
        presence_known: whether a side that is not in `hands` is known to be absent; where it is not, nothing may be
            learnt from its absence.
        segmentation: (S, S) uint8, `SEGMENT_BIT` of every hand whose silhouette, wrist to finger tips, covers the
            pixel, whatever hides it; None where that is not known.
        source: of the image, for reports and licences ("synthetic", or the data set's name).
    """

    image: np.ndarray
    intrinsics: Intrinsics
    hands: Mapping[Side, HandLabel]
    presence_known: bool
    segmentation: np.ndarray | None
    source: str

    __post_init__ = lock_arrays
