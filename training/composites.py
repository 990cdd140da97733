"""Composites: cut-out photographs of real hands over other backgrounds, alone and as pairs that touch and overlap.

No freely licensed photographs of two interacting hands with labels are known. These have real skin and the pose and
outline of real hands, and of a pair what hides what; what they lack is the contact's own deformation and light.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import cv2
import numpy as np

from models.values import WRIST, HandParameters, Intrinsics, Side
from training.cutouts import CutOut, load_cut_outs, look_at
from training.datasets.image_folder import ImageFolder
from training.samples import SEGMENT_BIT, HandLabel, Knowledge, Sample
from training.synthetic.appearance import random_look
from training.synthetic.backgrounds import Backgrounds
from training.synthetic.camera import View, crop_around, random_frame
from training.synthetic.photography import Photographer

_PAIR_SHARE = 0.65
_APART, _TOUCHING = 0.25, 0.30
"""Shares of the pairs; the others overlap."""
_SIZE_RATIO = 0.18
_FROM_BELOW = 0.7
_DISTANCE = (0.3, 0.9)
"""Metres, from the camera."""
_SLEEVE_SHARE = 0.6
_DARKEST, _FAIREST = 48.0, 205.0
"""Mean brightness in pictures of skin that is black and white."""
_SHOULDER = 0.72
_TEXTURE = (64, 24)
"""Rows along an arm, columns across it."""
_ARM_LENGTH = 14.0
"""Of what is drawn of an arm, in half widths."""
_FOLDS = 64
"""Different folds of sleeves."""
_CUFF = np.ones((*_TEXTURE, 1), np.float32)
_CUFF[:, [0, -1]] = 0.4
_FADING_IN = _CUFF * np.clip(np.arange(_TEXTURE[0], dtype=np.float32) / 8.0, 0.0, 1.0)[:, None, None]
_SAMPLES, _SHAPES = 3, 4
"""Streams of random numbers of one seed; others are the synthesiser's."""


class Composites:
    """Samples by number, without end; a sample depends on the folder, seed and index alone.

    The cut-outs are read with the first sample (some 100 MB) and left behind when this is pickled. Used by one thread.

    Args:
        folder: as `python main.py label` writes it from pictures with an alpha channel.
        seed: of everything.
        split: of the folder's pictures.
        size: side of the pictures, px.
        backgrounds: folder of pictures without hands, used beside the drawn ones.

    Attributes:
        source: who made the pictures, and the licence.

    Raises:
        BothhandsError: the folder is missing or damaged, or has no cut-out hands of this split.
    """

    def __init__(
        self,
        folder: Path,
        seed: int,
        split: Literal["train", "held-out"] | None = "train",
        *,
        size: int = 256,
        backgrounds: Path | None = None,
    ) -> None:
        self.seed, self.size, self.backgrounds = seed, size, backgrounds
        self._folder = ImageFolder(folder, split=split)
        self.source = self._folder.source
        self._studio: _Studio | None = None

    def sample(self, index: int) -> Sample:
        """The sample with this number, from 0.

        Raises:
            BothhandsError: there is no cut-out hand, or a background cannot be read.
        """
        if self._studio is None:
            self._studio = _Studio(self._folder, self.seed, self.size, self.backgrounds)
        return self._studio.sample(index)

    __getitem__ = sample

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_studio": None}


class _Placed(NamedTuple):
    """A cut-out and the affine (2, 3) from its px to metres or px of the picture."""

    cut_out: CutOut
    affine: np.ndarray

    @property
    def side(self) -> Side:
        mirrored = np.linalg.det(self.affine[:, :2]) < 0.0
        return _OTHER[self.cut_out.side] if mirrored else self.cut_out.side

    @property
    def scale(self) -> float:
        """Of lengths."""
        return float(np.sqrt(abs(np.linalg.det(self.affine[:, :2]))))

    @property
    def joints(self) -> np.ndarray:
        """(21, 2)."""
        return self.cut_out.joints_px @ self.affine[:, :2].T + self.affine[:, 2]


_OTHER: dict[Side, Side] = {"left": "right", "right": "left"}


class _Studio:
    """What lives in one process."""

    def __init__(self, folder: ImageFolder, seed: int, size: int, backgrounds: Path | None) -> None:
        self._seed, self._size, self._source = seed, size, f"composites of {folder.source}"
        self._cut_outs = load_cut_outs(folder)
        shapes = np.random.default_rng([seed, _SHAPES])
        self._folds = [_folds(shapes) for _ in range(_FOLDS)]
        self._photographer = Photographer(Backgrounds(seed, backgrounds))

    def sample(self, index: int) -> Sample:
        rng = np.random.default_rng([self._seed, _SAMPLES, index])
        hands = _pair(self._cut_outs, rng) if rng.random() < _PAIR_SHARE else [_alone(self._cut_outs, rng)]
        hands, view = _in_view(hands, self._size, rng)
        layer, segmentation = _draw(hands, self._size, self._folds, rng)
        return Sample(
            image=self._photographer.photograph(layer, view, rng),
            intrinsics=view.intrinsics,
            hands={hand.side: _label(hand, view.intrinsics) for hand in hands},
            presence_known=True,
            segmentation=segmentation,
            source=self._source,
        )


