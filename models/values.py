"""Immutable values that cross rooms and threads.

Frames of reference, everywhere in the project:

* *frame px*: pixels of the unmirrored camera image, x right, y down, (0, 0) the centre of the top-left pixel;
* *camera*: metres, x right, y down, z forward, origin at the optical centre;
* joint order (21): wrist, then thumb, index, middle, ring, little, each from base to tip.

Arrays are made read-only when a value is built, so that no thread can change what another one holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Literal

import numpy as np

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")
OTHER_SIDE: Mapping[Side, Side] = MappingProxyType({"left": "right", "right": "left"})

WRIST, MIDDLE_KNUCKLE = 0, 9
FINGERS: Mapping[str, tuple[int, int, int, int]] = MappingProxyType(
    {
        "thumb": (1, 2, 3, 4),
        "index": (5, 6, 7, 8),
        "middle": (9, 10, 11, 12),
        "ring": (13, 14, 15, 16),
        "little": (17, 18, 19, 20),
    }
)
"""Joints of each finger from base to tip, as indices into the 21 joints."""


def lock_arrays(value: object) -> None:
    """Make the arrays of a dataclass read-only; stands as its `__post_init__`."""
    for entry in fields(value):  # type: ignore[arg-type]
        array = getattr(value, entry.name)
        if isinstance(array, np.ndarray):
            view = array.view()
            view.flags.writeable = False
            object.__setattr__(value, entry.name, view)


@dataclass(frozen=True, eq=False)
class Intrinsics:
    """Pinhole camera without distortion.

    Attributes:
        fx, fy: focal lengths, px.
        cx, cy: principal point, frame px.
        width, height: image size for which the above hold, px.
    """

    fx: float
    fy: float
    cx: float
    cy: float
    width: int
    height: int

    @classmethod
    def from_fov(cls, width: int, height: int, horizontal_degrees: float = 60.0) -> Intrinsics:
        """Square pixels, principal point in the middle, and this horizontal field of view."""
        focal = width / (2.0 * np.tan(np.radians(horizontal_degrees) / 2.0))
        return cls(float(focal), float(focal), (width - 1) / 2.0, (height - 1) / 2.0, width, height)

    @classmethod
    def assumed(cls, width: int, height: int) -> Intrinsics:
        """For a camera of which nothing is known: 60 degrees across the longer side, so that an image taken upright
        is one taken by a turned camera.
        """
        wide = cls.from_fov(max(width, height), min(width, height))
        return cls(wide.fx, wide.fy, (width - 1) / 2.0, (height - 1) / 2.0, width, height)

    @property
    def matrix(self) -> np.ndarray:
        """Camera points (3,) to homogeneous frame px, (3, 3) float64: OpenCV's camera matrix K."""
        return np.array([[self.fx, 0.0, self.cx], [0.0, self.fy, self.cy], [0.0, 0.0, 1.0]])

    def project(self, points: np.ndarray) -> np.ndarray:
        """Camera points (..., 3) in metres to frame px (..., 2)."""
        depth = points[..., 2:3]
        return points[..., :2] / depth * np.array([self.fx, self.fy]) + np.array([self.cx, self.cy])


@dataclass(frozen=True, eq=False)
class Detection:
    """One hand as a detector sees it.

    Attributes:
        side: the person's own left or right hand, judged on the unmirrored image.
        score: confidence that this is a hand, 0..1.
        box: x0, y0, x1, y1 around the landmarks, frame px, (4,) float32.
        landmarks: (21, 2) float32, frame px.
        world_landmarks: (21, 3) float32, metres, origin near the hand's centre, camera axes; depth is weak.
    """

    side: Side
    score: float
    box: np.ndarray
    landmarks: np.ndarray
    world_landmarks: np.ndarray

    __post_init__ = lock_arrays


Reader = Literal["landmarks", "network", "palm", "prediction"]
"""Who says where a hand is: MediaPipe's landmark network, a reconstruction network, the palm detector, or the past."""


