"""From a frame with labels to the sample that a network sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from models.values import Intrinsics, Side
from tracking.cropper import CROP_SIZE, full_frame_crop, make_crop
from training.data.samples import HandLabel, Sample


def crop_sample(
    image: np.ndarray,
    camera: Intrinsics,
    hands: Mapping[Side, HandLabel],
    *,
    around: np.ndarray | None,
    presence_known: bool,
    source: str,
) -> Sample:
    """Cut the square that the live tracker would cut.

    Args:
        image: (H, W, 3) uint8 RGB frame.
        camera: of the frame.
        hands: labels with `joints_px` in frame px.
        around: (N, 2) frame px that the square is laid around, rows that are not numbers left out; None: the whole
            frame, padded square.
        presence_known: as in `Sample`.
        source: as in `Sample`.
    """
    crop, frame_to_crop = full_frame_crop(image) if around is None else make_crop(image, _finite(around))
    return Sample(
        image=crop,
        intrinsics=crop_camera(camera, frame_to_crop),
        hands={side: replace(label, joints_px=_moved(label.joints_px, frame_to_crop)) for side, label in hands.items()},
        presence_known=presence_known,
        segmentation=None,
        source=source,
    )


def crop_camera(camera: Intrinsics, frame_to_crop: np.ndarray) -> Intrinsics:
    """The camera of an upright crop: same centre and axes, so that points in metres stay as they are.

    Args:
        camera: of the frame.
        frame_to_crop: (2, 3) affine of scale and shift only.
    """
    (scale_x, _, shift_x), (_, scale_y, shift_y) = frame_to_crop.tolist()
    return Intrinsics(
        camera.fx * scale_x,
        camera.fy * scale_y,
        camera.cx * scale_x + shift_x,
        camera.cy * scale_y + shift_y,
        CROP_SIZE,
        CROP_SIZE,
    )


def _finite(points: np.ndarray) -> np.ndarray:
    return points[np.isfinite(points).all(axis=-1)]


def _moved(points_px: np.ndarray, frame_to_crop: np.ndarray) -> np.ndarray:
    return (points_px @ frame_to_crop[:, :2].T + frame_to_crop[:, 2]).astype(np.float32)
