"""One webcam for a whole clip: the same background and colours in every frame, fresh noise in each."""

from __future__ import annotations

import cv2
import numpy as np

from evaluation.clips.clip import HEIGHT, SQUARE, WIDTH, rows_of_frame
from training.synthetic.backgrounds import Backgrounds

_SPARE = (160, 240)
"""Rows and columns by which the noise is larger than the image: each takes another part of it."""
_NOISE_SHAPE = (HEIGHT + _SPARE[0], WIDTH + _SPARE[1], 3)


class Webcam:
    """Lays hands over a background and spoils the image as a webcam in a room does.

    Args:
        backgrounds: to take one from.
        rng: for background and settings.
    """

    def __init__(self, backgrounds: Backgrounds, rng: np.random.Generator) -> None:
        self._ground = rows_of_frame(backgrounds.sample(rng, SQUARE))
        gain = np.exp(rng.normal(0.0, 0.08)) * (1.0 + rng.normal(0.0, (0.04, 0.02, 0.04)))
        value = np.linspace(0.0, 1.0, 256)[:, None]
        curve = gain * value ** np.exp(rng.normal(0.0, 0.12))
        self._curve = np.clip(np.rint(255.0 * curve), 0, 255).astype(np.uint8)[:, None]
        self._blur = rng.uniform(0.4, 0.9)
        # Cameras smooth their noise: it comes in spots, and is half as strong for that.
        noise = cv2.blur(rng.standard_normal(_NOISE_SHAPE, np.float32), (2, 2))
        self._noise = 2.0 * rng.uniform(1.5, 4.0) * noise
        self._quality = int(rng.integers(70, 93))

    def photograph(self, layer: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Take an image.

        Args:
            layer: (480, 640, 4) uint8, colour premultiplied with coverage.
            rng: for the noise.

        Returns:
            (480, 640, 3) uint8 RGB.
        """
        behind = cv2.cvtColor(255 - layer[..., 3], cv2.COLOR_GRAY2RGB)
        picture = cv2.add(cv2.multiply(self._ground, behind, scale=1.0 / 255.0), np.ascontiguousarray(layer[..., :3]))
        picture = cv2.LUT(cv2.GaussianBlur(picture, (0, 0), self._blur), self._curve)
        y, x = (int(rng.integers(0, spare, endpoint=True)) for spare in _SPARE)
        noise = self._noise[y : y + HEIGHT, x : x + WIDTH]
        noisy = cv2.add(picture, noise, dtype=cv2.CV_8U)
        coded = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, self._quality])[1]
        return cv2.imdecode(coded, cv2.IMREAD_COLOR)
