"""Photographed hands that were cut out of their images, ready to be laid over others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np
from scipy.ndimage import distance_transform_edt

from models.errors import BothhandsError
from models.values import FINGERS, WRIST, Side
from tracking.sources.image_files import read_image_file
from tracking.sources.protocol import SourceError
from training.data.samples import HandLabel
from training.datasets.image_folder import ImageFolder

_HAND_PX = 200.0
"""Side of the box around the joints of a stored cut-out; more would never be seen in a crop of 256 px."""
_LEVELS = 3
_OPAQUE = (96, 200)
"""Alpha below and above these is none and full: cut-outs' edges are ragged and mixed with their old background."""
_SOLID = 230
_SIZE_TOLERANCE = 1.25
_USUAL_SIZE = 1500.0
"""Px a metre, where nothing is known."""
_MIDDLE, _INDEX, _LITTLE = FINGERS["middle"][0], FINGERS["index"][0], FINGERS["little"][0]


@dataclass(frozen=True, eq=False)
class Arm:
    """What a cut-out shows of the forearm, cut-out px.

    Attributes:
        start: (2,) middle of the wrist's edge.
        end: (2,) middle of the cut; `start` where there is no forearm to speak of.
        direction: (2,) unit, from the hand along the arm.
        half_widths: at the start and at the end.
        colour: (3,) sRGB at the end.
    """

    start: np.ndarray
    end: np.ndarray
    direction: np.ndarray
    half_widths: tuple[float, float]
    colour: np.ndarray


class Level(NamedTuple):
    """A cut-out at one size.

    Attributes:
        pixels: (H, W, 4) uint8 RGB, not premultiplied, and coverage; around the hand its edge's colours go on, so that
            edges stay clean when warped.
        hand: (H, W) uint8, coverage of the hand without its arm.
        to_cut_out: (3, 3) affine from this level's px to cut-out px.
    """

    pixels: np.ndarray
    hand: np.ndarray
    to_cut_out: np.ndarray


class Fit(NamedTuple):
    """The hand model fitted to a cut-out, in the axes of a camera that looks straight at it.

    Attributes:
        points: (21 + 778, 3) joints and vertices, metres, about the joints' middle.
        pose: (16, 3) as in `HandParameters`.
        shape: (10,).
        rest_wrist: (3,) where the wrist lies before the hand is posed, metres.
    """

    points: np.ndarray
    pose: np.ndarray
    shape: np.ndarray
    rest_wrist: np.ndarray


@dataclass(frozen=True, eq=False)
class CutOut:
    """One hand.

    Attributes:
        side: which hand it is.
        levels: the image, each half as large as the one before it.
        joints_px: (21, 2) cut-out px.
        tone: (3,) mean colour of the hand, sRGB.
        arm: of the same image.
        fit: the hand in space; None where only 2D is known.
        px_per_metre: how large the hand is drawn.
    """

    side: Side
    levels: Sequence[Level]
    joints_px: np.ndarray
    tone: np.ndarray
    arm: Arm
    fit: Fit | None
    px_per_metre: float

    def level(self, scale: float) -> Level:
        """The smallest that need not be enlarged to be drawn at so many px a cut-out px."""
        return self.levels[min(max(int(np.floor(-np.log2(scale) + 1e-6)), 0), len(self.levels) - 1)]


def look_at(ray: np.ndarray) -> np.ndarray:
    """(3, 3) shortest rotation that takes the optical axis to the ray (x / z, y / z)."""
    tangent = float(np.hypot(*ray))
    if tangent < 1e-9:
        return np.eye(3)
    return cv2.Rodrigues(np.arctan(tangent) / tangent * np.array([-ray[1], ray[0], 0.0]))[0]


