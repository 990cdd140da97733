"""The paper's Table 4 on a short, equal budget: what EABlock and self-joint Transformer (SJT) each bring, and both.

Run as `python -m benchmarks.eanet_ablation --out runs/ablation [--steps 3000] [--size 128] [--batch 32] [--rows ...]`.
Every row is a run of the trainer from the same seed over the same rendered images; the averaged weights are evaluated
on held-out ones. With `--encoder assets/weights/lwa-hand.safetensors --size 224` the backbone of all rows is the
encoder of that network and stays as it is, which costs a fraction and leaves the comparison to what differs. The same
command goes on where it was stopped and leaves rows alone that are done; further rows join them. Writes ablation.json
and ablation.png; `--device cuda` trains on a GPU.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from models.eanet.config import ABLATIONS
from models.errors import BothhandsError
from training.config import TrainConfig
from training.run.checkpoints import LATEST, PREVIOUS
from training.run.trainer import CONFIG, HISTORY, Trainer
from training.synthetic.synthesiser import prepare_worker

ROWS = {
    "table4-neither": "neither",
    "table4-sjt": "SJT only",
    "table4-eablock": "EABlock only",
    "full": "both",
}
EVALUATED = {"synthetic:one": "one hand", "synthetic:apart": "two apart", "synthetic:contact": "two in contact"}
METRICS = {"mpjpe": "MPJPE, mm", "mpvpe": "MPVPE, mm"}


class Row(NamedTuple):
    """A network that was trained.

    Attributes:
        figures: by source, those of `training.run.validation.validate`.
        steps: at which the loss was noted.
        losses: at these steps.
    """

    figures: dict[str, dict[str, float]]
    steps: list[int]
    losses: list[float]


def make_config(row: str, options: argparse.Namespace) -> TrainConfig:
    """A row's run; all rows differ in the network alone."""
    stage = {"name": row, "size": options.size, "steps": options.steps, "data": dict.fromkeys(EVALUATED, 1)}
    encoder = (
        {"network": {"backbone": "lwa-hand"}, "backbone": options.encoder, "frozen": ["backbone.encoder"]}
        if options.encoder
        else {}
    )
    return TrainConfig.model_validate(
        {
            **encoder,
            "model": options.model,
            "ablation": row,
            "seed": options.seed,
            "batch_size": options.batch,
            "optimiser": options.optimiser,
            "pool": options.pool,
            "pool_images": 15000,
            "reuse": 2,
            "learning_rate": options.rate,
            "warm_up": options.steps // 20,
            # Of a short run's weights, the last twentieth.
            "ema": max(1.0 - 20.0 / options.steps, 0.0),
            "weight_decay": 0.01,
            "precision": options.precision,
            "loss_weights": {"vertices": 10.0, "relative_translation": 3.0, "heat": 1.0},
            "validate_every": options.steps,
            "validation": dict.fromkeys(EVALUATED, options.evaluated),
            "stages": [stage],
        }
    )


def read_row(config: TrainConfig, folder: Path) -> Row | None:
    """A row that is done; None if there is none in this folder yet, or it is on its way.

    Raises:
        BothhandsError: the folder holds one of another budget.
    """
    if not (folder / HISTORY).is_file():
        return None
    if (folder / CONFIG).read_text(encoding="utf-8") != config.model_dump_json(indent=2):
        raise BothhandsError(f"{folder} holds a row of another budget; name another folder with --out.")
    notes = [json.loads(line) for line in (folder / HISTORY).read_text(encoding="utf-8").splitlines()]
    figures = {note["source"]: note["figures"] for note in notes if note["step"] == config.steps and "figures" in note}
    if figures.keys() != config.validation.keys():
        return None
    # A run that was killed has noted some steps twice.
    losses = {note["step"]: note["loss"] for note in notes if "loss" in note}
    return Row(figures, sorted(losses), [losses[step] for step in sorted(losses)])


def train_row(config: TrainConfig, folder: Path, options: argparse.Namespace) -> None:
    """Train and evaluate a row, or go on with it."""
    with Progress() as progress:
        task = progress.add_task(folder.name, total=config.steps)
        trainer = Trainer(
            config,
            folder,
            options.device,
            options.workers,
            lambda done, total, text: progress.update(task, completed=done, description=text),
        )
        trainer.run()
    for name in (LATEST, PREVIOUS):
        # Half a gigabyte each, and of no more use.
        (folder / name).unlink(missing_ok=True)


