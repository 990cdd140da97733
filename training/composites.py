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

from models.values import Intrinsics, Side
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
_TEXTURE = (96, 32)
"""Rows along a sleeve, columns across it."""


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
    def joints(self) -> np.ndarray:
        """(21, 2)."""
        return self.cut_out.joints_px @ self.affine[:, :2].T + self.affine[:, 2]


_OTHER: dict[Side, Side] = {"left": "right", "right": "left"}


class _Studio:
    """What lives in one process."""

    def __init__(self, folder: ImageFolder, seed: int, size: int, backgrounds: Path | None) -> None:
        self._seed, self._size, self._source = seed, size, f"composites of {folder.source}"
        self._cut_outs = load_cut_outs(folder)
        # A pair needs to know how large its hands are against each other.
        self._measured = [cut_out for cut_out in self._cut_outs if cut_out.points is not None]
        self._photographer = Photographer(Backgrounds(seed, backgrounds))

    def sample(self, index: int) -> Sample:
        rng = np.random.default_rng([self._seed, index])
        pair = bool(self._measured) and rng.random() < _PAIR_SHARE
        hands = _pair(self._measured, rng) if pair else [_alone(self._cut_outs, rng)]
        hands, view = _in_view(hands, self._size, rng)
        layer, segmentation = _draw(hands, self._size, rng)
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
    # Alone, any unit serves: the crop is fitted to the hand.
    linear = turn @ mirror * (size / (cut_out.px_per_metre or 1000.0))
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


