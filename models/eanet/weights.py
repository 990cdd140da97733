"""EANet's weights on disk: safetensors whose header says which configuration they are of."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor

from models.eanet.config import EANetConfig
from models.eanet.header import CONFIG_ENTRY, read_config
from models.eanet.network import EANet
from models.eanet.published import convert, read_checkpoint
from models.errors import BothhandsError
from models.places import notes_file
from models.sentences import said, say
from models.weights_io import file_sha256, load_weights
from models.weights_version import VERSION_ENTRY, VERSION_NOTE, WEIGHTS_VERSION

__all__ = ["import_checkpoint", "load", "read_config", "save"]


def load(path: Path | str, *, sha256: str | None = None) -> EANet:
    """The network in a safetensors file, in eval mode on the CPU, for images of 256 px.

    Weights that were trained at another size are fitted to it, see `EANet.fitting`.

    Args:
        path: written by `save` or by `python main.py weights import --model eanet`.
        sha256: of the file, where it is known.

    Raises:
        BothhandsError: missing, damaged, of a newer version, or not of an EANet.
    """
    path = Path(path)
    config = read_config(path)
    with torch.device("meta"):
        network = EANet(config)
    # Every value comes from the file, so that drawing 100 million random ones first would be time lost.
    network.to_empty(device="cpu")
    load_weights(path, network, sha256=sha256, adapt=network.fitting)
    return network.eval()


def save(path: Path, config: EANetConfig, state: Mapping[str, Tensor]) -> None:
    """Write weights, whole or not at all.

    Args:
        path: file to write; its folder must be there.
        config: what `state` is of.
        state: of an `EANet`.

    Raises:
        BothhandsError: it cannot be written.
    """
    metadata = {CONFIG_ENTRY: json.dumps(config.to_dict()), VERSION_ENTRY: str(WEIGHTS_VERSION)}
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        # Tensors that share memory, or lie in it channels last as in training, are not stored; such copies are.
        copies = {
            name: value.detach().cpu().clone(memory_format=torch.contiguous_format) for name, value in state.items()
        }
        save_file(copies, unfinished, metadata)
        unfinished.replace(path)
    except (OSError, SafetensorError) as error:
        raise BothhandsError(
            say(
                "The weights cannot be written to {path} ({reason}); choose another place.",
                path=path,
                reason=said(error),
            )
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def import_checkpoint(checkpoint: Path, out: Path) -> EANetConfig:
    """A published checkpoint to a file that `load` reads.

    Args:
        checkpoint: `snapshot_N.pth.tar` of the public code, optimizer inside or not.
        out: safetensors file to write; what the model's card says of it goes beside it.

    Returns:
        What network it holds.

    Raises:
        BothhandsError: one sentence that names the file and what does not fit.
    """
    weights = read_checkpoint(checkpoint)
    try:
        config, state = convert(weights)
    except BothhandsError as error:
        raise BothhandsError(
            say(
                "The checkpoint {checkpoint} cannot be imported as an EANet: {reason}.",
                checkpoint=checkpoint,
                reason=said(error),
            )
        ) from error
    save(out, config, state)
    card: dict[str, object] = {VERSION_NOTE: WEIGHTS_VERSION, "sha256": file_sha256(out)}
    card["trained_on"] = [f"InterHand2.6M, by EANet's authors ({checkpoint.name})"]
    notes_file(out).write_text(json.dumps(card, indent=2), encoding="utf-8")
    return config
