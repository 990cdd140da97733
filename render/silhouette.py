"""Where a mesh covers an image."""

from __future__ import annotations

import cv2
import numpy as np

from models.values import Intrinsics


def silhouette(vertices: np.ndarray, faces: np.ndarray, camera: Intrinsics) -> np.ndarray:
    """(H, W) uint8 of the camera's image, 255 where the mesh covers it.

    Args:
        vertices: (V, 3) metres, camera frame.
        faces: (F, 3).
        camera: of the image.
    """
    covered = np.zeros((camera.height, camera.width), np.uint8)
    for triangle in np.rint(16.0 * camera.project(vertices)[faces]).astype(np.int32):
        cv2.fillConvexPoly(covered, triangle, (255,), shift=4)
    return covered
