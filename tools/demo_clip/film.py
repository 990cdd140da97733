"""A webcam's image of the figure before the room."""

from __future__ import annotations

import cv2
import numpy as np

from models.values import Intrinsics
from tools.demo_clip.figure import Figure
from tools.demo_clip.motion import Choreography
from tools.demo_clip.room import draw_room
from tools.demo_clip.scene import SceneRenderer
from tools.demo_clip.size import FIELD_OF_VIEW, FPS, HEIGHT, WIDTH

GRAIN = 1.6
"""Standard deviation of the sensor's noise, of 255."""
SOFTNESS = 0.55
"""Standard deviation of the lens's blur in the plane of focus, px."""

SATURATION, CONTRAST, MIDDLE_GREY = 1.14, 1.08, 122.0


class Film:
    """Frames of the clip by number. Made, used and closed in one thread."""

    def __init__(self, figure: Figure, choreography: Choreography) -> None:
        self._figure, self._choreography = figure, choreography
        self._room = draw_room()
        self._renderer = SceneRenderer(figure.surface, Intrinsics.from_fov(WIDTH, HEIGHT, FIELD_OF_VIEW))

    def frame(self, index: int) -> np.ndarray:
        """(HEIGHT, WIDTH, 3) uint8 RGB; the same number gives the same image."""
        vertices, middle = self._figure.vertices(self._choreography.hands(index / FPS))
        layer = cv2.resize(
            self._renderer.render(vertices, middle).astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA
        )
        picture = self._room * (1.0 - layer[..., 3:] / 255.0) + layer[..., :3]
        picture = _develop(cv2.GaussianBlur(picture, (0, 0), SOFTNESS))
        noise = np.random.default_rng(index).normal(0.0, GRAIN, (HEIGHT, WIDTH, 1))
        return np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)

    def close(self) -> None:
        """Release the renderer."""
        self._renderer.close()


def _develop(picture: np.ndarray) -> np.ndarray:
    """A webcam's taste: a little more colour and contrast."""
    grey = picture @ np.array([0.299, 0.587, 0.114], np.float32)
    vivid = grey[..., None] + SATURATION * (picture - grey[..., None])
    return MIDDLE_GREY + CONTRAST * (vivid - MIDDLE_GREY)
