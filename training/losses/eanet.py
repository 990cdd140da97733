"""EANet's losses: weighted L1 distances of pose, shape, 2.5D joints, mesh and relative translation (section 3.5).

The public code adds 3D joints, projected joints and the camera that projects them, and averages over hands that are not
there as well; here every mean is over what has a truth. Hands are in the order left, right; 3D is in metres in the axes
that the network looks along (x right, y down, z forward).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from models.eanet.config import DEPTH_RANGE, GRID, HEAT_ZERO
from models.eanet.network import EANetOutput
from models.eanet.rotations import matrix_from_6d, nearest_equivalent
from models.hand_model import HandModel
from models.rotations_torch import log_so3_torch
from models.values import SIDES, WRIST, Side
from training.losses.lwa_hand import heat_targets, heatmap_loss
from training.losses.reduction import weighted_mean


class Targets(NamedTuple):
    """What a batch should have given.

    Attributes:
        pose: (B, 2, 16, 3) rotation vectors, radians, relative to the flat template.
        shape: (B, 2, 10).
        joints_grid: (B, 2, 21, 3) cells of the heat-map; see `grid_targets`.
        joints_2d: (B, 2, 21, 2) cells of the cameras.
        relative_translation: (B, 3) left wrist minus right wrist.
        parameters_weight: (B, 2) trust in pose, shape and so in the mesh; 0 where the hand is not there.
        grid_weight: (B, 2, 21, 3) trust in each joint's place in the grid; 0 where there is none.
        joints_2d_weight: (B, 2, 21) trust in each joint's place in the image.
        pair_weight: (B,) trust in the relative translation; 0 where a hand is not there.
    """

    pose: Tensor
    shape: Tensor
    joints_grid: Tensor
    joints_2d: Tensor
    relative_translation: Tensor
    parameters_weight: Tensor
    grid_weight: Tensor
    joints_2d_weight: Tensor
    pair_weight: Tensor


@dataclass(frozen=True)
class LossWeights:
    """Weights of the terms: the author's (issue 2 of the public repository), mesh included; the last three: ours."""

    pose: float = 1.0
    shape: float = 1.0
    joints_grid: float = 1.0
    vertices: float = 1.0
    joints: float = 10.0
    joints_2d: float = 1.0
    relative_translation: float = 1.0
    presence: float = 1.0
    heat: float = 0.0
    hints: float = 1.0


def to_cells(points: Tensor, zero: float) -> Tensor:
    """Points (..., 2), [-1, 1] over the image, to cells that count from `zero`, see `HEAT_ZERO`."""
    return (points + 1.0) * (GRID / 2.0) - zero


def from_cells(cells: Tensor, zero: float) -> Tensor:
    """Inverse of `to_cells`."""
    return (cells + zero) * (2.0 / GRID) - 1.0


def grid_targets(joints_2d: Tensor, depth: Tensor, cells: int = 8) -> Tensor:
    """Places of joints in the 2.5D heat-map, 0 the middle of its first cell.

    Args:
        joints_2d: (..., 21, 2) [-1, 1] over the image.
        depth: (..., 21) metres behind the wrist.
        cells: in depth.

    Returns:
        (..., 21, 3) cells.
    """
    return torch.cat(
        [to_cells(joints_2d, HEAT_ZERO), ((depth / DEPTH_RANGE + 1.0) * (cells / 2.0) - HEAT_ZERO)[..., None]], dim=-1
    )


def entry_mean(values: Tensor, weights: Tensor) -> Tensor:
    """Mean over the last axes that the weights lack, then weighted mean; zero where nothing counts."""
    return weighted_mean(values.flatten(weights.ndim).mean(dim=-1), weights)


def presence_loss(confidence: Tensor, present: Tensor, trust: Tensor) -> Tensor:
    """Distance of each hand's confidence from whether it is there.

    The paper's network always gives two hands. A live image often holds one: heat-maps of the other one, which no
    term of the paper reads, learn to be flat, which is what the app asks them.

    Args:
        confidence: (B, 2, 21).
        present: (B, 2) from 0 to 1.
        trust: (B, 2) 1 where that is known.
    """
    return weighted_mean((confidence.mean(dim=-1) - present).abs(), trust)


