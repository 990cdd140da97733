"""Two-stream graph decoder: 63, 126 and 252 vertices a hand, and the linear step to 778 (sections 3.1 and 3.2)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.lwa_hand.auxiliary import JOINTS, JointEvidence
from models.lwa_hand.bridge import HandLinear, VertexFusion, mlp, random_mixing
from models.lwa_hand.camera import CameraHead
from models.lwa_hand.coarsening import LEVELS, Coarsening, coarsen
from models.lwa_hand.cross_attention import CrossHandAttention
from models.lwa_hand.initial_joints import InitialJoints, fit_cameras
from models.values import SIDES, Side

JOINT_CODE = 9
"""Numbers of each joint beside its features: x, y, depth by the heat-maps, and whether it was seen; x and y by the
initial estimate, and its place in the hand."""
ROOT = 9
"""The joint that a hand's vertices are relative to: the middle finger's base knuckle, root of the paper's figures."""
COORDINATE_UNIT = 0.1
"""Metres a unit of the coordinate heads: a hand is about two units long, so that the heads' weights are of order 1."""


class HandTopology(NamedTuple):
    """What the decoder needs to know of a hand model.

    Attributes:
        faces: (1538, 3) vertex numbers.
        template: (778, 3) rest vertices, metres.
        joints: (21, 3) rest joints, metres.
        samples: (N, 778, 3) posed hands of several shapes, metres, from which the linear steps start.
        sample_joints: (N, 21, 3) their joints.
    """

    faces: np.ndarray
    template: np.ndarray
    joints: np.ndarray
    samples: np.ndarray
    sample_joints: np.ndarray


class Prediction(NamedTuple):
    """Both hands, left first.

    Attributes:
        vertices: (B, 2, 778, 3) metres, relative to the hand's root (the middle finger's base knuckle), view axes:
            x right, y down, z forward along the ray through the crop's centre.
        levels: (B, 2, V, 3) of the coarse meshes of 63, 126 and 252 vertices, each the mean of a patch.
        cameras: (B, 2, 3) weak perspective, see `models.lwa_hand.camera.project`.
    """

    vertices: Tensor
    levels: tuple[Tensor, Tensor, Tensor]
    cameras: Tensor


class GraphBlock(nn.Module):
    """Residual graph convolution with Chebyshev polynomials of order 2, its second layer pointwise.

    Args:
        propagation: (2, V, V) normalised adjacency by hand.
        channels: of the vertex features.
    """

    propagation: Tensor

    def __init__(self, propagation: Tensor, channels: int) -> None:
        super().__init__()
        # Saved with the weights: they belong to this numbering of the patches, whatever cuts them elsewhere.
        self.register_buffer("propagation", propagation[:, None])
        self.layer_in = HandLinear(2 * channels, channels, gain=2.0)
        self.layer_out = HandLinear(channels, channels, gain=0.0)

    def forward(self, x: Tensor) -> Tensor:
        """(2, B * V, C) to the same."""
        normal = F.layer_norm(x, x.shape[-1:])
        spread = self.propagation @ normal.unflatten(1, (-1, self.propagation.shape[-1]))
        return x + mlp(self.layer_in, self.layer_out, torch.cat([normal, spread.flatten(1, 2)], dim=-1))


