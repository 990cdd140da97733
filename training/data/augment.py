"""Random changes of an image that leave its labels true: geometry, and what a camera does to colours."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from tracking.crop_planner import KEPT_MARGIN, gap
from training.data import augment_values as values
from training.data.examples import Transform
from training.data.samples import HandLabel, Sample


class Augmentation(BaseModel):
    """What may happen to an image.

    Attributes:
        mirror: share of images that are mirrored.
        turned: share of images that are turned by any angle; the others by some 25 degrees.
        scale: smallest and largest change of size of an image with two hands. The app's crops follow the network's own
            last answer: one who never saw hands that are cut off makes each crop smaller than the one before.
        lone_scale: the same with one: the app widens the crop around a lone hand, see `CropPolicy.lone_hand_scale`.
        closer: share of images of two hands that are apart of which one hand fills the image, as in the app, which
            gives each of them a square (`CropPolicy.crop_each_hand`).
        around_one: share of images of two hands that are not apart of which the square is laid around one, as the app's
            first square is where it knows of one only.
        shift: largest shift of the middle, parts of the image's side.
        aside: share of images of which a part without hands is shown, where everything in them is known: the app may
            look where no hand is any more.
        colour: strength of brightness, contrast, tint, blur and noise; 1 is as webcams differ.
            Images that were made with all this (`Source.spoilt`) get none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mirror: float = Field(default=0.5, ge=0, le=1)
    turned: float = Field(default=0.25, ge=0, le=1)
    scale: tuple[float, float] = (0.8, 1.3)
    lone_scale: tuple[float, float] = (0.4, 1.3)
    closer: float = Field(default=0.0, ge=0, le=1)
    around_one: float = Field(default=0.0, ge=0, le=1)
    shift: float = Field(default=0.1, ge=0)
    aside: float = Field(default=0.06, ge=0, le=1)
    colour: float = Field(default=1.0, ge=0)

    def transform(self, sample: Sample, size: int, rng: np.random.Generator) -> Transform:
        """A random change of a sample's image into one of `size` px."""
        if rng.random() < self.aside and sample.presence_known:
            part = _part_without_hands(sample, rng)
            if part is not None:
                x, y, side = part
                scale = size / side
                return Transform(np.array([[scale, 0.0, -scale * x], [0.0, scale, -scale * y]]), size)
        low, high = self.lone_scale if len(sample.hands) < 2 else self.scale
        zoom = float(np.exp(rng.uniform(np.log(low), np.log(high)))) * size / len(sample.image)
        middle = np.full(2, (len(sample.image) - 1) / 2.0)
        hands = _two_hands(sample)
        if hands is not None and rng.random() < (self.closer if hands.apart else self.around_one):
            middle, side = hands.boxes[rng.integers(2)]
            zoom = float(np.exp(rng.uniform(*np.log(values.CLOSE)))) * size / side
        free = rng.random() < self.turned
        angle = rng.uniform(-180.0, 180.0) if free else rng.normal(0.0, values.UPRIGHT_SIGMA if self.turned else 0.0)
        shift = rng.uniform(-self.shift, self.shift, 2) * size
        kind = rng.random()
        colour = tuple(rng.integers(0, 256, 3).tolist()) if kind >= values.EDGE + values.BLACK else (0, 0, 0)
        fill = None if kind < values.EDGE else colour
        mirror = bool(rng.random() < self.mirror)
        if mirror:
            middle[0] = sample.image.shape[1] - 1 - middle[0]
        affine = cv2.getRotationMatrix2D(middle.tolist(), angle, zoom)
        affine[:, 2] += (size - 1) / 2.0 - middle + shift
        return Transform(affine, size, mirror, fill)

    def recolour(self, image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """An image (S, S, 3) uint8 as another camera in another light would have taken it."""
        strength = self.colour
        if strength <= 0.0:
            return image
        curve = np.linspace(0.0, 1.0, 256)[:, None]
        gamma = np.exp(rng.normal(0.0, values.GAMMA * strength))
        contrast = np.exp(rng.normal(0.0, values.CONTRAST * strength))
        gain = np.exp(rng.normal(0.0, values.GAIN * strength) + rng.normal(0.0, values.TINT * strength, 3))
        curve = 0.5 + contrast * (gain * curve**gamma - 0.5)
        image = cv2.LUT(image, np.clip(np.rint(255.0 * curve), 0, 255).astype(np.uint8)[:, None])
        if rng.random() < values.BLURRED * strength:
            image = cv2.GaussianBlur(image, (0, 0), rng.uniform(*values.BLUR))
        noise = rng.gamma(1.0, values.NOISE * strength)
        if noise > values.LEAST_NOISE:
            grain = rng.integers(-128, 128, image.shape, dtype=np.int8)
            image = cv2.add(image, grain * (noise / values.GRAIN), dtype=cv2.CV_8U)
        return image


class _TwoHands(NamedTuple):
    """Middle (2,) and longer side of the box of each hand's joints, px, and whether the app would take them apart."""

    boxes: list[tuple[np.ndarray, float]]
    apart: bool


def _two_hands(sample: Sample) -> _TwoHands | None:
    """None unless two are labelled, and it is known where."""
    if len(sample.hands) < 2 or not all(map(_is_located, sample.hands.values())):
        return None
    joints = [hand.joints_px for hand in sample.hands.values()]
    corners = [(np.nanmin(of_hand, axis=0), np.nanmax(of_hand, axis=0)) for of_hand in joints]
    boxes = [((start + end) / 2.0, float((end - start).max())) for start, end in corners]
    # From here on the app keeps hands apart.
    return _TwoHands(boxes, gap(*joints) >= KEPT_MARGIN)


def _is_located(hand: HandLabel) -> bool:
    return int(np.isfinite(hand.joints_px).all(axis=-1).sum()) >= values.TELLING


def _part_without_hands(sample: Sample, rng: np.random.Generator) -> tuple[float, float, float] | None:
    """Left, top and side of a square of the image, px; None if none is found, or nobody knows where a hand is."""
    if not all(map(_is_located, sample.hands.values())):
        return None
    length = len(sample.image)
    for _ in range(values.TRIES):
        side = length * rng.uniform(*values.PART)
        corner = rng.uniform(0.0, length - side, 2)
        for hand in sample.hands.values():
            low, high = np.nanmin(hand.joints_px, axis=0), np.nanmax(hand.joints_px, axis=0)
            flesh = values.FLESH * (high - low).max()
            if ((corner < high + flesh) & (low - flesh < corner + side)).all():
                break
        else:
            return float(corner[0]), float(corner[1]), float(side)
    return None


NONE = Augmentation(mirror=0.0, turned=0.0, scale=(1.0, 1.0), lone_scale=(1.0, 1.0), shift=0.0, aside=0.0, colour=0.0)
"""Images as they are, for evaluation."""
