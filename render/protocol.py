"""What the app asks of an overlay renderer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np

from models.values import Intrinsics, Side

OverlayView = Literal["mesh", "skeleton", "mesh+skeleton", "wireframe", "none"]

# Okabe and Ito's blue and vermilion: told apart with any of the common colour vision deficiencies
# (https://jfly.uni-koeln.de/color/).
SIDE_COLOURS: Mapping[Side, tuple[int, int, int]] = {"left": (0, 114, 178), "right": (213, 94, 0)}


@dataclass(frozen=True)
class OverlayStyle:
    """How hands are drawn.

    Attributes:
        view: what is drawn.
        opacity: of the meshes, 0 (invisible) to 1 (solid).
        colours: sRGB 0..255 by side.
        line_px: width of a wireframe's lines, whole px of the image.
    """

    view: OverlayView = "mesh"
    opacity: float = 0.85
    colours: Mapping[Side, tuple[int, int, int]] = field(default_factory=lambda: dict(SIDE_COLOURS))
    line_px: int = 1


class MeshRenderer(Protocol):
    """Draws hand meshes over an image. Made, used and closed in one thread (OpenGL contexts belong to a thread).

    Attributes:
        name: of the renderer.
    """

    name: str

    @property
    def faces(self) -> Mapping[Side, np.ndarray]:
        """(F, 3) by side, that it was made with."""
        ...

    def render(
        self, image: np.ndarray, vertices: Mapping[Side, np.ndarray], intrinsics: Intrinsics, style: OverlayStyle
    ) -> np.ndarray:
        """A new image of the same kind with the meshes over `image`.

        Args:
            image: (H, W, 3) uint8 RGB, or (H, W, 4) RGBA, premultiplied: over a transparent one (all zero) the meshes
                are drawn by themselves.
            vertices: (778, 3) by side, metres, camera frame (x right, y down, z forward).
            intrinsics: camera of `image`.
            style: opacity and colours; `view` is not looked at here.
        """
        ...

    def close(self) -> None:
        """Release the context, in the thread that made it."""
        ...