def _draw(hands: Sequence[_Placed], size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The hands over each other: premultiplied (S, S, 4), and the segmentation (S, S)."""
    look = random_look(rng)
    tone = np.array(look.skin_tone, np.float64)
    cloth = look.cloth if rng.random() < _SLEEVE_SHARE else None
    layer, segmentation = np.zeros((size, size, 4), np.uint8), np.zeros((size, size), np.uint8)
    for number, hand in enumerate(hands):
        curve = _recolouring(hand.cut_out.tone, tone, rng)
        masks = _warped(hand.cut_out.masks, hand.affine, size)
        colours = _lit(_warped(cv2.LUT(hand.cut_out.colours, curve), hand.affine, size, cv2.BORDER_REPLICATE), rng)
        own = _premultiplied(colours, masks[..., 0])
        arm = _further_arm(hand, curve, cloth, size, rng)
        # A hand lies before its own arm: bent at the wrist, it hides some of it.
        own = _over(own, cv2.multiply(arm, cv2.merge([255 - masks[..., 1]] * 4), scale=1.0 / 255.0))
        if number:
            layer = _shaded(layer, own[..., 3], rng)
        layer = _over(layer, own)
        segmentation |= np.where(masks[..., 1] > 127, np.uint8(SEGMENT_BIT[hand.side]), np.uint8(0))
    return layer, segmentation


def _recolouring(tone: np.ndarray, wanted: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(256, 1, 3) uint8 curves that take a skin tone to another one, with more or less contrast about it."""
    contrast = np.exp(rng.normal(0.0, 0.12))
    value = np.arange(256.0)[:, None] / np.maximum(tone, 1.0)
    return np.clip(np.rint(wanted * rng.normal(1.0, 0.05) * value**contrast), 0, 255).astype(np.uint8)[:, None]


def _lit(colours: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Light that falls off across the picture."""
    corners = np.clip(rng.normal(200.0, 28.0, (2, 2)), 120.0, 255.0).astype(np.uint8)
    light = cv2.resize(corners, colours.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return cv2.multiply(colours, cv2.merge([light] * 3), scale=1.0 / 200.0)


def _warped(image: np.ndarray, affine: np.ndarray, size: int, border: int = cv2.BORDER_CONSTANT) -> np.ndarray:
    return cv2.warpAffine(image, affine, (size, size), flags=cv2.INTER_LINEAR, borderMode=border)


def _premultiplied(colours: np.ndarray, coverage: np.ndarray) -> np.ndarray:
    """(S, S, 4) uint8."""
    covered = cv2.multiply(colours, cv2.merge([coverage] * 3), scale=1.0 / 255.0)
    return cv2.merge([*cv2.split(covered), coverage])


def _over(below: np.ndarray, above: np.ndarray) -> np.ndarray:
    """Premultiplied layers on each other."""
    behind = 255 - above[..., 3]
    return cv2.add(cv2.multiply(below, cv2.merge([behind] * 4), scale=1.0 / 255.0), above)


def _shaded(layer: np.ndarray, coverage: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The lower hand in the soft shadow of the upper one, which is dark where they are close."""
    small = cv2.resize(coverage, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    shift = np.array([[1.0, 0.0, rng.normal(0.0, 1.2)], [0.0, 1.0, rng.normal(0.8, 1.2)]])
    moved = cv2.GaussianBlur(cv2.warpAffine(small, shift, small.shape[1::-1]), (0, 0), rng.uniform(0.8, 2.0))
    dark = cv2.resize(moved, layer.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    light = cv2.convertScaleAbs(dark, alpha=-rng.uniform(0.15, 0.55), beta=255.0)
    shaded = cv2.multiply(layer, cv2.merge([light, light, light, np.full_like(light, 255)]), scale=1.0 / 255.0)
    return shaded


def _further_arm(
    hand: _Placed, curve: np.ndarray, cloth: np.ndarray | None, size: int, rng: np.random.Generator
) -> np.ndarray:
    """What a cut-out lacks of the arm: a sleeve over its end, or its own skin going on. Premultiplied (S, S, 4)."""
    arm = hand.cut_out.arm
    bare = cloth is None
    colour = curve[np.rint(arm.colour).astype(int), 0, range(3)].astype(np.float64) if cloth is None else cloth
    share = 1.0 if bare else rng.uniform(0.0, 1.0)
    start = arm.start + share * (arm.end - arm.start)
    half_width = float(np.interp(share, (0.0, 1.0), arm.half_widths)) * (1.0 if bare else rng.uniform(1.1, 1.6))
    rows, columns = _TEXTURE
    length = 6.0 * max(arm.half_widths) + 4.0 * half_width
    normal = np.array([-arm.direction[1], arm.direction[0]])
    # Texture (column, row) to cut-out px: across the arm and along it.
    across, along = normal * (2.0 * half_width / columns), arm.direction * (length / rows)
    corner = start - across * (columns - 1) / 2.0
    linear = hand.affine[:, :2] @ np.column_stack([across, along])
    shift = hand.affine[:, :2] @ corner + hand.affine[:, 2]
    texture = _cloth_texture(colour, bare, rng)
    return _warped(texture, np.column_stack([linear, shift]), size)


def _cloth_texture(colour: np.ndarray, bare: bool, rng: np.random.Generator) -> np.ndarray:
    """(rows, columns, 4) premultiplied: round across, with folds; skin fades in where it goes on."""
    rows, columns = _TEXTURE
    across = np.linspace(-1.0, 1.0, columns)
    light = 1.0 - (0.12 if bare else 0.35) * (across - rng.uniform(-0.5, 0.5)) ** 2
    folds = rng.normal(0.0, 0.01 if bare else 0.08, (12, 4)).astype(np.float32)
    shade = light * (1.0 + cv2.resize(folds, (columns, rows), interpolation=cv2.INTER_CUBIC))
    coverage = np.full((rows, columns), 255.0)
    coverage[:, [0, -1]] = 100.0
    if bare:
        coverage *= np.clip(np.arange(rows) / 8.0, 0.0, 1.0)[:, None]
    pixels = np.dstack([np.clip(shade[..., None] * colour, 0, 255) * coverage[..., None] / 255.0, coverage])
    return np.rint(pixels).astype(np.uint8)


def _label(hand: _Placed, camera: Intrinsics) -> HandLabel:
    """What is known of a placed hand: its fit is turned as the picture was and put where it projects to its joints."""
    joints_px = hand.joints.astype(np.float32)
    canonical = hand.cut_out.points
    if canonical is None:
        return HandLabel(Knowledge.POINTS_2D, joints_px)
    linear = hand.affine[:, :2]
    turn = np.eye(3)
    turn[:2, :2] = linear / np.sqrt(abs(np.linalg.det(linear)))
    rays = (hand.joints - (camera.cx, camera.cy)) / (camera.fx, camera.fy)
    points = canonical @ (look_at(rays.mean(axis=0)) @ turn).T
    points = (points + _translation(points[:21], rays)).astype(np.float32)
    return HandLabel(Knowledge.WEAK_3D, joints_px, points[:21], points[21:])


def _translation(points: np.ndarray, rays: np.ndarray) -> np.ndarray:
    """(3,) where points (N, 3) lie closest to rays (N, 2) of x / z and y / z: least squares of X - u Z = u z - x."""
    right = rays * points[:, 2:] - points[:, :2]
    mean_ray, mean_right = rays.mean(axis=0), right.mean(axis=0)
    spread = np.mean(np.sum(rays * rays, axis=1)) - mean_ray @ mean_ray
    depth = -(np.mean(np.sum(rays * right, axis=1)) - mean_ray @ mean_right) / spread
    return np.array([*(mean_right + mean_ray * depth), depth])
