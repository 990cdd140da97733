"""Networks as OpenVINO's own files, in assets/networks: nothing is converted at the first start, and torch, which takes
seconds to load, is not needed.

`python -m tools.build_networks` makes them from the weights. A note beside them says of which weights they are, and how
each file reads: with other weights (installed ones, or those of a later training) they are passed over, and the network
is converted from torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from models.digest import file_sha256
from models.places import network_note

BUILD_COMMAND = "python -m tools.build_networks"
"""What makes the files anew; a model's name after it limits it to that one."""


@dataclass(frozen=True)
class NetworkFiles:
    """A network on disk.

    Attributes:
        parts: .xml files, each with a .bin beside it; the outputs of one are the inputs of the next. Where there are
            two, the first does not bear bfloat16, see `models.runtime.parts`.
        weights: sha256 of the weights that they hold.
    """

    parts: tuple[Path, ...]
    weights: str


class NetworkNote(BaseModel):
    """What lies beside a network's files, as JSON.

    Attributes:
        weights: sha256 of the safetensors file that they were made from.
        parts: names of the .xml files, in order.
        sha256: of each .bin file, by name; .xml files are text, whose ends of lines some checkouts change.
    """

    model_config = ConfigDict(strict=True, extra="forbid")

    weights: str
    parts: list[str]
    sha256: dict[str, str]


def files_of(weights: Path) -> NetworkFiles | None:
    """The network of these weights as files; None where there are none, or where they are of other weights or damaged.

    Args:
        weights: safetensors file, wherever it lies.
    """
    path = network_note(weights.stem)
    try:
        note = NetworkNote.model_validate_json(path.read_bytes())
        whole = all(file_sha256(path.with_name(name)) == digest for name, digest in note.sha256.items())
        if not whole or note.weights != file_sha256(weights):
            return None
    except (OSError, ValidationError):
        return None
    return NetworkFiles(tuple(path.with_name(name) for name in note.parts), note.weights)
