"""The losses of LWA-HAND (section 4.4 of https://arxiv.org/abs/2208.09815) and of its auxiliary decoders.

The paper writes sums; here every loss is a mean over what it sums, then a weighted mean over hands, so that its size
does not change with mesh, batch or number of hands. Vertices and joints are relative to the hand's root, in metres and
view axes; images run from -1 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from models.hand_model import HandModel
from models.lwa_hand.auxiliary import DenseMaps, JointEvidence, grid_coordinates
from models.lwa_hand.camera import project
from models.lwa_hand.coarsening import coarsen
from models.lwa_hand.graph_decoder import COORDINATE_UNIT, Prediction
from models.lwa_hand.initial_joints import InitialJoints
from models.lwa_hand.network import Output
from models.lwa_hand.runtime import read_hands
from models.values import SIDES, Side
from training.losses.reduction import weighted_mean

HEAT_SIGMA = 1.0
"""Spread of a heat-map's target in cells: with less, the target jumps as a joint moves from cell to cell."""


class Targets(NamedTuple):
    """What a batch should have given. Hands in the order left, right.

    Attributes:
        vertices: (B, 2, 778, 3) metres, relative to the root.
        vertices_2d: (B, 2, 778, 2) their true projection, [-1, 1] over the image.
        joints: (B, 2, 21, 3) metres, relative to the root.
        joints_2d: (B, 2, 21, 2).
        masks: (B, 2, H / 8, W / 8) covered part of each cell, by each hand's whole silhouette.
        present: (B, 2) whether the hand is in the image, 0 or 1.
        mesh_weight: (B, 2) trust in the hand's mesh in metres; 0 where there is none.
        mesh_2d_weight: (B, 2) trust in its projection: pseudo-labels are better there than along the view.
        joints_weight: (B, 2, 21) trust in each joint's place in the image.
        heat_weight: (B, 2, 21) the same for heat-maps, which also learn from a hand that is known not to be there.
        mask_weight: (B,) trust in the masks; 0 where they are not known.
    """

    vertices: Tensor
    vertices_2d: Tensor
    joints: Tensor
    joints_2d: Tensor
    masks: Tensor
    present: Tensor
    mesh_weight: Tensor
    mesh_2d_weight: Tensor
    joints_weight: Tensor
    heat_weight: Tensor
    mask_weight: Tensor


@dataclass(frozen=True, eq=False)
class MeshGeometry:
    """The hand models' constants, left and right stacked.

    Attributes:
        faces: (2, F, 3) int64.
        edges: (2, E, 2) int64, each once.
        joint_regressor: (2, 21, 778) from the vertices of a mesh to its joints, J of eq. 12.
        pooling: by level, (2, V, 778).
    """

    faces: Tensor
    edges: Tensor
    joint_regressor: Tensor
    pooling: tuple[Tensor, ...]

    @classmethod
    def of(cls, hand_models: Mapping[Side, HandModel]) -> MeshGeometry:
        """Of both hands."""
        models = [hand_models[side] for side in SIDES]
        levels = zip(*(coarsen(model.faces).pooling for model in models), strict=True)
        return cls(
            torch.from_numpy(np.stack([model.faces for model in models]).astype(np.int64)),
            torch.from_numpy(np.stack([_edges(model.faces) for model in models])),
            torch.stack([model.keypoint_regressor for model in models]),
            tuple(torch.from_numpy(np.stack(level)) for level in levels),
        )

    def to(self, device: str | torch.device) -> MeshGeometry:
        """The same on another device."""
        return MeshGeometry(
            self.faces.to(device),
            self.edges.to(device),
            self.joint_regressor.to(device),
            tuple(level.to(device) for level in self.pooling),
        )


@dataclass(frozen=True)
class LossWeights:
    """Weights of the terms; the paper gives none.

    Distances are in decimetres and half images. Vertices count most: eight samples learnt in 200 steps came nearer
    to their meshes the more they did. Heat-maps get the whole weight that trials found better than a sixth of it.
    `reprojection`, which the paper does not have, is `joints_2d` without the square: that hardly feels the last pixels,
    and a hand taken for the other one more than all others together. `likeness` is not the paper's either: see
    `training.losses.likeness`; nor are `spread_2d` and `spread`, which move nothing but what the network says of its
    errors.
    """

    vertices: float = 8.0
    vertices_2d: float = 1.0
    joints: float = 1.0
    joints_2d: float = 1.0
    reprojection: float = 0.0
    normals: float = 0.1
    edges: float = 1.0
    heatmaps: float = 1.0
    depths: float = 0.5
    masks: float = 0.5
    guess_2d: float = 2.0
    guess: float = 1.0
    likeness: float = 0.0
    spread_2d: float = 0.2
    spread: float = 0.2


