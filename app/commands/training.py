"""`synthesize`, `label`, `label-sequences`, `cut-out`, `train`, `train pack`: images for training, and training."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from typer._click.core import Context as ClickContext
from typer.core import TyperGroup

from app.commands.console import choice, out, with_progress
from app.commands.options import MOST, Device, readable_path, writable_path
from models.errors import BothhandsError
from models.extras import require

LabelsFolder = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="Folder to write; new or empty.", parser=writable_path)
]


def preview_path(text: str) -> Path:
    """Where a contact sheet is to go, looked at before the work that it shows.

    Raises:
        BothhandsError: no image ends so, or its folder is not there.
    """
    path = writable_path(text)
    if path.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise BothhandsError(f"The contact sheet {path} must end in .png or .jpg.")
    if not path.parent.is_dir():
        raise BothhandsError(f"There is no folder {path.parent} for the contact sheet; make it, or choose another one.")
    return path


SourceName = Annotated[str, typer.Option("--source-name", metavar="TEXT", help="Who made the images.")]
Licence = Annotated[str, typer.Option("--licence", metavar="TEXT", help="Under which terms they may be used.")]
Preview = Annotated[
    Path | None,
    typer.Option("--preview", metavar="FILE", help="A contact sheet, .png or .jpg, to look at.", parser=preview_path),
]


class RunUnlessNamed(TyperGroup):
    """A group whose command `run` need not be named: `train PRESET` is `train run PRESET`."""

    def parse_args(self, ctx: ClickContext, args: list[str]) -> list[str]:
        """Put the name in."""
        return super().parse_args(ctx, args if args and args[0] in self.commands else ["run", *args])


def synthesize(
    out_path: Annotated[
        Path, typer.Argument(metavar="OUT", help="Folder; with --preview a .png or .jpg file.", parser=writable_path)
    ],
    count: Annotated[int, typer.Option("--count", min=1, max=MOST, help="Samples to make.")] = 32,
    seed: Annotated[int, typer.Option("--seed", min=0, max=MOST, help="The same seed gives the same samples.")] = 0,
    stage: Annotated[str, typer.Option("--stage", help="one, apart, contact or mixed.")] = "mixed",
    preview: Annotated[bool, typer.Option("--preview", help="One contact sheet with the labels drawn.")] = False,
    backgrounds: Annotated[
        Path | None,
        typer.Option(
            "--backgrounds", metavar="DIR", help="Images without hands, as backgrounds.", parser=readable_path
        ),
    ] = None,
) -> None:
    """Render synthetic training images of hands, with exact labels."""
    require("The command synthesize", "train")
    from training.data.synthesize import synthesize
    from training.synthetic.placement import STAGES, Stage

    kind: Stage = choice("--stage", stage, STAGES)

    def work(tick: Callable[[int, int | None], None]) -> None:
        for done in synthesize(out_path, count, seed, kind, preview, backgrounds):
            tick(done, count)

    with_progress("Drawing", work)
    out.say(f"Wrote {out_path}")


def label(
    sources: Annotated[
        list[Path], typer.Argument(metavar="SOURCE...", help="Folders, images and clips.", parser=readable_path)
    ],
    out_dir: LabelsFolder,
    source_name: SourceName,
    licence: Licence,
    one_hand: Annotated[bool, typer.Option("--one-hand", help="Every image shows one hand and no more.")] = False,
    side: Annotated[str | None, typer.Option("--side", help="Of that hand, where it is always the same.")] = None,
    by_views: Annotated[
        bool, typer.Option("--by-views", help="What stands before a name's last dash tells the hand shape.")
    ] = False,
    run: Annotated[
        int,
        typer.Option(
            "--run", metavar="N", min=1, max=MOST, help="N images in name order belong together when held out."
        ),
    ] = 1,
    every: Annotated[
        int, typer.Option("--every", metavar="K", min=1, max=MOST, help="Take every K-th frame of clips.")
    ] = 3,
    fov: Annotated[
        float | None,
        typer.Option("--fov", metavar="DEGREES", min=5, max=170, help="Across the longer side; default: 60."),
    ] = None,
    preview: Preview = None,
) -> None:
    """Label images of real hands for training, by MediaPipe and the fitted hand model."""
    from models.values import SIDES
    from training.labelling import LabellingOptions, label_images, write_preview

    options = LabellingOptions(
        sources=sources,
        out=out_dir,
        source_name=source_name,
        licence=licence,
        one_hand=one_hand,
        side=None if side is None else choice("--side", side, SIDES),
        by_views=by_views,
        run=run,
        every=every,
        fov=fov,
    )
    report = with_progress("Labelling", lambda tick: label_images(options, tick))
    for line in report.lines():
        out.say(line)
    if preview is not None:
        write_preview(out_dir, preview)


def label_sequences(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Images that follow each other by name and number.", parser=readable_path),
    ],
    out_dir: LabelsFolder,
    source_name: SourceName,
    licence: Licence,
    withhold: Annotated[
        Path | None,
        typer.Option(
            "--withhold",
            metavar="FILE",
            help="Annotated frames, left out with a second around each.",
            parser=readable_path,
        ),
    ] = None,
    preview: Preview = None,
) -> None:
    """Label image sequences of both hands for training, by tracking them forwards and backwards."""
    from evaluation.annotations import load_annotations
    from training.labelling import BurstOptions, label_bursts, write_preview

    withheld = frozenset() if withhold is None else frozenset(load_annotations(withhold))
    options = BurstOptions(source=folder, out=out_dir, source_name=source_name, licence=licence, withheld=withheld)
    for line in with_progress("Labelling", lambda tick: label_bursts(options, tick)).lines():
        out.say(line)
    if preview is not None:
        write_preview(out_dir, preview)


def cut_out(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Images that `label` has labelled.", parser=readable_path)
    ],
    out_dir: LabelsFolder,
    preview: Preview = None,
) -> None:
    """Cut labelled hands out of their photographs, for training on composites of them."""
    from training.labelling import cut_out_hands, write_preview

    for line in with_progress("Cutting out", lambda tick: cut_out_hands(folder, out_dir, tick)).lines():
        out.say(line)
    if preview is not None:
        write_preview(out_dir, preview)


def train(
    config: Annotated[
        str, typer.Argument(metavar="PRESET|FILE", help="A preset by name, or a TOML file of that form.")
    ],
    out_dir: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", help="The run's folder; a run there goes on.", parser=writable_path),
    ],
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=0, max=1024, help="Processes that make images. Default: by the cores."),
    ] = None,
    device: Device = "auto",
) -> None:
    """Train a network; docs/training.md tells how. Under torchrun: on several GPUs and machines.

    `train pack PRESET --out DIR` packs what a lent GPU needs; docs/lent-gpu.md tells how.
    """
    require("The command train", "train")
    from app.training import TrainOptions, train_model

    options = TrainOptions(config=config, folder=out_dir, device=device, workers=workers)
    weights_file = with_progress("Training", lambda tick: train_model(options, tick))
    if os.environ.get("RANK", "0") == "0":
        out.say(f"The weights are in {weights_file}.")


def pack(
    config: Annotated[str, typer.Argument(metavar="PRESET|FILE", help="Of one stage.")],
    out_dir: Annotated[Path, typer.Option("--out", metavar="DIR", help="Empty folder.", parser=writable_path)],
    images: Annotated[
        int, typer.Option("--images", min=1, max=MOST, help="Of endless sources together, and at most of each other.")
    ] = 30000,
    mib: Annotated[
        float, typer.Option("--mib", min=1.0, max=1e6, help="Largest shard; the first with what all need.")
    ] = 60.0,
    quality: Annotated[int, typer.Option("--quality", min=1, max=95, help="Of the JPEG images.")] = 85,
) -> None:
    """Pack images, labels, weights and code for minutes of a lent GPU; docs/lent-gpu.md tells how."""
    require("The command train", "train")
    from training.lent.pack import PackOptions, pack, told

    options = PackOptions(config=config, folder=out_dir, images=images, largest=int(mib * 2**20), quality=quality)
    out.say(told(options, with_progress("Packing", lambda tick: pack(options, tick))))
