"""LWA-HAND, the whole network (figure 2): https://arxiv.org/abs/2208.09815."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from models.checks import check_shape
from models.feature_attention.encoder import EncoderOutput, FeatureAttentionEncoder
from models.feature_attention.tokens import TokenBridge
from models.hand_model import HandModel
from models.lwa_hand.auxiliary import AuxiliaryDecoders, DenseMaps, JointEvidence, read_joints
from models.lwa_hand.graph_decoder import JOINT_CODE, ROOT, GraphDecoder, HandTopology, Prediction
from models.lwa_hand.initial_joints import InitialJointHead, InitialJoints
from models.lwa_hand.size import INPUT_SIZE
from models.lwa_hand.spread import JointSpread, SpreadHead
from models.values import SIDES, Side

__all__ = ["INPUT_SIZE", "LwaHand", "Output", "hand_topologies"]

_SAMPLES, _SAMPLE_ANGLE, _SAMPLE_DISTANCE = 300, 0.35, 0.1
"""Posed hands that the decoder's linear steps start from: how many, radians a joint axis, metres."""


class Output(NamedTuple):
    """Everything that the losses read.

    Attributes:
        prediction: both hands' vertices and cameras.
        maps: heat-maps, depths and silhouettes.
        joints: what the heat-maps say.
        initial: estimate of the joints, from the global feature.
        spread: how far off each joint may be.
    """

    prediction: Prediction
    maps: DenseMaps
    joints: JointEvidence
    initial: InitialJoints
    spread: JointSpread


class Seen(NamedTuple):
    """What the image part gives the pose part.

    Attributes:
        feature: (B, D) global feature.
        tokens: (B, M, d).
        maps: of the auxiliary decoders.
        initial: estimate of the joints.
    """

    feature: Tensor
    tokens: Tensor
    maps: DenseMaps
    initial: InitialJoints


class LwaHand(nn.Module):
    """Image of both hands to their meshes.

    Args:
        topologies: by side, see `hand_topologies`.
        token_count: M < 7 of section 4.1; as many as it allows, because two hands share them.
        token_dim: d, see `FeatureAttentionEncoder`.
        heads: h of eq. 3, see `FeatureAttentionEncoder`.
        decoder_channels: see `AuxiliaryDecoders`.
        graph_widths: see `GraphDecoder`.
        graph_depth: see `GraphDecoder`.
        joint_evidence: whether the coarsest level also reads what the heat-maps say of each joint: its place and the
            features there. The paper does not say what becomes of the decoders' maps at run time. Here they run
            anyway, for presence, and pooling by joint is eq. 4 with the heat-map as attention: it hands the vertices
            places in the image that six pooled tokens can only hint at.
    """

    def __init__(
        self,
        topologies: Mapping[Side, HandTopology],
        *,
        token_count: int = 6,
        token_dim: int = 128,
        heads: int = 2,
        decoder_channels: int = 64,
        graph_widths: Sequence[int] = (256, 128, 64),
        graph_depth: int = 2,
        joint_evidence: bool = True,
    ) -> None:
        super().__init__()
        self.encoder = FeatureAttentionEncoder(token_count, token_dim, heads)
        rest = [topologies[side].joints - topologies[side].joints[ROOT] for side in SIDES]
        # Weights have it under this name.
        self.guess = InitialJointHead(self.encoder.feature_width, rest)
        self.auxiliary = AuxiliaryDecoders(self.encoder.pyramid_channels, decoder_channels)
        last = len(graph_widths) - 1
        self.bridges = nn.ModuleList(
            TokenBridge(decoder_channels, token_dim, heads, updates=place < last) for place in range(last + 1)
        )
        self.decoder = GraphDecoder(
            topologies,
            self.encoder.feature_width,
            token_count,
            decoder_channels,
            graph_widths,
            graph_depth,
            decoder_channels + JOINT_CODE if joint_evidence else 0,
        )
        self.spread = SpreadHead(decoder_channels)

    def forward(self, image: Tensor) -> Output:
        """RGB in [0, 1], (B, 3, H, W) with H and W multiples of 32, made for 256.

        Raises:
            ValueError: another shape.
        """
        sizes = check_shape(image, ("B", 3, "H", "W"), "image")
        if sizes["H"] % 32 or sizes["W"] % 32:
            raise ValueError(f"image must be multiples of 32 high and wide, not {sizes['H']} x {sizes['W']}")
        return self.decode(self.look(image))

    def look(self, image: Tensor) -> Seen:
        """The image part."""
        return self.draw(self.encoder(image))

    def draw(self, encoded: EncoderOutput) -> Seen:
        """What the image part makes of the encoder's maps: initial joint estimate and the auxiliary decoders."""
        initial = self.guess(encoded.image_feature)
        maps = self.auxiliary(encoded.pyramid, initial.joints_2d, initial.absence)
        return Seen(encoded.image_feature, encoded.tokens, maps, initial)

    def decode(self, seen: Seen) -> Output:
        """The pose part: readings of the maps, bridges from coarse to fine, graph decoder."""
        joints = read_joints(seen.maps)
        tokens = seen.tokens
        bridged: list[Tensor] = []
        for bridge, features in zip(self.bridges, seen.maps.features, strict=True):
            tokens, context = bridge(features, tokens)
            bridged.append(context)
        prediction = self.decoder(seen.feature, bridged, seen.initial, joints)
        return Output(prediction, seen.maps, joints, seen.initial, self.spread(seen.maps, joints, seen.initial))


def hand_topologies(hand_models: Mapping[Side, HandModel]) -> dict[Side, HandTopology]:
    """What the network needs to know of the hand models: faces, template and rest joints."""
    return {side: _topology(model) for side, model in hand_models.items()}


@torch.no_grad()
def _topology(model: HandModel) -> HandTopology:
    rest = model(torch.zeros(1, 16, 3), torch.zeros(1, 10), torch.zeros(1, 3))
    random = torch.Generator().manual_seed(0)
    pose, shape, place = (torch.randn(_SAMPLES, *size, generator=random) for size in ((16, 3), (10,), (3,)))
    posed = model(_SAMPLE_ANGLE * pose, shape, _SAMPLE_DISTANCE * place)
    samples = posed.vertices.numpy(), posed.joints.numpy()
    return HandTopology(model.faces, rest.vertices[0].numpy(), rest.joints[0].numpy(), *samples)
