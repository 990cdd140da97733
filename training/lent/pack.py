"""`train pack`: what a lent machine needs to train a preset, in files that can be carried. See `training.lent`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.places import INSTALLED, asset, import_root
from tracking.crop_planner import KEPT_MARGIN
from training.config import TrainConfig, load_config
from training.data.mixture import POOL_SIZE, BatchesOfStage
from training.data.samples import Sample
from training.data.sources import Shuffled, Source, is_endless
from training.lent.plan import BASE, CODE, PackedShard, PackedSource, Plan
from training.lent.shards import ShardWriter
from training.tasks import create_task

LARGEST_MIB = 60
"""Of a shard, where nothing else is asked for."""
_CODE = ("models", "training", "assets/hand_model")
"""Folders of the program that training needs."""
_AT_ONCE = 16
"""Neighbouring images that are asked for together: drawn ones share a scene."""
_ORDER = 7
"""Stream of random numbers of one seed, see `training.data.mixture`."""

Progress = Callable[[int, int, str], None]
"""Told images done, images in all, and a few words."""


@dataclass(frozen=True, kw_only=True)
class PackOptions:
    """What `train pack` was asked for.

    Attributes:
        config: a preset, or a TOML file.
        folder: to write; must not hold anything.
        images: at most so many of endless sources together, and of each other one.
        largest: bytes of a shard; of the first one, together with what all need.
        quality: of JPEG images, 1 to 95.
    """

    config: str
    folder: Path
    images: int = 30000
    largest: int = LARGEST_MIB << 20
    quality: int = 85


def pack(options: PackOptions, progress: Progress) -> Plan:
    """Write a pack.

    Returns:
        What it holds.

    Raises:
        BothhandsError: no such preset, one that cannot be packed, its files or folders are not there, or nothing can
            be written.
    """
    config = load_config(options.config)
    _check(options.config, config)
    # Images are packed as large as the app's crops, whatever the stage makes of them.
    full_size = tuple(stage.model_copy(update={"size": POOL_SIZE}) for stage in config.stages)
    stage = BatchesOfStage(config.model_copy(update={"pool_images": options.images, "stages": full_size}), 0)
    start = None if config.start == "scratch" and config.backbone is None else create_task(config)
    try:
        _begin(options.folder)
        base = options.folder / BASE
        _copy_code(base / CODE)
        told: dict[str, Any] = {"backbone": None, "start": "scratch"}
        if start is not None:
            start.export(start.network, base / "start.safetensors", {})
            told["start"] = "start.safetensors"
        if config.hints is not None:
            shutil.copyfile(config.hints, base / "hints.safetensors")
            told["hints"] = "hints.safetensors"
        stage.prepare(0, 1, lambda done, total: progress(done, total, "making images"))
        sources = _counted(stage, options.images, config)
        packed = [
            PackedSource(spec, source.name, config.stages[0].data[spec], source.spoilt, count)
            for spec, source, count in sources
        ]
        shards = _write_shards(options, config, sources, progress)
        plan = Plan(
            preset=options.config,
            config=config.model_dump(mode="json") | told,
            sources=tuple(packed),
            shards=tuple(shards),
            image_size=POOL_SIZE,
            apart=KEPT_MARGIN,
        )
        plan.write(options.folder)
    except OSError as error:
        raise BothhandsError(
            f"The pack cannot be written to {options.folder} ({error.strerror or error}); name another place."
        ) from error
    return plan


def _check(name: str, config: TrainConfig) -> None:
    """Refuse what a lent machine cannot do.

    Raises:
        BothhandsError: it needs more than a pack holds.
    """
    reason = ""
    if len(config.stages) != 1:
        reason = f"it has {len(config.stages)} stages, and a lent machine trains one: leave one"
    elif config.mano is not None:
        reason = "it needs official MANO files, which stay where they are"
    elif config.teacher is not None:
        reason = "it has a teacher, whose labels a pack does not hold"
    if reason:
        raise BothhandsError(f"{name} cannot be packed: {reason}.")
    for entry, path in (("hints", config.hints), ("backbone", config.backbone), ("start", _file(config.start))):
        if path is not None and not path.is_file():
            raise BothhandsError(f"{name} cannot be packed: its {entry}, {path}, is not there.")
    for spec in config.stages[0].data:
        kind, _, argument = spec.partition(":")
        if kind != "synthetic" and not Path(argument).is_dir():
            raise BothhandsError(
                f"{name} cannot be packed: the folder {argument} of its source {spec} is not there; "
                "docs/training-data.md tells how to make it."
            )


def _file(start: str) -> Path | None:
    return None if start in ("scratch", "pretrained") else Path(start)


def _begin(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()):
        raise BothhandsError(f"{folder} holds something already; name an empty folder.")
    (folder / BASE).mkdir(parents=True, exist_ok=True)


def _copy_code(target: Path) -> None:
    """The program's own packages, laid out as they are imported."""
    root, house = import_root(), asset("").parent
    for name in _CODE:
        shutil.copytree(
            house / name,
            target / (house / name).relative_to(root),
            ignore=shutil.ignore_patterns("__pycache__", "twin_*"),
        )
    if INSTALLED:  # the package that they lie in
        shutil.copyfile(house / "__init__.py", target / house.relative_to(root) / "__init__.py")