class GraphLevel(nn.Module):
    """One level: position encoding, contact with the bridge's features, graph blocks, exchange between the hands.

    Args:
        propagation: (2, V, V) normalised adjacency by hand.
        dense_code: (2, V, 3) where each vertex lies in the template's box, [0, 1].
        channels: of the vertex features.
        token_count: M.
        bridge_channels: width of M_i.
        depth: graph blocks.
    """

    dense_code: Tensor

    def __init__(
        self,
        propagation: Tensor,
        dense_code: Tensor,
        channels: int,
        token_count: int,
        bridge_channels: int,
        depth: int,
    ) -> None:
        super().__init__()
        vertices = propagation.shape[1]
        self.register_buffer("dense_code", dense_code)
        self.position_in = HandLinear(3, channels, gain=2.0)
        self.position_out = HandLinear(channels, channels)
        self.fusion = VertexFusion(bridge_channels, random_mixing(vertices, token_count), channels)
        self.blocks = nn.Sequential(*[GraphBlock(propagation, channels) for _ in range(depth)])
        self.exchange = CrossHandAttention(channels)
        self.coordinates = HandLinear(channels, 3, gain=0.0)

    def forward(self, x: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        """Vertex features (2, B, V, C) and M_i (B, M, C') to features and offsets (2, B, V, 3) in metres."""
        batch = x.shape[1]
        position = mlp(self.position_in, self.position_out, 2.0 * self.dense_code - 1.0)
        # Rows from here on: a compiled network adds what a layer gives to what it was given in the same pass.
        rows = self.fusion(x + position[:, None], context[None]).flatten(1, 2)
        rows = self.exchange(self.blocks(rows), batch)
        offsets = COORDINATE_UNIT * self.coordinates(F.layer_norm(rows, rows.shape[-1:]))
        return rows.unflatten(1, (batch, -1)), offsets.unflatten(1, (batch, -1))


class GraphDecoder(nn.Module):
    """Global feature and the bridges' M_i to both hands' vertices and cameras.

    Args:
        topologies: by side.
        image_width: of the global feature.
        token_count: M.
        bridge_channels: width of the M_i.
        widths: vertex channels by level, a silent choice: halved where the vertices double, multiples of the vector
            width, as wide as the pose budget allows.
        depth: graph blocks a level and hand, a silent choice: two deep ones cost less time than IntagHand's four
            narrow ones for the same multiply-adds.
        joint_width: width of the joints' evidence; 0 leaves it away.
    """

    def __init__(
        self,
        topologies: Mapping[Side, HandTopology],
        image_width: int,
        token_count: int,
        bridge_channels: int,
        widths: Sequence[int] = (256, 128, 64),
        depth: int = 2,
        joint_width: int = 0,
    ) -> None:
        super().__init__()
        coarse = [coarsen(topologies[side].faces) for side in SIDES]
        codes = [_dense_code(topologies[side].template) for side in SIDES]
        # The initial joints carry the coarsest mesh, which the first level then corrects.
        carried = [_from_joints(level, topologies[side]) for side, level in zip(SIDES, coarse, strict=True)]
        self.from_joints = nn.Parameter(_stack(carried)[:, None])
        self.start = nn.Linear(image_width, 2 * widths[0])
        self.joint_start = self.joint_fusion = None
        if joint_width:
            # All joints' places at once tell of the whole hand; the fusion tells each vertex of those near it.
            self.joint_start = nn.Linear(2 * JOINTS * JOINT_CODE, 2 * widths[0], bias=False)
            nn.init.normal_(self.joint_start.weight, std=self.joint_start.in_features**-0.5)
            nearness = [_nearness(topologies[side], level) for side, level in zip(SIDES, coarse, strict=True)]
            self.joint_fusion = VertexFusion(joint_width, _stack(nearness), widths[0])
        self.levels = nn.ModuleList()
        for place, width in enumerate(widths):
            propagation = _stack([level.propagation[place] for level in coarse])
            code = _stack([level.pooling[place] @ points for level, points in zip(coarse, codes, strict=True)])
            self.levels.append(GraphLevel(propagation, code, width, token_count, bridge_channels, depth))
        self.narrow = nn.ModuleList(HandLinear(wide, narrow) for wide, narrow in itertools.pairwise(widths))
        self.camera = CameraHead(LEVELS[-1], widths[-1])
        # Places go up by a linear step after every level, features by repetition: a child of a turned hand does not
        # lie beside its parent as it does in the template, and the level would have to learn that first.
        steps = [_upsampling(level, topologies[side].samples) for side, level in zip(SIDES, coarse, strict=True)]
        self.upsampling = nn.ParameterList(_stack(step)[:, None] for step in zip(*steps, strict=True))

    def forward(
        self, image_feature: Tensor, bridged: Sequence[Tensor], initial: InitialJoints, joints: JointEvidence | None
    ) -> Prediction:
        """Decode.

        Args:
            image_feature: (B, image_width).
            bridged: M_i by level, (B, M, C).
            initial: estimate of the joints.
            joints: evidence of the heat-maps, where the decoder was built to read it.
        """
        x = self._spread(self.start(image_feature))
        if self.joint_start is not None and self.joint_fusion is not None and joints is not None:
            of_initial = initial.joints_2d, initial.joints_3d / COORDINATE_UNIT
            code = torch.cat([joints.coordinates, joints.seen, *of_initial], dim=-1)
            x = x + self._spread(self.joint_start(code.flatten(1)))
            evidence = torch.cat([code, joints.features], dim=-1)
            x = self.joint_fusion(x, evidence.transpose(0, 1))
        places = self.from_joints @ initial.joints_3d.transpose(0, 1)
        coordinates: list[Tensor] = []
        for place, level in enumerate(self.levels):
            if place > 0:
                narrowed = self.narrow[place - 1](x.flatten(1, 2)).view(*x.shape[:3], -1)
                x = _double(narrowed)
            x, offsets = level(x, bridged[place])
            coordinates.append(places + offsets)
            # x, y and z as rows: three columns would leave most of a vector register empty.
            places = (coordinates[-1].mT @ self.upsampling[place].mT).mT
        by_batch = [level.transpose(0, 1) for level in coordinates]
        cameras = self.camera(x, fit_cameras(initial).transpose(0, 1)).transpose(0, 1)
        return Prediction(places.transpose(0, 1), (by_batch[0], by_batch[1], by_batch[2]), cameras)

    @staticmethod
    def _spread(feature: Tensor) -> Tensor:
        """One vector for each hand (B, 2 * C) to vertex features (2, B, 63, C), all the same within a hand."""
        return feature.view(feature.shape[0], 2, 1, -1).transpose(0, 1).expand(-1, -1, LEVELS[0], -1)


def _double(x: Tensor) -> Tensor:
    """Every vertex of (2, B, V, C) to its two children of the next level."""
    return x.repeat_interleave(2, dim=2)


def _stack(arrays: Sequence[np.ndarray]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(np.stack(arrays), np.float32))


def _dense_code(template: np.ndarray) -> np.ndarray:
    """Dense matching encoding: each rest vertex by its place in the template's box, (N, 3) in [0, 1]."""
    low, high = template.min(axis=0), template.max(axis=0)
    return (template - low) / (high - low)


def _from_joints(coarse: Coarsening, topology: HandTopology, ridge: float = 1e-5) -> np.ndarray:
    """(63, 21) first weights of the joints in each coarse vertex, relative to the root: least squares over hands."""
    joints = topology.sample_joints - topology.sample_joints[:, ROOT, None]
    vertices = coarse.pooling[0] @ (topology.samples - topology.sample_joints[:, ROOT, None])
    joints, vertices = (points.transpose(1, 0, 2).reshape(points.shape[1], -1) for points in (joints, vertices))
    system = joints @ joints.T / joints.shape[1] + ridge * np.eye(JOINTS)
    return np.linalg.solve(system, joints @ vertices.T / joints.shape[1]).T


def _upsampling(coarse: Coarsening, samples: np.ndarray, ridge: float = 1e-6) -> list[np.ndarray]:
    """(126, 63), (252, 126) and (778, 252) first weights of the linear steps: least squares over posed hands.

    The last one is exact to a tenth of a millimetre on poses that it was not made from. Learning it from nothing
    takes long.
    """
    posed = samples.astype(np.float64).transpose(1, 0, 2).reshape(samples.shape[1], -1)
    meshes = [*(pooling @ posed for pooling in coarse.pooling), posed]
    steps = []
    for means, finer in itertools.pairwise(meshes):
        system = means @ means.T / means.shape[1] + ridge * np.eye(len(means))
        steps.append(np.linalg.solve(system, means @ finer.T / means.shape[1]).T)
    return steps


def _nearness(topology: HandTopology, coarse: Coarsening, reach: float = 0.02) -> np.ndarray:
    """(63, 21) first weights of the joints for each coarse vertex: a Gaussian of their distance, of 2 cm."""
    patches = coarse.pooling[0] @ topology.template
    square = np.sum((patches[:, None] - topology.joints) ** 2, axis=-1)
    weights = np.exp(-0.5 * square / reach**2) + 1e-6
    assert weights.shape[1] == JOINTS
    return weights / weights.sum(axis=1, keepdims=True)
