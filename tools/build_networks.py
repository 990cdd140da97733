"""Writes the networks of the weights in assets/weights as OpenVINO's own files: `python -m tools.build_networks`.

They go to assets/networks, weights in half precision, with a note that names the weights they are of; see
`models.runtime.network_files`. To be run whenever weights, or the code of a network, change: tests compare the files
with both. Names of models after the command limit it to these; without any it builds those that are there already.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from models.digest import file_sha256
from models.hand_model import load_hand_models
from models.places import asset, network_note
from models.registry import create_model, list_models
from models.runtime.converter import convert_module
from models.runtime.crop_network import CropNetwork
from models.runtime.network_files import NetworkNote
from models.runtime.openvino import ov
from models.runtime.parts import TwoParts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Part = tuple[str, torch.nn.Module, list[torch.Tensor]]


def main(names: Sequence[str]) -> None:
    """Write the files of these models, or anew of all that have some."""
    for name in names or [name for name in list_models() if network_note(name).is_file()]:
        weights = asset("weights") / f"{name}.safetensors"
        written = build(name, weights)
        size = sum(path.stat().st_size for path in written)
        print(f"{name}: {', '.join(path.name for path in written)} ({size / 1e6:.1f} MB)")


def build(name: str, weights: Path) -> list[Path]:
    """Write one model's files.

    Args:
        name: of the model.
        weights: its safetensors file.

    Returns:
        What was written, the note last.
    """
    reconstructor = create_model(name, load_hand_models())
    assert isinstance(reconstructor, CropNetwork)
    note = network_note(name)
    for suffix in ("", "-start", "-rest"):  # of a network that had other parts
        for kind in (".xml", ".bin"):
            note.with_name(f"{note.stem}{suffix}{kind}").unlink(missing_ok=True)
    written: list[Path] = []
    for suffix, module, example in _parts(reconstructor.module):
        path = note.with_name(f"{note.stem}{suffix}.xml")
        ov.save_model(convert_module(module, example), path, compress_to_fp16=True)
        written += [path, path.with_suffix(".bin")]
    held = NetworkNote(
        weights=file_sha256(weights),
        parts=[path.name for path in written if path.suffix == ".xml"],
        sha256={path.name: file_sha256(path) for path in written if path.suffix == ".bin"},
    )
    note.write_text(held.model_dump_json(indent=2) + "\n", encoding="utf-8", newline="\n")
    return [*written, note]


def _parts(module: torch.nn.Module) -> Iterator[Part]:
    """What each file holds, with its inputs."""
    crop = [torch.zeros(1, 256, 256, 3)]
    if not isinstance(module, TwoParts):
        yield "", module, crop
        return
    yield "-start", module.start, crop
    with torch.no_grad():
        between = module.start(*crop)
    yield "-rest", module.rest, list(between)


if __name__ == "__main__":
    main(sys.argv[1:])
