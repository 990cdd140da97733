"""Batches on the device: which samples a step has, changed as `training.data.examples.make_example` changes one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from models.rotations_torch import exp_so3_torch, log_so3_torch
from training.data.apportion import apportion
from training.data.examples import MASK_STRIDE, Batch
from training.lent.changes import Change, Hands, coarsest_level, draw_changes, recolour, warp, warp_masks
from training.lent.plan import Plan
from training.lent.store import Store

if TYPE_CHECKING:
    from training.config import TrainConfig


class Batches:
    """Batches by the number of the step, which alone and the seed say what is in one.

    Args:
        config: of the run; its one stage says sizes and changes.
        plan: of the pack.
        store: its samples.
        device: on which batches are made.
    """

    def __init__(self, config: TrainConfig, plan: Plan, store: Store, device: torch.device) -> None:
        self._config, self._plan, self._store, self._device = config, plan, store, device
        self._stage = config.stages[0]
        self._counts = apportion([source.share for source in plan.sources], config.batch_size)
        augmentation, size = self._stage.augmentation, self._stage.size
        self._coarsest = coarsest_level(augmentation, store.image_size, size)

    def numbers(self, step: int) -> np.ndarray:
        """(B,) numbers in the store of a step's samples: each source over and over, each time in another order."""
        chosen: list[np.ndarray] = []
        for source, (own, count) in enumerate(zip(self._store.by_source, self._counts, strict=True)):
            places = np.arange(step * count, (step + 1) * count)
            epochs = places // len(own)
            for epoch in np.unique(epochs):
                order = _order(self._config.seed, source, int(epoch), len(own))
                chosen.append(own[order[places[epochs == epoch] % len(own)]])
        return np.concatenate(chosen)

    def describe(self, step: int) -> str:
        """Which images a step's batch is made of, for a message."""
        numbers = self.numbers(step)
        parts, first = [], 0
        for source, count in zip(self._plan.sources, self._counts, strict=True):
            own = ", ".join(map(str, numbers[first : first + count]))
            parts.append(f"{source.spec} {own}")
            first += count
        return "; ".join(parts)

    def make(self, step: int) -> Batch:
        """The batch of a step."""
        store, stage = self._store, self._stage
        numbers = torch.from_numpy(self.numbers(step))
        if self._device.type == "cuda":
            numbers = numbers.pin_memory()
        rows = numbers.to(self._device, non_blocking=True)
        generator = torch.Generator(self._device)
        generator.manual_seed(self._config.seed * 1_000_003 + step)
        hands = Hands(store.joints_px[rows], store.labelled[rows], store.presence_known[rows])
        change = draw_changes(stage.augmentation, hands, store.image_size, stage.size, self._plan.apart, generator)
        beside = rows if store.images.device == rows.device else numbers
        pixels = store.images[beside].to(self._device, non_blocking=True).float()
        image = warp(pixels, change, stage.size, self._coarsest)
        image = recolour(image, stage.augmentation.colour, store.spoilt[rows], generator)
        layers = store.segmentation[beside].to(self._device, non_blocking=True)
        known = store.segmented[rows].float()
        masks = warp_masks(layers, change, stage.size, MASK_STRIDE) * known[:, None, None, None]
        image = image.round().permute(0, 2, 3, 1).contiguous()
        return labelled_batch(store, rows, change, stage.size, self._config.weak_trust, image, masks, known)


@lru_cache(maxsize=32)
def _order(seed: int, source: int, epoch: int, count: int) -> np.ndarray:
    return np.random.default_rng([seed, source, epoch]).permutation(count)


