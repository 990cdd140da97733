"""Shards: images and labels in safetensors files, as much in one as a call to a lent machine carries.

Images are JPEG, silhouettes PNG of the bits of `training.data.samples.SEGMENT_BIT`, one after the other in one array of
bytes each; where image N begins and ends, `jpeg_ends` and `png_ends` say. Meshes that the labels' own parameters make
are not stored, but made again. Reading a shard runs nothing of what is in it.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from models.errors import BothhandsError
from models.hand_model import HandModel
from models.values import SIDES, WRIST, Side
from models.weights_io import file_sha256
from training.data.samples import Sample
from training.lent.plan import VERSION, PackedShard, Plan

NO_MESH, OWN_MESH = -1, -2
"""In `mesh`: there is none; the parameters make it. Other numbers are rows of `vertices`."""
_MESH_TOLERANCE = 1e-4
"""Metres within which a mesh is that of its parameters."""
_KEY = "shard"


@dataclass(eq=False)
class ShardWriter:
    """Collects samples, and writes them when they are enough.

    Args:
        hand_models: by side, those of the labels.
        quality: of the JPEG images, 1 to 95.
    """

    hand_models: Mapping[Side, HandModel]
    quality: int = 85
    size: int = field(default=0, init=False)
    """Bytes so far, roughly."""
    _rows: list[dict[str, np.ndarray]] = field(default_factory=list, init=False)
    _jpegs: list[bytes] = field(default_factory=list, init=False)
    _pngs: list[bytes] = field(default_factory=list, init=False)
    _vertices: list[np.ndarray] = field(default_factory=list, init=False)

    def __len__(self) -> int:
        """Samples so far."""
        return len(self._rows)

    def add(self, sample: Sample, source: int) -> None:
        """Take a sample of a source, by its number in the plan."""
        self._jpegs.append(_encoded(sample.image, "JPEG", quality=self.quality))
        png = b"" if sample.segmentation is None else _encoded(sample.segmentation, "PNG", optimize=True)
        self._pngs.append(png)
        row = {name: np.full(shape, fill, kind) for name, (shape, kind, fill) in _COLUMNS.items()}
        camera = sample.intrinsics
        row["camera"][:] = camera.fx, camera.fy, camera.cx, camera.cy
        row["presence_known"][...] = sample.presence_known
        row["source"][...] = source
        for side, label in sample.hands.items():
            hand = SIDES.index(side)
            row["knowledge"][hand] = int(label.knowledge)
            row["joints_px"][hand] = label.joints_px
            if label.joints is not None:
                row["joints"][hand] = label.joints
            if label.parameters is not None:
                for name in ("pose", "shape", "translation"):
                    row[name][hand] = getattr(label.parameters, name)
            if label.joints is not None and label.vertices is not None:
                row["mesh"][hand] = self._mesh(sample, side)
        self._rows.append(row)
        self.size += len(self._jpegs[-1]) + len(png) + sum(entry.nbytes for entry in row.values()) + 16

    def _mesh(self, sample: Sample, side: Side) -> int:
        label = sample.hands[side]
        assert label.vertices is not None
        assert label.joints is not None
        if label.parameters is not None:
            own, _ = self.hand_models[side].mesh(label.parameters)
            if np.abs(own - label.vertices).max() < _MESH_TOLERANCE:
                return OWN_MESH
        relative = (label.vertices - label.joints[WRIST]).astype(np.float16)
        self._vertices.append(relative)
        self.size += relative.nbytes
        return len(self._vertices) - 1

    def write(self, path: Path) -> PackedShard:
        """Write what was collected, and begin anew.

        Raises:
            OSError: it cannot be written.
        """
        arrays = {name: np.stack([row[name] for row in self._rows]) for name in _COLUMNS}
        for name, parts in (("jpeg", self._jpegs), ("png", self._pngs)):
            arrays[name] = np.frombuffer(b"".join(parts), np.uint8)
            arrays[f"{name}_ends"] = np.cumsum([len(part) for part in parts], dtype=np.int64)
        arrays["vertices"] = np.stack(self._vertices) if self._vertices else np.zeros((0, 778, 3), np.float16)
        count = len(self._rows)
        unfinished = path.with_name(path.name + ".part")
        try:
            save_file(arrays, unfinished, {_KEY: json.dumps({"version": VERSION, "images": count})})
        except SafetensorError as error:
            raise OSError(str(error)) from error
        unfinished.replace(path)
        self._rows, self._jpegs, self._pngs, self._vertices, self.size = [], [], [], [], 0
        return PackedShard(path.name, file_sha256(path), path.stat().st_size, count)


_COLUMNS: dict[str, tuple[tuple[int, ...], type, float]] = {
    "camera": ((4,), np.float32, 0.0),
    "presence_known": ((), np.uint8, 0),
    "source": ((), np.int16, 0),
    "knowledge": ((2,), np.uint8, 0),
    "joints_px": ((2, 21, 2), np.float32, np.nan),
    "joints": ((2, 21, 3), np.float32, np.nan),
    "pose": ((2, 16, 3), np.float32, np.nan),
    "shape": ((2, 10), np.float32, np.nan),
    "translation": ((2, 3), np.float32, np.nan),
    "mesh": ((2,), np.int32, NO_MESH),
}
"""By name of an array: shape of a sample's entry, kind of numbers, and what stands for "not known"."""


