"""`training.losses.vertex_fit` for many images at once, on the meshes' device: what a GPU needs to be kept busy."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from models.hand_model import PARENTS, HandModel
from models.rotations_torch import log_so3_torch
from models.values import SIDES, Side
from training.losses.vertex_fit import ROUNDS, SHAPE_PRIOR


class BatchedVertexFit:
    """Fits both hand models to their vertices, in double precision; the steps are those of `VertexFit`.

    Args:
        hand_models: by side, on the device of the meshes.
    """

    def __init__(self, hand_models: Mapping[Side, HandModel]) -> None:
        models = [hand_models[side] for side in SIDES]
        self._template = torch.stack([model.template for model in models]).double()
        shape_dirs = torch.stack([model.shape_dirs for model in models]).double()
        regressor = torch.stack([model.joint_regressor for model in models]).double()
        self._weights = torch.stack([model.skinning_weights for model in models]).double()
        self._shape_dirs = shape_dirs.flatten(1, 2)
        # Rest vertices and joints, linear in the shape: the last axis carries the template (0) and the ten directions.
        self._rest = torch.cat([self._template[..., None], shape_dirs], dim=3)
        self._rest_joints = (regressor @ self._rest.flatten(2)).unflatten(2, (3, 11))
        evidence = self._weights.mT.square()
        self._evidence = evidence / evidence.sum(dim=2, keepdim=True)

    @torch.no_grad()
    def fit(self, vertices: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Parameters whose meshes lie near these vertices.

        Args:
            vertices: (B, 2, 778, 3) of left and right hand, metres, any frame.

        Returns:
            Poses (B, 2, 16, 3), rotation vectors, the wrist's in the frame of the vertices; shapes (B, 2, 10);
            translations (B, 2, 3), metres, added after posing.
        """
        vertices = vertices.double()
        batch = len(vertices)
        shape = vertices.new_zeros(batch, 2, 10)
        bones = vertices.new_zeros(batch, 2, 16, 3, 3)
        residual, translation = vertices, vertices.new_zeros(batch, 2, 3)
        for _ in range(ROUNDS):
            bones = self._rotate(bones, shape, residual)
            shape, translation, fitted = self._reshape(bones, vertices)
            residual = vertices - fitted
        parents = list(PARENTS[1:])
        relative = bones[:, :, parents].mT @ bones[:, :, 1:]
        return log_so3_torch(torch.cat([bones[:, :, :1], relative], dim=2)), shape, translation

    def _rotate(self, bones: Tensor, shape: Tensor, residual: Tensor) -> Tensor:
        """Best rotation of every bone, see `VertexFit`."""
        rest = self._template + (self._shape_dirs @ shape[..., None]).squeeze(-1).unflatten(-1, (-1, 3))
        both = torch.cat([rest, residual], dim=-1)
        products = (both[..., :, None] * rest[..., None, :]).flatten(-2)
        means = self._evidence @ torch.cat([both, products], dim=-1)
        centre, moments = means[..., :3], means[..., 6:].unflatten(-1, (6, 3))
        moments = moments - means[..., :6, None] * centre[..., None, :]
        left, _, right = torch.linalg.svd(bones @ moments[..., :3, :] + moments[..., 3:, :])
        turn = left @ right
        # A rotation, not a reflection: the least certain direction gives way.
        sign = (turn[..., 0, :] * torch.linalg.cross(turn[..., 1, :], turn[..., 2, :])).sum(dim=-1).sign()
        last = left[..., 2:] * sign[..., None, None]
        return torch.cat([left[..., :2], last], dim=-1) @ right

    def _reshape(self, bones: Tensor, vertices: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Shape and translation by regularised least squares for given rotations, and the mesh that they make."""
        joints = self._rest_joints.expand(len(bones), -1, -1, -1, -1)
        placed = list(joints.unbind(dim=2))
        for child, parent in enumerate(PARENTS[1:], start=1):
            step = joints[:, :, child] - joints[:, :, parent]
            placed[child] = placed[parent] + bones[:, :, parent] @ step
        offsets = torch.stack(placed, dim=2) - bones @ joints
        blended = self._weights @ torch.cat([bones.flatten(-2), offsets.flatten(-2)], dim=-1)
        posed = blended[..., :9].unflatten(-1, (3, 3)) @ self._rest + blended[..., 9:].unflatten(-1, (3, 11))
        means, centre = posed.mean(dim=2), vertices.mean(dim=2)
        centred = (posed - means[:, :, None]).flatten(2, 3)
        directions = centred[..., 1:]
        lacking = (vertices - centre[:, :, None]).flatten(2) - centred[..., 0]
        prior = SHAPE_PRIOR * torch.eye(10, dtype=bones.dtype, device=bones.device)
        system = directions.mT @ directions + prior
        shape = torch.linalg.solve_ex(system, directions.mT @ lacking[..., None])[0].squeeze(-1)
        with_template = torch.cat([torch.ones_like(shape[..., :1]), shape], dim=-1)[..., None]
        translation = centre - (means @ with_template).squeeze(-1)
        fitted = (posed @ with_template[:, :, None]).squeeze(-1) + translation[:, :, None]
        return shape, translation, fitted
