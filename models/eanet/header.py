"""What a file of EANet's weights says of itself; read without torch and safetensors, which not everybody has."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

from models.eanet.config import EANetConfig
from models.errors import BothhandsError
from models.places import COMMAND
from models.sentences import said, say
from models.weights_version import read_metadata, refuse_newer

CONFIG_ENTRY = "eanet_config"
"""Of the file's metadata."""


def read_config(path: Path) -> EANetConfig:
    """What network a file written by `save` is of.

    Raises:
        BothhandsError: missing, damaged, of a newer version, or not of an EANet.
    """
    if not path.is_file():
        raise BothhandsError(say("There are no weights at {path}; import or train some first.", path=path))
    refuse_newer(path)
    try:
        metadata = read_metadata(path)
    except (ValueError, AttributeError, RecursionError, OSError) as error:
        raise BothhandsError(
            say("The weights {path} cannot be read ({reason}); import them again.", path=path, reason=said(error))
        ) from error
    if CONFIG_ENTRY not in metadata:
        raise BothhandsError(
            say(
                "The weights {path} are not of an EANet; turn a published checkpoint into such a file "
                "with `{command} weights import --model eanet`.",
                path=path,
                command=COMMAND,
            )
        )
    try:
        values = json.loads(metadata[CONFIG_ENTRY])
        if unknown := sorted(values.keys() - {field.name for field in fields(EANetConfig)}):
            raise BothhandsError(
                say(
                    "The weights {path} are of an EANet with {part!r}, which this program does not know: update it.",
                    path=path,
                    part=unknown[0][:40],
                )
            )
        return EANetConfig.from_dict(values)
    except (ValueError, TypeError, AttributeError) as error:
        raise BothhandsError(
            say(
                "The weights {path} are of an EANet that cannot be ({reason}); import them again.",
                path=path,
                reason=said(error),
            )
        ) from error
