"""How far the outlines of fitted meshes lie from those of the hands in photographs.

Run as `python -m benchmarks.outlines FOLDER... [--model NAME] [--count 150]`. A photograph's own outline is its alpha
channel where it has one (cut-out hands); else the hand is what differs in colour from a plain wall. From points along
the mesh's outline the nearest edge of the photograph's is looked for square to it. One line a folder says how far that
is, and by how much the mesh would have to grow as a whole: that is where `GROWTH` of tools/build_landmark_points.py
comes from.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from models.values import MIDDLE_KNUCKLE, WRIST, HandReconstruction, Intrinsics
from render.silhouette import silhouette
from tracking.sources import IMAGE_SUFFIXES
from tracking.tracker import Tracker
from tracking.values import Frame

PLAIN = (150, 140, 135)
"""What cut-outs are laid on, with a margin of a third: palm detection is made for whole images."""
SMALLEST_SIDE = 400
"""Px to which small photographs are enlarged."""
FOV = 40.0
REACH = 0.12
"""How far from the mesh's outline an edge is looked for, in parts of the hand's box."""
WRIST_SHARE = 0.12
"""Part of the palm's length beyond the wrist from which outlines are compared: before it is the forearm."""
STEP = 3
"""Px along the outline from one point to the next."""
LEAST_COVER, LEAST_SCORE = 0.6, 0.9
"""Part of the mesh that must lie on the hand, and its presence: hands that are not found are not what is measured."""
DOUBTFUL_M = 0.002
"""From here on a gap counts by its square root: mostly it is a finger that is bent otherwise."""


class Photograph(NamedTuple):
    """One hand.

    Attributes:
        image: (H, W, 3) RGB, uint8.
        mask: (H, W) where the hand and its forearm are.
    """

    image: np.ndarray
    mask: np.ndarray


class Gaps(NamedTuple):
    """Between a mesh's outline and the hand's.

    Attributes:
        metres: (N,) outwards from the mesh's outline, at the depth of the wrist.
        growth: (N,) of them for a mesh that grows about the middle of its joints by its own size, metres.
    """

    metres: np.ndarray
    growth: np.ndarray


