"""The version of the form in which weights are kept, so that a file of a newer program is told from a damaged one.

It stands in the safetensors' metadata and in the JSON beside them; what says nothing is of the first version.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from models.errors import BothhandsError
from models.sentences import say

WEIGHTS_VERSION = 1
"""Of what this program writes, and the newest that it reads. Raise it when an earlier program cannot use a file: other
tensors of a network that is known by this name, other choices in the notes or in a header."""
VERSION_ENTRY = "bothhands_weights_version"
"""Of a safetensors file's metadata, whose values are texts."""
VERSION_NOTE = "weights_version"
"""Of the JSON beside it."""
_LARGEST_HEADER = 16 << 20


def read_metadata(path: Path) -> dict[str, str]:
    """What was written beside the tensors (https://github.com/huggingface/safetensors#format): the file begins with the
    length of a JSON object. Read without torch and safetensors, which not everybody has.

    Args:
        path: a safetensors file.

    Raises:
        ValueError, AttributeError, RecursionError, OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if length > _LARGEST_HEADER:
            raise ValueError(f"a header of {length} bytes")
        metadata = json.loads(stream.read(length)).get("__metadata__", {})
    return {name: value for name, value in metadata.items() if isinstance(value, str)}


def refuse_newer(path: Path) -> None:
    """Refuse a safetensors file of a newer program by its metadata; damage is left to whoever reads it whole.

    Raises:
        BothhandsError: it is of a newer version.
    """
    try:
        told = read_metadata(path).get(VERSION_ENTRY, "")
    except (ValueError, AttributeError, RecursionError, OSError):
        return
    if told.isdecimal() and len(told) < 10:
        refuse_version(path, int(told))


def refuse_version(path: Path, told: Any) -> None:
    """Refuse what says that it is of a newer program.

    Args:
        path: of the weights, for the text.
        told: its version; what is no number says nothing.

    Raises:
        BothhandsError: it is of a newer version.
    """
    if isinstance(told, int) and told > WEIGHTS_VERSION:
        raise BothhandsError(
            say(
                "The weights {path} have version {told:.6g} and this program reads up to {version}: update it.",
                path=path,
                told=told,
                version=WEIGHTS_VERSION,
            )
        )
