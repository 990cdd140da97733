"""What an EANet is made of: depths, widths, the points where paper and public code differ, and the ablations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from models.values import Side

Block: TypeAlias = Literal["ea", "extract", "sa", "ca", "none"]
Query: TypeAlias = Literal["join", "sim"]
KeyValue: TypeAlias = Literal["join", "sim", "hands"]
Backbone: TypeAlias = Literal["resnet", "lwa-hand"]

GRID = 8
"""Cells along each side of the heat-map of an image of 256 px. They are the unit of places in the image at any size,
so that a network which goes on at another size keeps its regressors."""
DEPTH_RANGE = 0.15
"""Metres before and behind the wrist that the heat-map's depth cells cover, in networks trained here."""
HEAT_ZERO, CAMERA_ZERO = 0.5, GRID / 512.0
"""How far from the image's edge, in cells, heat-maps and cameras count from, in networks trained here.

A soft-argmax reaches from the first cell's middle to the last one's, and features are sampled there. The public code
counts from the middle of the first of 256 pixels in both, which leaves half a cell to learn for its heat-maps; cameras
keep that, so that the app reads theirs and ours alike.
"""
STRIDE = 32
"""Px of the image along each side of a cell."""
JOINTS = 21
FINGER_JOINTS = 15


@dataclass(frozen=True)
class EANetConfig:
    """Arguments of `models.eanet.network.EANet`.

    Attributes:
        channels: c, width of a hand's feature and of every Transformer; the paper's C / 4 = 512 (light: C / 8).
        heads: of every attention; the public code's 4, the paper gives none.
        sa_depth: blocks of each FuseFormer's SA Transformer (SimToken).
        ca_depth: blocks of each FuseFormer's CA Transformer.
        sjt_depth: blocks of each hand's self-joint Transformer; 0 leaves it away (Table 4).
        fusion: how a hand's feature takes its interaction feature. "reduce" (paper): a fully connected layer from c to
            c / 4, concatenated to the feature, 1.25 c in all. "mix" (public code): concatenated in full, then a 1x1
            convolution with batch norm and ReLU, 2 c in all.
        token_linears: a linear layer after the SA and after the CA Transformer (public code only).
        ca_mlp_bias: biases in the CA Transformer's MLPs (the public code has none).
        first_hand: whose feature is the extract stage's first input: left in the paper, right in the public code.
        pose_hidden: width between the two fully connected layers of the pose regressor. 0 reads the paper's "two fully
            connected layers" as the public code does: one for the wrist, one for the fingers.
        translation_hidden: width between two layers that regress the relative translation (public code: 512); 0 is
            the paper's one layer.
        block: between hand features and adapted features: "ea" the EABlock, "extract" its extract stage alone
            (Table 2, without adaptation), "sa" or "ca" a plain Transformer with about as many weights as the EABlock
            (Table 2), "none" nothing (Table 4).
        separate_hands: left and right features apart. Without (Table 1), one feature goes through an SA Transformer,
            one joint feature extractor and one self-joint Transformer; only the regressors are per hand.
        query: query tokens of the CA Transformer (Table 3). None uses JoinToken as the interaction feature, without
            a CA Transformer.
        key_value: its key-value tokens (Table 3).
        depth_cells: d, depth cells of the 2.5D heat-map.
        backbone: what makes the image feature: "resnet" (paper), or the encoder of "lwa-hand", which has seen real
            hands where no ImageNet weights are at hand; see `models.eanet.backbone.HandEncoder`.
        backbone_width: channels of the backbone's stem; 64 is ResNet-50, whose C is 32 times that.
        backbone_depths: residual blocks per stage.

    Raises:
        ValueError: choices that do not go together.
    """

    channels: int = 512
    heads: int = 4
    sa_depth: int = 2
    ca_depth: int = 2
    sjt_depth: int = 6
    fusion: Literal["reduce", "mix"] = "reduce"
    token_linears: bool = False
    ca_mlp_bias: bool = True
    first_hand: Side = "left"
    pose_hidden: int = 0
    translation_hidden: int = 0
    block: Block = "ea"
    separate_hands: bool = True
    query: Query | None = "join"
    key_value: KeyValue = "sim"
    depth_cells: int = 8
    backbone: Backbone = "resnet"
    backbone_width: int = 64
    backbone_depths: tuple[int, int, int, int] = (3, 4, 6, 3)

    def __post_init__(self) -> None:
        if self.channels % (4 * self.heads):
            raise ValueError(f"channels must be a multiple of 4 * heads = {4 * self.heads}, not {self.channels}")
        if min(self.sa_depth, self.ca_depth) < 1 or self.sjt_depth < 0:
            raise ValueError("sa_depth and ca_depth must be at least 1, sjt_depth at least 0")
        if not self.separate_hands and self.block not in ("sa", "none"):
            raise ValueError(
                f"without separate hands there is nothing to fuse: block is 'sa' or 'none', not {self.block!r}"
            )
        if self.query == "sim" and self.key_value == "hands":
            raise ValueError("SimToken as the query is compared with key-values from SimToken or JoinToken only")

    @property
    def backbone_channels(self) -> int:
        """C."""
        if self.backbone == "resnet":
            return 32 * self.backbone_width
        from models.eanet.backbone import HAND_ENCODER_CHANNELS  # imports torch

        return HAND_ENCODER_CHANNELS

    @property
    def adapted_channels(self) -> int:
        """Width of the adapted features."""
        if self.block == "none":
            return self.channels
        return self.channels * 2 if self.fusion == "mix" else self.channels * 5 // 4

    @property
    def plain_depth(self) -> int:
        """Blocks of the plain Transformers of Table 2 that hold about as many weights as the EABlock's."""
        blocks = 3 * (self.sa_depth + self.ca_depth)
        return blocks if self.block == "sa" else (blocks + 1) // 2

    def to_dict(self) -> dict[str, Any]:
        """JSON-compatible; `from_dict` reads it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> EANetConfig:
        """Inverse of `to_dict`.

        Raises:
            TypeError, ValueError: unknown or impossible choices.
        """
        return cls(**{**values, "backbone_depths": tuple(values.get("backbone_depths", cls.backbone_depths))})


PAPER = EANetConfig()
"""The paper's text. It gives no depths: six SJT blocks are the author's word (issue 2 of the public repository), two SA
and two CA blocks then make 106.43 M weights, the nearest to Table 5's 106.82 M (-0.4 %)."""

