"""Composites: cut-out photographs of real hands over other backgrounds, alone and as pairs that touch and overlap.

No freely licensed photographs of two interacting hands with labels are known. These have real skin and the pose and
outline of real hands, and of a pair what hides what; what they lack is the contact's own deformation and light.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from models.values import WRIST, HandParameters, Intrinsics, Side
from training.data.cutout_drawing import PlacedCutOut, draw_cut_outs, sleeve_folds
from training.data.cutouts import CutOut, load_cut_outs, look_at
from training.data.samples import HandLabel, Knowledge, Sample
from training.datasets.image_folder import ImageFolder, Split
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
_FOLDS = 64
"""Different folds of sleeves."""
_SAMPLES, _SHAPES = 3, 4
"""Streams of random numbers of one seed; others are the synthesiser's."""


class Composites:
    """Samples by number, without end; a sample depends on the folder, seed and index alone.

    The cut-outs are read with the first sample (some 100 MB) and left behind when this is pickled. Used by one thread.

    Args:
        folder: as `python main.py label` writes it from images with an alpha channel.
        seed: of everything.
        split: of the folder's images.
        size: side of the images, px.
        backgrounds: folder of images without hands, used beside the rendered ones.

    Attributes:
        source: who made the images, and the licence.

    Raises:
        BothhandsError: the folder is missing or damaged, or has no cut-out hands of this split.
    """

    def __init__(
        self,
        folder: Path,
        seed: int,
        split: Split | None = "train",
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


class _Studio:
    """What lives in one process."""

    def __init__(self, folder: ImageFolder, seed: int, size: int, backgrounds: Path | None) -> None:
        self._seed, self._size, self._source = seed, size, f"composites of {folder.source}"
        self._cut_outs = load_cut_outs(folder)
        shapes = np.random.default_rng([seed, _SHAPES])
        self._folds = [sleeve_folds(shapes) for _ in range(_FOLDS)]
        self._photographer = Photographer(Backgrounds(seed, backgrounds))

    def sample(self, index: int) -> Sample:
        rng = np.random.default_rng([self._seed, _SAMPLES, index])
        hands = _pair(self._cut_outs, rng) if rng.random() < _PAIR_SHARE else [_alone(self._cut_outs, rng)]
        hands, view = _in_view(hands, self._size, rng)
        layer, segmentation = draw_cut_outs(hands, self._size, self._folds, rng)
        return Sample(
            image=self._photographer.photograph(layer, view, rng),
            intrinsics=view.intrinsics,
            hands={hand.side: _label(hand, view.intrinsics) for hand in hands},
            presence_known=True,
            segmentation=segmentation,
            source=self._source,
        )


def _alone(cut_outs: Sequence[CutOut], rng: np.random.Generator) -> PlacedCutOut:
    side: Side = "left" if rng.random() < 0.5 else "right"
    return _turned(cut_outs[rng.integers(len(cut_outs))], side, 1.0, rng)


def _pair(cut_outs: Sequence[CutOut], rng: np.random.Generator) -> list[PlacedCutOut]:
    """Two hands, metres in the image's plane, the one behind first."""
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
        gap = rng.uniform(0.02, 0.25)
    elif kind < _APART + _TOUCHING:
        gap = rng.normal(0.0, 0.008)
    else:
        gap = -rng.uniform(0.015, 0.11)
    distance = (first.joints @ towards).max() - (second.joints @ towards).min() + gap
    shift = distance * towards + rng.normal(0.0, 0.03) * np.array([-towards[1], towards[0]])
    return [first, second.moved(shift)]


def _turned(cut_out: CutOut, side: Side, size: float, rng: np.random.Generator) -> PlacedCutOut:
    """A cut-out as the hand of a side, turned, in metres about its joints' middle."""
    mirror = np.diag([-1.0 if side != cut_out.side else 1.0, 1.0])
    arm = mirror @ cut_out.arm.direction
    if rng.random() < _FROM_BELOW:
        # Elbows are farther apart than hands: the right arm comes from the image's left.
        lean = rng.normal(0.35, 0.5)
        wanted = np.pi / 2 + (lean if side == "right" else -lean)
    else:
        wanted = rng.uniform(0.0, 2.0 * np.pi)
    angle = wanted - np.arctan2(arm[1], arm[0])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = turn @ mirror * (size / cut_out.px_per_metre)
    return PlacedCutOut(cut_out, np.column_stack([linear, -linear @ cut_out.joints_px.mean(axis=0)]))


def _in_view(hands: Sequence[PlacedCutOut], size: int, rng: np.random.Generator) -> tuple[list[PlacedCutOut], View]:
    """The hands in px of the crop that the app would take from some webcam's image, and that crop."""
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
    return [hand.moved(shift, scale) for hand in hands], view


def _label(hand: PlacedCutOut, camera: Intrinsics) -> HandLabel:
    """What is known of a placed hand: its fit is turned as the image was and put where it projects to its joints."""
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
