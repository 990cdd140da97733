"""InterHand2.6M v1.0, 5 frames a second (Moon et al., https://arxiv.org/abs/2008.09309), as it is published.

    ROOT/images/SPLIT/CaptureN/SEQUENCE/camNNN/imageN.jpg
    ROOT/annotations/SPLIT/InterHand2.6M_SPLIT_{data,camera,joint_3d,MANO_NeuralAnnot}.json

The format is told on https://mks0601.github.io/InterHand2.6M/. Positions there are millimetres in a world frame, those
of the MANO fits (NeuralAnnot, https://arxiv.org/abs/2011.11232) metres in the same frame.

The annotations of v1.0 are those of people and of a machine, "H+M". Papers that evaluate on "H" use InterWild's list of
annotation numbers, `aid_human_annot_SPLIT.txt` (https://github.com/facebookresearch/InterWild), here expected beside
the annotations of the split; releases that keep them in `annotations/all` and `annotations/human_annot` are read too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from models.errors import BothhandsError
from models.hand_model import HandModel
from models.rotations import exp_so3, log_so3
from models.values import SIDES, HandParameters, Intrinsics, Side
from tracking.sources.image_files import read_image
from tracking.sources.protocol import SourceError
from training.data.samples import HandLabel, Knowledge, Sample
from training.datasets.cropping import crop_sample
from training.datasets.protocol import UnreadableImageError, read_json

Split = Literal["train", "val", "test"]
Annotators = Literal["H", "H+M"]
Kind = Literal["single", "two", "all"]

TO_JOINTS = np.array([20, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12, 19, 18, 17, 16])
"""The project's 21 joints as indices into one hand of InterHand2.6M: fingers from tip to base, the wrist last."""

_ORIGIN = "https://mks0601.github.io/InterHand2.6M/"
_LIST_ORIGIN = "https://github.com/facebookresearch/InterWild (data/InterHand26M)"
_FIRST: Mapping[Side, int] = {"right": 0, "left": 21}
"""Where a hand's joints start among the 42."""
_HAND_TYPES: Mapping[str, tuple[Side, ...]] = {"left": ("left",), "right": ("right",), "interacting": SIDES}
_KINDS = tuple(_HAND_TYPES)
_MANO_SIZE = 48 + 10 + 3


@dataclass(frozen=True, eq=False)
class _Camera:
    """World to camera is rotation @ (world - position); lengths in metres."""

    rotation: np.ndarray
    position: np.ndarray
    focal: np.ndarray
    centre: np.ndarray

    def see(self, world: np.ndarray) -> np.ndarray:
        return (world - self.position) @ self.rotation.T


@dataclass(frozen=True, eq=False)
class _Images:
    """One row per annotation, in arrays: a million Python objects would be copied into every worker process."""

    file: np.ndarray
    camera: np.ndarray
    joints: np.ndarray
    mano: np.ndarray
    kind: np.ndarray
    kind_known: np.ndarray
    valid: np.ndarray


class InterHand:
    """InterHand2.6M behind the `HandDataset` interface.

    Keypoints are the dataset's; those outside the image, and those nobody annotated, are not numbers. Meshes and
    parameters come from NeuralAnnot's fits and need official MANO files. A hand that its sequence shows but of which
    nothing is known in this image has a label all the same, so that the pair counts as one.

    Args:
        root: the folder that holds `images` and `annotations`.
        split: which part.
        annotators: "H": images annotated by people; "H+M": all.
        kind: sequences of one hand, of two, or all.
        hand_models: official MANO; with the free model, or None, there are keypoints only.

    Attributes:
        dropped: annotations left out because no joint of theirs is known.

    Raises:
        BothhandsError: a file or folder is missing, half downloaded or of another format; the text names it.
    """

    def __init__(
        self,
        root: Path,
        split: Split = "test",
        *,
        annotators: Annotators = "H+M",
        kind: Kind = "all",
        hand_models: Mapping[Side, HandModel] | None = None,
    ) -> None:
        self._images = root / "images" / split
        self._source = f"InterHand2.6M v1.0 {split} ({annotators})"
        self._mano = hand_models if hand_models and all(m.name == "mano" for m in hand_models.values()) else None
        folder = _annotation_folder(root / "annotations", split, annotators)
        prefix = f"InterHand2.6M_{split}_"
        reader = _Reader(folder, prefix)
        self._cameras = reader.cameras()
        self._joints, self._joints_valid = reader.joints()
        self._fits = reader.fits() if self._mano else np.zeros((0, _MANO_SIZE), np.float32)
        listed = _human_list(folder, split) if annotators == "H" and folder.name == split else None
        self._pictures, self.dropped = reader.pictures(kind, listed, self._joints_valid)
        _check_captures(self._images, self._pictures.file)

    def __len__(self) -> int:
        """How many images, one per annotation."""
        return len(self._pictures.file)

    def __getitem__(self, index: int) -> Sample:
        """Read one image.

        Raises:
            UnreadableImageError: it is missing or damaged.
            IndexError: there is no such number.
        """
        rows = self._pictures
        path = self._images / rows.file[index].decode()
        try:
            image = read_image(path)
        except SourceError as error:
            raise UnreadableImageError(str(error)) from error
        camera = self._cameras[rows.camera[index]]
        intrinsics = Intrinsics(
            *camera.focal.tolist(), *camera.centre.tolist(), width=image.shape[1], height=image.shape[0]
        )
        joints = camera.see(self._joints[rows.joints[index]])
        joints[~rows.valid[index]] = np.nan
        hands: dict[Side, HandLabel] = {
            side: self._label(side, joints[_FIRST[side] :][TO_JOINTS], int(rows.mano[index, hand]), camera, intrinsics)
            for hand, side in enumerate(SIDES)
            if side in _HAND_TYPES[_KINDS[rows.kind[index]]]
        }
        return crop_sample(
            image,
            intrinsics,
            hands,
            around=np.concatenate([label.joints_px for label in hands.values()]),
            presence_known=bool(rows.kind_known[index]),
            source=self._source,
        )

    def _label(self, side: Side, joints: np.ndarray, fit: int, camera: _Camera, intrinsics: Intrinsics) -> HandLabel:
        joints_px = intrinsics.project(joints).astype(np.float32)
        joints = joints.astype(np.float32)
        if self._mano is not None and fit >= 0:
            parameters = camera_parameters(self._fits[fit], self._mano[side], camera.rotation, camera.position)
            vertices, _ = self._mano[side].mesh(parameters)
            return HandLabel(Knowledge.FULL, joints_px, joints, vertices, parameters)
        if np.isfinite(joints).any():
            return HandLabel(Knowledge.WEAK_3D, joints_px, joints)
        return HandLabel(Knowledge.POINTS_2D, joints_px)


