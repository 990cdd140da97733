"""The public code's checkpoints: what architecture they hold, and their weights under our names.

Nothing in such a file says how deep and wide its network is; keys and shapes do. Every key must be accounted for: the
public code itself loads with `strict=False`, which lets a wrong network pass unseen.
"""

from __future__ import annotations

import pickle
import re
import struct
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor

from models.eanet.config import PUBLISHED, EANetConfig
from models.eanet.network import EANet
from models.errors import BothhandsError
from models.sentences import said, say

_EABLOCK = "hand_position_net.EABlock"
_WIDTH = f"{_EABLOCK}.conv_l.0.weight"

_OUR_TO_THEIR_NAMES: tuple[tuple[str, str], ...] = (
    (r"^backbone\.", "hand_backbone."),
    (r"^hand_features\.(l|r)\w+\.", rf"{_EABLOCK}.conv_\1."),
    (r"^eablock\.fuse\.(l|r)\w+\.conv\.", rf"{_EABLOCK}.conv_\g<1>2."),
    (r"^eablock\.interaction\.extract\.", f"{_EABLOCK}.Extract."),
    (r"^eablock\.interaction\.adapt\.(l|r)\w+\.", rf"{_EABLOCK}.Adapt_\1."),
    (r"^joint_features\.(l|r)\w+\.heat_map\.", r"hand_position_net.conv_\g<1>2.0."),
    (r"^joint_features\.(l|r)\w+\.features\.", r"hand_rotation_net.\1conv."),
    (r"^sjt\.(l|r)\w+\.", r"hand_rotation_net.Transformer_\1."),
    (r"^pose\.(l|r)\w+\.wrist\.", r"hand_rotation_net.\1root_pose_out.0."),
    (r"^pose\.(l|r)\w+\.fingers\.", r"hand_rotation_net.\1pose_out.0."),
    (r"^shape\.(l|r)\w+\.", r"hand_rotation_net.\1shape_out.0."),
    (r"^camera\.(l|r)\w+\.", r"hand_rotation_net.\1cam_out.0."),
    (r"^relative_translation\.", "hand_rotation_net.root_relative."),
    (r"\.sim\.class_token$", ".cls_token"),
    (r"\.cross\.query_position$", ".CA_T.pos_embed"),
    (r"\.cross\.key_value_position$", ".CA_T.pos_embed2"),
    (r"(\.sim)?\.position$", ".pos_embed"),
    (r"(Extract|Adapt_.)\.join\.", r"\1.FC."),
    (r"(Extract|Adapt_.)\.sim\.linear\.", r"\1.FC2."),
    (r"(Extract|Adapt_.)\.linear\.", r"\1.FC3."),
    (r"\.sim\.blocks\.", ".SA_T."),
    (r"\.cross\.blocks\.", ".CA_T.blocks."),
    (r"(\.CA_T\..*)\.mlp_norm\.", r"\1.norm3."),
    (r"\.mlp_norm\.", ".norm2."),
    (r"\.(attention|query)_norm\.", ".norm1."),
    (r"\.key_value_norm\.", ".norm2."),
    (r"\.query_key_value\.", ".attn.qkv."),
    (r"\.query\.", ".attn.q."),
    (r"\.key\.", ".attn.k."),
    (r"\.value\.", ".attn.v."),
    (r"\.project\.", ".attn.proj."),
    (r"\.mlp\.expand\.", ".mlp.fc1."),
    (r"\.mlp\.reduce\.", ".mlp.fc2."),
)
"""Applied one after the other."""


def published_name(name: str) -> str:
    """Name in the public code of a weight of `EANet`."""
    for ours, theirs in _OUR_TO_THEIR_NAMES:
        name = re.sub(ours, theirs, name)
    return name


def read_checkpoint(path: Path) -> dict[str, Tensor]:
    """Weights in a checkpoint: `{"network": weights, ...}` or the weights alone, by names without `module.`.

    Reads tensors and plain containers only: whatever else a pickle asks for is refused before it runs.

    Raises:
        BothhandsError: missing, damaged, not a checkpoint, or asking to run code.
    """
    if not path.is_file():
        raise BothhandsError(say("There is no checkpoint {path}; name the file that you downloaded.", path=path))
    try:
        with warnings.catch_warnings():
            # Pickles of other programs make torch warn before it refuses them.
            warnings.simplefilter("ignore")
            stored = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        if asked := re.search(r"unsupported (?:global: )?global (\S+)", str(error), re.IGNORECASE):
            raise BothhandsError(
                say(
                    "The checkpoint {path} was refused and nothing in it was run: it asks for {asked}, which "
                    "a file of weights needs not; get it from its authors.",
                    path=path,
                    asked=asked[1],
                )
            ) from error
        raise BothhandsError(_unreadable(path)) from error
    except (
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
        LookupError,
        AttributeError,
        TypeError,
        AssertionError,
        struct.error,
    ) as error:
        # What torch raises on a file cut short or changed depends on where; all of it means one thing.
        raise BothhandsError(_unreadable(path)) from error
    weights = stored.get("network", stored) if isinstance(stored, Mapping) else None
    if not isinstance(weights, Mapping) or not weights:
        raise BothhandsError(
            say("The checkpoint {path} holds no network; name a snapshot_N.pth.tar of EANet.", path=path)
        )
    named = {str(name).removeprefix("module."): value for name, value in weights.items()}
    if wrong := next((name for name, value in named.items() if not isinstance(value, Tensor)), None):
        raise BothhandsError(
            say("The checkpoint {path} holds no network: {name} in it is not a tensor.", path=path, name=wrong)
        )
    return named