PUBLISHED = EANetConfig(
    sa_depth=4,
    ca_depth=4,
    sjt_depth=4,
    fusion="mix",
    token_linears=True,
    ca_mlp_bias=False,
    first_hand="right",
    translation_hidden=512,
)
"""The public code (https://github.com/jkpark0825/EANet), 136.74 M."""

LIGHT = replace(PAPER, channels=256, sa_depth=1, ca_depth=1, sjt_depth=2)
"""EANet (Light): c = C / 8. The width alone leaves far more than Table 5's 33.90 M, as the backbone keeps its 23.5 M;
with one SA and one CA block and two SJT blocks there are 34.46 M (+1.7 %)."""

MOBILE = replace(LIGHT, backbone="lwa-hand")
"""Ours: what follows the light network's backbone, on LWA-HAND's encoder; 12.14 M, an eighth of LIGHT's operations."""

CONFIGURATIONS: Mapping[str, EANetConfig] = MappingProxyType(
    {"paper": PAPER, "published": PUBLISHED, "light": LIGHT, "mobile": MOBILE}
)

BY_MODEL: Mapping[str, EANetConfig] = MappingProxyType({"eanet": PAPER, "eanet-light": LIGHT, "eanet-mobile": MOBILE})
"""What a model of the registry is where its weights do not say, and what its training begins with."""

ABLATIONS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "table1-no-separation": {"separate_hands": False, "block": "sa"},
        "table1-no-eablock": {"block": "ca"},
        "table2-ca": {"block": "ca"},
        "table2-sa": {"block": "sa"},
        "table2-no-adaptation": {"block": "extract"},
        "table3-join-only": {"query": None},
        "table3-join-hands": {"query": "join", "key_value": "hands"},
        "table3-join-join": {"query": "join", "key_value": "join"},
        "table3-sim-sim": {"query": "sim", "key_value": "sim"},
        "table3-sim-join": {"query": "sim", "key_value": "join"},
        "table4-neither": {"block": "none", "sjt_depth": 0},
        "table4-sjt": {"block": "none"},
        "table4-eablock": {"sjt_depth": 0},
        "full": {},
    }
)
"""Rows of Tables 1 to 4 by name, as changes to a configuration."""


def ablated(name: str, base: EANetConfig = PAPER) -> EANetConfig:
    """A row of the paper's ablation tables.

    Args:
        name: a key of `ABLATIONS`.
        base: what the row changes.

    Raises:
        KeyError: no such row.
    """
    return replace(base, **ABLATIONS[name])
