"""How a video's container wants its images turned and mirrored before they are shown."""

from __future__ import annotations

import struct
from typing import NamedTuple

import numpy as np
from av.video.frame import VideoFrame


class Display(NamedTuple):
    """One of the eight ways in which an image can lie: transposed first, then mirrored.

    Attributes:
        transposed: rows become columns.
        mirrored: left and right change places.
        upside_down: top and bottom change places.
    """

    transposed: bool = False
    mirrored: bool = False
    upside_down: bool = False

    def apply(self, image: np.ndarray) -> np.ndarray:
        """Lay an (H, W, C) image as it is meant; C-contiguous, (W, H, C) where it is transposed."""
        if self.transposed:
            image = image.swapaxes(0, 1)
        if self.mirrored:
            image = image[:, ::-1]
        if self.upside_down:
            image = image[::-1]
        return np.ascontiguousarray(image)


def display_of(frame: VideoFrame) -> Display:
    """What the display matrix of a decoded frame asks for (ISO 14496-12, 8.3.2; H.264 and HEVC have it in a message).

    Phones write portrait videos as landscape ones and a quarter turn; some write what their front camera saw mirrored
    with a matrix that mirrors it. A matrix that turns by another angle, which none of them writes, is taken for the
    nearest quarter turn.
    """
    data = frame.side_data.get("DISPLAYMATRIX")
    if data is None:
        return Display()
    # A stored point (x, y) is shown at (a x + c y, b x + d y).
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(data))
    if abs(b) + abs(c) > abs(a) + abs(d):
        return Display(transposed=True, mirrored=c < 0, upside_down=b < 0)
    return Display(mirrored=a < 0, upside_down=d < 0)