def _alone(cut_outs: Sequence[CutOut], rng: np.random.Generator) -> _Placed:
    side: Side = "left" if rng.random() < 0.5 else "right"
    return _turned(cut_outs[rng.integers(len(cut_outs))], side, 1.0, rng)


def _pair(cut_outs: Sequence[CutOut], rng: np.random.Generator) -> list[_Placed]:
    """Two hands, metres in the picture's plane, the one behind first."""
    sides: list[Side] = ["left", "right"] if rng.random() < 0.5 else ["right", "left"]
    ratio = np.exp(rng.uniform(-_SIZE_RATIO, _SIZE_RATIO))
    first, second = (
        _turned(cut_outs[rng.integers(len(cut_outs))], side, size, rng)
        for side, size in zip(sides, (1.0, ratio), strict=True)
    )
    # Before a camera at a desk the right hand is left of the left one; crossed hands and other views are rarer.
    across = np.pi * (sides[0] == "left") + rng.normal(0.0, 0.6) if rng.random() < 0.75 else rng.uniform(0.0, 2 * np.pi)
    towards = np.array([np.cos(across), np.sin(across)])
    kind = rng.random()
    if kind < _APART:
        gap = rng.uniform(0.02, 0.12)
    elif kind < _APART + _TOUCHING:
        gap = rng.normal(0.0, 0.008)
    else:
        gap = -rng.uniform(0.015, 0.11)
    distance = (first.joints @ towards).max() - (second.joints @ towards).min() + gap
    shift = distance * towards + rng.normal(0.0, 0.03) * np.array([-towards[1], towards[0]])
    return [first, second._replace(affine=second.affine + np.column_stack([np.zeros((2, 2)), shift]))]


def _turned(cut_out: CutOut, side: Side, size: float, rng: np.random.Generator) -> _Placed:
    """A cut-out as the hand of a side, turned, in metres about its joints' middle."""
    mirror = np.diag([-1.0 if side != cut_out.side else 1.0, 1.0])
    arm = mirror @ cut_out.arm.direction
    if rng.random() < _FROM_BELOW:
        # Elbows are farther apart than hands: the right arm comes from the picture's left.
        lean = rng.normal(0.35, 0.5)
        wanted = np.pi / 2 + (lean if side == "right" else -lean)
    else:
        wanted = rng.uniform(0.0, 2.0 * np.pi)
    angle = wanted - np.arctan2(arm[1], arm[0])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = turn @ mirror * (size / cut_out.px_per_metre)
    return _Placed(cut_out, np.column_stack([linear, -linear @ cut_out.joints_px.mean(axis=0)]))


def _in_view(hands: Sequence[_Placed], size: int, rng: np.random.Generator) -> tuple[list[_Placed], View]:
    """The hands in px of the crop that the app would take from some webcam's picture, and that crop."""
    joints = np.concatenate([hand.joints for hand in hands])
    low, high = joints.min(axis=0), joints.max(axis=0)
    frame = random_frame(rng)
    # A crop larger than the frame would be mostly black.
    nearest = float((high - low).max()) * frame.fx / (0.7 * frame.height)
    distance = max(np.exp(rng.uniform(*np.log(_DISTANCE))), nearest)
    extent = (high - low) * frame.fx / distance
    slack = np.maximum(np.array([frame.width, frame.height]) - 1.1 * extent, 0.0) / 2.0
    middle = rng.uniform(-slack, slack) * distance / frame.fx - (low + high) / 2.0
    view = crop_around(np.column_stack([joints + middle, np.full(len(joints), distance)]), frame, size, rng)
    camera = view.intrinsics
    scale = camera.fx / distance
    shift = scale * middle + (camera.cx, camera.cy)
    return [
        hand._replace(affine=scale * hand.affine + np.column_stack([np.zeros((2, 2)), shift])) for hand in hands
    ], view


class _Window(NamedTuple):
    """The part of a picture that something covers: all work on it is done there."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def around(cls, affine: np.ndarray, shape: tuple[int, ...], size: int) -> _Window:
        """Of an image of this shape that an affine (2, 3) puts into a picture of `size` px; at least one px."""
        height, width = shape[:2]
        corners = np.array([[-1, -1], [width, -1], [-1, height], [width, height]]) @ affine[:, :2].T + affine[:, 2]
        (left, top), (right, bottom) = (
            np.floor(corners.min(axis=0)).astype(int),
            np.ceil(corners.max(axis=0)).astype(int),
        )
        left, top = min(max(left, 0), size - 1), min(max(top, 0), size - 1)
        return cls(left, top, min(max(right + 1, left + 1), size), min(max(bottom + 1, top + 1), size))

    def of(self, image: np.ndarray) -> np.ndarray:
        """View of this part of a picture."""
        return image[self.top : self.bottom, self.left : self.right]

    def warp(self, image: np.ndarray, affine: np.ndarray) -> np.ndarray:
        """What an affine puts here."""
        shifted = affine - np.array([[0.0, 0.0, self.left], [0.0, 0.0, self.top]])
        size = (self.right - self.left, self.bottom - self.top)
        return cv2.warpAffine(image, shifted, size, flags=cv2.INTER_LINEAR)


def _draw(
    hands: Sequence[_Placed], size: int, folds: Sequence[np.ndarray], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The hands over each other: premultiplied (S, S, 4), and the segmentation (S, S)."""
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


