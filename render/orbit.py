"""A camera that a person moves around a point, for looking at hands from the side."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.values import Intrinsics

NEAREST, FARTHEST = 0.15, 4.0
"""Metres between the viewer and the point that is looked at."""
STEEPEST = 85.0
FIELD_OF_VIEW = 45.0
_FARTHEST_TARGET = 2.0


@dataclass(frozen=True)
class Orbit:
    """Where a viewer stands; all in the frame of the camera that saw the hands (x right, y down, z forward, metres).

    Attributes:
        yaw: degrees about the vertical; 0 looks the way the camera does, 90 from its left.
        pitch: degrees; positive looks down from above.
        distance: metres to the target.
        target: that is looked at.
    """

    yaw: float = 35.0
    pitch: float = 22.0
    distance: float = 0.95
    target: tuple[float, float, float] = (0.0, 0.02, 0.38)

    def turned(self, yaw: float, pitch: float) -> Orbit:
        """Further round, degrees; never over the top."""
        return replace(
            self, yaw=(self.yaw + yaw) % 360.0, pitch=float(np.clip(self.pitch + pitch, -STEEPEST, STEEPEST))
        )

    def zoomed(self, factor: float) -> Orbit:
        """Nearer (below 1) or farther."""
        return replace(self, distance=float(np.clip(self.distance * factor, NEAREST, FARTHEST)))

    def moved(self, right: float, down: float) -> Orbit:
        """Another target, metres aside as the viewer sees it."""
        axes = self.axes
        target = np.array(self.target) + right * axes[0] + down * axes[1]
        x, y, z = np.clip(target, -_FARTHEST_TARGET, _FARTHEST_TARGET)
        return replace(self, target=(float(x), float(y), float(z)))

    @property
    def axes(self) -> np.ndarray:
        """(3, 3): the viewer's right, down and forward as rows."""
        yaw, pitch = np.radians(self.yaw), np.radians(self.pitch)
        forward = np.array([np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)])
        right = np.array([np.cos(yaw), 0.0, -np.sin(yaw)])
        return np.stack([right, np.cross(forward, right), forward])

    def seen(self, points: np.ndarray) -> np.ndarray:
        """Points (..., 3) of the camera's frame in the viewer's, metres."""
        axes = self.axes
        eye = np.array(self.target) - self.distance * axes[2]
        return (np.asarray(points, np.float64) - eye) @ axes.T

    def intrinsics(self, width: int, height: int) -> Intrinsics:
        """Of the viewer, for an image of this size, px."""
        focal = 0.5 * min(width, height) / np.tan(np.radians(FIELD_OF_VIEW) / 2)
        return Intrinsics(focal, focal, (width - 1) / 2, (height - 1) / 2, width, height)
