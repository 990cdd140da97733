"""Draws the hands of one run, or of two side by side, over an image."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from app.live.values import MessageBoard
from models.values import Intrinsics, Reconstruction, Side
from render.overlay import draw_hands
from render.protocol import MeshRenderer, OverlayStyle

CreateRenderer = Callable[[Mapping[Side, np.ndarray]], MeshRenderer]
"""Faces (F, 3) by side to a renderer."""


class Painter:
    """Owns the renderer; made, used and closed in one thread. Without OpenGL hands are drawn as skeletons.

    Args:
        create_renderer: makes the GL context.
        faces: (F, 3) by side.
        board: is told what goes wrong.
    """

    def __init__(
        self,
        create_renderer: CreateRenderer,
        faces: Mapping[Side, np.ndarray],
        board: MessageBoard,
    ) -> None:
        self._renderer: MeshRenderer | None = None
        try:
            self._renderer = create_renderer(faces)
        except Exception as error:  # noqa: BLE001 - told and logged
            board.post_error("Starting the renderer", error)
            board.post("warning", "Hands are drawn as skeletons, because meshes cannot be drawn here.")

    def paint(
        self,
        image: np.ndarray,
        runs: Sequence[Reconstruction],
        intrinsics: Intrinsics,
        style: OverlayStyle,
        *,
        mirrored: bool,
    ) -> np.ndarray:
        """An image (H, W, 3) with the hands of each run, several side by side in one array (H, n W, 3).

        Args:
            image: (H, W, 3) uint8 RGB, unmirrored.
            runs: hands in the camera frame of the image.
            intrinsics: camera of the image.
            style: view, opacity and colours.
            mirrored: whether each image is turned as in a mirror.
        """
        if self._renderer is None and style.view != "none":
            style = replace(style, view="skeleton")
        panels = [draw_hands(self._renderer, image, hands, intrinsics, style) for hands in runs]
        if mirrored:
            panels = [panel[:, ::-1] for panel in panels]
        return np.ascontiguousarray(np.concatenate(panels, axis=1) if len(panels) > 1 else panels[0])

    def close(self) -> None:
        """Release the context."""
        if self._renderer is not None:
            self._renderer.close()