def load_cut_outs(folder: ImageFolder) -> list[CutOut]:
    """All images of a labelled folder that have an alpha channel and one hand.

    They are taken to be of one series, all hands about equally far from the camera: a fit that is of quite another size
    than most is wrong, and its hand counts as known in 2D only.

    Raises:
        BothhandsError: there are none, or labels are damaged.
    """
    cut_outs: list[CutOut] = []
    scales: list[float] = []
    for index in range(len(folder)):
        try:
            picture = read_image_file(folder.path(index)).pixels
        except SourceError:
            continue
        if picture.shape[2] != 4:
            continue
        _, hands = folder.labels(index, picture.shape[1], picture.shape[0])
        if len(hands) == 1 and all(np.isfinite(label.joints_px).all() for label in hands.values()):
            [(side, label)] = hands.items()
            scales.append(min(1.0, _HAND_PX / max(float(np.ptp(label.joints_px, axis=0).max()), 1.0)))
            cut_outs.append(_cut_out(picture, side, label, scales[-1]))
    if not cut_outs:
        raise BothhandsError(f"{folder.source} holds no cut-out hand: images with an alpha channel and one hand.")
    return _of_one_series(cut_outs, scales)


def _of_one_series(cut_outs: Sequence[CutOut], scales: Sequence[float]) -> list[CutOut]:
    """The cut-outs, stored at so many px a px of their images, with sizes that agree."""
    sizes = np.array([cut_out.px_per_metre for cut_out in cut_outs]) / np.array(scales)
    usual = float(np.median(sizes[sizes > 0.0])) if (sizes > 0.0).any() else _USUAL_SIZE
    agree = np.abs(np.log(np.maximum(sizes, 1e-9) / usual)) < np.log(_SIZE_TOLERANCE)
    return [
        cut_out if good else replace(cut_out, fit=None, px_per_metre=usual * scale)
        for cut_out, scale, good in zip(cut_outs, scales, agree, strict=True)
    ]


def _cut_out(picture: np.ndarray, side: Side, label: HandLabel, scale: float) -> CutOut:
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    # Pixels' centres are whole numbers: the shift keeps them at the same place of the hand.
    joints = label.joints_px.astype(np.float64) * scale + (scale - 1.0) / 2.0
    coverage = _sharpened(small[..., 3])
    hand = _without_arm(coverage, joints)
    colours = _grown(small[..., :3], small[..., 3] >= _SOLID)
    fit = _fit(label)
    return CutOut(
        side,
        _levels(np.dstack([colours, coverage]), hand),
        joints,
        colours[hand > 128].mean(axis=0) if (hand > 128).any() else np.full(3, 180.0),
        _arm(coverage, colours, joints),
        fit,
        0.0 if fit is None else _scale(fit.points[:21], joints),
    )


def _levels(pixels: np.ndarray, hand: np.ndarray) -> tuple[Level, ...]:
    levels, side = [Level(pixels, hand, np.eye(3))], 1.0
    while len(levels) < _LEVELS:
        pixels, hand = (_halved(image) for image in (pixels, hand))
        side *= 2.0
        shift = (side - 1.0) / 2.0
        levels.append(Level(pixels, hand, np.array([[side, 0.0, shift], [0.0, side, shift], [0.0, 0.0, 1.0]])))
    return tuple(levels)