def photographs(folder: Path, count: int) -> Iterator[Photograph]:
    """So many of a folder's, in an order by chance that is always the same."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in IMAGE_SUFFIXES)
    for path in random.Random(0).sample(files, min(count, len(files))):
        image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if image is None or image.ndim != 3:
            continue
        scale = max(SMALLEST_SIDE / max(image.shape[:2]), 1.0)
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        if image.shape[2] == 4:
            yield _laid_on_plain(image)
        else:
            yield Photograph(np.ascontiguousarray(image[:, :, ::-1]), before_plain_wall(image))


def _laid_on_plain(image: np.ndarray) -> Photograph:
    margin = image.shape[0] // 3
    image = cv2.copyMakeBorder(image, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0))
    alpha = image[:, :, 3:] / 255.0
    shown = image[:, :, :3] * alpha + np.array(PLAIN) * (1.0 - alpha)
    return Photograph(np.ascontiguousarray(shown[:, :, ::-1].astype(np.uint8)), image[:, :, 3] > 127)


def before_plain_wall(image: np.ndarray) -> np.ndarray:
    """(H, W) where a (H, W, 3) BGR photograph shows skin: yellower than the wall, then GrabCut's border."""
    yellow = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_BGR2LAB)[:, :, 2], (0, 0), 2.0)
    yellow = cv2.normalize(yellow, np.zeros_like(yellow), 0, 255, cv2.NORM_MINMAX)
    _, likely = cv2.threshold(yellow, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    labels = np.where(likely > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[cv2.erode(likely, np.ones((15, 15))) > 0] = cv2.GC_FGD
    labels[cv2.dilate(likely, np.ones((41, 41))) == 0] = cv2.GC_BGD
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(image, labels, (0, 0, 0, 0), *models, 4, cv2.GC_INIT_WITH_MASK)
    skin = np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    _, parts, sizes, _ = cv2.connectedComponentsWithStats(skin)
    return parts == 1 + int(np.argmax(sizes[1:, cv2.CC_STAT_AREA]))


def gaps(hand: HandReconstruction, faces: np.ndarray, camera: Intrinsics, hand_mask: np.ndarray) -> Gaps | None:
    """Gaps all along a mesh's outline; None where the mesh does not lie on the hand."""
    vertices_px, joints_px = camera.project(hand.vertices), hand.joints_px
    mask = silhouette(hand.vertices, faces, camera)
    if hand_mask[mask > 0].mean() < LEAST_COVER:
        return None
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    places, normals = _outline(max(contours, key=len)[:, 0].astype(np.float64), mask)
    palm = joints_px[MIDDLE_KNUCKLE] - joints_px[WRIST]
    places, normals = places[::STEP], normals[::STEP]
    beyond = (places - joints_px[WRIST]) @ palm > WRIST_SHARE * (palm @ palm)
    places, normals = places[beyond], normals[beyond]
    reach = REACH * float(np.ptp(joints_px, axis=0).max())
    far = np.array([_edge_along(hand_mask, place, way, reach) for place, way in zip(places, normals, strict=True)])
    nearest = np.argmin(np.linalg.norm(vertices_px[None] - places[:, None], axis=-1), axis=1)
    lever = hand.vertices[nearest] - hand.joints.mean(axis=0)
    growth = np.sum(lever[:, :2] * normals, axis=1)
    met = np.isfinite(far)
    return Gaps(far[met] * hand.joints[WRIST, 2] / camera.fx, growth[met])


def growth_of(found: Gaps) -> float:
    """Part of its size by which a mesh would have to grow to meet the outlines; its flesh may be thicker as well."""
    unknowns = np.stack([found.growth, np.ones(len(found.growth))], axis=1)
    weights = np.ones(len(found.metres))
    solution = np.zeros(2)
    for _ in range(10):
        solution = np.linalg.lstsq(unknowns * weights[:, None], found.metres * weights, rcond=None)[0]
        off = np.abs(found.metres - unknowns @ solution)
        weights = np.maximum(off / DOUBTFUL_M, 1.0) ** -0.5
    return float(solution[0])


def _outline(contour: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A contour (N, 2) without its steps, and its normals, which point out of the mask."""
    around = np.concatenate([contour[-4:], contour, contour[:4]])
    smooth = np.stack([np.convolve(values, np.full(9, 1.0 / 9.0), "valid") for values in around.T], axis=1)
    along = np.roll(smooth, -2, axis=0) - np.roll(smooth, 2, axis=0)
    normals = np.stack([along[:, 1], -along[:, 0]], axis=1)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    inside = (_values(mask, smooth + 3.0 * normals) > 0).mean() > 0.5
    return smooth, -normals if inside else normals


def _edge_along(mask: np.ndarray, place: np.ndarray, way: np.ndarray, reach: float) -> float:
    """Where on a line through a place the mask ends, px from there; nan where it does not within reach."""
    steps = np.arange(-reach, reach, 0.5)
    values = _values(mask, place + steps[:, None] * way) > 0
    ends = steps[:-1][values[:-1] & ~values[1:]]
    return float(ends[np.argmin(np.abs(ends))]) if len(ends) else float("nan")


def _values(mask: np.ndarray, places: np.ndarray) -> np.ndarray:
    height, width = mask.shape[:2]
    x, y = np.rint(places).astype(int).T
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    return np.where(inside, mask[y.clip(0, height - 1), x.clip(0, width - 1)], 0)


def measure(tracker: Tracker, found: Iterator[Photograph]) -> tuple[int, Gaps]:
    """Hands measured, and the gaps of all of them."""
    measured: list[Gaps] = []
    for index, photograph in enumerate(found):
        tracked = tracker.track(Frame(index, index, photograph.image), independent=True)
        for side, hand in tracked.hands.hands.items():
            if len(tracked.hands.hands) == 1 and hand.score >= LEAST_SCORE:
                seen = gaps(hand, tracker.faces[side], tracked.intrinsics, photograph.mask)
                measured += [] if seen is None else [seen]
    if not measured:
        return 0, Gaps(np.full(1, np.nan), np.zeros(1))
    return len(measured), Gaps(*(np.concatenate(part) for part in zip(*measured, strict=True)))


def main() -> None:
    """Measure folder by folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--model", default="landmark-fit")
    parser.add_argument("--count", type=int, default=150)
    arguments = parser.parse_args()
    table = Table("folder", "hands", "gap, mm: mean", "of either sign", "growth")
    tracker = Tracker.create(arguments.model, fov=FOV)
    try:
        for folder in arguments.folders:
            hands, found = measure(tracker, photographs(folder, arguments.count))
            gap, size = found.metres.mean() * 1e3, np.abs(found.metres).mean() * 1e3
            growth = growth_of(found) if hands else float("nan")
            table.add_row(folder.name, str(hands), f"{gap:.2f}", f"{size:.2f}", f"{growth:.4f}")
    finally:
        tracker.close()
    Console().print(table)


if __name__ == "__main__":
    main()