def point_loss(points: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    """First term of eq. 11 and 12: L1 norm of the error of each point (B, 2, N, D)."""
    return weighted_mean((points - target).abs().sum(dim=-1).mean(dim=-1), weights)


def projection_loss(points: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    """Second term of eq. 11 and 12: squared error of each projected point (B, 2, N, 2).

    The weights are by hand (B, 2) or by point (B, 2, N).
    """
    errors = (points - target).square().sum(dim=-1)
    return weighted_mean(errors if weights.ndim == errors.ndim else errors.mean(dim=-1), weights)


def reprojection_loss(points: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    """L1 norm of the error of each point in the image (B, 2, N, 2); weights by point, (B, 2, N)."""
    return weighted_mean((points - target).abs().sum(dim=-1), weights)


def normal_loss(vertices: Tensor, target: Tensor, faces: Tensor, weights: Tensor) -> Tensor:
    """Eq. 13: how far the edges of each face leave the plane of the true face.

    Args:
        vertices: (B, 2, 778, 3).
        target: the same of the true mesh, whose unit normals count.
        faces: (2, F, 3).
        weights: (B, 2).

    Returns:
        Mean over the three edges of each face of |e . n|.
    """
    true = _corners(target, faces)
    normals = F.normalize(torch.linalg.cross(true[1] - true[0], true[2] - true[0]), dim=-1)
    a, b, c = _corners(vertices, faces)
    leaving = sum(((end - start) * normals).sum(dim=-1).abs() for start, end in ((a, b), (b, c), (c, a)))
    return weighted_mean(leaving.mean(dim=-1) / 3.0, weights)  # type: ignore[union-attr]


def edge_loss(vertices: Tensor, target: Tensor, edges: Tensor, weights: Tensor) -> Tensor:
    """Eq. 14: mean difference of the edges' lengths.

    Args:
        vertices: (B, 2, 778, 3).
        target: the same of the true mesh.
        edges: (2, E, 2).
        weights: (B, 2).
    """
    difference = (_lengths(vertices, edges) - _lengths(target, edges)).abs()
    return weighted_mean(difference.mean(dim=-1), weights)


def heat_targets(joints_2d: Tensor, present: Tensor, height: int, width: int, sigma: float = HEAT_SIGMA) -> Tensor:
    """Where each joint is: a Gaussian over the cells, or "not in the image".

    Args:
        joints_2d: (B, 2, 21, 2).
        present: (B, 2).
        height: cells.
        width: cells.
        sigma: cells.

    Returns:
        (B, 2, 21, H * W + 1), each row sums to 1.
    """
    inside = (joints_2d.abs() < 1.0).all(dim=-1) & (present[..., None] > 0.5)
    grid = grid_coordinates(height, width, joints_2d.device, joints_2d.dtype)
    cells = (joints_2d[..., None, :] - grid) * joints_2d.new_tensor([width / 2.0, height / 2.0])
    heat = (-0.5 * cells.square().sum(dim=-1) / sigma**2).softmax(dim=-1) * inside[..., None]
    return torch.cat([heat, (~inside)[..., None].to(heat.dtype)], dim=-1)


def heatmap_loss(heat: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    """Cross-entropy of the heat-maps (B, 2, 21, H * W + 1), less the target's own entropy: zero where they agree.

    The weights are by joint, (B, 2, 21).
    """
    agreed = torch.special.entr(target).sum(dim=-1)
    return weighted_mean(-(target * heat.log_softmax(dim=-1)).sum(dim=-1) - agreed, weights)


def depth_loss(joints: JointEvidence, depth: Tensor, weights: Tensor) -> Tensor:
    """L1 of the depth read under the heat-maps, weighted by how sure the place is.

    Args:
        joints: what the heat-maps say.
        depth: (B, 2, 21) behind the root, decimetres.
        weights: (B, 2).
    """
    seen = joints.seen.detach().squeeze(-1)
    return weighted_mean((joints.coordinates[..., 2] - seen * depth).abs().mean(dim=-1), weights)


def mask_loss(masks: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    """Binary cross-entropy of the silhouettes (B, 2, H, W), weighted by image (B,)."""
    each = F.binary_cross_entropy_with_logits(masks, target, reduction="none").mean(dim=(2, 3))
    return weighted_mean(each, weights[:, None].expand_as(each))


def spread_loss(spread: Tensor, errors: Tensor, weights: Tensor) -> Tensor:
    """Negative logarithm of a Laplace distribution's likelihood, without its constant, a mean over axes.

    Args:
        spread: (B, 2, 21) expected absolute error along an axis.
        errors: (B, 2, 21, D) in the same unit.
        weights: (B, 2, 21).
    """
    return weighted_mean(errors.detach().abs().mean(dim=-1) / spread + spread.log(), weights)


def auxiliary_losses(
    maps: DenseMaps, joints: JointEvidence, initial: InitialJoints, targets: Targets
) -> dict[str, Tensor]:
    """Terms of the image part before weighting: of the auxiliary decoders and of the initial joint estimate."""
    unit = 1.0 / COORDINATE_UNIT
    height, width = targets.masks.shape[2:]
    heat = heat_targets(targets.joints_2d, targets.present, height, width)
    return {
        "heatmaps": heatmap_loss(maps.heat, heat, targets.heat_weight),
        "depths": depth_loss(joints, targets.joints[..., 2] * unit, targets.mesh_weight),
        "masks": mask_loss(maps.masks, targets.masks, targets.mask_weight),
        "guess": point_loss(initial.joints_3d * unit, targets.joints * unit, targets.mesh_weight),
        "guess_2d": reprojection_loss(initial.joints_2d, targets.joints_2d, targets.joints_weight),
    }


def mesh_losses(prediction: Prediction, targets: Targets, geometry: MeshGeometry) -> dict[str, Tensor]:
    """Terms of the pose part before weighting (eq. 11-14)."""
    weights, cameras, unit = targets.mesh_weight, prediction.cameras, 1.0 / COORDINATE_UNIT
    meshes = [(prediction.vertices, targets.vertices, targets.vertices_2d)]
    for level, pooling in zip(prediction.levels, geometry.pooling, strict=True):
        meshes.append((level, _pooled(pooling, targets.vertices), _pooled(pooling, targets.vertices_2d)))
    joints = geometry.joint_regressor @ prediction.vertices
    # Joints that are read from a mesh lie some millimetres beside those that turn its bones: ask for the same kind.
    known = (targets.mesh_2d_weight > 0)[..., None, None]
    joints_2d = torch.where(known, geometry.joint_regressor @ targets.vertices_2d, targets.joints_2d)
    parts = [point_loss(own * unit, true * unit, weights) for own, true, _ in meshes]
    flat = [projection_loss(project(own, cameras), true, targets.mesh_2d_weight) for own, _, true in meshes]
    projected = project(joints, cameras)
    return {
        "vertices": torch.stack(parts).mean(),
        "vertices_2d": torch.stack(flat).mean(),
        "joints": point_loss(joints * unit, (geometry.joint_regressor @ targets.vertices) * unit, weights),
        "joints_2d": projection_loss(projected, joints_2d, targets.joints_weight),
        "reprojection": reprojection_loss(projected, joints_2d, targets.joints_weight),
        "normals": normal_loss(prediction.vertices * unit, targets.vertices * unit, geometry.faces, weights),
        "edges": edge_loss(prediction.vertices * unit, targets.vertices * unit, geometry.edges, weights),
    }


def lwa_hand_losses(output: Output, targets: Targets, geometry: MeshGeometry) -> dict[str, Tensor]:
    """All terms before weighting, by the names of `LossWeights`."""
    unit = 1.0 / COORDINATE_UNIT
    flat, joints = read_hands(output, geometry.joint_regressor)
    known = targets.joints_weight > 0
    return {
        **mesh_losses(output.prediction, targets, geometry),
        **auxiliary_losses(output.maps, output.joints, output.initial, targets),
        "spread_2d": spread_loss(output.spread.flat, flat - targets.joints_2d, targets.joints_weight),
        "spread": spread_loss(
            output.spread.space,
            (joints - geometry.joint_regressor @ targets.vertices) * unit,
            targets.mesh_weight[..., None] * known,
        ),
    }


def _pooled(pooling: Tensor, points: Tensor) -> Tensor:
    """Patches (2, V, N) of points (B, 2, N, D), as one product a hand: broadcasting would copy the patches B times."""
    return torch.einsum("hvn,bhnd->bhvd", pooling, points)


def _corners(vertices: Tensor, faces: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """First, second and third corner of every face, (B, 2, F, 3) each."""
    by_hand = torch.arange(2, device=faces.device)[:, None]
    a, b, c = (vertices[:, by_hand, faces[..., corner]] for corner in range(3))
    return a, b, c


def _lengths(vertices: Tensor, edges: Tensor) -> Tensor:
    by_hand = torch.arange(2, device=edges.device)[:, None]
    difference = vertices[:, by_hand, edges[..., 0]] - vertices[:, by_hand, edges[..., 1]]
    # A vanished edge has no direction to grow in: keep its gradient finite.
    return difference.square().sum(dim=-1).clamp_min(1e-16).sqrt()


def _edges(faces: np.ndarray) -> np.ndarray:
    pairs = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    return np.unique(np.sort(pairs, axis=1), axis=0).astype(np.int64)