def camera_parameters(fit: np.ndarray, model: HandModel, rotation: np.ndarray, position: np.ndarray) -> HandParameters:
    """One of NeuralAnnot's fits, from the world into a camera's frame.

    MANO turns a hand about its wrist, not about the origin: the translation carries what a rotation about the origin
    would do to the wrist. NeuralAnnot's finger poses are relative to MANO's mean pose, which the project's are not.

    Args:
        fit: (61,) pose (48), shape (10), translation (3) in metres, world frame.
        model: official MANO of the side.
        rotation: (3, 3) world to camera.
        position: (3,) of the camera in the world, metres.
    """
    pose, shape, translation = np.split(fit.astype(np.float64), [48, 58])
    pose = pose.reshape(16, 3)
    pose[1:] += model.hands_mean.numpy().astype(np.float64).reshape(15, 3)
    pose[0] = log_so3(rotation @ exp_so3(pose[0]))
    rest = model.rest_wrist(shape)
    moved = rotation @ (rest + translation - position) - rest
    return HandParameters(pose.astype(np.float32), shape.astype(np.float32), moved.astype(np.float32))


class _Reader:
    """The four annotation files of one split; keys there are captures, frames and cameras as strings."""

    def __init__(self, folder: Path, prefix: str) -> None:
        self._folder = folder
        self._prefix = prefix
        self._camera_rows: dict[tuple[str, str], int] = {}
        self._joint_rows: dict[tuple[str, str], int] = {}
        self._fit_rows: dict[tuple[str, str, Side], int] = {}

    def cameras(self) -> list[_Camera]:
        path, content = self._read("camera")
        cameras: list[_Camera] = []
        try:
            for capture, entry in content.items():
                for name, position in entry["campos"].items():
                    self._camera_rows[capture, name] = len(cameras)
                    cameras.append(
                        _Camera(
                            np.array(entry["camrot"][name], np.float64).reshape(3, 3),
                            np.array(position, np.float64).reshape(3) / 1000.0,
                            np.array(entry["focal"][name], np.float64).reshape(2),
                            np.array(entry["princpt"][name], np.float64).reshape(2),
                        )
                    )
        except _WRONG as error:
            raise _wrong_format(path, error) from error
        return cameras

    def joints(self) -> tuple[np.ndarray, np.ndarray]:
        """(F, 42, 3) metres in the world, and (F, 42) which of them are annotated."""
        path, content = self._read("joint_3d")
        joints, valid = [], []
        try:
            for capture, frames in content.items():
                for frame, entry in frames.items():
                    self._joint_rows[capture, frame] = len(joints)
                    joints.append(np.array(entry["world_coord"], np.float32).reshape(42, 3) / 1000.0)
                    valid.append(np.array(entry["joint_valid"], dtype=np.float32).reshape(42) > 0.5)
        except _WRONG as error:
            raise _wrong_format(path, error) from error
        return np.array(joints, np.float32).reshape(-1, 42, 3), np.array(valid, dtype=bool).reshape(-1, 42)

    def fits(self) -> np.ndarray:
        """(M, 61) pose, shape and translation of each fitted hand."""
        path, content = self._read("MANO_NeuralAnnot")
        fits = []
        try:
            for capture, frames in content.items():
                for frame, hands in frames.items():
                    for side in SIDES:
                        if (fit := hands.get(side)) is not None:
                            values = np.concatenate([np.ravel(fit[key]) for key in ("pose", "shape", "trans")])
                            self._fit_rows[capture, frame, side] = len(fits)
                            fits.append(values.astype(np.float32).reshape(_MANO_SIZE))
        except _WRONG as error:
            raise _wrong_format(path, error) from error
        return np.array(fits, np.float32).reshape(-1, _MANO_SIZE)

    def pictures(self, kind: Kind, listed: set[int] | None, annotated: np.ndarray) -> tuple[_Images, int]:
        """Rows of the chosen annotations, and how many were dropped because nothing in them is known."""
        path, content = self._read("data")
        rows: list[tuple[bytes, int, int, tuple[int, int], int, bool, np.ndarray]] = []
        dropped = 0
        try:
            images = {image["id"]: image for image in content["images"]}
            for annotation in content["annotations"]:
                if listed is not None and annotation["id"] not in listed:
                    continue
                hand_type = annotation["hand_type"]
                if kind != "all" and (hand_type == "interacting") != (kind == "two"):
                    continue
                image = images[annotation["image_id"]]
                capture, frame = str(image["capture"]), str(image["frame_idx"])
                joints = self._joint_rows[capture, frame]
                valid = np.array(annotation["joint_valid"], dtype=np.float32).reshape(42) > 0.5
                valid &= annotated[joints] & _of_sides(_HAND_TYPES[hand_type])
                if not valid.any():
                    dropped += 1
                    continue
                rows.append(
                    (
                        image["file_name"].encode(),
                        self._camera_rows[capture, str(image["camera"])],
                        joints,
                        (
                            self._fit_rows.get((capture, frame, "left"), -1),
                            self._fit_rows.get((capture, frame, "right"), -1),
                        ),
                        _KINDS.index(hand_type),
                        bool(annotation["hand_type_valid"]),
                        valid,
                    )
                )
        except _WRONG as error:
            raise _wrong_format(path, error) from error
        if not rows:
            raise BothhandsError(f"{path} has no images of the kind asked for; ask for another kind or split.")
        file, camera, joint_rows, fits, kinds, known, masks = zip(*rows, strict=True)
        pictures = _Images(
            file=np.array(file, dtype=np.bytes_),
            camera=np.array(camera, np.int32),
            joints=np.array(joint_rows, np.int32),
            mano=np.array(fits, np.int32),
            kind=np.array(kinds, np.int8),
            kind_known=np.array(known, dtype=bool),
            valid=np.array(masks, dtype=bool),
        )
        return pictures, dropped

    def _read(self, name: str) -> tuple[Path, Any]:
        path = self._folder / f"{self._prefix}{name}.json"
        return path, read_json(path, _ORIGIN)


