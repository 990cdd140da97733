"""The hand model as a layer of torch: differentiable and batched, for networks and their training."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F

from models.hand_model import CHAINS, MANO_TO_JOINTS, TIP_VERTICES
from models.rotations_torch import exp_so3_torch

if TYPE_CHECKING:
    from models.hand_model import HandArrays


class HandMesh(NamedTuple):
    """A batch of posed hands.

    Attributes:
        vertices: (B, 778, 3) metres.
        joints: (B, 21, 3) metres, the project's joint order.
    """

    vertices: torch.Tensor
    joints: torch.Tensor


class HandLayer(torch.nn.Module):
    """One side's hand model. Holds buffers only, nothing to train; they are the entries of `HandArrays` by name.

    Args:
        arrays: of the hand model.
    """

    template: torch.Tensor
    shape_dirs: torch.Tensor
    pose_dirs: torch.Tensor
    joint_regressor: torch.Tensor
    skinning_weights: torch.Tensor
    tip_vertices: torch.Tensor
    hands_mean: torch.Tensor
    hands_components: torch.Tensor

    def __init__(self, arrays: HandArrays) -> None:
        super().__init__()
        for key, array in arrays._asdict().items():
            self.register_buffer(key, torch.tensor(array))
        self.register_buffer("tip_vertices", torch.tensor(TIP_VERTICES))
        # Models without correctives skip a third of the work.
        self._has_correctives = bool(np.any(arrays.pose_dirs))

    def forward(self, pose: torch.Tensor, shape: torch.Tensor, translation: torch.Tensor) -> HandMesh:
        """Pose hands.

        Args:
            pose: (B, 16, 3) axis-angle, radians, wrist first, MANO's joint order; absolute: no mean is added.
            shape: (B, 10) standard deviations.
            translation: (B, 3) metres, added after posing.
        """
        return self.forward_rotations(exp_so3_torch(pose), shape, translation)

    def forward_rotations(self, rotations: torch.Tensor, shape: torch.Tensor, translation: torch.Tensor) -> HandMesh:
        """Pose hands by rotation matrices (B, 16, 3, 3), each relative to its parent; the rest as in `forward`."""
        batch = len(rotations)
        rest = self._rest_vertices(shape)
        joints = self.joint_regressor @ rest
        if self._has_correctives:
            features = rotations[:, 1:] - torch.eye(3, dtype=rotations.dtype, device=rotations.device)
            rest = rest + (features.reshape(batch, 135) @ self.pose_dirs).view(batch, -1, 3)

        turned, placed = [rotations[:, :1]], [joints[:, :1]]
        for level in range(3):
            chain = CHAINS[:, level].tolist()
            before = CHAINS[:, level - 1].tolist() if level else [0] * 5
            turned.append(turned[-1] @ rotations[:, chain])
            step = (joints[:, chain] - joints[:, before]).unsqueeze(-1)
            placed.append(placed[-1] + (turned[-2] @ step).squeeze(-1))
        # (B, level, finger) back to MANO's joints, finger by finger.
        world = torch.cat([turned[0], torch.stack(turned[1:], dim=2).flatten(1, 2)], dim=1)
        positions = torch.cat([placed[0], torch.stack(placed[1:], dim=2).flatten(1, 2)], dim=1)

        offsets = positions - (world @ joints.unsqueeze(-1)).squeeze(-1)
        blended = (self.skinning_weights @ world.flatten(2)).unflatten(-1, (3, 3))
        vertices = (blended @ rest.unsqueeze(-1)).squeeze(-1) + self.skinning_weights @ offsets
        points = torch.cat([positions, vertices[:, self.tip_vertices]], dim=1)[:, list(MANO_TO_JOINTS)]
        return HandMesh(vertices + translation[:, None], points + translation[:, None])

    def rest_joints(self, shape: torch.Tensor) -> torch.Tensor:
        """(B, 16, 3) joints in the rest pose, metres, MANO's order, for shapes (B, 10)."""
        return self.joint_regressor @ self._rest_vertices(shape)

    @property
    def keypoint_regressor(self) -> torch.Tensor:
        """(21, 778): the 21 joints of a posed mesh, in the order of `MANO_TO_JOINTS`; rows sum to one.

        What turns the bones lies some millimetres beside that: the regressor is made for the rest pose.
        """
        tips = F.one_hot(self.tip_vertices, len(self.template)).to(self.joint_regressor)
        return torch.cat([self.joint_regressor, tips])[list(MANO_TO_JOINTS)]

    def _rest_vertices(self, shape: torch.Tensor) -> torch.Tensor:
        """(B, V, 3) before pose correctives."""
        return self.template + (shape @ self.shape_dirs.flatten(0, 1).T).unflatten(-1, (-1, 3))
