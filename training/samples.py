"""One training or test picture with what is known of its hands: what every source of data gives out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from models.checks import check_shape
from models.values import HandParameters, Intrinsics, Side

SAMPLE_SIZE = 256
"""Side of a sample's picture, px."""


def _all_joints() -> np.ndarray:
    return np.ones(21, dtype=bool)


@dataclass(frozen=True, eq=False)
class HandLabels:
    """What is known of one hand. None stands for "not known", never for "zero".

    Attributes:
        present: whether the hand is in the picture; None where nobody looked.
        joints_px: (21, 2) float32, crop px.
        joints: (21, 3) float32, metres, camera frame.
        joints_known: (21,) bool, which entries of the two above hold; the others are zero.
        vertices: (778, 3) float32, metres, camera frame.
        parameters: hand-model parameters that give the mesh, in the camera frame.
        mask: (256, 256) float32, 0..1, the hand's whole silhouette, what lies in front of it included.
    """

    present: bool | None = None
    joints_px: np.ndarray | None = None
    joints: np.ndarray | None = None
    joints_known: np.ndarray = field(default_factory=_all_joints)
    vertices: np.ndarray | None = None
    parameters: HandParameters | None = None
    mask: np.ndarray | None = None

    def __post_init__(self) -> None:
        shapes = {
            "joints_px": (21, 2),
            "joints": (21, 3),
            "joints_known": (21,),
            "vertices": (778, 3),
            "mask": (SAMPLE_SIZE, SAMPLE_SIZE),
        }
        for name, shape in shapes.items():
            array = getattr(self, name)
            if array is not None:
                check_shape(array, shape, name)


ABSENT = HandLabels(present=False)
"""Of a side that is not in the picture."""


@dataclass(frozen=True, eq=False)
class Sample:
    """A picture and its labels.

    Attributes:
        image: (256, 256, 3) uint8 RGB, zero outside the frame it was cut from.
        intrinsics: camera of the crop: it projects camera metres to crop px.
        hands: labels of both sides, always two entries.
        source: where it comes from, for reports ("interhand test 123").
    """

    image: np.ndarray
    intrinsics: Intrinsics
    hands: Mapping[Side, HandLabels]
    source: str = ""

    def __post_init__(self) -> None:
        check_shape(self.image, (SAMPLE_SIZE, SAMPLE_SIZE, 3), "image")

    @property
    def interacting(self) -> bool:
        """Whether both hands are known to be in the picture, however much of them shows."""
        return all(labels.present for labels in self.hands.values())
