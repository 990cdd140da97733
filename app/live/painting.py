"""The painter of a window: where meshes cannot be drawn it says so and paints skeletons."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from app.live.values import MessageBoard
from models.sentences import say
from models.values import Side
from render.overlay import OverlayPainter
from render.protocol import MeshRenderer

CreateRenderer = Callable[[Mapping[Side, np.ndarray]], MeshRenderer]
"""Faces (F, 3) by side to a renderer."""


def open_painter(
    create_renderer: CreateRenderer, faces: Mapping[Side, np.ndarray], board: MessageBoard
) -> OverlayPainter:
    """A painter of the calling thread.

    Args:
        create_renderer: makes the GL context.
        faces: (F, 3) by side.
        board: is told what goes wrong.
    """

    def failed(error: Exception) -> None:
        board.post_error(say("Starting the renderer"), error)
        board.post("warning", say("Hands are drawn as skeletons, because meshes cannot be drawn here."))

    return OverlayPainter.open(lambda: create_renderer(faces), failed)