@dataclass(frozen=True, eq=False)
class HandObservation:
    """What one reader says of one hand in one frame.

    "landmarks" marks MediaPipe's 21 points, which do not lie on the hand model's joints (see
    `models.fitting.landmark_points`); every other reader gives the hand model's joints, fingertips at its tip vertices.

    Attributes:
        reader: who says it.
        presence: probability that the hand is there, 0..1.
        left_odds: log odds that it is the person's left hand; 0 where the reader cannot tell.
        joints_2d: (21, 2) frame px.
        sigma_2d: (21,) standard deviation of each, px; inf where the reader does not know the joint.
        joints_3d: (21, 3) metres, camera axes, any origin; None where the reader knows nothing of space.
        sigma_3d: (21, 3) standard deviation of each along each axis, metres, inf as above; None as above.
    """

    reader: Reader
    presence: float
    left_odds: float
    joints_2d: np.ndarray
    sigma_2d: np.ndarray
    joints_3d: np.ndarray | None = None
    sigma_3d: np.ndarray | None = None

    __post_init__ = lock_arrays


@dataclass(frozen=True, eq=False)
class Crop:
    """What a reconstructor gets: the square around the interacting hands, and where it lies in the frame.

    Attributes:
        image: (256, 256, 3) uint8 RGB, zero outside the frame.
        frame_to_crop: (2, 3) float32 affine, frame px to crop px.
        sides: hands that the detector, or the last result, says are in it.
        detections: the detections inside it (frame px); models whose card says `needs_landmarks` read these.
        intrinsics: camera of the whole frame.
        captured_ns: when the frame was taken; None for an image that stands alone, from which and to which
            nothing may be carried over.
        expected: hands that were there a moment ago, or that a detector sees: less is needed to believe in these.
    """

    image: np.ndarray
    frame_to_crop: np.ndarray
    sides: frozenset[Side]
    detections: tuple[Detection, ...]
    intrinsics: Intrinsics
    captured_ns: int | None = None
    expected: frozenset[Side] = frozenset()

    __post_init__ = lock_arrays


@dataclass(frozen=True, eq=False)
class HandParameters:
    """MANO-style parameters of one hand.

    Attributes:
        pose: (16, 3) float32, axis-angle in radians, wrist (global rotation, in the camera frame) first, then 15
            joints in MANO's order (index, middle, little, ring, thumb; base to tip). Zero is the model's flat
            template: no mean pose is added.
        shape: (10,) float32, standard deviations.
        translation: (3,) float32, metres in the camera frame, added after posing (MANO's convention: the wrist
            joint lies at translation + its rest position).
    """

    pose: np.ndarray
    shape: np.ndarray
    translation: np.ndarray

    __post_init__ = lock_arrays


@dataclass(frozen=True, eq=False)
class FittedHand:
    """One hand before its mesh is made.

    Attributes:
        parameters: that explain what was read of it.
        score: confidence that the hand is there, 0..1.
    """

    parameters: HandParameters
    score: float


@dataclass(frozen=True, eq=False)
class HandReconstruction:
    """One reconstructed hand.

    Attributes:
        parameters: the parameters that give the mesh.
        vertices: (778, 3) float32, metres, camera frame.
        joints: (21, 3) float32, metres, camera frame.
        joints_px: (21, 2) float32, frame px.
        score: confidence that the hand is there, 0..1.
        errors_px: (21,) float32, mean absolute error of each joint along an axis, frame px, as the model itself
            expects it; None where it says nothing of that.
    """

    parameters: HandParameters
    vertices: np.ndarray
    joints: np.ndarray
    joints_px: np.ndarray
    score: float
    errors_px: np.ndarray | None = None

    __post_init__ = lock_arrays


@dataclass(frozen=True, eq=False)
class Reconstruction:
    """The hands of one crop, by side; a side that is not there is not in the mapping."""

    hands: Mapping[Side, HandReconstruction] = field(default_factory=dict)
