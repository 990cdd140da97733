"""Cut-out hands drawn over each other: recoloured, lit, in each other's shadow, with sleeves or arms that go on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from models.values import OTHER_SIDE, Side
from training.data.cutouts import CutOut
from training.data.samples import SEGMENT_BIT
from training.synthetic.appearance import random_look

_SLEEVE_SHARE = 0.6
_DARKEST, _FAIREST = 48.0, 205.0
"""Mean brightness in images of skin that is black and white."""
_SHOULDER = 0.72
_TEXTURE = (64, 24)
"""Rows along an arm, columns across it."""
_ARM_LENGTH = 14.0
"""Of what is drawn of an arm, in half widths."""
_CUFF = np.ones((*_TEXTURE, 1), np.float32)
_CUFF[:, [0, -1]] = 0.4
_FADING_IN = _CUFF * np.clip(np.arange(_TEXTURE[0], dtype=np.float32) / 8.0, 0.0, 1.0)[:, None, None]


class PlacedCutOut(NamedTuple):
    """A cut-out somewhere.

    Attributes:
        cut_out: it.
        affine: (2, 3) from its px to px of an image, or to metres in an image's plane.
    """

    cut_out: CutOut
    affine: np.ndarray

    @property
    def side(self) -> Side:
        """Which hand it is there: mirrored, the other one."""
        mirrored = np.linalg.det(self.affine[:, :2]) < 0.0
        return OTHER_SIDE[self.cut_out.side] if mirrored else self.cut_out.side

    @property
    def scale(self) -> float:
        """Of lengths: units of there per px of the cut-out."""
        return float(np.sqrt(abs(np.linalg.det(self.affine[:, :2]))))

    @property
    def joints(self) -> np.ndarray:
        """(21, 2) in units of there."""
        return self.cut_out.joints_px @ self.affine[:, :2].T + self.affine[:, 2]

    def moved(self, shift: np.ndarray, scale: float = 1.0) -> PlacedCutOut:
        """Scaled about the origin, then shifted by (2,)."""
        return self._replace(affine=scale * self.affine + np.column_stack([np.zeros((2, 2)), shift]))


def draw_cut_outs(
    hands: Sequence[PlacedCutOut], size: int, folds: Sequence[np.ndarray], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw hands of one person over each other, as a layer to lay over a background.

    Skin, sleeves, light and shadow are drawn at random: the same generator state gives the same ones again.

    Args:
        hands: in px of the image, the one behind first; at most one of each side.
        size: side S of the image, px.
        folds: shades of `sleeve_folds`, of which each hand takes one.
        rng: for the look.

    Returns:
        (S, S, 4) uint8 RGB and coverage, premultiplied; (S, S) uint8 segmentation by `SEGMENT_BIT`.
    """
    look = random_look(rng)
    tone = _exposed(np.array(look.skin_tone, np.float64), rng)
    cloth = look.cloth if rng.random() < _SLEEVE_SHARE else None
    layer, segmentation = np.zeros((size, size, 4), np.uint8), np.zeros((size, size), np.uint8)
    for number, hand in enumerate(hands):
        level = hand.cut_out.level(hand.scale)
        affine = hand.affine @ level.to_cut_out
        window = _Window.around(affine, level.hand.shape, size)
        curve = _recolouring(hand.cut_out.tone, tone, rng)
        piece = _lit(window.warp(cv2.LUT(level.pixels, curve), affine), rng)
        if number:
            _shade(window.of(layer), piece[..., 3], rng)
        _lay(window.of(layer), piece)
        own = np.zeros((size, size), np.uint8)
        window.of(own)[:] = window.warp(level.hand, affine)
        _lay_arm(layer, own, hand, cloth, curve, folds[rng.integers(len(folds))], rng)
        bit = cv2.threshold(own, 127, SEGMENT_BIT[hand.side], cv2.THRESH_BINARY)[1]
        segmentation = cv2.bitwise_or(segmentation, bit)
    return layer, segmentation


def sleeve_folds(rng: np.random.Generator) -> np.ndarray:
    """(rows, columns) float32 relative brightness, about 0, of something round across, with folds, as a sleeve has."""
    rows, columns = _TEXTURE
    light = -0.35 * (np.linspace(-1.0, 1.0, columns) - rng.uniform(-0.5, 0.5)) ** 2
    noise = rng.normal(0.0, 0.08, (12, 4)).astype(np.float32)
    return (light + cv2.resize(noise, (columns, rows), interpolation=cv2.INTER_CUBIC)).astype(np.float32)


class _Window(NamedTuple):
    """The part of an image that something covers: all work on it is done there."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def around(cls, affine: np.ndarray, shape: tuple[int, ...], size: int) -> _Window:
        """Of an image of this shape that an affine (2, 3) puts into an image of `size` px; at least one px."""
        height, width = shape[:2]
        corners = np.array([[-1, -1], [width, -1], [-1, height], [width, height]]) @ affine[:, :2].T + affine[:, 2]
        (left, top), (right, bottom) = (
            np.floor(corners.min(axis=0)).astype(int),
            np.ceil(corners.max(axis=0)).astype(int),
        )
        left, top = min(max(left, 0), size - 1), min(max(top, 0), size - 1)
        return cls(left, top, min(max(right + 1, left + 1), size), min(max(bottom + 1, top + 1), size))

    def of(self, image: np.ndarray) -> np.ndarray:
        """View of this part of an image."""
        return image[self.top : self.bottom, self.left : self.right]

    def warp(self, image: np.ndarray, affine: np.ndarray) -> np.ndarray:
        """What an affine puts here."""
        shifted = affine - np.array([[0.0, 0.0, self.left], [0.0, 0.0, self.top]])
        size = (self.right - self.left, self.bottom - self.top)
        return cv2.warpAffine(image, shifted, size, flags=cv2.INTER_LINEAR)


def _exposed(tone: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A skin tone as cameras show it: they expose dark skin longer, and fair skin does not fill their range."""
    brightness = float(tone.mean())
    wanted = (_DARKEST + (_FAIREST - _DARKEST) * brightness / 255.0) * np.exp(rng.normal(0.0, 0.1))
    return tone * (wanted / brightness)


