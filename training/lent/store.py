"""All images and labels of a pack as tensors, on the device where they fit: nothing is read while it trains."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from models.errors import BothhandsError
from models.hand_model import HandModel
from models.values import SIDES, WRIST, Side
from training.data.samples import Knowledge
from training.lent.plan import Plan
from training.lent.shards import NO_MESH, OWN_MESH, Shard, decoded, present_shards, read_shard

_AT_ONCE = 512
"""Meshes that are made together."""
_DEVICE_PART = 0.5
"""Of a device's free memory, which the images may take."""


@dataclass(eq=False)
class Store:
    """Samples as arrays (N, ...), hands in the order left, right; see `training.data.samples` for units and frames.

    Attributes:
        images: (N, 3, H, H) uint8 RGB; on the device, or pinned beside it where they are too many.
        segmentation: (N, H, H) uint8, beside the images.
        segmented: (N,) bool, whether silhouettes are known.
        camera: (N, 4) fx, fy, cx, cy.
        presence_known: (N,) bool.
        labelled: (N, 2) bool, whether a hand is there.
        full: (N, 2) bool, whether its mesh is exact.
        joints_px: (N, 2, 21, 2), nan where a joint is not known.
        meshed: (N, 2) bool, whether joints and vertices are known.
        joints: (N, 2, 21, 3).
        vertices: (N, 2, 778, 3).
        parameters: (N, 2) bool, whether pose and shape are known.
        pose: (N, 2, 16, 3).
        shape: (N, 2, 10).
        spoilt: (N,) bool, see `training.data.sources.Source`.
        by_source: numbers of each source's samples.
    """

    images: Tensor
    segmentation: Tensor
    segmented: Tensor
    camera: Tensor
    presence_known: Tensor
    labelled: Tensor
    full: Tensor
    joints_px: Tensor
    meshed: Tensor
    joints: Tensor
    vertices: Tensor
    parameters: Tensor
    pose: Tensor
    shape: Tensor
    spoilt: Tensor
    by_source: Sequence[np.ndarray]

    @property
    def image_size(self) -> int:
        """Side of the images, px."""
        return self.images.shape[-1]

    def __len__(self) -> int:
        """How many samples."""
        return len(self.images)


def load_store(
    folder: Path, plan: Plan, hand_models: Mapping[Side, HandModel], device: torch.device, allow_missing: bool = False
) -> Store:
    """Read the shards of a pack.

    Args:
        folder: of the pack.
        plan: of the pack.
        hand_models: by side, on the device.
        device: where labels go, and images if they fit.
        allow_missing: train on those that are there.

    Raises:
        BothhandsError: a shard is missing, damaged or of another version, or a source has no image in those there are.
    """
    expected = present_shards(folder, plan, allow_missing)
    shards = [read_shard(folder / entry.file, entry) for entry in expected]
    count, size = sum(entry.images for entry in expected), plan.image_size
    images = np.zeros((count, 3, size, size), np.uint8)
    segmentation = np.zeros((count, size, size), np.uint8)
    segmented = np.zeros(count, bool)
    jpegs = [jpeg for shard in shards for jpeg in shard.jpegs]
    pngs = [png for shard in shards for png in shard.pngs]

    def decode(number: int) -> None:
        images[number] = decoded(jpegs[number]).transpose(2, 0, 1)
        if len(pngs[number]):
            segmentation[number] = decoded(pngs[number])
            segmented[number] = True

    try:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for _ in pool.map(decode, range(count)):
                pass
    except (OSError, ValueError, IndexError) as error:
        raise BothhandsError(
            f"An image of the shards in {folder} cannot be read ({error}); pack them again."
        ) from error
    columns = {name: np.concatenate([shard.columns[name] for shard in shards]) for name in shards[0].columns}
    source = columns["source"]
    by_source = [np.flatnonzero(source == number) for number in range(len(plan.sources))]
    for entry, numbers in zip(plan.sources, by_source, strict=True):
        if not len(numbers):
            raise BothhandsError(f"No image of {entry.spec} is in the shards in {folder}; carry more of them.")

    def there(array: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(device)

    joints = there(np.nan_to_num(columns["joints"]))
    pose, shape, translation = (there(np.nan_to_num(columns[name])) for name in ("pose", "shape", "translation"))
    labels = Labels(columns["mesh"], joints, pose, shape, translation)
    where = _image_device(images.nbytes + segmentation.nbytes, device)
    pixels, layers = torch.from_numpy(images), torch.from_numpy(segmentation)
    if where.type == "cpu" and device.type == "cuda":
        pixels, layers = pixels.pin_memory(), layers.pin_memory()
    knowledge = columns["knowledge"]
    return Store(
        images=pixels.to(where),
        segmentation=layers.to(where),
        segmented=there(segmented),
        camera=there(columns["camera"]),
        presence_known=there(columns["presence_known"] > 0),
        labelled=there(knowledge > 0),
        full=there(knowledge >= Knowledge.FULL),
        joints_px=there(columns["joints_px"]),
        meshed=there(columns["mesh"] != NO_MESH),
        joints=joints,
        vertices=_vertices(labels, shards, hand_models),
        parameters=there(np.isfinite(columns["pose"]).all(axis=(-2, -1))),
        pose=pose,
        shape=shape,
        spoilt=there(np.array([entry.spoilt for entry in plan.sources])[source]),
        by_source=by_source,
    )


@dataclass(frozen=True, eq=False)
class Labels:
    """What meshes are made of, as in `Store` and `training.lent.shards`."""

    mesh: np.ndarray
    joints: Tensor
    pose: Tensor
    shape: Tensor
    translation: Tensor


def _vertices(labels: Labels, shards: Sequence[Shard], hand_models: Mapping[Side, HandModel]) -> Tensor:
    """(N, 2, 778, 3), zero where no mesh is known."""
    vertices = labels.joints.new_zeros(*labels.mesh.shape, 778, 3)
    for hand, side in enumerate(SIDES):
        made = torch.from_numpy(np.flatnonzero(labels.mesh[:, hand] == OWN_MESH)).to(vertices.device)
        for part in made.split(_AT_ONCE):
            parameters = (entry[part, hand] for entry in (labels.pose, labels.shape, labels.translation))
            with torch.no_grad():
                vertices[part, hand] = hand_models[side](*parameters).vertices
    first = 0
    for shard in shards:
        mesh = shard.columns["mesh"]
        numbers, hands = np.nonzero(mesh >= 0)
        relative = torch.from_numpy(shard.vertices[mesh[numbers, hands]].astype(np.float32)).to(vertices)
        rows = torch.from_numpy(numbers + first).to(vertices.device)
        sides = torch.from_numpy(hands).to(vertices.device)
        vertices[rows, sides] = relative + labels.joints[rows, sides, WRIST, None]
        first += len(mesh)
    return vertices


def _image_device(size: int, device: torch.device) -> torch.device:
    if device.type != "cuda":
        return device
    free, _ = torch.cuda.mem_get_info(device)
    return device if size < _DEVICE_PART * free else torch.device("cpu")
