"""What the tracker asks of a hand detector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from models.values import Detection


class HandDetector(Protocol):
    """Finds up to two hands in an image. Used by one thread."""

    name: str

    def detect(
        self, image: np.ndarray, previous: Sequence[Detection] = (), search: bool = True
    ) -> tuple[Detection, ...]:
        """Hands in one image.

        Args:
            image: (H, W, 3) uint8 RGB, unmirrored.
            previous: the hands of the frame before, which are followed without a new palm detection; empty looks
                at the image afresh.
            search: whether palm detection may run to find hands beyond those followed.

        Returns:
            At most two detections, at most one per side, the surest first.
        """
        ...

    def close(self) -> None:
        """Release the networks."""
        ...
