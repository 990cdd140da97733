"""What is behind the hands: drawn rooms, people and table tops, and any folder of images."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from models.errors import BothhandsError
from tracking.sources import IMAGE_SUFFIXES
from tracking.sources.image_files import read_image
from tracking.sources.protocol import SourceError
from training.synthetic.appearance import random_skin_tone

SIDE = 320
_DRAWN = 64
"""Different rendered images; each use turns, cuts, mirrors and recolours one."""
_BLURS = (1.2, 2.5, 5.0)
"""Standard deviations, px."""
_FOLDER_SHARE = 0.6


class Backgrounds:
    """Images to lay hands over.

    Args:
        seed: of the rendered ones.
        folder: of images (searched in depth, read as they are needed); without hands, if labels are to be true.

    Raises:
        BothhandsError: the folder holds no image.
    """

    def __init__(self, seed: int, folder: Path | None) -> None:
        self._seed = seed
        self._files: list[Path] = []
        if folder is not None:
            self._files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in IMAGE_SUFFIXES)
            if not self._files:
                raise BothhandsError(
                    f"The background folder {folder} holds no image ({', '.join(sorted(IMAGE_SUFFIXES))})."
                )
        self._drawn = lru_cache(maxsize=_DRAWN)(self._draw)
        self._read = lru_cache(maxsize=256)(_read_image)

    def sample(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """(size, size, 3) uint8 RGB, out of focus by some amount."""
        if self._files and rng.random() < _FOLDER_SHARE:
            versions = self._read(self._files[rng.integers(len(self._files))])
        else:
            versions = self._drawn(int(rng.integers(_DRAWN)))
        picture = versions[rng.integers(len(versions))]
        height, width = picture.shape[:2]
        span = rng.uniform(0.45, 1.0) * min(height, width)
        x, y = rng.uniform(0.0, width - span), rng.uniform(0.0, height - span)
        scale = size / span
        affine = np.array([[scale, 0.0, -x * scale], [0.0, scale, -y * scale]])
        if rng.random() < 0.5:
            affine = np.array([[-scale, 0.0, size - 1.0 + x * scale], affine[1]])
        return cv2.warpAffine(picture, affine, (size, size), borderMode=cv2.BORDER_REFLECT)

    def _draw(self, number: int) -> list[np.ndarray]:
        rng = np.random.default_rng([self._seed, 0xBAC, number])
        painter = (_room, _room, _person, _person, _table)[number % 5]
        picture = painter(rng)
        return _focused(np.clip(np.rint(picture + rng.normal(0.0, 2.0, picture.shape)), 0, 255).astype(np.uint8))


def _focused(picture: np.ndarray) -> list[np.ndarray]:
    """The image sharp and out of focus, made once, because wide blurs are dear."""
    return [picture, *(cv2.GaussianBlur(picture, (0, 0), sigma) for sigma in _BLURS)]


def _read_image(path: Path) -> list[np.ndarray]:
    try:
        picture = read_image(path)
    except SourceError as error:
        raise BothhandsError(f"A background cannot be used: {error} Remove it from the folder.") from error
    shrink = 640 / max(picture.shape[:2])
    if shrink < 1.0:
        picture = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    return _focused(picture)


def _colour(rng: np.random.Generator, vivid: float) -> np.ndarray:
    """(3,) sRGB 0..255; `vivid` 0: grey to 1: any colour."""
    grey = rng.uniform(0.1, 0.95)
    return 255.0 * np.clip(grey + vivid * rng.uniform(-0.5, 0.5, 3), 0.02, 0.98)


def _clouds(rng: np.random.Generator, coarse: tuple[int, int]) -> np.ndarray:
    """(SIDE, SIDE, 1) smooth noise of about unit size, made of octaves from cells (rows, columns) on."""
    total = np.zeros((SIDE, SIDE), np.float32)
    rows, columns = coarse
    weight = 1.0
    while max(rows, columns) < SIDE // 2:
        grid = rng.normal(size=(rows, columns)).astype(np.float32)
        total += weight * cv2.resize(grid, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
        rows, columns, weight = 2 * rows, 2 * columns, 0.55 * weight
    return total[..., None]


def _lit(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Light that falls off across the image."""
    y, x = np.mgrid[-1.0 : 1.0 : SIDE * 1j, -1.0 : 1.0 : SIDE * 1j]
    slope = rng.normal(0.0, 0.16, 2)
    return picture * (1.0 + slope[0] * x + slope[1] * y)[..., None]


