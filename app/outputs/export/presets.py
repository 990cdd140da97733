"""What a session is exported for: named choices of formats and options. A preset is one entry here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from app.outputs.export.formats import Unit, entry_of
from app.outputs.export.job import ExportOptions
from models.sentences import say


@dataclass(frozen=True, kw_only=True)
class ExportPreset:
    """One use.

    Attributes:
        name: as the command line calls it.
        title: what it is for; names of programs are the same in every language.
        advice: how the files get into the program, one or two sentences.
        formats: names of the formats that are written, the first names the files.
        smooth, rig_only, unit: see `ExportOptions`.
    """

    name: str
    title: str
    advice: str
    formats: tuple[str, ...]
    smooth: bool = False
    rig_only: bool = False
    unit: Unit = "m"

    def options(self, session: Path) -> ExportOptions:
        """A session's export for this use, into its own folder."""
        first, *others = self.formats
        return ExportOptions(
            session=session,
            format=first,
            also=tuple(others),
            smooth=self.smooth,
            rig_only=self.rig_only,
            unit=self.unit,
        )


PRESETS: Mapping[str, ExportPreset] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            ExportPreset(
                name="blender",
                title="Blender",
                advice=say("In Blender set the frame rate, then File > Import > glTF 2.0."),
                formats=("glb",),
                smooth=True,
            ),
            ExportPreset(
                name="unreal",
                title="Unreal Engine",
                advice=say("Unreal Engine 5 imports glTF itself: drag the file into the Content Browser."),
                formats=("glb",),
                smooth=True,
                rig_only=True,
            ),
            ExportPreset(
                name="unity",
                title="Unity",
                advice=say("Add the package com.unity.cloud.gltfast to the project, then the file to its assets."),
                formats=("glb",),
                smooth=True,
                rig_only=True,
            ),
            ExportPreset(
                name="vtubing",
                title="VTubing",
                advice=say(
                    "Bones have VRM's names, as VMC sends them. To move an avatar live, play the session's video.mkv "
                    "as a source with VMC switched on: it is tracked anew."
                ),
                formats=("bvh",),
                smooth=True,
            ),
            ExportPreset(
                name="science",
                title=say("Science"),
                advice=say("The same numbers twice, as they were recorded: a table, and arrays for NumPy."),
                formats=("csv", "npz"),
            ),
        )
    }
)
"""By name. What is to move smoothly gets a second smoothing pass, what is to be measured does not."""


def export_preset(name: str) -> ExportPreset:
    """A preset by its name.

    Raises:
        BothhandsError: there is none of that name.
    """
    return entry_of(PRESETS, name, "export preset")
