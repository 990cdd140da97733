"""A folder of images, with labels beside them or without.

Labels stand in `labels.json` of the folder, in px and metres of the images as they are:

    {"source": "who made the images", "licence": "CC BY 4.0",
     "pictures": {"NAME.jpg": {
         "split": "train" or "held-out",
         "presence_known": true,
         "group": "one hand shape seen from several sides",
         "camera": {"fx": 600, "fy": 600, "cx": 319.5, "cy": 239.5},
         "hands": {"left": {"joints_px": [[x, y] or null, ... 21],
                            "joints": [[x, y, z] or null, ... 21],
                            "parameters": {"pose": [... 48], "shape": [... 10], "translation": [x, y, z]}}}}}}

Everything but "pictures", "hands" and "joints_px" may be left out; further entries are not read. Joints that are null
are not known; joints in metres count as weak. Parameters are those of the free hand model (`HandParameters`, row by
row); where they stand, they give joints and mesh in metres, which count as weak, too. Without a camera, 60 degrees
across the longer side are assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from models.errors import BothhandsError
from models.hand_model import HandModel, load_hand_models
from models.values import SIDES, HandParameters, Intrinsics, Side
from tracking.sources import IMAGE_SUFFIXES
from tracking.sources.image_files import read_image
from tracking.sources.protocol import SourceError
from training.data.samples import HandLabel, Knowledge, Sample
from training.datasets.cropping import crop_sample
from training.datasets.protocol import UnreadableImageError, read_json

LABELS = "labels.json"
Split = Literal["train", "held-out"]
"""Of labelled images: those that runs train on, and those that none does."""
_FARTHEST = 2.0
"""Longer sides of an image from its corner: joints of a hand that its edge cuts off lie nearer."""
_FARTHEST_METRES = 100.0


class ImageFolder:
    """A folder of images behind the `HandDataset` interface.

    An image without labelled hands is given whole, padded square.

    Args:
        folder: the images; not those of folders in it.
        by_views: the part of a name before its last dash tells the hand shape, the rest the view, as in
            "fist-03.png"; fills `groups` where the labels do not.
        split: only the images whose label says this split; None: all.

    Attributes:
        groups: by image, which hand shape it shows; None where that is not told.
        provenance: who made the images, and the licence; empty where the labels do not say.
        source: both, or the folder's name, as people read it.

    Raises:
        BothhandsError: the folder is missing, has no images (of that split), or its labels are damaged; the text
            names it.
    """

    def __init__(self, folder: Path, *, by_views: bool = False, split: Split | None = None) -> None:
        self._folder = folder
        content = _read_labels(folder)
        self._labels: dict[str, Any] = content.get("pictures", {}) if content else {}
        self._names = sorted(self._labels) if content else _image_names(folder)
        if not self._names:
            raise BothhandsError(f"{folder / LABELS} names no images; label some, or take the file away.")
        if split is not None:
            self._names = [name for name in self._names if self._labels.get(name, {}).get("split") == split]
            if not self._names:
                raise BothhandsError(f'{folder} has no image whose label says "split": "{split}".')
        self.provenance = str((content or {}).get("source", "")), str((content or {}).get("licence", ""))
        self.source = ", ".join(filter(None, self.provenance)) or folder.name
        views = [name.rsplit("-", 1)[0] if by_views and "-" in name else None for name in self._names]
        self.groups: list[str | None] = [
            self._labels.get(name, {}).get("group", view) for name, view in zip(self._names, views, strict=True)
        ]

    def __len__(self) -> int:
        """How many images; of a folder with labels, those they name."""
        return len(self._names)

    def __getitem__(self, index: int) -> Sample:
        """Read one image.

        Raises:
            UnreadableImageError: it is missing or damaged.
            IndexError: there is no such number.
        """
        image = self.image(index)
        camera, hands = self.labels(index, image.shape[1], image.shape[0])
        points = np.concatenate([label.joints_px for label in hands.values()]) if hands else np.zeros((0, 2))
        entry = self.entry(index)
        return crop_sample(
            image,
            camera,
            hands,
            around=points if np.isfinite(points).all(axis=-1).any() else None,
            presence_known=bool(entry.get("presence_known", False)),
            source=self.source,
        )

    def image(self, index: int) -> np.ndarray:
        """The whole image (H, W, 3) uint8 RGB.

        Raises:
            UnreadableImageError: it is missing or damaged.
        """
        try:
            return read_image(self.path(index))
        except SourceError as error:
            raise UnreadableImageError(str(error)) from error

    def path(self, index: int) -> Path:
        """Where the image is."""
        return self._folder / self._names[index]

    def entry(self, index: int) -> Mapping[str, Any]:
        """What `labels.json` says of the image, not checked."""
        return self._labels.get(self._names[index], {})

    def labels(self, index: int, width: int, height: int) -> tuple[Intrinsics, dict[Side, HandLabel]]:
        """Camera and hands of a whole image, px of the image.

        Args:
            index: of the image.
            width: of that image, px.
            height: of that image, px.

        Raises:
            BothhandsError: its labels are damaged.
        """
        name = self._names[index]
        entry = self._labels.get(name, {})
        try:
            labels: dict[Side, Any] = {_SIDES_BY_NAME[side]: label for side, label in entry.get("hands", {}).items()}
            return (
                _camera(entry.get("camera"), width, height),
                {side: _label(side, label, _FARTHEST * max(width, height)) for side, label in labels.items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise BothhandsError(
                f"The labels of {name} in {self._folder / LABELS} are not as they should be "
                f"({type(error).__name__}: {error}); correct them or take them out."
            ) from error


def _read_labels(folder: Path) -> dict[str, Any] | None:
    path = folder / LABELS
    if not path.is_file():
        return None
    content = read_json(path, "where the images are from")
    pictures = content.get("pictures") if isinstance(content, dict) else None
    if not isinstance(pictures, dict) or not all(isinstance(entry, dict) for entry in pictures.values()):
        raise BothhandsError(f'{path} has no table "pictures" from names to labels; see docs/evaluation.md.')
    for name, entry in pictures.items():
        if "\0" in name or Path(name).is_absolute() or ".." in Path(name).parts:
            raise BothhandsError(f"{path} names an image {name!r}, which is none of its folder; correct the name.")
        if not isinstance(entry.get("group", ""), str | None):
            raise BothhandsError(f'{path} has a "group" of {name!r} that is no text; correct it or take it out.')
    return content


def _image_names(folder: Path) -> list[str]:
    try:
        names = [path.name for path in folder.iterdir() if path.suffix.lower() in IMAGE_SUFFIXES and path.is_file()]
    except OSError as error:
        raise BothhandsError(f"The folder {folder} cannot be read: {error.strerror or error}.") from error
    # Names that start with a dot are left-overs of other systems, not images.
    names = sorted(name for name in names if not name.startswith("."))
    if not names:
        raise BothhandsError(f"The folder {folder} has no images; name a folder that has.")
    return names


def _camera(entry: dict[str, float] | None, width: int, height: int) -> Intrinsics:
    if entry is None:
        return Intrinsics.assumed(width, height)
    fx, fy, cx, cy = (_number(entry[key], 1000.0 * max(width, height)) for key in ("fx", "fy", "cx", "cy"))
    if min(fx, fy) <= 0:
        raise ValueError("a camera's fx and fy are above zero")
    return Intrinsics(fx, fy, cx, cy, width=width, height=height)


_SIDES_BY_NAME: dict[str, Side] = {side: side for side in SIDES}


@cache
def _hand_models() -> Mapping[Side, HandModel]:
    return load_hand_models()


def _label(side: Side, entry: dict[str, Any], farthest_px: float) -> HandLabel:
    joints_px = _points(entry["joints_px"], 2, farthest_px)
    if "parameters" in entry:
        parameters = _parameters(entry["parameters"])
        vertices, joints = _hand_models()[side].mesh(parameters)
        return HandLabel(Knowledge.WEAK_3D, joints_px, joints, vertices, parameters)
    if "joints" in entry:
        return HandLabel(Knowledge.WEAK_3D, joints_px, _points(entry["joints"], 3, _FARTHEST_METRES))
    return HandLabel(Knowledge.POINTS_2D, joints_px)


def _parameters(entry: dict[str, list[float]]) -> HandParameters:
    pose, shape, translation = (_array(entry[key], _FARTHEST_METRES) for key in ("pose", "shape", "translation"))
    return HandParameters(pose.reshape(16, 3), shape.reshape(10), translation.reshape(3))


def _points(rows: list[list[float] | None], dimensions: int, farthest: float) -> np.ndarray:
    """(21, D) float32, rows that are null as not numbers."""
    if len(rows) != 21:
        raise ValueError(f"{len(rows)} joints, not 21")
    known = np.array([row is not None for row in rows])
    points = np.full((21, dimensions), np.nan, np.float32)
    points[known] = _array([row for row in rows if row is not None], farthest).reshape(-1, dimensions)
    return points


def _array(values: Any, farthest: float) -> np.ndarray:
    """Numbers no larger than that, as float32.

    Raises:
        ValueError, TypeError, OverflowError: they are larger, or no numbers.
    """
    array = np.array(values, np.float64)
    if not (np.abs(array) <= farthest).all():
        raise ValueError(f"numbers beyond {farthest:g}")
    return array.astype(np.float32)


def _number(value: Any, farthest: float) -> float:
    return float(_array(value, farthest).reshape(()))
