"""The network as the app wants it: bytes in, joints out.

It says three times where a hand's joints are: by its heat-maps, by its mesh and by its initial estimate. In the image
the heat-maps are nearest by far, where they see a joint; in space a mean of all three is.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from models.feature_attention.encoder import FeatureAttentionEncoder
from models.feature_attention.tokens import grid_coordinates
from models.lwa_hand.auxiliary import DenseMaps
from models.lwa_hand.camera import project
from models.lwa_hand.graph_decoder import COORDINATE_UNIT, ROOT
from models.lwa_hand.network import LwaHand, Output
from models.registry import HandModels
from models.runtime.parts import TwoParts
from models.values import SIDES

_SHARPNESS = 2.0
"""Heat-maps are read as if they were this much surer: where they doubt between two fingers, their mean lies on neither.
On held-out hands a twentieth nearer than at 1; more gains nothing."""
_MESH_WEIGHT = 2.0
"""Of the mesh's joints in space, against 1 of the initial estimate's and of the heat-maps'."""


class RuntimeNetwork(TwoParts):
    """Crops to what both hands' models are fitted to.

    Takes (B, 256, 256, 3) uint8 RGB. Gives vertices (B, 2, 778, 3) and joints (B, 2, 21, 3), metres, relative to the
    root, view axes; joints in the image (B, 2, 21, 2), [-1, 1] over it; presence (B, 2); and the mean absolute error
    to be expected of each joint along an axis, in the image (B, 2, 21), half images, and in space, metres. Left
    hand first.

    In bfloat16 the vertices move by .7 mm in the mean, by .3 where all stages of the encoder but the last stay as they
    are: of 30 drawn and real images, with the weights of `assets/weights`.

    Args:
        network: trained or not; a copy of it is made.
        hand_models: by side, those whose vertices it gives.
    """

    def __init__(self, network: LwaHand, hand_models: HandModels) -> None:
        network = copy.deepcopy(network)
        # Bytes to [0, 1] in the weights instead of the pixels: the division was a tenth of the whole network's time.
        with torch.no_grad():
            network.encoder.stem.weight /= 255.0
        regressor = torch.stack([hand_models[side].keypoint_regressor for side in SIDES])
        super().__init__(_Detail(network.encoder), _Hands(network, regressor))


class _Detail(nn.Module):
    def __init__(self, encoder: FeatureAttentionEncoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return self.encoder.see_detail(crops.to(self.encoder.stem.weight.dtype).permute(0, 3, 1, 2))


class _Hands(nn.Module):
    regressor: Tensor

    def __init__(self, network: LwaHand, regressor: Tensor) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("regressor", regressor)

    def forward(self, fine: Tensor, middle: Tensor, tokens: Tensor) -> tuple[Tensor, ...]:
        output = self.network.decode(self.network.draw(self.network.encoder.finish(fine, middle, tokens)))
        flat, joints = read_hands(output, self.regressor)
        spread = output.spread
        return (
            output.prediction.vertices,
            joints,
            flat,
            output.joints.presence,
            spread.flat,
            COORDINATE_UNIT * spread.space,
        )


def read_hands(output: Output, regressor: Tensor) -> tuple[Tensor, Tensor]:
    """Joints from all that the network says of them.

    Args:
        output: of the network.
        regressor: (2, 21, 778) from the vertices of a mesh to its joints.

    Returns:
        (B, 2, 21, 2) in the image, [-1, 1] over it; (B, 2, 21, 3) metres, relative to the root, view axes.
    """
    vertices, cameras, initial = output.prediction.vertices, output.prediction.cameras, output.initial
    of_mesh = regressor @ vertices
    heat, depth = read_sharply(output.maps)
    seen = output.joints.seen
    # What lies outside the crop no cell has seen.
    unseen = 0.5 * (project(of_mesh, cameras) + initial.joints_2d)
    flat = unseen + seen * (heat - unseen)
    lifted = torch.cat([_from_root(flat) / cameras[..., None, :1], COORDINATE_UNIT * _from_root(depth)], dim=-1)
    others = _from_root(initial.joints_3d) + seen * lifted
    return flat, (_MESH_WEIGHT * of_mesh + others) / (_MESH_WEIGHT + 1.0 + seen)


def read_sharply(maps: DenseMaps) -> tuple[Tensor, Tensor]:
    """Places of the joints by the heat-maps, see `_SHARPNESS`.

    Returns:
        (B, 2, 21, 2) x and y in [-1, 1] over the image, (B, 2, 21, 1) depth behind the root in decimetres.
    """
    height, width = maps.masks.shape[2:]
    heat = (_SHARPNESS * maps.heat[..., :-1]).softmax(dim=-1)
    grid = grid_coordinates(height, width, heat.device, heat.dtype)
    return heat @ grid, (heat * maps.depth).sum(dim=-1, keepdim=True)


def _from_root(points: Tensor) -> Tensor:
    return points - points[:, :, ROOT, None]