def _box(
    picture: np.ndarray,
    middle: tuple[float, float],
    size: tuple[float, float],
    degrees: float,
    colour: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """A filled box, lighter to one side."""
    corners = np.rint(cv2.boxPoints((middle, size, degrees))).astype(np.int32)
    x0, y0 = np.clip(corners.min(axis=0), 0, SIDE)
    x1, y1 = np.clip(corners.max(axis=0) + 1, 0, SIDE)
    if x1 <= x0 or y1 <= y0:
        return
    mask = np.zeros((y1 - y0, x1 - x0, 1), np.uint8)
    cv2.fillConvexPoly(mask, corners - (x0, y0), (255,), cv2.LINE_AA)
    rising = rng.uniform(-0.3, 0.3) * np.linspace(-1.0, 1.0, y1 - y0)
    part = picture[y0:y1, x0:x1]
    part += mask / 255.0 * ((1.0 + rising)[:, None, None] * colour - part)


def _room(rng: np.random.Generator) -> np.ndarray:
    """A wall with furniture, shelves, windows and screens: boxes, in boxes."""
    picture = np.full((SIDE, SIDE, 3), _colour(rng, 0.15), np.float32)
    picture += rng.uniform(0.0, 6.0) * _clouds(rng, (3, 3))
    for _ in range(rng.integers(2, 14)):
        width, height = rng.gamma(2.0, 0.10, 2) * SIDE + 12
        x, y = rng.uniform(-0.1, 1.1, 2) * SIDE
        _box(picture, (x, y), (width, height), float(rng.normal(0.0, 2.0)), _colour(rng, 0.3), rng)
        if rng.random() < 0.4:  # books, panes, drawers: alike, side by side
            count, vivid = rng.integers(2, 9), rng.uniform(0.1, 0.6)
            for place in (np.arange(count) + 0.5) / count - 0.5:
                size = (0.8 * width / count, height * rng.uniform(0.6, 0.9))
                _box(picture, (x + place * width, y), size, 0.0, _colour(rng, vivid), rng)
    return _lit(cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.6, 2.5)), rng)


def _person(rng: np.random.Generator) -> np.ndarray:
    """A room with somebody in it: shirt, neck, face and hair behind the hands, skin like theirs or not."""
    picture = cv2.GaussianBlur(_room(rng), (0, 0), 2.0)
    scale = SIDE * rng.uniform(0.35, 0.8)
    x, top = SIDE * rng.uniform(0.3, 0.7), SIDE * rng.uniform(-0.1, 0.3)
    skin, hair = np.array(random_skin_tone(rng), np.float64), _colour(rng, 0.2) * 0.5

    def ellipse(cx: float, cy: float, rx: float, ry: float, colour: np.ndarray) -> None:
        box = ((x + cx * scale, top + cy * scale), (2.0 * rx * scale, 2.0 * ry * scale), float(rng.normal(0.0, 4.0)))
        cv2.ellipse(picture, box, colour.tolist(), -1, cv2.LINE_AA)

    shirt = _colour(rng, 0.7)
    ellipse(0.0, 1.35, 0.75, 0.60, shirt)
    cv2.rectangle(
        picture,
        np.rint([x - 0.72 * scale, top + 1.3 * scale]).astype(int).tolist(),
        (round(x + 0.72 * scale), SIDE),
        shirt.tolist(),
        -1,
    )
    ellipse(0.0, 0.72, 0.14, 0.25, 0.85 * skin)
    ellipse(0.0, 0.22, 0.33, 0.42, hair)
    ellipse(0.0, 0.34, 0.26, 0.36, skin)
    for eye in (-0.1, 0.1):
        ellipse(eye, 0.28, 0.045, 0.02, 0.35 * skin)
    ellipse(0.0, 0.50, 0.09, 0.025, skin * (0.85, 0.6, 0.6))
    shade = 1.0 + 0.10 * _clouds(rng, (4, 4))
    return _lit(cv2.GaussianBlur(picture * shade, (0, 0), rng.uniform(0.8, 2.5)), rng)


def _table(rng: np.random.Generator) -> np.ndarray:
    """A table top from above: grain along one direction, sheets and things on it."""
    grain = _clouds(rng, (2, 24)) if rng.random() < 0.6 else _clouds(rng, (5, 5))
    if rng.random() < 0.5:
        grain = grain.transpose(1, 0, 2)
    picture = np.ascontiguousarray(_colour(rng, 0.2) + rng.uniform(1.0, 9.0) * grain, np.float32)
    for _ in range(rng.integers(0, 6)):
        size = rng.uniform(0.05, 0.5, 2) * SIDE
        corners = cv2.boxPoints((tuple(rng.uniform(0.0, SIDE, 2)), tuple(size), float(rng.uniform(0.0, 90.0))))
        cv2.fillConvexPoly(picture, np.rint(corners).astype(np.int32), _colour(rng, 0.5).tolist(), cv2.LINE_AA)
    return _lit(cv2.GaussianBlur(picture, (0, 0), 0.8), rng)
