"""`weights`: those that `train` wrote, and published ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.console import out
from app.commands.options import readable_path, writable_path


def install(
    file: Annotated[Path, typer.Argument(metavar="FILE.safetensors", help="What `train` wrote.", parser=readable_path)],
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="Which model's weights they are.")],
) -> None:
    """Make trained weights those that the app uses."""
    from app import weights

    out.say(f"{model} now uses {weights.install(model, file)}.")


def import_weights(
    checkpoint: Annotated[
        Path,
        typer.Argument(metavar="CHECKPOINT", help="The file as its authors publish it.", parser=readable_path),
    ],
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="eanet or eanet-light.")],
    out_file: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Safetensors file to write.", parser=writable_path)
    ],
) -> None:
    """Turn a published checkpoint into a safetensors file; nothing in it is executed."""
    from app import weights

    out.say(weights.import_weights(model, checkpoint, out_file))
