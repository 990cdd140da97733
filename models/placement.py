"""From the network's view of a crop to the camera frame.

The network sees a square of the image. Its axes are those of a camera at the same place, turned to look through the
middle of that square: a hand at the image's edge looks turned, and only in these axes does what it looks like tell
how it is posed.
"""

from __future__ import annotations

import numpy as np

from models.values import Crop, Intrinsics

NEAREST = 0.1
"""Metres: a hand is not put nearer than this, where parts of it would lie behind the camera."""


def view_rotation(frame_to_crop: np.ndarray, size: int, intrinsics: Intrinsics) -> np.ndarray:
    """Rotation from view axes to camera axes.

    Args:
        frame_to_crop: (2, 3) affine, frame px to crop px.
        size: side of the crop, px.
        intrinsics: of the frame.

    Returns:
        (3, 3); z looks through the crop's middle, x is the crop's direction to the right.
    """
    linear = np.linalg.inv(np.asarray(frame_to_crop[:, :2], np.float64))
    middle = linear @ ((size - 1) / 2.0 - np.asarray(frame_to_crop[:, 2], np.float64))
    forward = np.array([*_normalised(middle, intrinsics), 1.0])
    forward /= np.linalg.norm(forward)
    right = np.array([linear[0, 0] / intrinsics.fx, linear[1, 0] / intrinsics.fy, 0.0])
    right -= (right @ forward) * forward
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(forward, right), forward], axis=1)


def to_frame(places: np.ndarray, crop: Crop) -> np.ndarray:
    """Places (..., 2) in a crop, [-1, 1] over it, to frame px."""
    in_crop = (places + 1.0) * (crop.image.shape[0] / 2.0) - 0.5
    linear = np.linalg.inv(np.asarray(crop.frame_to_crop[:, :2], np.float64))
    return (in_crop - crop.frame_to_crop[:, 2]) @ linear.T


def place_hand(points: np.ndarray, camera: np.ndarray, crop: Crop, rotation: np.ndarray) -> np.ndarray:
    """Where the hand's root lies, so that the hand projects to where the weak-perspective camera sees it.

    The points' places in the image give two linear equations each, (x + X) - u (z + Z) = 0 in normalised view
    coordinates; their least squares solution is exact when the hand is small against its distance.

    Args:
        points: (N, 3) metres, relative to the root, view axes; not all at one place.
        camera: (3,) scale in half crops a metre, and the root's place in the crop, [-1, 1].
        crop: what the network saw.
        rotation: `view_rotation` of the crop.

    Returns:
        (3,) metres, view axes.
    """
    in_frame = to_frame(points[:, :2] * camera[0] + camera[1:], crop)
    rays = np.concatenate([_normalised(in_frame, crop.intrinsics), np.ones((len(points), 1))], axis=1) @ rotation
    u = rays[:, :2] / rays[:, 2:]
    # Normal equations of [1 0 -u_x; 0 1 -u_y] (X, Y, Z) = u z - (x, y).
    right = u * points[:, 2:] - points[:, :2]
    count = float(len(points))
    mean_u, mean_right = u.mean(axis=0), right.mean(axis=0)
    spread = np.sum(u * u) / count - mean_u @ mean_u
    depth = max(-(np.sum(u * right) / count - mean_u @ mean_right) / spread, NEAREST)
    return np.array([*(mean_right + mean_u * depth), depth])


def _normalised(pixels: np.ndarray, intrinsics: Intrinsics) -> np.ndarray:
    """Frame px (..., 2) to x / z and y / z in camera axes."""
    centre = np.array([intrinsics.cx, intrinsics.cy])
    return (pixels - centre) / np.array([intrinsics.fx, intrinsics.fy])
