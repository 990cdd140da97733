"""From a rendered layer to a webcam's image: background, things in front, blur, colour, noise and compression."""

from __future__ import annotations

import cv2
import numpy as np

from training.synthetic.backgrounds import Backgrounds
from training.synthetic.camera import View

_SHADOW_SHARE, _OCCLUDER_SHARE, _MOTION_SHARE, _JPEG_SHARE = 0.35, 0.15, 0.30, 0.6
_NOISE_SIDE = 512
_NOISE_UNIT = 32.0
"""Standard deviation in the noise image, whose middle is 128: fine enough for strong noise in eight bits."""


class Photographer:
    """Lays layers over backgrounds and spoils them as a webcam does.

    Args:
        backgrounds: to choose from.
    """

    def __init__(self, backgrounds: Backgrounds) -> None:
        self._backgrounds = backgrounds
        noise = np.random.default_rng(0).normal(128.0, _NOISE_UNIT, (_NOISE_SIDE, _NOISE_SIDE, 3))
        fine = np.clip(np.rint(noise), 0, 255).astype(np.uint8)
        self._noises = (fine, cv2.blur(fine, (2, 2)))  # cameras smooth their noise: it comes in spots

    def photograph(self, layer: np.ndarray, view: View, rng: np.random.Generator) -> np.ndarray:
        """Take an image.

        Args:
            layer: (S, S, 4) uint8, colour premultiplied with coverage.
            view: the crop that it shows.
            rng: for all choices.

        Returns:
            (S, S, 3) uint8 RGB, black outside the camera's frame.
        """
        size = len(layer)
        ground = self._backgrounds.sample(rng, size)
        if rng.random() < _SHADOW_SHARE:
            ground = _cast_shadow(ground, layer[..., 3], rng)
        if rng.random() < _MOTION_SHARE:
            layer = cv2.filter2D(layer, -1, _motion_kernel(rng))
        picture = _over(ground, layer)
        if rng.random() < _OCCLUDER_SHARE:
            picture = _occlude(picture, layer[..., 3], rng)
        picture = _through_lens(picture, view.source_px, rng)
        return _black_outside(self._sensor(picture, rng), view.frame)

    def _sensor(self, picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        picture = cv2.LUT(_saturate(picture, rng), _tone_curve(rng))
        strength = float(rng.gamma(1.2, 2.2)) / _NOISE_UNIT
        x, y = rng.integers(0, _NOISE_SIDE - len(picture), 2, endpoint=True)
        noise = self._noises[rng.integers(2)][y : y + len(picture), x : x + len(picture)]
        picture = cv2.addWeighted(picture, 1.0, noise, strength, -128.0 * strength)
        if rng.random() < _JPEG_SHARE:
            quality = int(rng.integers(30, 96))
            coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
            picture = cv2.imdecode(coded, cv2.IMREAD_COLOR)
        return picture


def _over(ground: np.ndarray, layer: np.ndarray) -> np.ndarray:
    """A premultiplied layer over an image."""
    behind = cv2.cvtColor(255 - layer[..., 3], cv2.COLOR_GRAY2RGB)
    return cv2.add(cv2.multiply(ground, behind, scale=1.0 / 255.0), cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB))


