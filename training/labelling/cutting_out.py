"""Cuts labelled hands out of their photographs, so that composites show the hands of many people.

GrabCut (Rother, Kolmogorov and Blake, SIGGRAPH 2004) parts hand from background by colour. The fitted mesh tells it
where the hand surely is and where it cannot be; a cut that goes well beyond the mesh has found no outline and is left
out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.registry import HandModels
from models.values import FINGERS, WRIST, Intrinsics, Side
from render.silhouette import silhouette
from tracking.sources.image_files import read_image
from tracking.sources.protocol import SourceError
from training.data.cutouts import out_of_hand, px_per_metre
from training.data.samples import HandLabel
from training.datasets.image_folder import ImageFolder
from training.labelling.entries import camera_entry, hand_entry
from training.labelling.images import Image
from training.labelling.writing import make_empty, write_image, write_labels

_PX_PER_METRE = 850.0
"""Of stored cut-outs: a hand is some 150 px long. All are of one size, as `load_cut_outs` expects it."""
_ENLARGED = 2.0
"""Smaller hands are left out."""
_MARGIN = 0.6
"""Of the hand's box: what of the photograph is looked at around it."""
_SURE, _LIKELY, _FARTHEST = 0.05, 0.05, 0.22
"""Of the hand's box: within the mesh by so much it is hand, beyond by so much probably, by more than the last never."""
_ARM_SEEN = 0.35
"""Of the hand's box, beyond the wrist: so far the arm is probably in the image."""
_ARM_WIDENS = 0.35
"""Of the way from the wrist: an arm that comes from the side takes more room."""
_ROUNDS = 3
"""Of GrabCut."""
_LEAK = 0.1
"""Of the mesh's area: so much may lie beyond it, besides the arm."""
_LOST = 0.12
"""And so much of it may be taken for background."""


@dataclass
class CutOutReport:
    """Counts of one run.

    Attributes:
        hands: labelled with a mesh.
        cut_out: of these, how many were cut out.
        too_small: how many are too few px.
    """

    hands: int = 0
    cut_out: int = 0
    too_small: int = 0

    def lines(self) -> list[str]:
        """For people."""
        return [f"{self.cut_out} of {self.hands} hands cut out; {self.too_small} were too small."]


def cut_out_hands(
    folder: Path, out: Path, tick: Callable[[int, int | None], None] = lambda done, total: None
) -> CutOutReport:
    """Write a labelled folder of cut-outs, as `cutouts:FOLDER` reads it.

    Args:
        folder: as `python main.py label` writes it.
        out: folder to write; new or empty.
        tick: told how many images are done, and of how many.

    Raises:
        BothhandsError: a folder is missing, damaged, not empty or cannot be written, or no hand could be cut out.
    """
    images = ImageFolder(folder)
    make_empty(out)
    report, entries = CutOutReport(), dict[str, Any]()
    hand_models = load_hand_models()
    for index in range(len(images)):
        for picture, entry in _of_image(images, index, hand_models, report):
            name = write_image(picture, out, entries)
            entries[name] = {**images.entry(index), **entry}
        tick(index + 1, len(images))
    if not entries:
        raise BothhandsError(
            f"No hand of {folder} could be cut out: its labels have no meshes, or hands are too small."
        )
    write_labels(out, *images.provenance, entries)
    return report


class _Hand(NamedTuple):
    """A labelled hand in the part of its image that is cut out of.

    Attributes:
        image: (H, W, 3) uint8 RGB.
        joints: (21, 2) px.
        mesh: (H, W) uint8, 255 where the mesh covers it.
        size: longer side of the joints' box, px.
    """

    image: np.ndarray
    joints: np.ndarray
    mesh: np.ndarray
    size: float


def _of_image(
    images: ImageFolder, index: int, hand_models: HandModels, report: CutOutReport
) -> Iterator[tuple[Image, dict[str, Any]]]:
    try:
        image = read_image(images.path(index))
    except SourceError:
        return
    camera, hands = images.labels(index, image.shape[1], image.shape[0])
    for side, label in hands.items():
        if label.vertices is None or label.parameters is None or not np.isfinite(label.joints_px).all():
            continue
        report.hands += 1
        scale = _PX_PER_METRE / px_per_metre(label)
        if scale > _ENLARGED:
            report.too_small += 1
            continue
        low, part = _part(image, label.joints_px)
        part = cv2.resize(
            part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        )
        camera_there = _moved(camera, low, scale, part.shape)
        joints = (label.joints_px - low) * scale + (scale - 1.0) / 2.0
        faces = hand_models[side].faces
        hand = _Hand(part, joints, silhouette(label.vertices, faces, camera_there), float(np.ptp(joints, axis=0).max()))
        coverage = _coverage(hand)
        if coverage is not None:
            report.cut_out += 1
            yield (
                Image(images.path(index).stem, "", part, coverage),
                _entry(side, joints, label, camera_there),
            )


