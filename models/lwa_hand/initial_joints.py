"""Initial estimate of each hand's joints from the global feature F_G (section 3.2).

The paper leaves open where the coarsest mesh begins. MediaPipe's landmark network, whose layout the encoder has, reads
joints off its mean feature with one linear layer, and reads them well; so does this, for both hands. A trained start
(`training.start.pretrained`) therefore knows single hands before the first step of training, and the graph decoder has
the rest to learn: the other hand, contact, the skin.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from models.lwa_hand.auxiliary import JOINTS

_LEAST_SCALE, _LEAST_SPREAD = 0.5, 1e-4
"""Half images a metre: a hand that fills a tenth of the image; and square metres of joints that tell a scale."""


class InitialJoints(NamedTuple):
    """The initial joint estimate of both hands, left first.

    Attributes:
        joints_2d: (B, 2, 21, 2) x and y in [-1, 1] over the image.
        joints_3d: (B, 2, 21, 3) metres relative to the hand's root, view axes.
        absence: (B, 2) logit of "not in the image".
    """

    joints_2d: Tensor
    joints_3d: Tensor
    absence: Tensor


class InitialJointHead(nn.Module):
    """One linear layer.

    Args:
        width: of the global feature.
        rest: by hand, (21, 3) joints of the rest hand relative to its root, metres: the estimate of a new network.
        scale: of a new network's estimate, half images a metre.
    """

    def __init__(self, width: int, rest: Sequence[np.ndarray], scale: float = 6.0) -> None:
        super().__init__()
        self.linear = nn.Linear(width, 2 * (5 * JOINTS + 1))
        nn.init.zeros_(self.linear.weight)
        joints = torch.from_numpy(np.stack(rest)).float()
        start = [scale * joints[..., :2], joints]
        with torch.no_grad():
            self.linear.bias.copy_(torch.cat([part.flatten() for part in start] + [torch.zeros(2)]))

    def forward(self, feature: Tensor) -> InitialJoints:
        """Of a global feature (B, width)."""
        joints_2d, joints_3d, absence = self.linear(feature).split([4 * JOINTS, 6 * JOINTS, 2], dim=1)
        return InitialJoints(joints_2d.view(-1, 2, JOINTS, 2), joints_3d.view(-1, 2, JOINTS, 3), absence)


def fit_cameras(initial: InitialJoints) -> Tensor:
    """Weak-perspective cameras that take the joints in metres to those in the image, by least squares.

    Returns:
        (B, 2, 3) scale in half images a metre, x and y of the root; see `models.lwa_hand.camera.project`.
    """
    space = initial.joints_3d[..., :2]
    mean, place = space.mean(dim=2, keepdim=True), initial.joints_2d.mean(dim=2, keepdim=True)
    centred = space - mean
    spread = centred.square().sum(dim=(2, 3)) + _LEAST_SPREAD
    scale = ((centred * (initial.joints_2d - place)).sum(dim=(2, 3)) / spread).clamp_min(_LEAST_SCALE)[..., None]
    return torch.cat([scale, place[:, :, 0] - scale * mean[:, :, 0]], dim=-1)
