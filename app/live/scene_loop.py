"""The thread that draws the 3D view: beside the image's own, so that looking around slows nothing down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from app.live.painting import CreateRenderer, open_painter
from app.live.values import MessageBoard
from models.sentences import say
from models.values import Intrinsics, Reconstruction, Side
from render.orbit import Orbit
from render.overlay import OverlayPainter
from render.protocol import OverlayStyle
from render.scene import Colour, draw_scene
from tracking.mailbox import Mailbox


@dataclass(frozen=True, eq=False)
class SceneJob:
    """What is to be seen.

    Attributes:
        hands: in the frame of the camera.
        intrinsics: of the camera.
        faces: (F, 3) by side, of the meshes; None where none could be loaded.
        orbit: where the viewer stands.
        size: width and height of the image, px.
        style: of the hands.
        colours: of `draw_scene`: background, ink, camera_ink.
    """

    hands: Reconstruction
    intrinsics: Intrinsics
    faces: Mapping[Side, np.ndarray] | None
    orbit: Orbit
    size: tuple[int, int]
    style: OverlayStyle
    colours: Mapping[str, Colour] = field(default_factory=dict)


class SceneLoop:
    """What the thread does: the newest job becomes an image.

    Args:
        create_renderer: called in the thread.
        board: is told what goes wrong.

    Attributes:
        jobs: what is to be drawn; the newest counts.
        images: (H, W, 3) uint8 RGB; the newest counts.
    """

    def __init__(self, create_renderer: CreateRenderer, board: MessageBoard) -> None:
        self.jobs: Mailbox[SceneJob] = Mailbox()
        self.images: Mailbox[np.ndarray] = Mailbox()
        self._create_renderer = create_renderer
        self._board = board
        self._painter: OverlayPainter | None = None
        self._failing = False

    def run(self) -> None:
        """Draw until the mailbox of jobs is closed."""
        try:
            while (job := self.jobs.take()) is not None:
                try:
                    self.images.put(self.draw(job))
                except Exception as error:  # noqa: BLE001 - told and logged
                    if not self._failing:
                        self._board.post_error(say("Drawing the 3D view"), error)
                    self._failing = True
        finally:
            if self._painter is not None:
                self._painter.close()

    def draw(self, job: SceneJob) -> np.ndarray:
        """One image."""
        if self._painter is None and job.faces is not None:
            self._painter = open_painter(self._create_renderer, job.faces, self._board)
        painter = self._painter or OverlayPainter(None)
        width, height = job.size
        return draw_scene(painter, job.hands, job.intrinsics, job.orbit, job.style, width, height, **job.colours)