def _cast_shadow(ground: np.ndarray, coverage: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A soft shadow of the hands on what is just behind them."""
    small = cv2.resize(coverage, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    side = len(small)
    shift = np.array([[1.0, 0.0, rng.normal(0.0, 0.08) * side], [0.0, 1.0, rng.normal(0.05, 0.06) * side]])
    moved = cv2.GaussianBlur(cv2.warpAffine(small, shift, (side, side)), (0, 0), rng.uniform(0.8, 4.0))
    dark = cv2.resize(moved, ground.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    light = cv2.convertScaleAbs(dark, alpha=-rng.uniform(0.15, 0.55), beta=255.0)
    return cv2.multiply(ground, cv2.cvtColor(light, cv2.COLOR_GRAY2RGB), scale=1.0 / 255.0)


def _motion_kernel(rng: np.random.Generator) -> np.ndarray:
    """A line of some px, summing to one."""
    length, angle = rng.uniform(2.0, 9.0), rng.uniform(0.0, np.pi)
    side = 2 * int(np.ceil(length / 2.0)) + 1
    kernel, middle = np.zeros((side, side), np.float32), side // 2
    reach = length / 2.0 * np.array([np.cos(angle), np.sin(angle)])
    start, end = (tuple(np.rint(16.0 * (middle + sign * reach)).astype(int).tolist()) for sign in (-1.0, 1.0))
    cv2.line(kernel, start, end, (1.0,), 1, cv2.LINE_AA, 4)
    kernel[middle, middle] += 1e-3
    return kernel / kernel.sum()


def _occlude(picture: np.ndarray, coverage: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A pen, a mug, a phone, a cable: one thing before the hands, seldom over much of them."""
    rows, columns = np.nonzero(coverage[::4, ::4] > 128)
    if not len(rows):
        return picture
    size, pick = len(picture), rng.integers(len(rows))
    place = 4.0 * np.array([columns[pick], rows[pick]]) + rng.normal(0.0, 0.05 * size, 2)
    thin = rng.random() < 0.5
    extent = size * (rng.uniform((0.01, 0.3), (0.04, 0.9)) if thin else rng.uniform(0.06, 0.22, 2))
    mask = np.zeros((size, size), np.uint8)
    box = (tuple(place.tolist()), tuple(extent.tolist()), float(rng.uniform(0.0, 180.0)))
    if thin or rng.random() < 0.5:
        cv2.fillConvexPoly(mask, np.rint(cv2.boxPoints(box)).astype(np.int32), (255,), cv2.LINE_AA)
    else:
        cv2.ellipse(mask, box, (255,), -1, cv2.LINE_AA)
    mask = cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.6, 2.0))
    colour = rng.uniform(15, 235) + rng.normal(0.0, 30.0, 3)
    shade = np.linspace(rng.uniform(0.6, 1.2), rng.uniform(0.6, 1.2), size)[:, None, None]
    thing = np.broadcast_to(np.clip(shade * colour, 0, 255), (size, size, 3)).astype(np.uint8)
    alpha = cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB)
    return cv2.add(cv2.multiply(picture, 255 - alpha, scale=1.0 / 255.0), cv2.multiply(thing, alpha, scale=1.0 / 255.0))


def _black_outside(picture: np.ndarray, frame: tuple[float, float, float, float]) -> np.ndarray:
    """As the app's crops are where they reach over the frame's edge."""
    size = len(picture)
    left, top, right, bottom = (int(np.clip(round(edge), 0, size)) for edge in frame)
    if (left, top, right, bottom) == (0, 0, size, size):
        return picture
    cut = np.zeros_like(picture)
    cut[top:bottom, left:right] = picture[top:bottom, left:right]
    return cut


def _through_lens(picture: np.ndarray, source_px: float, rng: np.random.Generator) -> np.ndarray:
    """Focus, and the camera's own resolution: small crops of the frame are blown up to the network's input."""
    if rng.random() < 0.4:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.6))
    size = len(picture)
    if source_px < 0.9 * size:
        side = max(round(source_px), 48)
        small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
        picture = cv2.resize(small, (size, size), interpolation=cv2.INTER_LINEAR)
    return picture


def _saturate(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """More or less colour; seldom none, as from an infrared or poor camera."""
    amount = 0.0 if rng.random() < 0.02 else rng.normal(1.0, 0.18)
    grey = np.array([0.299, 0.587, 0.114])
    matrix = amount * np.eye(3) + (1.0 - amount) * np.tile(grey, (3, 1))
    return cv2.transform(picture, matrix)


def _tone_curve(rng: np.random.Generator) -> np.ndarray:
    """(256, 1, 3) uint8: white balance, exposure, contrast and gamma of a camera."""
    value = np.linspace(0.0, 1.0, 256)[:, None]
    gamma, contrast = np.exp(rng.normal(0.0, 0.18)), np.exp(rng.normal(0.0, 0.12))
    warmth, tint = rng.normal(0.0, 0.05), rng.normal(0.0, 0.02)
    gain = np.exp(rng.normal(0.0, 0.10)) * np.array([1.0 + warmth, 1.0 + tint, 1.0 - warmth])
    curve = 0.5 + contrast * (gain * value**gamma - 0.5)
    return np.clip(np.rint(255.0 * curve), 0, 255).astype(np.uint8)[:, None]
