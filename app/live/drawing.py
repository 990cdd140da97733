"""Hands over a frame as it is seen: with the screen's pixels while there is time for it, else drawn into it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.live.crispness import Crispness
from app.live.framing import Framing
from models.values import Intrinsics, Reconstruction
from render.layers import Canvas, Layer, draw_layers
from render.overlay import OverlayPainter
from render.protocol import OverlayStyle


@dataclass(frozen=True)
class Sight:
    """What of a frame is seen, and how finely hands are drawn for it.

    Attributes:
        scale: px to be drawn for each px of the frame.
        canvas: what hands are drawn for; None draws them into the frame.
        mirrored: the canvas's left and right are swapped on the screen.
    """

    scale: float = 1.0
    canvas: Canvas | None = None
    mirrored: bool = False

    @classmethod
    def of(cls, image: np.ndarray, framing: Framing | None, crispness: Crispness) -> Sight:
        """As finely as there is time for.

        Args:
            image: (H, W, 3), the frame.
            framing: where frames lie on the screen; None, and one for frames of another size, draws into the frame.
            crispness: of who draws.
        """
        if framing is None:
            return cls()
        height, width = image.shape[:2]
        scale = crispness.scale(framing.scale) if framing.frame == (width, height) else 1.0
        return cls(scale, framing.canvas(scale) if scale > 1.0 else None, framing.mirrored)


@dataclass(frozen=True, eq=False)
class Drawn:
    """A frame with hands.

    Attributes:
        image: (H, W, 3) uint8 RGB, unmirrored, hands drawn in unless they are in `layers`.
        layers: the hands by themselves, with the screen's pixels; None where they are in the image.
    """

    image: np.ndarray
    layers: tuple[Layer, ...] | None = None


def draw_seen(
    painter: OverlayPainter,
    image: np.ndarray,
    hands: Reconstruction,
    intrinsics: Intrinsics,
    style: OverlayStyle,
    sight: Sight,
) -> Drawn:
    """Draw hands over a frame.

    Args:
        painter: draws the hands; owned by the calling thread.
        image: (H, W, 3) uint8 RGB, unmirrored; left as it is.
        hands: in the camera frame of `intrinsics`.
        intrinsics: camera of `image`.
        style: view, opacity and colours.
        sight: what of it is seen.
    """
    if sight.canvas is None:
        return Drawn(painter.paint(image, hands, intrinsics, style))
    return Drawn(image, draw_layers(painter, hands, intrinsics, style, sight.canvas, mirrored=sight.mirrored))