def rows_done(options: argparse.Namespace) -> dict[str, Row]:
    """All rows of this budget in the folder, the paper's first."""
    names = [*ROWS, *(name for name in ABLATIONS if name not in ROWS)]
    found = {name: read_row(make_config(name, options), options.out / name) for name in names}
    return {name: row for name, row in found.items() if row is not None}


def show(rows: dict[str, Row]) -> Table:
    """Metrics of every row."""
    table = Table(title="Held-out rendered images")
    table.add_column("")
    for kind in EVALUATED.values():
        for title in METRICS.values():
            table.add_column(f"{kind}\n{title}", justify="right")
    for name, row in rows.items():
        cells = [f"{row.figures[spec][key]:.1f}" for spec in EVALUATED for key in METRICS]
        table.add_row(ROWS.get(name, name), *cells)
    return table


def plot(rows: dict[str, Row]) -> Figure:
    """How the loss fell, and the mean vertex errors at the end."""
    figure = Figure(figsize=(13, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    curves, bars = figure.subplots(1, 2)
    width = 0.8 / len(rows)
    for number, (name, row) in enumerate(rows.items()):
        label = ROWS.get(name, name)
        (line,) = curves.plot(row.steps, row.losses, label=label)
        errors = [row.figures[spec]["mpvpe"] for spec in EVALUATED]
        places = [kind + (number - (len(rows) - 1) / 2.0) * width for kind in range(len(EVALUATED))]
        drawn = bars.bar(places, errors, 0.9 * width, color=line.get_color(), label=label)
        bars.bar_label(drawn, fmt="%.1f", fontsize="small")
    curves.set(title="Loss of a batch in training", xlabel="step", yscale="log")
    curves.legend()
    curves.grid(alpha=0.3, which="both")
    bars.set_xticks(range(len(EVALUATED)), list(EVALUATED.values()))
    bars.set(title="MPVPE on held-out rendered images", ylabel="mm")
    bars.margins(y=0.25)
    bars.legend(ncols=2, fontsize="small")
    bars.grid(axis="y", alpha=0.3)
    return figure


def write(rows: dict[str, Row], options: argparse.Namespace) -> None:
    """ablation.json and ablation.png in the folder of the rows."""
    named = ("model", "steps", "size", "batch", "seed", "evaluated", "encoder", "optimiser")
    budget: dict[str, Any] = {key: getattr(options, key) for key in named}
    content = {"budget": budget, "rows": {name: row._asdict() for name, row in rows.items()}}
    (options.out / "ablation.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    plot(rows).savefig(options.out / "ablation.png", dpi=100)


def main(arguments: list[str] | None = None) -> None:
    """Train the rows, print and write what they reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder; rows there are continued or left alone")
    parser.add_argument("--rows", nargs="+", default=list(ROWS), choices=sorted(ABLATIONS))
    parser.add_argument("--model", default="eanet-light", choices=("eanet-light", "eanet"))
    parser.add_argument("--encoder", help="safetensors file of an lwa-hand whose encoder is the backbone")
    parser.add_argument("--pool", help="folder for images that are rendered once and shown over and over")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--size", type=int, default=128, help="side of the images, px")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--optimiser", default="adamw", choices=("adamw", "muon"))
    parser.add_argument("--rate", type=float, default=1e-3, help="learning rate at its height")
    parser.add_argument("--precision", default="bf16", choices=("fp32", "bf16"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--evaluated", type=int, default=256, help="held-out images of each kind")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--workers", type=int, default=1, help="processes that render images")
    options = parser.parse_args(arguments)
    prepare_worker()
    try:
        rows = rows_done(options)
        for name in options.rows:
            if name not in rows:
                train_row(make_config(name, options), options.out / name, options)
                rows = rows_done(options)
            # After each row: a table of some rows is worth having.
            write(rows, options)
    except BothhandsError as error:
        raise SystemExit(str(error)) from error
    Console().print(show(rows))


if __name__ == "__main__":
    main()