def heat_loss(heat: Tensor, targets: Targets) -> Tensor:
    """Cross-entropy between heat-maps and peaks at the joints, less the peaks' own entropy: zero where they agree.

    An expected place says of a flat map where it is wrong by the distance from the image's middle alone; this tells
    every cell.

    Args:
        heat: (B, 2, 21, H, W) logits.
        targets: of which the grid's places and trust are read.
    """
    everywhere = torch.ones_like(heat[:, :, 0, 0, 0])
    places = from_cells(targets.joints_grid[..., :2], HEAT_ZERO)
    peaks = heat_targets(places, everywhere, *heat.shape[-2:])[..., :-1]
    return heatmap_loss(heat.flatten(3), peaks, targets.grid_weight[..., 0])


def project(points: Tensor, camera: Tensor) -> Tensor:
    """Points (B, 2, N, 3), metres, through weak-perspective cameras (B, 2, 3) to cells (B, 2, N, 2)."""
    return points[..., :2] * camera[..., None, :1] + camera[..., None, 1:]


class EANetLosses:
    """Terms of the loss for a pair of hand models.

    Args:
        hand_models: by side, on the device of the batches; the network learns rotations relative to their mean poses.
    """

    def __init__(self, hand_models: Mapping[Side, HandModel]) -> None:
        self._models = [hand_models[side] for side in SIDES]
        means = [torch.as_tensor(model.hands_mean, dtype=torch.float32).reshape(15, 3) for model in self._models]
        self._mean_pose = torch.stack([torch.cat([mean.new_zeros(1, 3), mean]) for mean in means])

    def pose(self, output: EANetOutput, near: Tensor | None = None) -> Tensor:
        """Rotation vectors that the network says, relative to the flat template.

        Args:
            output: of the network.
            near: (B, 2, 16, 3); of the ways to write each joint's rotation, the nearest to this is taken.

        Returns:
            (B, 2, 16, 3) radians.
        """
        values = torch.cat([output.wrist, output.fingers], dim=-1).unflatten(-1, (16, 6))
        vectors = log_so3_torch(matrix_from_6d(values.float()))
        mean = self._mean_pose.to(vectors.device)
        if near is not None:
            vectors = nearest_equivalent(vectors, near - mean)
        return vectors + mean

    def meshes(self, pose: Tensor, shape: Tensor) -> tuple[Tensor, Tensor]:
        """Vertices (B, 2, 778, 3) and joints (B, 2, 21, 3) of poses (B, 2, 16, 3) and shapes (B, 2, 10)."""
        still = pose.new_zeros(len(pose), 3)
        hands = [model(pose[:, h], shape[:, h], still) for h, model in enumerate(self._models)]
        return torch.stack([vertices for vertices, _ in hands], dim=1), torch.stack([j for _, j in hands], dim=1)

    def __call__(self, output: EANetOutput, targets: Targets) -> dict[str, Tensor]:
        """All terms before weighting, by the names of `LossWeights`."""
        pose = self.pose(output, near=targets.pose)
        vertices, joints = self.meshes(pose, output.shape)
        with torch.no_grad():
            true_vertices, true_joints = self.meshes(targets.pose, targets.shape)
        wrist, true_wrist = joints[:, :, WRIST, None], true_joints[:, :, WRIST, None]
        trust = targets.parameters_weight
        in_picture = (project(joints, output.camera) - targets.joints_2d).abs()
        return {
            "pose": entry_mean((pose - targets.pose).abs(), trust),
            "shape": entry_mean((output.shape - targets.shape).abs(), trust),
            "joints_grid": weighted_mean((output.joints - targets.joints_grid).abs(), targets.grid_weight),
            "vertices": entry_mean(((vertices - wrist) - (true_vertices - true_wrist)).abs(), trust),
            "joints": entry_mean(((joints - wrist) - (true_joints - true_wrist)).abs(), trust),
            "joints_2d": entry_mean(in_picture, targets.joints_2d_weight),
            "relative_translation": entry_mean(
                (output.relative_translation - targets.relative_translation).abs(), targets.pair_weight
            ),
        }
