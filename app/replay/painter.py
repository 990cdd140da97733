"""Paints the hands of one run, or of two side by side, over an image."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.values import Intrinsics, Reconstruction
from render.overlay import OverlayPainter
from render.protocol import OverlayStyle


def paint_runs(
    painter: OverlayPainter,
    image: np.ndarray,
    runs: Sequence[Reconstruction],
    intrinsics: Intrinsics,
    style: OverlayStyle,
    *,
    mirrored: bool,
) -> np.ndarray:
    """An image (H, W, 3) with the hands of each run, several side by side in one array (H, n W, 3).

    Args:
        painter: of the calling thread.
        image: (H, W, 3) uint8 RGB, unmirrored.
        runs: hands in the camera frame of the image.
        intrinsics: camera of the image.
        style: view, opacity and colours.
        mirrored: whether each image is turned as in a mirror.
    """
    panels = [painter.paint(image, hands, intrinsics, style) for hands in runs]
    if mirrored:
        panels = [panel[:, ::-1] for panel in panels]
    return np.ascontiguousarray(np.concatenate(panels, axis=1) if len(panels) > 1 else panels[0])
