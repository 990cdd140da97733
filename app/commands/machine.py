"""`models`, `doctor` and `bench`: what there is, what is lacking and how fast it is."""

from __future__ import annotations

from typing import Annotated

import typer

from app.commands.console import out, print_json, with_progress
from app.commands.options import MOST, Device, Json, Mano, Renderer


def models(json: Json = False) -> None:
    """List the models: parameters, GMACs at 256x256, weights, licence."""
    from app.reports import models_report, models_text

    if json:
        print_json(models_report())
    else:
        out.say(models_text())


def doctor(mano: Mano = None) -> None:
    """Say what this machine has and lacks, and the command that fixes it."""
    from app.doctor import diagnose, report

    findings = diagnose(mano)
    out.print(report(findings), soft_wrap=True)
    if any(finding.state == "missing" for finding in findings):
        raise typer.Exit(1)


def bench(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Video to measure on.")],
    json: Json = False,
    frames: Annotated[int, typer.Option("--frames", min=20, max=MOST, help="Frames to measure, from the start.")] = 240,
    size: Annotated[str, typer.Option("--size", metavar="WxH", help="Size that frames are brought to.")] = "640x360",
    models: Annotated[
        list[str] | None,
        typer.Option("--model", metavar="NAME", help="Again for several. Default: all that have weights."),
    ] = None,
    seconds: Annotated[
        float, typer.Option("--seconds", min=1, max=86400, help="After so many no further frames are begun.")
    ] = 50.0,
    device: Device = "auto",
    renderer: Renderer = "auto",
) -> None:
    """Measure models and stages in one run, beside MediaPipe Hands alone on the same frames."""
    from app.bench import bench_table, measure, parse_size

    result = with_progress(
        "Measuring",
        lambda tick: measure(source, frames, parse_size(size), device, renderer, tick, models or (), seconds),
    )
    if json:
        print_json(result)
    else:
        out.print(bench_table(result))
