"""Which camera each image of a session was taken with, and what becomes of it in the session's video."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from app.sessions.info import SessionInfo
from app.sessions.moments import nearest
from app.sessions.video import fitted_box
from models.values import Intrinsics


@dataclass(frozen=True, eq=False)
class ImageCameras:
    """The cameras of a session, for images of one size: a video has the first image's, and others are fitted in.

    Attributes:
        table: as they are in session.json.
        size: width, height of the images, px.
        fitted: the same for images fitted into that size.
        begun_ns: (C,) int64 rising: when the camera changed.
        begun: (C + 1,) places in the table: before the first change, and from each on.
    """

    table: tuple[Intrinsics, ...]
    size: tuple[int, int]
    fitted: tuple[Intrinsics, ...]
    begun_ns: np.ndarray
    begun: np.ndarray

    @classmethod
    def of(cls, info: SessionInfo, size: tuple[int, int]) -> ImageCameras:
        """For a session's images.

        Args:
            info: what the session says of itself.
            size: width, height of the images, px.
        """
        table = info.camera_table
        changes = sorted(
            (event.captured_ns, event.value)
            for event in info.events
            if event.kind == "camera" and isinstance(event.value, int) and 0 <= event.value < len(table)
        )
        return cls(
            table=table,
            size=size,
            fitted=tuple(fitted_camera(camera, size) for camera in table),
            begun_ns=np.array([time for time, _ in changes], np.int64),
            begun=np.array([0, *(number for _, number in changes)]),
        )

    def at(self, captured_ns: int) -> int:
        """Place in the table of the camera that was in use at a time."""
        return int(self.begun[np.searchsorted(self.begun_ns, captured_ns, "right")])

    def of_images(self, times_ns: np.ndarray, hands: pa.Table) -> np.ndarray:
        """(P,) places in the table, one for each image.

        Args:
            times_ns: (P,) int64 rising: when the images were taken.
            hands: the session's journal, whose rows say it whatever their time.
        """
        numbers = self.begun[np.searchsorted(self.begun_ns, times_ns, "right")]
        pictures = nearest(times_ns, hands["captured_ns"].to_numpy())
        numbers[pictures[pictures >= 0]] = hands["camera"].to_numpy()[pictures >= 0]
        return numbers

    def pixels(self, joints_px: np.ndarray, camera: int) -> np.ndarray:
        """Points (..., 2) in the px of a camera's own image to those of the fitted image."""
        width, height = self.table[camera].width, self.table[camera].height
        if (width, height) == self.size:
            return joints_px
        left, top, inner_width, inner_height = fitted_box((width, height), self.size)
        scale = np.array([inner_width / width, inner_height / height])
        return ((joints_px + 0.5) * scale - 0.5 + (left, top)).astype(joints_px.dtype)


def fitted_camera(camera: Intrinsics, size: tuple[int, int]) -> Intrinsics:
    """The camera of an image that was fitted into another size, its shape kept, with borders.

    Args:
        camera: of the image as it was taken.
        size: width, height of the other one, px.
    """
    if (camera.width, camera.height) == size:
        return camera
    left, top, width, height = fitted_box((camera.width, camera.height), size)
    by_x, by_y = width / camera.width, height / camera.height
    return Intrinsics(
        camera.fx * by_x,
        camera.fy * by_y,
        (camera.cx + 0.5) * by_x - 0.5 + left,
        (camera.cy + 0.5) * by_y - 0.5 + top,
        *size,
    )