_WRONG = (KeyError, TypeError, ValueError, AttributeError)
"""What reading a file of another format runs into."""


def _wrong_format(path: Path, error: Exception) -> BothhandsError:
    return BothhandsError(
        f"{path} is not as InterHand2.6M v1.0 has it, or does not belong to the files beside it "
        f"({type(error).__name__}: {error}); get all four of one release from {_ORIGIN}."
    )


def _of_sides(sides: tuple[Side, ...]) -> np.ndarray:
    """(42,) bool, the joints of these hands."""
    chosen = np.zeros(42, dtype=bool)
    for side in sides:
        chosen[_FIRST[side] : _FIRST[side] + 21] = True
    return chosen


def _annotation_folder(annotations: Path, split: Split, annotators: Annotators) -> Path:
    """v1.0's folder of the split, or the subset's folder of releases that keep the annotators apart."""
    by_annotator = annotations / ("human_annot" if annotators == "H" else "all")
    return by_annotator if by_annotator.is_dir() and not (annotations / split).is_dir() else annotations / split


def _human_list(folder: Path, split: Split) -> set[int]:
    path = folder / f"aid_human_annot_{split}.txt"
    try:
        return {int(line) for line in path.read_text(encoding="ascii").split()}
    except FileNotFoundError as error:
        raise BothhandsError(
            f"Which images people annotated (H) stands in {path}, which is not there; get it from {_LIST_ORIGIN}, "
            "or ask for H+M."
        ) from error
    except (OSError, ValueError) as error:
        raise BothhandsError(f"The list {path} cannot be read ({error}); get it anew from {_LIST_ORIGIN}.") from error


def _check_captures(images: Path, files: np.ndarray) -> None:
    """Name the captures that the annotations speak of and the image folder lacks."""
    captures = sorted({file.split(b"/", 1)[0].decode() for file in files})
    missing = [capture for capture in captures if not (images / capture).is_dir()]
    if missing:
        named = ", ".join(missing[:5]) + (" and more" if len(missing) > 5 else "")
        raise BothhandsError(
            f"{images} lacks {len(missing)} of {len(captures)} captures ({named}): the images were downloaded or "
            f"unpacked only in part; get them from {_ORIGIN}."
        )
