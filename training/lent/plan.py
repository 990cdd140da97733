"""What is to be trained on a lent machine: run.json of a pack, and the layout of its folder.

DIR/base/run.json          this
DIR/base/code/             the program's own packages, as far as training needs them
DIR/base/*.safetensors     weights to start from, or to learn hints from
DIR/shard-000.safetensors  images and labels, see `training.lent.shards`
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from models.errors import BothhandsError

if TYPE_CHECKING:
    from training.config import TrainConfig

VERSION = 1
BASE, CODE, RUN = "base", "code", "run.json"
_FILES = ("start", "hints")
"""Entries of a configuration that may name a file of the pack."""


@dataclass(frozen=True)
class PackedSource:
    """Where some of the images are from.

    Attributes:
        spec: its name in the configuration.
        name: of the source and its licence, for the weights' card.
        share: of a batch.
        spoilt: whether its images have been given a webcam's colours, blur and noise already.
        images: how many there are.
    """

    spec: str
    name: str
    share: float
    spoilt: bool
    images: int


@dataclass(frozen=True)
class PackedShard:
    """A file of images.

    Attributes:
        file: its name in the pack.
        sha256: of it.
        size: bytes.
        images: how many it holds.
    """

    file: str
    sha256: str
    size: int
    images: int


@dataclass(frozen=True)
class Plan:
    """A pack.

    Attributes:
        preset: what it was made of.
        config: of the run, JSON; files that it names lie in `BASE`.
        sources: in the order of their numbers in shards.
        shards: all of them.
        image_size: side of the images, px.
        apart: two hands are apart from this distance of their boxes on, see `tracking.crop_planner.gap`.
    """

    preset: str
    config: Mapping[str, Any]
    sources: tuple[PackedSource, ...]
    shards: tuple[PackedShard, ...]
    image_size: int
    apart: float

    def write(self, folder: Path) -> None:
        """Write it into a pack.

        Raises:
            OSError: it cannot be written.
        """
        text = json.dumps({"version": VERSION, **asdict(self)}, indent=2, ensure_ascii=False)
        (folder / BASE / RUN).write_text(text + "\n", encoding="utf-8")

    def train_config(self, folder: Path) -> TrainConfig:
        """The configuration as tasks and optimisers read it, its files in `folder`.

        It has the names and values of a `TrainConfig`, which needs a package that lent machines lack.
        """
        values = dict(self.config)
        for name in _FILES:
            if values.get(name) and str(values[name]).endswith(".safetensors"):
                values[name] = str(folder / BASE / values[name])
        values["stages"] = tuple(_spaces(stage) for stage in values["stages"])
        return cast("TrainConfig", SimpleNamespace(**values))


def _spaces(stage: Mapping[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(**{**stage, "augmentation": SimpleNamespace(**stage["augmentation"])})


def read_plan(folder: Path) -> Plan:
    """What a pack is for.

    Raises:
        BothhandsError: no pack, damaged, or of another version.
    """
    path = folder / BASE / RUN
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BothhandsError(
            f"{folder} is no pack: {path} cannot be read ({error.strerror or error}); make one with `train pack`."
        ) from error
    except ValueError as error:
        raise BothhandsError(f"{path} is damaged; carry the pack's folder {BASE} again.") from error
    version = values.pop("version", None) if isinstance(values, dict) else None
    if version != VERSION:
        raise BothhandsError(
            f"{folder} was packed by version {version!r} of this program's packs, and this reads {VERSION}: pack it "
            f"again, or train with the code in {folder / BASE / CODE}."
        )
    try:
        sources = tuple(PackedSource(**entry) for entry in values.pop("sources"))
        shards = tuple(PackedShard(**entry) for entry in values.pop("shards"))
        return Plan(sources=sources, shards=shards, **values)
    except (KeyError, TypeError) as error:
        raise BothhandsError(f"{path} is damaged ({error}); carry the pack's folder {BASE} again.") from error
