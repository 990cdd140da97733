"""EANet: extract-and-adaptation network for 3D interacting hand mesh recovery.

Park, Jung, Moon and Lee, ICCV Workshops 2023, https://arxiv.org/abs/2309.01943. Written from the paper and from the
behaviour of the public code; every choice in which the two differ is an argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

import torch
from torch import Tensor, nn

from models.checks import check_shape
from models.eanet.backbone import HandEncoder, ResNet
from models.eanet.config import JOINTS, PAPER, STRIDE, EANetConfig
from models.eanet.eablock import EABlock, Streams, conv_bn_relu
from models.eanet.joints import JointFeatureExtractor, Joints, SelfJointTransformer
from models.eanet.positions import resample_positions
from models.eanet.regressors import CameraRegressor, PoseRegressor, RelativeTranslationRegressor, ShapeRegressor
from models.values import SIDES


class EANetOutput(NamedTuple):
    """What the network says of both hands, left first.

    Attributes:
        wrist: (B, 2, 6) global rotation, 6D, in axes x right, y down, z forward.
        fingers: (B, 2, 90) 15 rotations in 6D, MANO order, relative to the hand model's mean pose.
        shape: (B, 2, 10).
        camera: (B, 2, 3) weak-perspective: scale in cells a metre, then x and y in cells, of the hand model's origin.
            `models.eanet.config.GRID` cells make a side of the image; 0 is the middle of the first pixel of one of
            256 px.
        relative_translation: (B, 3) left wrist minus right wrist, metres, axes as above.
        joints: (B, 2, 21, 3) x, y in such cells and z in depth cells, 0 the middle of the first cell.
        confidence: (B, 2, 21) how peaked each joint's heat-map is, 0..1.
        heat: (B, 2, 21, S / 32, S / 32) logits of each joint's places in the image.
        pooled: (B, 2, C*) means of the adapted features over their cells.
    """

    wrist: Tensor
    fingers: Tensor
    shape: Tensor
    camera: Tensor
    relative_translation: Tensor
    joints: Tensor
    confidence: Tensor
    heat: Tensor
    pooled: Tensor


class EANet(nn.Module):
    """Image to both hands' parameters.

    Args:
        config: depths, widths and choices.
        input_size: side of the square image, px, a multiple of 32, more than 32. The paper's is 256; position
            embeddings are as many as its cells, and nothing else depends on it.
    """

    def __init__(self, config: EANetConfig = PAPER, input_size: int = 256) -> None:
        super().__init__()
        self.config = config
        self.input_size = input_size
        side = input_size // STRIDE
        self.streams: tuple[str, ...] = SIDES if config.separate_hands else ("both",)
        hands = len(SIDES) // len(self.streams)
        self.backbone: nn.Module = (
            ResNet(config.backbone_width, config.backbone_depths) if config.backbone == "resnet" else HandEncoder()
        )
        self.hand_features = nn.ModuleDict(
            {stream: conv_bn_relu(config.backbone_channels, config.channels) for stream in self.streams}
        )
        self.eablock = EABlock(config, side * side, self.streams)
        self.joint_features = nn.ModuleDict(
            {stream: JointFeatureExtractor(config, side, hands) for stream in self.streams}
        )
        self.sjt = nn.ModuleDict(
            {stream: SelfJointTransformer(config, hands * JOINTS) for stream in self.streams}
            if config.sjt_depth
            else {}
        )
        self.pose = nn.ModuleDict({side: PoseRegressor(config) for side in SIDES})
        self.shape = nn.ModuleDict({side: ShapeRegressor(config) for side in SIDES})
        self.camera = nn.ModuleDict({side: CameraRegressor(config) for side in SIDES})
        self.relative_translation = RelativeTranslationRegressor(config, len(self.streams))

    def image_positions(self) -> dict[str, nn.Parameter]:
        """Embeddings of places in the image, by their names in the state dict."""
        return {
            f"eablock.{name}": parameter
            for name, parameter in self.eablock.named_parameters()
            if name.endswith("position")
        }

    def resize(self, input_size: int) -> None:
        """Go on with images of another size: embeddings of places in the image are resampled.

        They are new parameters then, which an optimiser has to be told.
        """
        side = input_size // STRIDE
        for name, old in self.image_positions().items():
            owner, _, attribute = name.rpartition(".")
            resampled = resample_positions(old.detach(), *self._layout(old), side)
            setattr(self.get_submodule(owner), attribute, nn.Parameter(resampled, old.requires_grad))
        for extractor in self.joint_features.values():
            assert isinstance(extractor, JointFeatureExtractor)
            extractor.side = side
        self.input_size = input_size

    def fitting(self, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """A state dict of the same network for images of any size, for images of this one's size.

        Tensors that do not fit for another reason stay as they are, for whoever loads them to report.
        """
        fitted = dict(tensors)
        for name, own in self.image_positions().items():
            other = fitted.get(name)
            if other is not None and other.ndim == 3 and other.shape != own.shape:
                with suppress(ValueError):
                    fitted[name] = resample_positions(other, *self._layout(own), self.input_size // STRIDE)
        return fitted

    def _layout(self, position: Tensor) -> tuple[int, int]:
        """How many maps, and how many tokens that belong to no cell, one of its own embeddings is for."""
        return divmod(position.shape[1], (self.input_size // STRIDE) ** 2)

    def forward(self, image: Tensor) -> EANetOutput:
        """Reconstruct.

        Args:
            image: (B, 3, S, S) RGB in [0, 1], not normalised further.

        Raises:
            ValueError: another shape.
        """
        check_shape(image, ("B", 3, self.input_size, self.input_size), "image")
        return self.regress(*self.find(image))

    def find(self, image: Tensor) -> tuple[Streams, dict[str, Joints]]:
        """The image part: by stream adapted features and joints."""
        return self.find_in(self.backbone(image))

    def find_in(self, feature: Tensor) -> tuple[Streams, dict[str, Joints]]:
        """The same from the backbone's image feature (B, C, S / 32, S / 32)."""
        adapted = self.eablock({stream: self.hand_features[stream](feature) for stream in self.streams})
        return adapted, {stream: self.joint_features[stream](adapted[stream]) for stream in self.streams}

    def regress(self, adapted: Streams, joints: dict[str, Joints]) -> EANetOutput:
        """The pose part: parameters from what `find` gives."""
        enhanced = {
            stream: self.sjt[stream](found.features) if self.config.sjt_depth else found.features
            for stream, found in joints.items()
        }
        pooled = {stream: own.mean(dim=(2, 3)) for stream, own in adapted.items()}
        grid = {stream: found.grid for stream, found in joints.items()}
        confidence = {stream: found.confidence for stream, found in joints.items()}
        heat = {stream: found.heat for stream, found in joints.items()}
        if not self.config.separate_hands:
            # The one stream holds the joints of the left hand, then those of the right; regressors read their hand's.
            enhanced, grid, confidence, heat = (
                dict(zip(SIDES, part["both"].chunk(2, dim=1), strict=True))
                for part in (enhanced, grid, confidence, heat)
            )
        of_hand = pooled if self.config.separate_hands else dict.fromkeys(SIDES, pooled["both"])
        pose = [self.pose[side](enhanced[side], grid[side]) for side in SIDES]
        right_first = torch.cat([pooled[stream] for stream in reversed(self.streams)], dim=1)
        return EANetOutput(
            wrist=torch.stack([wrist for wrist, _ in pose], dim=1),
            fingers=torch.stack([fingers for _, fingers in pose], dim=1),
            shape=torch.stack([self.shape[side](of_hand[side]) for side in SIDES], dim=1),
            camera=torch.stack([self.camera[side](of_hand[side]) for side in SIDES], dim=1),
            relative_translation=self.relative_translation(right_first),
            joints=torch.stack([grid[side] for side in SIDES], dim=1),
            confidence=torch.stack([confidence[side] for side in SIDES], dim=1),
            heat=torch.stack([heat[side] for side in SIDES], dim=1),
            pooled=torch.stack([of_hand[side] for side in SIDES], dim=1),
        )


def raw_outputs(network: EANet, image: Tensor) -> dict[str, Tensor]:
    """Outputs of the network in eval mode, under the names that the public code's are known by.

    Args:
        network: any EANet; it is put into eval mode.
        image: (B, 3, S, S) RGB in [0, 1].

    Returns:
        By name, a prefix "r" or "l" for the hand: `root6d` (B, 6), `pose6d` (B, 90), `shape` (B, 10), `cam` (B, 3),
        `joint_img` (B, 21, 3) in cells, `feat` (B, C*) pooled adapted features; and `rel_trans` (B, 3).
    """
    network.eval()
    with torch.inference_mode():
        output = network(image)
    named = {
        "root6d": output.wrist,
        "pose6d": output.fingers,
        "shape": output.shape,
        "cam": output.camera,
        "joint_img": output.joints,
        "feat": output.pooled,
    }
    by_hand = {f"{side[0]}{name}": value[:, hand] for name, value in named.items() for hand, side in enumerate(SIDES)}
    return by_hand | {"rel_trans": output.relative_translation}
