"""`export` and `sessions`: what was recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.console import choice, out, with_progress
from app.commands.options import Mano, writable_name
from app.terminal import PlainConsole


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Session folder.")],
    format: Annotated[str, typer.Option("--format", help="npz, csv, glb, bvh, mp4 or rrd; docs/export.md tells more.")],
    out_path: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="PATH", help="File or folder to write. Default: into DIR.", callback=writable_name
        ),
    ] = None,
    smooth: Annotated[bool, typer.Option("--smooth", help="A second smoothing pass, without delay.")] = False,
    rig_only: Annotated[
        bool, typer.Option("--rig-only", help="glb: four influences a vertex and no morph targets.")
    ] = False,
    unit: Annotated[str, typer.Option("--unit", help="bvh: m or cm.")] = "m",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an older file.")] = False,
    mano: Mano = None,
    run_name: Annotated[
        str | None, typer.Option("--run", metavar="NAME", help="Hands of this run of another model, not the recorded.")
    ] = None,
) -> None:
    """Export a session to a file of another program; docs/export.md tells how it gets into Blender."""
    from app.outputs.export import ExportOptions, export_session
    from app.outputs.export.formats import UNITS

    options = ExportOptions(
        session=folder,
        format=format,
        out=out_path,
        smooth=smooth,
        rig_only=rig_only,
        unit=choice("--unit", unit, UNITS),
        overwrite=overwrite,
        mano_dir=mano,
        run=run_name,
    )
    try:
        result = with_progress("Exporting", lambda tick: export_session(options, tick))
    except KeyboardInterrupt:
        out.print("Stopped; nothing was written.")
        raise typer.Exit(130) from None
    for line in (result.wrote, *result.notes):
        out.say(line)
    for line in result.warnings:
        PlainConsole(stderr=True).say(f"bothhands: {line}")


def list_all(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="Folder of sessions. Default: where the window records.")
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
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the session.")],
) -> None:
    """Complete a session whose recording was cut off by a crash; what cannot be read is kept beside."""
    from app.sessions import recovery

    out.say(recovery.recover(folder).text())
