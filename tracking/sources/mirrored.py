"""A source that was mirrored before it came here, turned back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tracking.sources.camera_mode import CameraMode, ModalSource
from tracking.sources.protocol import BufferingSource, FrameSource
from tracking.values import Frame


class MirroredSource:
    """Turns the images of a mirrored source (a selfie clip) left to right, so that a right hand is one again.

    Args:
        source: the mirrored one; closed with this one.
    """

    def __init__(self, source: FrameSource) -> None:
        self._source = source
        self.name = source.name
        self.frame_count = source.frame_count
        self.live = source.live
        self.independent = source.independent

    @property
    def size(self) -> tuple[int, int]:
        """Width, height in px."""
        return self._source.size

    @property
    def fps(self) -> float | None:
        """Nominal frames per second, None where it has none."""
        return self._source.fps

    @property
    def ended_early(self) -> bool:
        """As of the source itself."""
        return self._source.ended_early

    @property
    def asked(self) -> CameraMode | None:
        """As of the source itself; None where it is no camera."""
        return self._source.asked if isinstance(self._source, ModalSource) else None

    @property
    def mode(self) -> CameraMode | None:
        """As of the source itself; None where it is no camera."""
        return self._source.mode if isinstance(self._source, ModalSource) else None

    @property
    def modes(self) -> Sequence[CameraMode]:
        """As of the source itself; none where it is no camera."""
        return self._source.modes if isinstance(self._source, ModalSource) else ()

    def keep_unread(self, count: int) -> None:
        """As of the source itself, where it can."""
        if isinstance(self._source, BufferingSource):
            self._source.keep_unread(count)

    def read(self) -> Frame | None:
        """As of the source itself, with the image turned.

        Raises:
            SourceError: as of the source itself.
        """
        frame = self._source.read()
        if frame is None:
            return None
        image = np.ascontiguousarray(frame.image[:, ::-1])
        image.flags.writeable = False
        return replace(frame, image=image)

    def close(self) -> None:
        """Close the source."""
        self._source.close()
