"""`export` and `sessions`: what was recorded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from app.commands.console import choice, out, with_progress
from app.commands.options import Mano, mano_for, readable_path, writable_path
from app.terminal import PlainConsole
from models.errors import BothhandsError


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Session folder.", parser=readable_path)],
    format: Annotated[
        str | None, typer.Option("--format", help="npz, csv, glb, bvh, mp4 or rrd; docs/export.md tells more.")
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(
            "--preset", metavar="NAME", help="In place of a format: blender, unreal, unity, vtubing, science."
        ),
    ] = None,
    out_path: Annotated[
        Path | None,
        typer.Option("--out", metavar="PATH", help="File or folder to write. Default: into DIR.", parser=writable_path),
    ] = None,
    smooth: Annotated[
        bool | None, typer.Option("--smooth/--no-smooth", help="A second smoothing pass, without delay.")
    ] = None,
    rig_only: Annotated[
        bool | None,
        typer.Option("--rig-only/--no-rig-only", help="glb: four influences a vertex and no morph targets."),
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="bvh: m or cm. Default: m.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an older file.")] = False,
    mano: Mano = None,
    run_name: Annotated[
        str | None, typer.Option("--run", metavar="NAME", help="Hands of this run of another model, not the recorded.")
    ] = None,
) -> None:
    """Export a session to a file of another program; docs/export.md tells how it gets into Blender."""
    from app.interruption import interruptible
    from app.outputs.export import ExportOptions, export_preset, export_session
    from app.outputs.export.formats import UNITS

    if (format is None) == (preset is None):
        raise BothhandsError("Say what to export to by --format or by --preset, one of them; --help lists both.")
    use = None if preset is None else export_preset(preset)
    asked = {"smooth": smooth, "rig_only": rig_only, "unit": None if unit is None else choice("--unit", unit, UNITS)}
    options = replace(
        ExportOptions(session=folder, format=format or "") if use is None else use.options(folder),
        **{name: value for name, value in asked.items() if value is not None},
        out=out_path,
        overwrite=overwrite,
        mano_dir=mano_for(folder, mano),
        run=run_name,
    )
    with interruptible() as interruption:  # or a part of a file would be left
        try:
            result = with_progress("Exporting", lambda tick: export_session(options, tick))
        except KeyboardInterrupt:
            out.print("Stopped; nothing was written.")
            raise typer.Exit(interruption.exit_code) from None
    for line in (*result.wrote, *result.notes, *(() if use is None else (use.advice,))):
        out.say(line)
    for line in result.warnings:
        PlainConsole(stderr=True).say(f"bothhands: {line}")


def list_all(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FOLDER]", help="Folder of sessions. Default: where the window records.", parser=readable_path
        ),
    ] = None,
) -> None:
    """List sessions: length, frames, model, size and whether they are complete."""
    from app.sessions.listing import list_sessions, sessions_table
    from app.settings import SettingsStore

    root = folder or SettingsStore.load().current.recordings
    summaries = list_sessions(root) if folder or root.exists() else []
    if summaries:
        out.print(sessions_table(summaries))
    else:
        out.say(f"There are no sessions in {root}.")
    for summary in summaries:
        if summary.problem:
            out.say(summary.problem)


def recover(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the session.", parser=readable_path)],
) -> None:
    """Complete a session whose recording was cut off by a crash; what cannot be read is kept beside."""
    from app.sessions import recovery

    out.say(recovery.recover(folder).text())
