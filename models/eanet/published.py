"""The public code's checkpoints: what architecture they hold, and their weights under our names.

Nothing in such a file says how deep and wide its network is; keys and shapes do. Every key must be accounted for: the
public code itself loads with `strict=False`, which lets a wrong network pass unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

from models.eanet.config import PUBLISHED, EANetConfig
from models.eanet.network import EANet
from models.errors import BothhandsError

_EABLOCK = "hand_position_net.EABlock"
_ROTATION = "hand_rotation_net"
_LEAF = r"\.(weight|bias|running_mean|running_var|num_batches_tracked)"
_SELF_BLOCK = (
    (r"norm1", "attention_norm"),
    (r"attn\.qkv", "query_key_value"),
    (r"attn\.proj", "project"),
    (r"norm2", "mlp_norm"),
    (r"mlp\.fc1", "mlp.expand"),
    (r"mlp\.fc2", "mlp.reduce"),
)
_CROSS_BLOCK = (
    (r"norm1", "query_norm"),
    (r"norm2", "key_value_norm"),
    (r"attn\.q", "query"),
    (r"attn\.k", "key"),
    (r"attn\.v", "value"),
    (r"attn\.proj", "project"),
    (r"norm3", "mlp_norm"),
    (r"mlp\.fc1", "mlp.expand"),
    (r"mlp\.fc2", "mlp.reduce"),
)


def _rules() -> list[tuple[re.Pattern[str], str]]:
    rules = [(r"hand_backbone\.(.+)", r"backbone.\1")]

    def add(theirs: str, ours: str) -> None:
        rules.append((theirs + _LEAF, ours + r".\1"))

    def add_blocks(theirs: str, ours: str, parts: Iterable[tuple[str, str]]) -> None:
        for part, name in parts:
            rules.append((rf"{theirs}\.(\d+)\.{part}{_LEAF}", rf"{ours}.\1.{name}.\2"))

    for theirs, ours in (("Extract", "extract"), ("Adapt_l", "adapt.left"), ("Adapt_r", "adapt.right")):
        former, fuse = rf"{re.escape(_EABLOCK)}\.{theirs}", f"eablock.interaction.{ours}"
        rules.append((rf"{former}\.cls_token", f"{fuse}.sim.class_token"))
        rules.append((rf"{former}\.pos_embed", f"{fuse}.sim.position"))
        rules.append((rf"{former}\.CA_T\.pos_embed", f"{fuse}.cross.query_position"))
        rules.append((rf"{former}\.CA_T\.pos_embed2", f"{fuse}.cross.key_value_position"))
        add(rf"{former}\.FC", f"{fuse}.join")
        add(rf"{former}\.FC2", f"{fuse}.sim.linear")
        add(rf"{former}\.FC3", f"{fuse}.linear")
        add_blocks(rf"{former}\.SA_T", f"{fuse}.sim.blocks", _SELF_BLOCK)
        add_blocks(rf"{former}\.CA_T\.blocks", f"{fuse}.cross.blocks", _CROSS_BLOCK)
    for letter, side in (("l", "left"), ("r", "right")):
        rules.append((rf"{re.escape(_EABLOCK)}\.conv_{letter}\.(\d\..+)", rf"hand_features.{side}.\1"))
        rules.append((rf"{re.escape(_EABLOCK)}\.conv_{letter}2\.(\d\..+)", rf"eablock.fuse.{side}.conv.\1"))
        add(rf"hand_position_net\.conv_{letter}2\.0", f"joint_features.{side}.heat_map")
        rules.append((rf"{_ROTATION}\.{letter}conv\.(\d\..+)", rf"joint_features.{side}.features.\1"))
        rules.append((rf"{_ROTATION}\.Transformer_{letter}\.pos_embed", f"sjt.{side}.position"))
        add_blocks(rf"{_ROTATION}\.Transformer_{letter}\.blocks", f"sjt.{side}.blocks", _SELF_BLOCK)
        add(rf"{_ROTATION}\.{letter}root_pose_out\.0", f"pose.{side}.wrist")
        add(rf"{_ROTATION}\.{letter}pose_out\.0", f"pose.{side}.fingers")
        add(rf"{_ROTATION}\.{letter}shape_out\.0", f"shape.{side}")
        add(rf"{_ROTATION}\.{letter}cam_out\.0", f"camera.{side}")
    rules.append((rf"{_ROTATION}\.root_relative\.(\d\..+)", r"relative_translation.\1"))
    return [(re.compile(theirs), ours) for theirs, ours in rules]


_RULES = _rules()


def our_name(key: str) -> str | None:
    """Name in `EANet` of a weight of the public code, without its `module.` prefix; None for one it does not have."""
    for pattern, ours in _RULES:
        if match := pattern.fullmatch(key):
            return match.expand(ours)
    return None


def _depth(keys: Iterable[str], prefix: str) -> int:
    found = {int(match[1]) for key in keys if (match := re.match(re.escape(prefix) + r"\.(\d+)\.", key))}
    return max(found) + 1 if found else 0


def infer_config(weights: Mapping[str, Tensor]) -> EANetConfig:
    """Depths, widths and choices of a checkpoint of the public code.

    The number of heads leaves no trace in the weights: the public code's is taken.

    Args:
        weights: by the public code's names, without prefix.

    Raises:
        BothhandsError: it is no EANet, or of no width that an EANet can have.
    """
    width_key = f"{_EABLOCK}.conv_l.0.weight"
    if width_key not in weights or weights[width_key].ndim != 4:
        raise BothhandsError(f"it is not an EANet of the public code: there is no {width_key}")
    channels, backbone_channels = weights[width_key].shape[:2]
    translation = weights.get(f"{_ROTATION}.root_relative.0.weight")
    two_layers = f"{_ROTATION}.root_relative.2.weight" in weights and translation is not None
    stages = tuple(_depth(weights, f"hand_backbone.layer{stage}") for stage in range(1, 5))
    if len(stages) != 4 or 0 in stages:
        raise BothhandsError("its backbone is not a ResNet of four stages of residual blocks")
    try:
        return EANetConfig(
            channels=channels,
            heads=PUBLISHED.heads,
            sa_depth=_depth(weights, f"{_EABLOCK}.Extract.SA_T"),
            ca_depth=_depth(weights, f"{_EABLOCK}.Extract.CA_T.blocks"),
            sjt_depth=_depth(weights, f"{_ROTATION}.Transformer_r.blocks"),
            fusion="mix",
            token_linears=f"{_EABLOCK}.Extract.FC2.weight" in weights,
            ca_mlp_bias=f"{_EABLOCK}.Extract.CA_T.blocks.0.mlp.fc1.bias" in weights,
            first_hand=PUBLISHED.first_hand,
            translation_hidden=int(translation.shape[0]) if two_layers and translation is not None else 0,
            block="ea" if f"{_EABLOCK}.Adapt_l.cls_token" in weights else "extract",
            backbone_width=backbone_channels // 32,
            backbone_depths=stages,
        )
    except ValueError as error:
        raise BothhandsError(f"its depths and widths make no EANet ({error})") from error


def convert(weights: Mapping[str, Tensor]) -> tuple[EANetConfig, dict[str, Tensor]]:
    """Weights of the public code under our names.

    Args:
        weights: by the public code's names, with or without the `module.` prefix.

    Returns:
        What network they are of, and its complete state.

    Raises:
        BothhandsError: a clause that says what does not fit: another network, missing, unknown or misshapen weights.
    """
    plain = {key.removeprefix("module."): value for key, value in weights.items()}
    config = infer_config(plain)
    state: dict[str, Tensor] = {}
    unknown = []
    for key, value in plain.items():
        name = our_name(key)
        if name is None or name in state:
            unknown.append(key)
        else:
            state[name] = value
    with torch.device("meta"):
        expected = EANet(config).state_dict()
    theirs = {our_name(key): key for key in plain}
    unknown += sorted(theirs[name] for name in state.keys() - expected.keys())
    if unknown:
        raise BothhandsError(f"{_some(unknown)} belong to no EANet of depths and widths like its others")
    if missing := sorted(expected.keys() - state.keys()):
        raise BothhandsError(f"{_some(missing)} (by our names) are missing")
    misshapen = [
        f"{theirs[name]} {tuple(state[name].shape)} instead of {tuple(value.shape)}"
        for name, value in expected.items()
        if state[name].shape != value.shape
    ]
    if misshapen:
        raise BothhandsError(f"{_some(misshapen)} do not have the shape that goes with the others")
    return config, state


def _some(names: list[str], most: int = 3) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    noun = "the weight" if len(names) == 1 else f"{len(names)} weights,"
    return f"{noun} {', '.join(names[:most])}{rest},"
