"""What a session can be exported as. A format is one entry here and one module beside it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeVar

from app.outputs.export.take import Take
from models.errors import BothhandsError
from models.sentences import say

_Entry = TypeVar("_Entry")
Unit = Literal["m", "cm"]
UNITS: tuple[Unit, Unit] = ("m", "cm")

Progress = Callable[[int, int], None]
"""Called with steps done and steps in all; may raise to stop the export."""


@dataclass(frozen=True)
class WriterOptions:
    """What a writer may be asked for; each format says which of them it knows.

    Attributes:
        rig_only: bones and four influences per vertex, without morph targets.
        unit: of lengths.
    """

    rig_only: bool = False
    unit: Unit = "m"


Writer = Callable[[Take, Path, WriterOptions, Progress], list[str]]
"""Writes a take to a file that is not there yet; returns sentences that a person should know."""


@dataclass(frozen=True)
class ExportFormat:
    """One format.

    Attributes:
        name: as the command line calls it, and the module that has its `write`.
        suffix: of its files.
        title: what it is, for a person who chooses.
        needs_hand_model: whether meshes or bones are written.
        options: fields of `WriterOptions` that make a difference.
    """

    name: str
    suffix: str
    title: str
    needs_hand_model: bool
    options: frozenset[str] = field(default=frozenset())

    def writer(self) -> Writer:
        """The function that writes it, its libraries loaded now."""
        return importlib.import_module(f".{self.name}_writer", __package__).write


FORMATS: Mapping[str, ExportFormat] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            ExportFormat("npz", ".npz", say("NumPy arrays"), False),
            ExportFormat("csv", ".csv", say("Table, one row per frame and hand"), False),
            ExportFormat("glb", ".glb", say("glTF: skinned, animated hands"), True, frozenset({"rig_only"})),
            ExportFormat("bvh", ".bvh", say("BVH: bones in motion, no mesh"), True, frozenset({"unit"})),
            ExportFormat("mp4", ".mp4", say("Video with the hands drawn over it"), True),
            ExportFormat("rrd", ".rrd", say("Rerun recording"), True),
        )
    }
)
"""By name."""


def export_format(name: str) -> ExportFormat:
    """A format by its name.

    Raises:
        BothhandsError: there is none of that name.
    """
    return entry_of(FORMATS, name, "export format")


def entry_of(table: Mapping[str, _Entry], name: str, kind: str) -> _Entry:
    """What a table holds under a name.

    Args:
        table: by name.
        name: as a person wrote it.
        kind: what the table holds, as a sentence calls one.

    Raises:
        BothhandsError: nothing has that name; the text lists the known ones.
    """
    if name not in table:
        raise BothhandsError(f"There is no {kind} {name!r}; choose one of: {', '.join(table)}.")
    return table[name]