def _exposed(tone: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A skin tone as cameras show it: they expose dark skin longer, and fair skin does not fill their range."""
    brightness = float(tone.mean())
    wanted = (_DARKEST + (_FAIREST - _DARKEST) * brightness / 255.0) * np.exp(rng.normal(0.0, 0.1))
    return tone * (wanted / brightness)


def _recolouring(tone: np.ndarray, wanted: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(256, 1, 4) uint8 curves that take a skin tone to another one, with more or less contrast about it.

    Coverage is left alone. What would be brighter than the picture can show is compressed rather than cut off.
    """
    contrast = np.exp(rng.normal(0.0, 0.12))
    value = np.arange(256.0)[:, None] / np.maximum(tone, 1.0)
    linear = wanted / 255.0 * rng.normal(1.0, 0.04) * value**contrast
    above = np.maximum(linear - _SHOULDER, 0.0) / (1.0 - _SHOULDER)
    curve = np.minimum(linear, _SHOULDER) + (1.0 - _SHOULDER) * (1.0 - np.exp(-above))
    return np.rint(np.column_stack([255.0 * curve, np.arange(256.0)])).astype(np.uint8)[:, None]


def _lit(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pixels (H, W, 4), not premultiplied, in light that falls off across the picture: premultiplied."""
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
    placed: _Placed,
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
        folds: shades of `_folds`.
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


def _folds(rng: np.random.Generator) -> np.ndarray:
    """(rows, columns) relative brightness of something round across, with folds."""
    rows, columns = _TEXTURE
    light = -0.35 * (np.linspace(-1.0, 1.0, columns) - rng.uniform(-0.5, 0.5)) ** 2
    noise = rng.normal(0.0, 0.08, (12, 4)).astype(np.float32)
    return (light + cv2.resize(noise, (columns, rows), interpolation=cv2.INTER_CUBIC)).astype(np.float32)


def _texture(colour: np.ndarray, folds: np.ndarray, bare: bool) -> np.ndarray:
    """(rows, columns, 4) premultiplied: cloth begins at its cuff; skin, which is smoother, fades in."""
    shade = 1.0 + (0.3 if bare else 1.0) * folds
    coverage = _FADING_IN if bare else _CUFF
    pixels = np.clip(shade[..., None] * colour.astype(np.float32), 0.0, 255.0) * coverage
    return np.dstack([pixels, 255.0 * coverage]).astype(np.uint8)


def _label(hand: _Placed, camera: Intrinsics) -> HandLabel:
    """What is known of a placed hand: its fit is turned as the picture was and put where it projects to its joints."""
    joints_px, fit = hand.joints.astype(np.float32), hand.cut_out.fit
    if fit is None:
        return HandLabel(Knowledge.POINTS_2D, joints_px)
    mirrored = hand.side != hand.cut_out.side
    flip = np.array([-1.0 if mirrored else 1.0, 1.0, 1.0])
    turn = np.eye(3)
    turn[:2, :2] = hand.affine[:, :2] / hand.scale * flip[:2]
    rays = (hand.joints - (camera.cx, camera.cy)) / (camera.fx, camera.fy)
    turn = look_at(rays.mean(axis=0)) @ turn
    points = fit.points * flip @ turn.T
    points = points + _translation(points[:21], rays)
    # A rotation vector is axial: mirrored across x it keeps x and turns the others round.
    pose = fit.pose * (-flip if mirrored else flip)
    pose[0] = cv2.Rodrigues(turn @ cv2.Rodrigues(pose[0])[0])[0].ravel()  # ours are for batches
    parameters = HandParameters(
        pose.astype(np.float32), fit.shape, (points[WRIST] - fit.rest_wrist * flip).astype(np.float32)
    )
    points = points.astype(np.float32)
    return HandLabel(Knowledge.WEAK_3D, joints_px, points[:21], points[21:], parameters)


def _translation(points: np.ndarray, rays: np.ndarray) -> np.ndarray:
    """(3,) where points (N, 3) lie closest to rays (N, 2) of x / z and y / z: least squares of X - u Z = u z - x."""
    right = rays * points[:, 2:] - points[:, :2]
    mean_ray, mean_right = rays.mean(axis=0), right.mean(axis=0)
    spread = np.mean(np.sum(rays * rays, axis=1)) - mean_ray @ mean_ray
    depth = -(np.mean(np.sum(rays * right, axis=1)) - mean_ray @ mean_right) / spread
    return np.array([*(mean_right + mean_ray * depth), depth])
