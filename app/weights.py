"""`weights`: checkpoints of other programs to weights that this one reads, and trained weights into their place."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from models import places
from models.errors import BothhandsError
from models.registry import importable_models, weights_reader
from models.sentences import said, say
from models.weights_notes import read_notes


def import_weights(model: str, checkpoint: Path, out: Path) -> str:
    """Turn a published checkpoint into a safetensors file.

    Args:
        model: name of a model whose published weights can be read.
        checkpoint: the file as its authors give it; nothing in it is executed.
        out: safetensors file to write.

    Returns:
        A sentence on what was imported.

    Raises:
        BothhandsError: a model without published weights, or a file that is missing, damaged or of another network.
    """
    import_checkpoint = weights_reader(model).import_checkpoint
    if import_checkpoint is None:
        choices = ", ".join(importable_models())
        raise BothhandsError(
            say(
                "There are no published weights to import for {model}; choose one of: {choices}.",
                model=model,
                choices=choices,
            )
        )
    imported = import_checkpoint(checkpoint, out)
    place = places.installed_weights(f"{model}.safetensors")
    use = "" if out.resolve() == place else f" `--model {model}` uses it and its .json when they lie at {place}."
    return f"Imported {checkpoint} to {out}: {imported}.{use}"


def import_in_place(model: str, checkpoint: Path) -> str:
    """Import a published checkpoint as the weights that the app uses; those that were there before are replaced.

    Args:
        model: as `import_weights` takes it.
        checkpoint: as above.

    Returns:
        A sentence on what was imported.

    Raises:
        BothhandsError: as `import_weights`, or the weights' folder cannot be written. What was there before stays.
    """
    place = places.installed_weights(f"{model}.safetensors")
    unfinished = place.with_name(f"{place.stem}.part{place.suffix}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        import_weights(model, checkpoint, unfinished)
        places.notes_file(unfinished).replace(places.notes_file(place))
        unfinished.replace(place)
    except OSError as error:
        raise BothhandsError(
            say("The weights cannot be put at {place} ({reason}).", place=place, reason=error.strerror or error)
        ) from error
    finally:
        for left in (unfinished, places.notes_file(unfinished)):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)
    return say("{model} has its weights now, imported from {name}.", model=model, name=checkpoint.name)


def install(model: str, weights: Path) -> Path:
    """Make trained weights those that the app uses.

    Args:
        model: whose weights they are.
        weights: safetensors file with its .json beside it, as training writes them.

    Returns:
        Where they lie now.

    Raises:
        BothhandsError: a model without weights, a file that is missing, damaged, of a newer version or of another
            network, or no permission. What was there before then stays.
    """
    weights_reader(model).check(weights)
    read_notes(weights)  # what lies beside them goes with them
    place = places.installed_weights(f"{model}.safetensors")
    files = {weights: place, places.notes_file(weights): places.notes_file(place)}
    unfinished = {target: target.with_name(target.name + ".part") for target in files.values()}
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        for source, target in files.items():
            shutil.copyfile(source, unfinished[target])
        for target, part in unfinished.items():  # both are whole now
            part.replace(target)
    except OSError as error:
        raise BothhandsError(
            say(
                "The weights cannot be put at {place} ({reason}); copy them there yourself.",
                place=place,
                reason=said(error),
            )
        ) from error
    finally:
        for part in unfinished.values():
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
    return place
