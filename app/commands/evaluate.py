"""`evaluate`: a model on annotated frames or labelled images."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.console import choice, out, with_progress
from app.commands.options import DEFAULT_MODEL, MOST, Device, Mano, readable_path, writable_path
from models.errors import BothhandsError
from models.extras import require
from tracking.readings import READINGS, Readings

if TYPE_CHECKING:
    from app.annotated_evaluation import AnnotatedOptions


def evaluate(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="ANNOTATIONS.json of real frames; or synthetic:one|apart|contact|mixed, cutouts:DIR, "
            "pairs:DIR, negatives:DIR, images:DIR, interhand:DIR or hic:DIR; or a DIR.",
        ),
    ],
    model: Annotated[
        str, typer.Option("--model", metavar="NAME", help="A model that `models` lists, or mediapipe alone.")
    ] = DEFAULT_MODEL,
    weights_file: Annotated[
        Path | None,
        typer.Option(
            "--weights", metavar="FILE", help="Of a network, in place of the installed ones.", parser=readable_path
        ),
    ] = None,
    layout: Annotated[str, typer.Option("--layout", help="Of a DIR: images, interhand or hic.")] = "images",
    split: Annotated[
        str | None,
        typer.Option(
            "--split", help="test, val, train or held-out. Default: what the source has for evaluation, or all."
        ),
    ] = None,
    crop_passes: Annotated[
        int,
        typer.Option(
            "--crop-passes", min=1, max=2, help="2: a second crop pass, in the squares that the app cuts around hands."
        ),
    ] = 1,
    count: Annotated[
        int | None,
        typer.Option("--count", min=1, max=MOST, help="Images. Default: all; 200 of synthetic and composite ones."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, max=MOST, help="Of synthetic and composite images.")] = 0,
    out_dir: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Write evaluation.json and evaluation.png there.", parser=writable_path
        ),
    ] = None,
    readings: Annotated[
        str | None, typer.Option("--readings", help="Of annotated frames: both, network or landmarks. Default: both.")
    ] = None,
    frames: Annotated[
        Path | None,
        typer.Option(
            "--frames",
            metavar="PATH",
            help="Clip or folder of the annotated frames. Default: beside them.",
            parser=readable_path,
        ),
    ] = None,
    still: Annotated[
        bool, typer.Option("--still", help="Annotated frames stand alone: no frame before them is tracked.")
    ] = False,
    mirrored: Annotated[
        bool, typer.Option("--mirrored", help="The mirror images of annotated frames instead, hands changing sides.")
    ] = False,
    device: Device = "auto",
    mano: Mano = None,
) -> None:
    """Evaluate a model on frames annotated by eye, or on labelled images; docs/evaluation.md explains both."""
    if not source.strip():
        raise BothhandsError("The source is empty: name annotated frames (.json), a folder of images or synthetic:one.")
    if source.lower().endswith(".json"):
        from app.annotated_evaluation import AnnotatedOptions
        from evaluation.changes import mirror_image
        from tracking.config import TrackerConfig

        given = {
            "--split": split,
            "--count": count,
            "--crop-passes": crop_passes if crop_passes > 1 else None,
        }
        extra = next((name for name, value in given.items() if value is not None), None)
        if extra is not None:
            raise BothhandsError(f"{extra} is for labelled images, not for annotated frames: leave it out.")
        read: Readings = choice("--readings", readings or "both", READINGS)
        config = TrackerConfig(model=model, readings=read, device=device, mano_dir=mano)
        _evaluate_annotated(
            AnnotatedOptions(
                annotations=Path(source),
                frames=frames,
                weights=weights_file,
                tracker=config,
                independent=still,
                change=mirror_image if mirrored else None,
            ),
            out_dir,
        )
        return
    if readings is not None or frames is not None or still or mirrored:
        raise BothhandsError(
            "--readings, --frames, --still and --mirrored are for annotated frames: name their .json file."
        )
    require("The command evaluate, for labelled images,", "train")
    from app.evaluation import EvaluationOptions, evaluate_model, source_name
    from evaluation.metrics.report import table, write

    options = EvaluationOptions(
        source=source_name(source, choice("--layout", layout, ("images", "interhand", "hic"))),
        model=model,
        weights=weights_file,
        split=None if split is None else choice("--split", split, ("test", "val", "train", "held-out")),
        crop_passes=crop_passes,
        count=count,
        seed=seed,
        device=device,
        mano_dir=mano,
    )
    metrics, skipped = with_progress("Evaluating", lambda tick: evaluate_model(options, tick))
    out.print(table(metrics))
    if skipped:
        out.say(skipped)
    if out_dir is not None:
        write(metrics, out_dir)


def _evaluate_annotated(options: AnnotatedOptions, out_dir: Path | None) -> None:
    from app.annotated_evaluation import score_annotated, score_table, write_score

    result = with_progress("Tracking", lambda tick: score_annotated(options, tick))
    out.print(score_table(result))
    if out_dir is not None:
        write_score(result, out_dir)
