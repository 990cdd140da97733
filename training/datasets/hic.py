"""HIC (Tzionas et al., https://arxiv.org/abs/1506.02178) with MANO fits, in the layout that InterWild publishes.

    ROOT/HIC.json                   images and annotations in COCO's form
    ROOT/...                        images and .ply meshes, where the annotations say

The images and fits are on https://files.is.tue.mpg.de/dtzionas/Hand-Object-Capture/, HIC.json comes with InterWild
(https://github.com/facebookresearch/InterWild), which evaluates on it and never trains. The meshes have MANO's
vertices, in metres in the camera's frame; all images are from one depth camera of 640 x 480.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import trimesh

from models.errors import BothhandsError
from models.hand_model import INTERNET_TIP_VERTICES, HandModel, joints_of_mesh
from models.values import SIDES, Intrinsics, Side
from tracking.sources.image_files import read_image
from tracking.sources.protocol import SourceError
from training.data.samples import HandLabel, Knowledge, Sample
from training.datasets.cropping import crop_sample
from training.datasets.protocol import UnreadableImageError, read_json

CAMERA = Intrinsics(fx=525.0, fy=525.0, cx=319.5, cy=239.5, width=640, height=480)
"""The camera of all sequences, as InterWild gives it."""

_ORIGIN = "https://github.com/facebookresearch/InterWild (README, Data)"
_HAND_TYPES: Mapping[str, tuple[Side, ...]] = {"left": ("left",), "right": ("right",), "interacting": SIDES}


@dataclass(frozen=True)
class _Entry:
    picture: Path
    meshes: Mapping[Side, Path | None]


class Hic:
    """HIC behind the `HandDataset` interface.

    Labels are the fits' meshes and the joints that InterWild reads from them. There are no parameters, so that a
    label counts as `Knowledge.WEAK_3D` for losses though its mesh is as exact as the fits are. A hand without a fit
    has a label of joints that are not numbers; images without any fit are left out.

    Args:
        root: the folder that holds HIC.json.
        hand_models: official MANO: meshes of the free model have other vertices.

    Raises:
        BothhandsError: HIC.json is missing, damaged or of another format, or the hand models are not MANO's.
    """

    def __init__(self, root: Path, hand_models: Mapping[Side, HandModel]) -> None:
        if any(model.name != "mano" for model in hand_models.values()):
            raise BothhandsError("HIC is labelled with MANO's mesh: name the folder of the official files with --mano.")
        self._hand_models = hand_models
        self._entries = _read_entries(root)

    def __len__(self) -> int:
        """How many images."""
        return len(self._entries)

    def __getitem__(self, index: int) -> Sample:
        """Read one image and its meshes.

        Raises:
            UnreadableImageError: one of these files is missing or damaged.
            IndexError: there is no such number.
        """
        entry = self._entries[index]
        try:
            image = read_image(entry.picture)
        except SourceError as error:
            raise UnreadableImageError(str(error)) from error
        hands: dict[Side, HandLabel] = {side: self._label(side, path) for side, path in entry.meshes.items()}
        shown = [CAMERA.project(label.vertices) for label in hands.values() if label.vertices is not None]
        return crop_sample(
            image, CAMERA, hands, around=np.concatenate(shown), presence_known=True, source="HIC (MANO fits)"
        )

    def _label(self, side: Side, path: Path | None) -> HandLabel:
        if path is None:
            return HandLabel(Knowledge.POINTS_2D, np.full((21, 2), np.nan, np.float32))
        vertices = _read_vertices(path)
        joints = joints_of_mesh(vertices, self._hand_models[side], INTERNET_TIP_VERTICES).astype(np.float32)
        return HandLabel(Knowledge.WEAK_3D, CAMERA.project(joints).astype(np.float32), joints, vertices)


def _read_entries(root: Path) -> list[_Entry]:
    path = root / "HIC.json"
    content = read_json(path, _ORIGIN)
    entries: list[_Entry] = []
    try:
        pictures = {image["id"]: root / image["file_name"] for image in content["images"]}
        for annotation in content["annotations"]:
            meshes: dict[Side, Path | None] = {}
            for side in _HAND_TYPES[annotation["hand_type"]]:
                name = annotation[f"{side}_mano_path"]
                meshes[side] = root / name if name is not None else None
            if any(meshes.values()):
                entries.append(_Entry(pictures[annotation["image_id"]], meshes))
    except (KeyError, TypeError, AttributeError) as error:
        raise BothhandsError(
            f"{path} is not the file that InterWild publishes ({type(error).__name__}: {error}); get it from {_ORIGIN}."
        ) from error
    if not entries:
        raise BothhandsError(f"{path} names no image with a MANO fit; get it anew from {_ORIGIN}.")
    return entries


def _read_vertices(path: Path) -> np.ndarray:
    """(778, 3) float32 of a .ply mesh, in its own order."""
    try:
        # Merging or sorting of vertices would break MANO's order.
        mesh = trimesh.load(path, file_type="ply", process=False, maintain_order=True)
    except (OSError, ValueError, KeyError, IndexError, AttributeError, TypeError, struct.error) as error:
        raise UnreadableImageError(f"The mesh {path} is missing or damaged ({error}).") from error
    vertices = np.asarray(getattr(mesh, "vertices", ()), np.float32)
    if vertices.shape != (778, 3) or not np.isfinite(vertices).all():
        raise UnreadableImageError(f"The mesh {path} has not MANO's 778 vertices.")
    return vertices
