"""How far off each joint may be, as the network itself says.

Not in the paper. Errors of joints follow a Laplace distribution nearer than a Gaussian one: most are small, and a
finger taken for its neighbour is far off. A likelihood of that form makes the head say the mean absolute error that is
to be expected of a joint (Kendall and Gal, 2017, https://arxiv.org/abs/1703.04977).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.lwa_hand.auxiliary import DenseMaps, JointEvidence, heat_width
from models.lwa_hand.initial_joints import InitialJoints

_HIDDEN = 32
_LEAST = 1e-3
"""In the head's units: no joint is surer."""
_START_2D, _START_3D = 0.05, 0.1
"""What a head that has learnt nothing says of all joints: half images, decimetres."""
_CUES = 4


class JointSpread(NamedTuple):
    """Mean absolute error along each axis that is to be expected, left hand first.

    Attributes:
        flat: (B, 2, 21) half images.
        space: (B, 2, 21) decimetres.
    """

    flat: Tensor
    space: Tensor


class SpreadHead(nn.Module):
    """Two layers on what is known of each joint; the gradient of its loss ends here.

    Args:
        channels: of `JointEvidence.features`.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(channels + _CUES, _HIDDEN)
        self.last = nn.Linear(_HIDDEN, 2)
        nn.init.zeros_(self.last.weight)
        with torch.no_grad():
            # Inverse of softplus.
            self.last.bias.copy_(torch.tensor([math.log(math.expm1(start)) for start in (_START_2D, _START_3D)]))

    def forward(self, maps: DenseMaps, joints: JointEvidence, initial: InitialJoints) -> JointSpread:
        """Of what the heat-maps say, how wide they are, and how far the initial estimate is from them."""
        seen = joints.seen.detach()
        places = joints.coordinates[..., :2].detach() / seen.clamp_min(1e-3)
        apart = (places - initial.joints_2d.detach()).square().sum(dim=-1, keepdim=True).sqrt()
        width = heat_width(maps, places).detach()
        cues = torch.cat([joints.features.detach(), seen, joints.covered.detach(), apart, width], dim=-1)
        flat, space = (F.softplus(self.last(F.relu(self.hidden(cues)))) + _LEAST).unbind(dim=-1)
        return JointSpread(flat, space)
