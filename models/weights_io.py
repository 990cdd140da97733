"""Weights of a network in a safetensors file: all of them, or none and one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from models.digest import file_sha256
from models.errors import BothhandsError
from models.sentences import said, say
from models.weights_version import VERSION_ENTRY, WEIGHTS_VERSION, refuse_newer

__all__ = ["Adaptation", "file_sha256", "load_weights", "save_weights"]

Adaptation = Callable[[Mapping[str, Tensor]], dict[str, Tensor]]
"""A state dict to one that fits."""


def load_weights(path: Path, module: nn.Module, *, sha256: str | None = None, adapt: Adaptation | None = None) -> None:
    """Load every parameter and buffer of a module.

    The file is checked whole before the module is touched. Half-precision tensors are converted to the module's type.

    Args:
        path: a safetensors file.
        module: what to fill.
        sha256: of the file, where it is known.
        adapt: changes what was read before it is checked, such as from another size of images.

    Raises:
        BothhandsError: missing, truncated, changed, of a newer version, of another network, or with numbers that are
            not finite.
    """
    advice = say("download or train it again")
    if not path.is_file():
        raise BothhandsError(say("There are no weights at {path}; {advice}.", path=path, advice=advice))
    refuse_newer(path)
    if sha256 is not None and file_sha256(path) != sha256:
        raise BothhandsError(
            say(
                "The weights {path} are not those of the model's card (sha256 differs); {advice}.",
                path=path,
                advice=advice,
            )
        )
    try:
        with safe_open(path, "pt") as stored:
            tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118 - not a mapping
    except (SafetensorError, OSError, ValueError) as error:
        raise BothhandsError(
            say("The weights {path} cannot be read ({reason}); {advice}.", path=path, reason=said(error), advice=advice)
        ) from error

    if adapt is not None:
        tensors = adapt(tensors)
    wanted = module.state_dict()
    if wrong := sorted(wanted.keys() ^ tensors.keys()):
        fault = say("they lack {name}", name=wrong[0])
        if wrong[0] not in wanted:
            fault = say("they have an unknown tensor {name}", name=wrong[0])
        raise BothhandsError(
            say("The weights {path} are of another network: {fault}; {advice}.", path=path, fault=fault, advice=advice)
        )
    for name, tensor in tensors.items():
        if tensor.shape != wanted[name].shape:
            raise BothhandsError(
                say(
                    "The weights {path} are of another network: {name} is {shape}, not {wanted}; {advice}.",
                    path=path,
                    name=name,
                    shape=tuple(tensor.shape),
                    wanted=tuple(wanted[name].shape),
                    advice=advice,
                )
            )
        if not torch.isfinite(tensor).all():
            raise BothhandsError(
                say(
                    "The weights {path} are damaged: {name} holds numbers that are not finite; {advice}.",
                    path=path,
                    name=name,
                    advice=advice,
                )
            )
    module.load_state_dict(tensors)


def save_weights(path: Path, module: nn.Module, dtype: torch.dtype = torch.float16) -> str:
    """Write every parameter and buffer in half precision or another; the file appears whole or not at all.

    Returns:
        Its sha256.
    """
    tensors = {name: tensor.detach().to("cpu", dtype).contiguous() for name, tensor in module.state_dict().items()}
    unfinished = path.with_name(path.name + ".part")
    save_file(tensors, unfinished, {VERSION_ENTRY: str(WEIGHTS_VERSION)})
    unfinished.replace(path)
    return file_sha256(path)
