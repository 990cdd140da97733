"""A virtual camera, through pyvirtualcam: other programs see the image with the hands as a webcam."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.outputs.streaming.output import Output, OutputError
from app.sessions.video import fit
from models.extras import missing
from models.sentences import said, say
from tracking.values import TrackedFrame

_FPS = 30.0
"""Rate that the device announces; frames are passed on when they come."""


class VirtualCameraOutput(Output):
    """Shows the frames with the hands drawn in, unmirrored, in the size of the first one."""

    kind = "virtual-camera"
    drawn = True

    def __init__(self) -> None:
        self._module: Any = None
        self._camera: Any = None

    @property
    def address(self) -> str:
        """Name of the device, once there is one."""
        camera = self._camera
        return camera.device if camera is not None else "first virtual camera"

    @property
    def works(self) -> bool:
        """Once there is a device, which takes the size of the first frame."""
        return self._camera is not None

    def open(self) -> None:
        """Load the package; the device is opened with the first frame, whose size it takes."""
        try:
            import pyvirtualcam
        except ImportError as error:
            raise OutputError(said(missing(say("A virtual camera"), "virtual-camera", error))) from error
        self._module = pyvirtualcam

    def send(self, tracked: TrackedFrame) -> None:
        """Show a frame."""
        image = tracked.frame.image
        if self._camera is None:
            self._camera = self._open_device(image.shape[1], image.shape[0])
        self._camera.send(np.ascontiguousarray(fit(image, (self._camera.width, self._camera.height))))

    def close(self) -> None:
        """Give the device back."""
        if self._camera is not None:
            self._camera.close()
            self._camera = None

    def _open_device(self, width: int, height: int) -> Any:
        try:
            return self._module.Camera(width=width, height=height, fps=_FPS, fmt=self._module.PixelFormat.RGB)
        except RuntimeError as error:  # what pyvirtualcam raises where it finds no device
            raise OutputError(
                say(
                    "There is no virtual camera to show the image on: on Linux load one with `sudo modprobe "
                    "v4l2loopback`, on Windows and macOS install OBS Studio ({reason})",
                    reason=str(error).splitlines()[0],
                )
            ) from error