def _part(image: np.ndarray, joints: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Corner (2,) px and pixels of the part of an image around a hand."""
    low, high = joints.min(axis=0), joints.max(axis=0)
    margin = _MARGIN * float((high - low).max())
    left, top = np.maximum(np.floor(low - margin), 0).astype(int)
    right, bottom = np.ceil(high + margin).astype(int) + 1
    return np.array([left, top]), image[top:bottom, left:right]


def _moved(camera: Intrinsics, low: np.ndarray, scale: float, shape: tuple[int, ...]) -> Intrinsics:
    """The camera of a scaled part of an image; pixels' centres are whole numbers."""
    shift = (scale - 1.0) / 2.0
    return Intrinsics(
        camera.fx * scale,
        camera.fy * scale,
        (camera.cx - low[0]) * scale + shift,
        (camera.cy - low[1]) * scale + shift,
        width=shape[1],
        height=shape[0],
    )


def _coverage(hand: _Hand) -> np.ndarray | None:
    """(H, W) uint8 alpha of hand and arm; None where no outline was found."""
    bones = np.zeros_like(hand.mesh)
    for chain in FINGERS.values():
        line = np.rint(hand.joints[[WRIST, *chain]]).astype(np.int32)
        cv2.polylines(bones, [line], False, (255,), max(round(0.035 * hand.size), 1))
    direction, _ = out_of_hand(hand.joints)
    y, x = np.mgrid[: hand.mesh.shape[0], : hand.mesh.shape[1]]
    from_wrist = np.stack([x, y], axis=-1) - hand.joints[WRIST]
    along, across = from_wrist @ direction, np.abs(from_wrist @ [-direction[1], direction[0]])
    is_arm = (along > 0.0) & (across < 0.3 * hand.size + _ARM_WIDENS * along)
    trimap = np.full(hand.mesh.shape, cv2.GC_BGD, np.uint8)
    trimap[(_grown(hand.mesh, _FARTHEST * hand.size) > 0) | is_arm] = cv2.GC_PR_BGD
    likely = _grown(hand.mesh, _LIKELY * hand.size) > 0
    trimap[likely] = cv2.GC_PR_FGD
    trimap[is_arm & (along < _ARM_SEEN * hand.size) & (across < 0.2 * hand.size)] = cv2.GC_PR_FGD
    inner = _grown(hand.mesh, -_SURE * hand.size)
    trimap[(inner > 0) | (bones > 0)] = cv2.GC_FGD
    bgr = cv2.cvtColor(hand.image, cv2.COLOR_RGB2BGR)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)
    cv2.grabCut(bgr, trimap, None, *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]
    found = ((trimap == cv2.GC_FGD) | (trimap == cv2.GC_PR_FGD)).astype(np.uint8)
    found = _connected(found, bones)
    is_hand, area = along < 0.1 * hand.size, max(int(np.count_nonzero(hand.mesh)), 1)
    leak = np.count_nonzero(is_hand & (found > 0) & ~likely)
    lost = np.count_nonzero(is_hand & (found == 0) & (_grown(hand.mesh, -0.4 * _SURE * hand.size) > 0))
    if leak > _LEAK * area or lost > _LOST * area:
        return None
    return cv2.GaussianBlur(255 * found, (3, 3), 0)


def _grown(mask: np.ndarray, px: float) -> np.ndarray:
    """A mask grown by so many px, or shrunk by as many where they are below 0."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * max(round(abs(px)), 1) + 1,) * 2)
    return cv2.erode(mask, kernel) if px < 0.0 else cv2.dilate(mask, kernel)


def _connected(found: np.ndarray, bones: np.ndarray) -> np.ndarray:
    """The part of a mask that holds most of the bones."""
    _, numbers = cv2.connectedComponents(found)
    counts = np.bincount(numbers[bones > 0])
    counts[0] = 0
    return (numbers == counts.argmax()).astype(np.uint8) if counts.any() else np.zeros_like(found)


def _entry(side: Side, joints: np.ndarray, label: HandLabel, camera: Intrinsics) -> dict[str, Any]:
    """What `labels.json` says of a cut-out, besides what it says of the photograph."""
    return {
        "presence_known": True,
        "camera": camera_entry(camera),
        "hands": {side: hand_entry(joints, label.parameters)},
    }