def _counted(stage: BatchesOfStage, images: int, config: TrainConfig) -> list[tuple[str, Source, int]]:
    """Each source with how many of its images are packed."""
    data = config.stages[0].data
    endless = sum(share for spec, share in data.items() if is_endless(spec))
    counted: list[tuple[str, Source, int]] = []
    for spec, source in stage.sources:
        count = round(images * data[spec] / endless) if is_endless(spec) else images
        if isinstance(source, Shuffled):
            count = min(count, len(source))
        counted.append((spec, source, max(count, 1)))
    return counted


def _write_shards(
    options: PackOptions, config: TrainConfig, sources: list[tuple[str, Source, int]], progress: Progress
) -> list[PackedShard]:
    """All images in shards that each show every source in its share, as well as they can."""
    writer = ShardWriter(load_hand_models(), options.quality)
    shards: list[PackedShard] = []
    total = sum(count for *_, count in sources)
    room = options.largest - _size(options.folder / BASE)
    if room <= 0:
        raise BothhandsError(
            f"What every pack holds takes {_size(options.folder / BASE) / 2**20:.0f} MiB, more than a shard of "
            f"{options.largest / 2**20:g} MiB; allow larger ones."
        )

    def write() -> None:
        nonlocal room
        shards.append(writer.write(options.folder / f"shard-{len(shards):03d}.safetensors"))
        room = options.largest

    for done, (number, sample) in enumerate(_samples(config.seed, sources)):
        before = writer.size
        writer.add(squared(sample, POOL_SIZE), number)
        # The next one may be larger than this one.
        if writer.size + 2 * (writer.size - before) + _HEADER > room:
            write()
        progress(done + 1, total, "packing")
    if len(writer):
        write()
    return shards


_HEADER = 64 << 10
"""Bytes of a shard besides its arrays, at most."""


def _samples(seed: int, sources: list[tuple[str, Source, int]]) -> Iterator[tuple[int, Sample]]:
    """Every image once, in an order in which sources take turns."""
    blocks = [
        (number, range(start, min(start + _AT_ONCE, count)))
        for number, (_, _, count) in enumerate(sources)
        for start in range(0, count, _AT_ONCE)
    ]
    for place in np.random.default_rng([seed, _ORDER]).permutation(len(blocks)):
        number, indices = blocks[place]
        for sample in sources[number][1].samples(indices):
            yield number, sample


def squared(sample: Sample, size: int) -> Sample:
    """A sample whose image has this side, px; itself where it has."""
    length = len(sample.image)
    if length == size:
        return sample
    scale = size / length
    how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_LINEAR
    camera = sample.intrinsics
    moved = {
        side: replace(label, joints_px=((label.joints_px + 0.5) * scale - 0.5).astype(np.float32))
        for side, label in sample.hands.items()
    }
    segmentation = sample.segmentation
    return replace(
        sample,
        image=cv2.resize(sample.image, (size, size), interpolation=how),
        intrinsics=replace(
            camera,
            fx=camera.fx * scale,
            fy=camera.fy * scale,
            cx=(camera.cx + 0.5) * scale - 0.5,
            cy=(camera.cy + 0.5) * scale - 0.5,
            width=size,
            height=size,
        ),
        hands=moved,
        segmentation=None
        if segmentation is None
        else cv2.resize(segmentation, (size, size), interpolation=cv2.INTER_NEAREST),
    )


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def told(options: PackOptions, plan: Plan) -> str:
    """What was packed, and how to go on, for a person."""
    images = sum(shard.images for shard in plan.shards)
    folder = os.fspath(options.folder)
    module = f"{__package__}.lent"
    return (
        f"{images} images in {len(plan.shards)} shards are in {folder}, the largest with "
        f"{max(shard.size for shard in plan.shards) / 2**20:.1f} MiB. Carry {BASE} and the shards, and there: "
        f"PYTHONPATH={folder}/{BASE}/{CODE} python -m {module} {folder} --minutes 8"
    )
