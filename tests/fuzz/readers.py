"""Every reader of files and texts from elsewhere, as the fuzzer calls it: with a folder that holds the file.

Each reads all that it would in the app and gives anything. What it may raise besides is a `BothhandsError`, and a
`ValueError` where `DOCUMENTED` says so.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

DOCUMENTED = {"sample file": (ValueError,)}
"""Errors that a function's docstring promises in place of a `BothhandsError`."""
_FRAMES = 40
"""Frames that are read of a video: none of the seeds is longer, and what a mutation repeats for ever proves nothing."""


def _session_info(folder: Path) -> object:
    from app.sessions.session import read_info

    return read_info(folder)


def _journal(folder: Path) -> object:
    """As export and replay go on from it: every value of every column."""
    from app.sessions.columns import HandColumns
    from app.sessions.session import load_session

    return HandColumns.of(load_session(folder).table)


def _listing(folder: Path) -> object:
    from app.sessions.listing import list_sessions

    return list_sessions(folder)


def _recovery(folder: Path) -> object:
    from app.sessions.recovery import recover

    return recover(folder).text()


def _run(folder: Path) -> object:
    from app.replay.runs import read_run, stored_runs

    return [read_run(folder, name, "free") for name in stored_runs(folder)]


def _settings(folder: Path) -> object:
    from app.outputs.streaming.settings import chosen_streams
    from app.settings import SettingsStore

    settings = SettingsStore.load(folder / "settings.json").current
    # What is done with them at the start.
    for place in (settings.mano_dir, settings.camera_file, settings.recordings):
        if place is not None:
            place.exists()
    return settings.model_dump_json(), chosen_streams(settings)


def _camera(folder: Path) -> object:
    from tracking.camera_model import load_intrinsics, scale_intrinsics

    [file] = folder.iterdir()
    camera = load_intrinsics(file)
    return scale_intrinsics(camera, 2 * camera.width, 2 * camera.height)


def _mano(folder: Path) -> object:
    from models.mano_files import load_mano_pickle

    return load_mano_pickle(folder / "MANO_RIGHT.pkl")


def _weights(folder: Path) -> object:
    from torch import nn

    from models.weights_io import load_weights

    return load_weights(folder / "w.safetensors", nn.Linear(3, 2))


def _eanet_header(folder: Path) -> object:
    from models.eanet.weights import read_config

    return read_config(folder / "w.safetensors")


def _checkpoint(folder: Path) -> object:
    from models.eanet.published import convert, read_checkpoint
    from models.errors import BothhandsError

    weights = read_checkpoint(folder / "snapshot_1.pth.tar")
    try:
        return convert(weights)
    except BothhandsError:  # documented to give half a sentence, which the importer completes
        return None


def _weights_card(folder: Path) -> object:
    from models.weights_notes import read_notes

    return read_notes(folder / "w.safetensors")


def _label_folder(folder: Path) -> object:
    from training.datasets.image_folder import ImageFolder

    pictures = ImageFolder(folder)
    return [pictures[index] for index in range(min(len(pictures), 4))], pictures.groups, pictures.source


def _archive_list(folder: Path) -> object:
    from app.archives.catalog import find_jobs

    out = folder / "out" / "deep"
    jobs = find_jobs(str(folder / "list.txt"), out)
    for job in jobs:
        assert out in Path(job.folder).parents, f"{job.folder} is outside of {out}"
        assert ".." not in job.folder.parts
    return jobs


def _training_configuration(folder: Path) -> object:
    from training.config import load_config

    return load_config(str(folder / "run.toml"))


def _frames(folder: Path) -> object:
    """Of whatever the file is taken for, an image or a clip."""
    import numpy as np

    from tracking.sources import open_source

    [file] = folder.iterdir()
    source = open_source(str(file))
    try:
        frames = 0
        while frames < _FRAMES and (frame := source.read()) is not None:
            assert frame.image.ndim == 3
            assert frame.image.shape[2] == 3
            assert frame.image.dtype == np.uint8
            frames += 1
        return frames
    finally:
        source.close()


def _addresses(folder: Path) -> object:
    from app.outputs.streaming.addresses import parse_addresses

    text = (folder / "text").read_bytes().decode("utf-8", "surrogateescape")
    addresses = parse_addresses(text)
    for address in addresses:
        address.host.encode("idna")  # what a socket does with it
    return [str(address) for address in addresses]


def _sample_file(folder: Path) -> object:
    from training.data.sample_file import read_sample

    return read_sample(folder / "000000.safetensors")


READERS: dict[str, Callable[[Path], object]] = {
    "session.json": _session_info,
    "journal": _journal,
    "listing": _listing,
    "recovery": _recovery,
    "run": _run,
    "settings": _settings,
    "camera file": _camera,
    "mano": _mano,
    "weights": _weights,
    "eanet header": _eanet_header,
    "checkpoint": _checkpoint,
    "weights card": _weights_card,
    "label folder": _label_folder,
    "archive list": _archive_list,
    "training configuration": _training_configuration,
    "picture": _frames,
    "video": _frames,
    "addresses": _addresses,
    "sample file": _sample_file,
}