@dataclass(frozen=True, eq=False)
class Shard:
    """What a file holds.

    Attributes:
        columns: by name, see `_COLUMNS`, over all samples; hands in the order left, right.
        vertices: (M, 778, 3) float16, meshes relative to the wrist's joint, metres.
        jpegs: images, encoded.
        pngs: silhouettes, encoded; empty where they are not known.
    """

    columns: Mapping[str, np.ndarray]
    vertices: np.ndarray
    jpegs: Sequence[memoryview]
    pngs: Sequence[memoryview]


def present_shards(folder: Path, plan: Plan, allow_missing: bool) -> list[PackedShard]:
    """The shards of a plan that are in its folder, each whole.

    Raises:
        BothhandsError: one is missing (and that is not allowed), cut short or changed; or none is there.
    """
    found: list[PackedShard] = []
    for shard in plan.shards:
        path = folder / shard.file
        if not path.is_file():
            if not allow_missing:
                raise BothhandsError(
                    f"The shard {path} is missing, one of {len(plan.shards)}: carry it too, or train without it by "
                    "--allow-missing."
                )
            continue
        if path.stat().st_size != shard.size:
            raise BothhandsError(
                f"The shard {path} is cut short: {path.stat().st_size} of {shard.size} bytes; carry it again."
            )
        found.append(shard)
    if not found:
        raise BothhandsError(f"{folder} holds none of its {len(plan.shards)} shards; carry one at least.")
    return found


def read_shard(path: Path, expected: PackedShard) -> Shard:
    """Read a file that `ShardWriter` wrote.

    Raises:
        BothhandsError: it is missing, damaged, of another version, or not the one that was packed.
    """
    try:
        with safe_open(path, "numpy") as stored:
            notes = json.loads((stored.metadata() or {}).get(_KEY, "{}"))
            version = notes.get("version")
            if version != VERSION:
                raise BothhandsError(
                    f"The shard {path} is of version {version!r}, and this reads {VERSION}: pack it again."
                )
            arrays = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118 - not a mapping
    except (SafetensorError, OSError, ValueError, TypeError, AttributeError) as error:
        raise BothhandsError(f"The shard {path} cannot be read ({error}); carry it again.") from error
    if file_sha256(path) != expected.sha256:
        raise BothhandsError(f"The shard {path} is not the one that was packed (sha256 differs); carry it again.")
    columns = {name: arrays[name] for name in _COLUMNS}
    return Shard(columns, arrays["vertices"], _cut(arrays, "jpeg"), _cut(arrays, "png"))


def _cut(arrays: Mapping[str, np.ndarray], name: str) -> list[memoryview]:
    ends = arrays[f"{name}_ends"].tolist()
    data = memoryview(arrays[name].tobytes())
    return [data[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def decoded(encoded: memoryview) -> np.ndarray:
    """Pixels of an encoded image, (H, W, 3) or (H, W) uint8."""
    with Image.open(io.BytesIO(encoded)) as image:
        return np.asarray(image)


def _encoded(pixels: np.ndarray, kind: str, **options: int | bool) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(stream, kind, **options)
    return stream.getvalue()