def _halved(image: np.ndarray) -> np.ndarray:
    """Means of 2 x 2 px; an odd last row or column is repeated."""
    height, width = image.shape[:2]
    even = cv2.copyMakeBorder(image, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    return cv2.resize(even, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)


def _sharpened(alpha: np.ndarray) -> np.ndarray:
    low, high = _OPAQUE
    ramp = np.clip((alpha.astype(np.float32) - low) * (255.0 / (high - low)), 0.0, 255.0)
    return cv2.erode(np.rint(ramp).astype(np.uint8), np.ones((2, 2), np.uint8))


def _grown(colours: np.ndarray, solid: np.ndarray) -> np.ndarray:
    """Colours of the nearest solid pixel wherever there is none."""
    if not solid.any():
        return np.ascontiguousarray(colours)
    nearest = np.empty((2, *solid.shape), np.int32)
    distance_transform_edt(~solid, return_distances=False, return_indices=True, indices=nearest)
    return np.ascontiguousarray(colours[nearest[0], nearest[1]])


def px_per_metre(label: HandLabel) -> float:
    """How large a hand whose mesh is known is shown, seen from straight before it.

    Raises:
        ValueError: its mesh is not known.
    """
    fit = _fit(label)
    if fit is None:
        raise ValueError("the label has no mesh")
    return _scale(fit.points[:21], label.joints_px)


def out_of_hand(joints: np.ndarray) -> tuple[np.ndarray, float]:
    """(2,) direction from the middle knuckle over the wrist, and how far that is; px."""
    step = joints[WRIST] - joints[[_INDEX, _MIDDLE, _LITTLE]].mean(axis=0)
    length = max(float(np.linalg.norm(step)), 1.0)
    return step / length, length


def _without_arm(coverage: np.ndarray, joints: np.ndarray) -> np.ndarray:
    """The hand's part of the coverage: up to a line across the wrist, and what is near the fingers beyond it."""
    direction, palm = out_of_hand(joints)
    size = float(np.ptp(joints, axis=0).max())
    y, x = np.mgrid[: coverage.shape[0], : coverage.shape[1]]
    beyond = (x - joints[WRIST, 0]) * direction[0] + (y - joints[WRIST, 1]) * direction[1] > 0.12 * palm
    fingers = np.zeros_like(coverage)
    for chain in FINGERS.values():
        line = np.rint(joints[list(chain)]).astype(np.int32)
        cv2.polylines(fingers, [line], False, (255,), max(round(0.14 * size), 1))
    return np.where(beyond & (fingers == 0), 0, coverage).astype(np.uint8)


def _arm(coverage: np.ndarray, colours: np.ndarray, joints: np.ndarray) -> Arm:
    direction, palm = out_of_hand(joints)
    rows, columns = np.nonzero(coverage > 128)
    pixels = np.stack([columns, rows], axis=1).astype(np.float64)
    from_wrist = pixels - joints[WRIST]
    along = from_wrist @ direction
    arm = from_wrist[along > 0.1 * palm]
    width = 0.55 * max(float(np.linalg.norm(joints[_INDEX] - joints[_LITTLE])), 0.4 * palm)
    if len(arm) > width * 0.3 * palm:
        middle = arm.mean(axis=0)
        direction = middle / np.linalg.norm(middle)
    along, across = from_wrist @ direction, from_wrist @ [-direction[1], direction[0]]
    reach = float(along.max(initial=0.0))
    if reach < 0.3 * palm:
        return Arm(joints[WRIST], joints[WRIST], direction, (width, width), _mean_colour(colours, pixels))
    start, start_width = _slice(along, across, 0.15 * palm, 0.1 * palm)
    end, end_width = _slice(along, across, reach - 0.1 * palm, 0.1 * palm)
    normal = np.array([-direction[1], direction[0]])
    first = joints[WRIST] + 0.15 * palm * direction + start * normal
    last = joints[WRIST] + (reach - 0.1 * palm) * direction + end * normal
    axis = last - first
    length = float(np.linalg.norm(axis))
    return Arm(
        first,
        last,
        axis / length if length > 0.2 * palm else direction,
        (start_width, end_width),
        _mean_colour(colours, pixels[along > reach - 0.2 * palm]),
    )


def _slice(along: np.ndarray, across: np.ndarray, place: float, half: float) -> tuple[float, float]:
    """Middle and half width of what lies about a place along the arm."""
    part = across[np.abs(along - place) < half]
    if len(part) < 4:
        return 0.0, 1.0
    low, high = np.percentile(part, (3, 97))
    return float(low + high) / 2.0, float(high - low) / 2.0


def _mean_colour(colours: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    x, y = pixels.astype(int).T
    return colours[y, x].mean(axis=0)


def _fit(label: HandLabel) -> Fit | None:
    if label.joints is None or label.vertices is None or label.parameters is None:
        return None
    middle = label.joints.mean(axis=0, dtype=np.float64)
    turn = look_at(middle[:2] / middle[2])
    pose = label.parameters.pose.astype(np.float64)
    pose[0] = cv2.Rodrigues(turn.T @ cv2.Rodrigues(pose[0])[0])[0].ravel()
    return Fit(
        (np.concatenate([label.joints, label.vertices]) - middle) @ turn,
        pose,
        label.parameters.shape,
        (label.joints[WRIST] - label.parameters.translation).astype(np.float64),
    )


def _scale(joints: np.ndarray, joints_px: np.ndarray) -> float:
    flat, seen = joints[:, :2] - joints[:, :2].mean(axis=0), joints_px - joints_px.mean(axis=0)
    return float(np.sum(flat * seen) / np.sum(flat * flat))