def _unreadable(path: Path) -> str:
    return say(
        "The checkpoint {path} cannot be read: it is cut short, damaged, or no checkpoint; download it again.",
        path=path,
    )


def convert(weights: Mapping[str, Tensor]) -> tuple[EANetConfig, dict[str, Tensor]]:
    """Weights of the public code under our names.

    Args:
        weights: by the public code's names.

    Returns:
        What network they are of, and its complete state, float32.

    Raises:
        BothhandsError: "it ...", a clause that says what does not fit: another network, missing, unknown, misshapen or
            damaged weights.
    """
    config = infer_config(weights)
    with torch.device("meta"):
        expected = EANet(config).state_dict()
    names = {published_name(ours): ours for ours in expected}
    if missing := sorted(names.keys() - weights.keys()):
        raise BothhandsError(say("it lacks {names}", names=_some(missing)))
    if unknown := sorted(weights.keys() - names.keys()):
        raise BothhandsError(
            say("it has {names}, which an EANet like the rest of it does not have", names=_some(unknown))
        )
    state: dict[str, Tensor] = {}
    for theirs, ours in names.items():
        value, like = weights[theirs], expected[ours]
        if value.shape != like.shape:
            raise BothhandsError(
                say(
                    "{name} in it is {shape}; the rest of it needs {wanted}",
                    name=theirs,
                    shape=tuple(value.shape),
                    wanted=tuple(like.shape),
                )
            )
        if value.is_floating_point() != like.is_floating_point() or not torch.isfinite(value).all():
            raise BothhandsError(say("{name} in it holds no finite numbers of the right kind", name=theirs))
        state[ours] = value.to(like.dtype).contiguous()
    return config, state


def infer_config(weights: Mapping[str, Tensor]) -> EANetConfig:
    """Depths, widths and choices of a checkpoint of the public code.

    The number of heads leaves no trace in the weights: the public code's is taken.

    Args:
        weights: by the public code's names.

    Raises:
        BothhandsError: "it ...", no EANet, or of no width that an EANet can have.
    """
    width = weights.get(_WIDTH)
    if width is None or width.ndim != 4:
        raise BothhandsError(say("it is of another network: it lacks {name}", name=_WIDTH))
    channels, backbone_channels = width.shape[:2]
    first, second, third, fourth = (_depth(weights, f"hand_backbone.layer{stage}") for stage in range(1, 5))
    translation = weights.get("hand_rotation_net.root_relative.0.weight")
    two_layers = translation is not None and "hand_rotation_net.root_relative.2.weight" in weights
    try:
        return EANetConfig(
            channels=channels,
            heads=PUBLISHED.heads,
            sa_depth=_depth(weights, f"{_EABLOCK}.Extract.SA_T"),
            ca_depth=_depth(weights, f"{_EABLOCK}.Extract.CA_T.blocks"),
            sjt_depth=_depth(weights, "hand_rotation_net.Transformer_r.blocks"),
            fusion=PUBLISHED.fusion,
            token_linears=f"{_EABLOCK}.Extract.FC2.weight" in weights,
            ca_mlp_bias=f"{_EABLOCK}.Extract.CA_T.blocks.0.mlp.fc1.bias" in weights,
            first_hand=PUBLISHED.first_hand,
            translation_hidden=len(translation) if two_layers and translation is not None else 0,
            backbone_width=backbone_channels // 32,
            backbone_depths=(first, second, third, fourth),
        )
    except ValueError as error:
        raise BothhandsError(say("its depths and widths make no EANet: {reason}", reason=said(error))) from error


def _depth(names: Iterable[str], prefix: str) -> int:
    # Distinct numbers rather than the largest: a file cannot ask for more blocks than it has keys.
    return len({match[1] for name in names if (match := re.match(re.escape(prefix) + r"\.(\d+)\.", name))})


def _some(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else say("{name} and {count} more", name=names[0], count=len(names) - 1)
