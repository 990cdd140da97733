"""`weights import`: checkpoints of other programs to weights that this one reads."""

from __future__ import annotations

from pathlib import Path

from models.errors import BothhandsError


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
    if model not in ("eanet", "eanet-light"):
        raise BothhandsError(f"There are no published weights to import for {model!r}; choose eanet or eanet-light.")
    # torch takes a second to import, which a mistyped name need not wait for.
    from models.eanet import import_checkpoint
    from models.eanet.cards import weights_file

    config = import_checkpoint(checkpoint, out)
    place = weights_file(model)
    use = "" if out.resolve() == place else f" `--model {model}` uses it and its .json when they lie at {place}."
    return (
        f"Imported {checkpoint} to {out}: EANet with c = {config.channels}, {config.sa_depth} SA and "
        f"{config.ca_depth} CA blocks in each FuseFormer and {config.sjt_depth} SJT blocks for each hand.{use}"
    )
