"""Negatives: parts of labelled photographs in which no hand is, above all those that look like one.

A network that has only seen hands takes elbows, ears and faces for hands as soon as it is shown a crop of them, which
the app does where a hand has left.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from models.errors import BothhandsError
from models.values import SIDES, Intrinsics
from tracking.cropper import CROP_SIZE, make_crop
from training.data.augment_values import FLESH, TRIES
from training.data.samples import HandLabel, Sample
from training.datasets.cropping import crop_camera
from training.datasets.image_folder import ImageFolder, Split

_SIDE = (0.5, 2.5)
"""Side of a square, in sizes of the image's larger hand: what the app cuts around a hand, and around a pair."""
_LEAST_PX = 24.0
_SKIN, _SKIN_LIGHTNESS = 10.0, 60.0
"""Distance in CIELAB's colour plane, and in its lightness, from the hand's colour below which a pixel may be skin."""
_ANY = 0.25
"""Share of squares that are taken as they come; of the others that of `TRIES` that looks most like skin."""
_MARGIN = 2.0 * FLESH
"""Around a hand's joints, in sizes of the hand: its flesh, and what the label is off by."""
_MOST_IMAGES = 200
"""Images that are tried until one has room beside its hands."""


class Negatives:
    """Squares without hands by number, without end; a sample depends on the folder, seed and index alone.

    Args:
        folder: labelled images; those are used in which it is known where all hands are: each has all joints, or a fit,
            and one that is missing is known to be absent.
        seed: of everything.
        split: of the folder's images.

    Attributes:
        source: who made the images, and the licence.

    Raises:
        BothhandsError: the folder is missing or damaged, or there is no image in which all hands are known.
    """

    def __init__(self, folder: Path, seed: int, split: Split | None = "train") -> None:
        self._folder, self._seed = ImageFolder(folder, split=split), seed
        self.source = self._folder.source
        self._usable = [index for index in range(len(self._folder)) if _all_known(self._folder, index)]
        if not self._usable:
            raise BothhandsError(f"{folder} has no image in which it is known where all hands are; label others.")

    def sample(self, index: int) -> Sample:
        """The sample with this number, from 0.

        Raises:
            UnreadableImageError: an image is missing or damaged.
            BothhandsError: hands fill every image.
        """
        rng = np.random.default_rng([self._seed, index])
        for number in rng.permutation(self._usable)[:_MOST_IMAGES]:
            found = self._square(int(number), rng)
            if found is not None:
                return found
        raise BothhandsError(f"The hands of {self.source} leave no room beside them; take these images out of the run.")

    def _square(self, number: int, rng: np.random.Generator) -> Sample | None:
        image = self._folder.image(number)
        height, width = image.shape[:2]
        camera, hands = self._folder.labels(number, width, height)
        joints = [label.joints_px[np.isfinite(label.joints_px).all(axis=-1)] for label in hands.values()]
        boxes = [_box(label, camera) for label in hands.values()]
        size = max(box.size for box in boxes)
        squares = _free_squares(boxes, size, np.array([width, height]), rng)
        if not squares:
            return None
        if rng.random() >= _ANY:
            lightness, skin = _skin(image, np.concatenate(joints))
            # Flat walls of skin's colour teach little.
            squares.sort(key=lambda square: square.part(skin).mean() * square.part(lightness).std(), reverse=True)
        crop, frame_to_crop = make_crop(image, np.stack([squares[0].low, squares[0].high]), fill=1.0)
        return Sample(
            image=crop,
            intrinsics=crop_camera(camera, frame_to_crop),
            hands={},
            presence_known=True,
            segmentation=np.zeros((CROP_SIZE, CROP_SIZE), np.uint8),
            source=self.source,
        )


class _Box(NamedTuple):
    """Corners (2,), px of the image."""

    low: np.ndarray
    high: np.ndarray

    @property
    def size(self) -> float:
        """Of the longer side."""
        return float((self.high - self.low).max())

    def part(self, image: np.ndarray) -> np.ndarray:
        """What of an image (H, W, ...) lies in it."""
        (left, top), (right, bottom) = self.low.astype(int), self.high.astype(int)
        return image[top:bottom, left:right]

    def overlaps(self, other: _Box, margin: float) -> bool:
        """Whether they share anything once this one has grown by a margin."""
        return bool((other.low < self.high + margin).all() and (self.low - margin < other.high).all())


def _all_known(folder: ImageFolder, index: int) -> bool:
    entry = folder.entry(index)
    hands = entry.get("hands", {})
    located = all("parameters" in hand or all(hand["joints_px"]) for hand in hands.values())
    return bool(hands) and located and (len(hands) == len(SIDES) or bool(entry.get("presence_known", False)))


def _box(label: HandLabel, camera: Intrinsics) -> _Box:
    """Around all joints: where fingers that are covered may be, the fit tells."""
    points = (
        label.joints_px if label.vertices is None else np.concatenate([label.joints_px, camera.project(label.vertices)])
    )
    return _Box(np.nanmin(points, axis=0), np.nanmax(points, axis=0))


def _free_squares(hands: list[_Box], size: float, extent: np.ndarray, rng: np.random.Generator) -> list[_Box]:
    """Squares inside the image that show nothing of any hand."""
    squares = []
    for _ in range(TRIES):
        side = size * float(np.exp(rng.uniform(*np.log(_SIDE))))
        if not _LEAST_PX <= side <= extent.min():
            continue
        low = rng.uniform(0.0, extent - side)
        square = _Box(low, low + side)
        if not any(hand.overlaps(square, _MARGIN * hand.size) for hand in hands):
            squares.append(square)
    return squares


def _skin(image: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lightness (H, W), and which pixels (H, W) have about the colour of the image at points (N, 2) of a hand."""
    colours = cv2.cvtColor(image, cv2.COLOR_RGB2LAB).astype(np.int16)
    last = np.array([image.shape[1], image.shape[0]]) - 1
    columns, rows = np.clip(np.rint(points), 0, last).astype(int).T
    off = colours - np.median(colours[rows, columns], axis=0)
    return colours[..., 0], (np.hypot(off[..., 1], off[..., 2]) < _SKIN) & (np.abs(off[..., 0]) < _SKIN_LIGHTNESS)