def _recolouring(tone: np.ndarray, wanted: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(256, 1, 4) uint8 curves that take a skin tone to another one, with more or less contrast about it.

    Coverage is left alone. What would be brighter than the image can show is compressed rather than cut off.
    """
    contrast = np.exp(rng.normal(0.0, 0.12))
    value = np.arange(256.0)[:, None] / np.maximum(tone, 1.0)
    linear = wanted / 255.0 * rng.normal(1.0, 0.04) * value**contrast
    above = np.maximum(linear - _SHOULDER, 0.0) / (1.0 - _SHOULDER)
    curve = np.minimum(linear, _SHOULDER) + (1.0 - _SHOULDER) * (1.0 - np.exp(-above))
    return np.rint(np.column_stack([255.0 * curve, np.arange(256.0)])).astype(np.uint8)[:, None]


def _lit(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pixels (H, W, 4), not premultiplied, in light that falls off across the image: premultiplied."""
    corners = np.clip(rng.normal(200.0, 20.0, (2, 2)), 130.0, 255.0).astype(np.uint8)
    light = cv2.resize(corners, pixels.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    coverage = cv2.extractChannel(pixels, 3)
    light = cv2.multiply(light, coverage, scale=1.0 / 255.0)
    return cv2.multiply(pixels, cv2.merge([light, light, light, np.full_like(light, 200)]), scale=1.0 / 200.0)


def _lay(below: np.ndarray, above: np.ndarray) -> None:
    """Put a premultiplied layer over another, in place."""
    behind = 255 - above[..., 3]
    below[:] = cv2.add(cv2.multiply(below, cv2.merge([behind] * 4), scale=1.0 / 255.0), above)


def _shade(layer: np.ndarray, coverage: np.ndarray, rng: np.random.Generator) -> None:
    """The lower hand in the soft shadow of the upper one, which is dark where they are close; in place."""
    small = cv2.resize(coverage, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    shift = np.array([[1.0, 0.0, rng.normal(0.0, 1.2)], [0.0, 1.0, rng.normal(0.8, 1.2)]])
    moved = cv2.GaussianBlur(cv2.warpAffine(small, shift, small.shape[1::-1]), (0, 0), rng.uniform(0.8, 2.0))
    dark = cv2.resize(moved, layer.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    light = cv2.convertScaleAbs(dark, alpha=-rng.uniform(0.15, 0.55), beta=255.0)
    layer[:] = cv2.multiply(layer, cv2.merge([light, light, light, np.full_like(light, 255)]), scale=1.0 / 255.0)


def _looked_up(colour: np.ndarray, curve: np.ndarray) -> np.ndarray:
    """(3,) colour through curves (256, 1, 4)."""
    return curve[np.rint(colour).astype(int), 0, range(3)].astype(np.float64)


def _lay_arm(
    layer: np.ndarray,
    hand: np.ndarray,
    placed: PlacedCutOut,
    cloth: np.ndarray | None,
    curve: np.ndarray,
    folds: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """Lay what a cut-out lacks of the arm over its end: a sleeve, or its own skin going on.

    Args:
        layer: premultiplied (S, S, 4), written to.
        hand: (S, S) uint8 coverage of the hand, which lies before its own arm: bent at the wrist, it hides some of it.
        placed: the hand.
        cloth: (3,) sRGB of the sleeve; None for a bare arm.
        curve: of the hand's recolouring.
        folds: of `sleeve_folds`.
        rng: for the sleeve's place and width.
    """
    arm = placed.cut_out.arm
    if cloth is None:
        share, wider, colour = 1.0, 1.0, _looked_up(arm.colour, curve)
    else:
        share, wider, colour = rng.uniform(0.0, 1.0), rng.uniform(1.1, 1.6), cloth
    half_width = wider * float(np.interp(share, (0.0, 1.0), arm.half_widths))
    rows, columns = _TEXTURE
    # Texture (column, row) to cut-out px: across the arm and along it.
    across = np.array([-arm.direction[1], arm.direction[0]]) * (2.0 * half_width / columns)
    along = arm.direction * (_ARM_LENGTH * half_width / rows)
    corner = arm.start + share * (arm.end - arm.start) - across * (columns - 1) / 2.0
    linear, shift = placed.affine[:, :2], placed.affine[:, 2]
    affine = np.column_stack([linear @ np.column_stack([across, along]), linear @ corner + shift])
    window = _Window.around(affine, _TEXTURE, len(layer))
    piece = window.warp(_texture(colour, folds, bare=cloth is None), affine)
    before = cv2.merge([255 - window.of(hand)] * 4)
    _lay(window.of(layer), cv2.multiply(piece, before, scale=1.0 / 255.0))


def _texture(colour: np.ndarray, folds: np.ndarray, bare: bool) -> np.ndarray:
    """(rows, columns, 4) premultiplied: cloth begins at its cuff; skin, which is smoother, fades in."""
    shade = 1.0 + (0.3 if bare else 1.0) * folds
    coverage = _FADING_IN if bare else _CUFF
    pixels = np.clip(shade[..., None] * colour.astype(np.float32), 0.0, 255.0) * coverage
    return np.dstack([pixels, 255.0 * coverage]).astype(np.uint8)