def labelled_batch(
    store: Store,
    rows: Tensor,
    change: Change,
    size: int,
    weak_trust: float,
    image: Tensor,
    masks: Tensor,
    mask_trust: Tensor,
) -> Batch:
    """A batch's labels as the networks see them, beside its images.

    Args:
        store: whose samples they are.
        rows: (B,) their numbers.
        change: of each.
        size: side of the new images, px.
        weak_trust: in meshes that are not exact.
        image: (B, S, S, 3), 0 to 255.
        masks: (B, 2, S / 8, S / 8).
        mask_trust: (B,).
    """
    length = store.image_size
    mirror = change.mirror

    def turned(values: Tensor, factors: Sequence[float] = (), shift: float = 0.0) -> Tensor:
        """Of mirrored images, the hands exchanged and their coordinates mirrored."""
        other = values.flip(1)
        if factors:
            other = other * values.new_tensor(factors)
        if shift:
            other = torch.cat([other[..., :1] + shift, other[..., 1:]], dim=-1)
        return torch.where(mirror.view(-1, *[1] * (values.ndim - 1)), other, values)

    joints_px = turned(store.joints_px[rows], (-1.0, 1.0), length - 1.0)
    joints = turned(store.joints[rows], (-1.0, 1.0, 1.0))
    vertices = turned(store.vertices[rows], (-1.0, 1.0, 1.0))
    # A rotation vector is axial: mirrored across x it keeps x and turns the others round.
    pose = turned(store.pose[rows], (1.0, -1.0, -1.0))
    shape = turned(store.shape[rows])
    labelled, full, meshed, parameters = (
        turned(flags[rows].float()) for flags in (store.labelled, store.full, store.meshed, store.parameters)
    )
    camera = store.camera[rows]
    middle = torch.where(mirror, length - 1.0 - camera[:, 2], camera[:, 2])
    camera = torch.cat([camera[:, :2], middle[:, None], camera[:, 3:]], dim=1)
    rotation = view_rotations(change.affine, size, camera)
    known = ~torch.isnan(joints_px).any(dim=-1) & (labelled > 0)[..., None]
    mesh_trust = meshed * torch.where(full > 0, torch.ones_like(full), torch.full_like(full, weak_trust))
    mesh = meshed[..., None, None]
    projected = _to_unit(_project(vertices, camera, meshed), change.affine, size)
    wrist = log_so3_torch(rotation.mT[:, None] @ exp_so3_torch(pose[:, :, 0]))
    pose = torch.cat([wrist[:, :, None], pose[:, :, 1:]], dim=2)
    own = (parameters * meshed)[..., None]
    presence = torch.maximum(labelled, store.presence_known[rows].float()[:, None])
    joints_2d = _to_unit(joints_px.nan_to_num(), change.affine, size)
    return Batch(
        image=image,
        vertices=(vertices @ rotation[:, None]) * mesh,
        joints=(joints @ rotation[:, None]) * mesh,
        vertices_2d=projected * mesh,
        joints_2d=joints_2d * known[..., None],
        pose=pose * own[..., None],
        shape=shape * own,
        masks=masks,
        present=labelled,
        presence_trust=presence,
        joints_trust=known.float(),
        mesh_trust=mesh_trust,
        parameters_trust=mesh_trust * parameters,
        mask_trust=mask_trust,
    )


def view_rotations(affine: Tensor, size: int, camera: Tensor) -> Tensor:
    """`models.placement.view_rotation` of many crops.

    Args:
        affine: (B, 2, 3) similarities, image px to crop px.
        size: side of the crops, px.
        camera: (B, 4) fx, fy, cx, cy of the images.

    Returns:
        (B, 3, 3) from view axes to camera axes.
    """
    affine, camera = affine.double(), camera.double()
    linear = affine[:, :, :2]
    determinant = linear[:, 0, 0] * linear[:, 1, 1] - linear[:, 0, 1] * linear[:, 1, 0]
    back = linear.mT / determinant[:, None, None]
    middle = (back @ ((size - 1) / 2.0 - affine[:, :, 2:])).squeeze(-1)
    one, zero = torch.ones_like(determinant), torch.zeros_like(determinant)
    focal = camera[:, :2]
    forward = torch.cat([(middle - camera[:, 2:]) / focal, one[:, None]], dim=1)
    forward = forward / forward.norm(dim=1, keepdim=True)
    right = torch.cat([back[:, :, 0] / focal, zero[:, None]], dim=1)
    right = right - (right * forward).sum(dim=1, keepdim=True) * forward
    right = right / right.norm(dim=1, keepdim=True)
    return torch.stack([right, torch.linalg.cross(forward, right), forward], dim=2).float()


def _to_unit(points_px: Tensor, affine: Tensor, size: int) -> Tensor:
    """Points (B, 2, N, 2), px of the images, to [-1, 1] over the new ones."""
    moved = points_px @ affine[:, None, :, :2].mT + affine[:, None, None, :, 2]
    return (moved + 0.5) * (2.0 / size) - 1.0


def _project(points: Tensor, camera: Tensor, known: Tensor) -> Tensor:
    """Points (B, 2, N, 3), metres, to px (B, 2, N, 2); any finite numbers where they are not known (B, 2)."""
    depth = torch.where(known[..., None, None] > 0, points[..., 2:], torch.ones_like(points[..., 2:]))
    return points[..., :2] / depth * camera[:, None, None, :2] + camera[:, None, None, 2:]
