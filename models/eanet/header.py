"""What a file of EANet's weights says of itself; read without torch and safetensors, which not everybody has."""

from __future__ import annotations

import json
from pathlib import Path

from models.eanet.config import EANetConfig
from models.errors import BothhandsError
from models.places import COMMAND

CONFIG_ENTRY = "eanet_config"
"""Of the file's metadata."""
_LARGEST_HEADER = 16 << 20


def read_config(path: Path) -> EANetConfig:
    """What network a file written by `save` is of.

    Raises:
        BothhandsError: missing, damaged, or not of an EANet.
    """
    if not path.is_file():
        raise BothhandsError(f"There are no weights at {path}; import or train some first.")
    try:
        metadata = _metadata(path)
    except (ValueError, AttributeError, RecursionError, OSError) as error:
        raise BothhandsError(f"The weights {path} cannot be read ({error}); import them again.") from error
    if CONFIG_ENTRY not in metadata:
        raise BothhandsError(
            f"The weights {path} are not of an EANet; turn a published checkpoint into such a file with "
            f"`{COMMAND} weights import --model eanet`."
        )
    try:
        return EANetConfig.from_dict(json.loads(metadata[CONFIG_ENTRY]))
    except (ValueError, TypeError, AttributeError) as error:
        raise BothhandsError(
            f"The weights {path} are of an EANet that cannot be ({error}); import them again."
        ) from error


def _metadata(path: Path) -> dict[str, str]:
    """What was written beside the tensors (https://github.com/huggingface/safetensors#format): the file begins with the
    length of a JSON object.
    """
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if length > _LARGEST_HEADER:
            raise ValueError(f"a header of {length} bytes")
        metadata = json.loads(stream.read(length)).get("__metadata__", {})
    return {name: value for name, value in metadata.items() if isinstance(value, str)}
