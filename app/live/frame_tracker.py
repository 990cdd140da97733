"""What a live session asks of a tracker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from models.fitting.calibration import ShapeRule
from models.registry import HandModels, Reconstructor
from tracking.camera_model import KnownCamera
from tracking.config import TrackerConfig
from tracking.smoothing import SmoothingSettings
from tracking.values import Frame, TrackedFrame


class FrameTracker(Protocol):
    """What is asked of `tracking.tracker.Tracker`."""

    hand_models: HandModels
    smoothing: SmoothingSettings | None
    shape_rule: ShapeRule
    lock_sides: bool

    @property
    def model(self) -> str:
        """Name of the model in use."""
        ...

    @property
    def config(self) -> TrackerConfig:
        """What it is made of now."""
        ...

    @property
    def reconstructor(self) -> Reconstructor:
        """The model in use."""
        ...

    def track(self, frame: Frame, *, independent: bool = False) -> TrackedFrame:
        """Hands of one frame."""
        ...

    def use_model(self, name: str, reconstructor: Reconstructor) -> Reconstructor:
        """Go on with another model; returns the old one, which the caller closes."""
        ...

    def use_camera(
        self, fov: float | None = None, camera_file: Path | None = None, camera: KnownCamera | None = None
    ) -> None:
        """Go on with other intrinsics."""
        ...

    def reset(self) -> None:
        """Another source or take begins."""
        ...

    def close(self) -> None:
        """Release detector and model."""
        ...


CreateTracker = Callable[[TrackerConfig], FrameTracker]
"""A configuration to a tracker that is warmed up."""
