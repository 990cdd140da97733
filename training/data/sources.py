"""Where images come from, by the names that configurations use.

    synthetic:one|apart|contact|mixed   drawn as training goes, endless
    pairs:FOLDER                        drawn, too: hands as those of a folder's labelled pairs hold each other, endless
    cutouts:FOLDER                      composites of cut-out real hands, endless
    negatives:FOLDER                    parts without hands of a folder of labelled images, endless
    images:FOLDER                       a folder of labelled images
    interhand:FOLDER, hic:FOLDER        published data sets

Each has two splits: "train", and "held-out", which no run trains on. Training takes images by number, without end
(`open_source`); evaluation takes each once, in order (`open_images`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np

from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.registry import HandModels
from training.data.composites import Composites
from training.data.negatives import Negatives
from training.data.samples import Sample
from training.datasets.hic import Hic
from training.datasets.image_folder import ImageFolder, Split
from training.datasets.interhand import InterHand
from training.datasets.protocol import HandDataset
from training.datasets.skipping import SkippedImages, SubstitutingDataset, readable_samples
from training.synthetic.placement import STAGES
from training.synthetic.synthesiser import SOURCE as SYNTHETIC
from training.synthetic.synthesiser import Synthesiser

PublishedSplit = Literal["train", "held-out", "test", "val"]
KINDS = ("synthetic", "pairs", "cutouts", "negatives", "images", "interhand", "hic")
_ENDLESS = ("synthetic", "pairs", "cutouts", "negatives")
EVALUATED_COUNT = 200
"""Images that are evaluated of a source without end, where no number is asked for."""
_AT_ONCE = 16
_KEPT = 4096
"""Images of a small data set that stay in memory, 0.2 MB each."""
HELD_OUT_SEED = 1 << 20
"""Added to a run's seed for held-out synthetic images; runs' seeds are below it."""


class Source(Protocol):
    """Images by number, without end: the same image for the same number. It can be given to other processes."""

    name: str
    """Of the source and its licence, for the weights' card."""
    spoilt: bool
    """Whether its images have been given a webcam's colours, blur and noise already."""

    def samples(self, indices: Sequence[int]) -> list[Sample]:
        """These images; neighbouring numbers are faster."""
        ...


def open_source(spec: str, seed: int, split: Split, size: int, reuse: int, mano_dir: Path | None = None) -> Source:
    """A source by its name in a configuration.

    Args:
        spec: "kind:argument", see above.
        seed: of what is drawn or shuffled.
        split: which part of it.
        size: side of rendered images, px; others are as large as the app's crops.
        reuse: images from one rendered scene.
        mano_dir: official MANO files, whose meshes the published data sets are labelled with.

    Raises:
        BothhandsError: no such source, or its files are missing or damaged.
    """
    kind, _, argument = spec.partition(":")
    if mano_dir is not None and kind in (*_ENDLESS, "images"):
        raise BothhandsError(f"{spec} shows the free hand model's meshes, which cannot be mixed with official MANO's.")
    own_seed = seed if split == "train" else seed + HELD_OUT_SEED
    if kind == "synthetic" and argument in STAGES:
        return _Synthetic(Synthesiser(own_seed, argument, size, reuse))
    if kind == "pairs" and argument:
        poses = ImageFolder(Path(argument), split=split).source
        return _Synthetic(Synthesiser(own_seed, "contact", size, reuse, pairs=(Path(argument), split)), poses)
    if kind == "cutouts" and argument:
        return _Made(Composites(Path(argument), seed, split, size=size), spoilt=True)
    if kind == "negatives" and argument:
        return _Made(Negatives(Path(argument), seed, split), spoilt=False)
    if kind == "images" and argument:
        folder = ImageFolder(Path(argument), split=split)
        return Shuffled(folder, folder.source, seed)
    if kind == "interhand" and argument:
        models = load_hand_models(mano_dir)
        return Shuffled(
            InterHand(Path(argument), "train" if split == "train" else "val", hand_models=models), "InterHand2.6M", seed
        )
    if kind == "hic" and argument:
        return Shuffled(Hic(Path(argument), load_hand_models(mano_dir)), "HIC", seed)
    raise _unknown(spec)


def is_endless(spec: str) -> bool:
    """Whether a source has no end."""
    return spec.partition(":")[0] in _ENDLESS


class Images(NamedTuple):
    """Images to evaluate.

    Attributes:
        samples: each once, in order, and what shows the same hand shape as others (None: nothing).
        total: how many, damaged ones included.
        skipped: which of them could not be read, as far as `samples` has been read.
    """

    samples: Iterator[tuple[Sample, str | None]]
    total: int
    skipped: SkippedImages


def open_images(
    spec: str,
    hand_models: HandModels,
    *,
    split: PublishedSplit | None = None,
    count: int | None = None,
    seed: int = 0,
    size: int = 256,
) -> Images:
    """Images of a source to evaluate, by its name in a configuration.

    Args:
        spec: "kind:argument", see above.
        hand_models: by side, those whose meshes the published data sets are labelled with.
        split: which part; None: "test" of InterHand2.6M, all of a folder of images and of HIC, "held-out" of what is
            drawn.
        count: how many; of a finite source so many evenly spread over it. None: all, or `EVALUATED_COUNT` of one
            without end.
        seed: of what is drawn.
        size: side of rendered images, px.

    Raises:
        BothhandsError: no such source or split, or its files are missing or damaged.
    """
    kind, _, argument = spec.partition(":")
    if is_endless(spec):
        if any(model.name != "free" for model in hand_models.values()):
            raise BothhandsError(f"{spec} is labelled with the free hand model; evaluate on it without MANO files.")
        source = open_source(spec, seed, _own_split(spec, split or "held-out"), size, 1)
        return Images(_endless(source, count or EVALUATED_COUNT), count or EVALUATED_COUNT, SkippedImages())
    dataset, groups = _open_finite(spec, kind, argument, split, hand_models)
    chosen = range(len(dataset))
    if count is not None and count < len(dataset):
        chosen = [place * len(dataset) // count for place in range(count)]
    skipped = SkippedImages()
    groups = None if groups is None else [groups[index] for index in chosen]
    return Images(readable_samples(_Part(dataset, chosen), skipped, groups), len(chosen), skipped)


def _open_finite(
    spec: str, kind: str, argument: str, split: PublishedSplit | None, hand_models: HandModels
) -> tuple[HandDataset, Sequence[str | None] | None]:
    if kind == "images" and argument:
        chosen = None if split is None else _own_split(spec, split)
        folder = ImageFolder(Path(argument), split=chosen)
        return folder, folder.groups
    if kind == "interhand" and argument:
        published = "val" if split == "held-out" else split or "test"
        return InterHand(Path(argument), published, hand_models=hand_models), None
    if kind == "hic" and argument:
        if split is not None and split != "test":
            raise _no_split(spec, split, "test")
        return Hic(Path(argument), hand_models), None
    raise _unknown(spec)


def _own_split(spec: str, split: PublishedSplit) -> Split:
    if split == "train" or split == "held-out":
        return split
    raise _no_split(spec, split, "train, held-out")


def _no_split(spec: str, split: str, offered: str) -> BothhandsError:
    return BothhandsError(f"{spec} has no split {split!r}; it has: {offered}.")


def _endless(source: Source, count: int) -> Iterator[tuple[Sample, str | None]]:
    for start in range(0, count, _AT_ONCE):
        for sample in source.samples(range(start, min(start + _AT_ONCE, count))):
            yield sample, None


class _Part:
    """Some images of a data set, by their numbers in it."""

    def __init__(self, dataset: HandDataset, chosen: Sequence[int]) -> None:
        self._dataset, self._chosen = dataset, chosen

    def __len__(self) -> int:
        return len(self._chosen)

    def __getitem__(self, index: int) -> Sample:
        return self._dataset[self._chosen[index]]


def _unknown(spec: str) -> BothhandsError:
    return BothhandsError(
        f"There is no source {spec!r}; sources are synthetic:{'|'.join(STAGES)}, pairs:FOLDER, "
        "cutouts:FOLDER, negatives:FOLDER, images:FOLDER, interhand:FOLDER and hic:FOLDER."
    )


class _Synthetic:
    spoilt = True

    def __init__(self, synthesiser: Synthesiser, poses: str = "") -> None:
        self._synthesiser = synthesiser
        self.name = f"{SYNTHETIC} hands, rendered from the free hand model (CC0)"
        if poses:
            self.name += f" in poses of pairs of {poses}"

    def samples(self, indices: Sequence[int]) -> list[Sample]:
        return self._synthesiser.samples(indices)


class _Made:
    """Images that are made one by one."""

    def __init__(self, maker: Composites | Negatives, spoilt: bool) -> None:
        self._maker, self.spoilt = maker, spoilt
        self.name = maker.source

    def samples(self, indices: Sequence[int]) -> list[Sample]:
        return [self._maker.sample(index) for index in indices]


class Shuffled:
    """A finite data set over and over, each time in another order.

    Args:
        dataset: the images, as cameras took them; those that cannot be read are replaced by others and reported by
            `skipped`.
        name: see `Source`.
        seed: of the orders.
        kept: how many of its images stay in memory; reading them is dearer than changing them.
    """

    spoilt = False

    def __init__(self, dataset: HandDataset, name: str, seed: int, kept: int = _KEPT) -> None:
        self.skipped = SkippedImages()
        self._dataset = SubstitutingDataset(dataset, self.skipped)
        self.name = name
        self._seed = seed
        self._most, self._kept = kept, dict[int, Sample]()

    def __len__(self) -> int:
        """How many images there are: the first so many numbers have each once."""
        return len(self._dataset)

    def samples(self, indices: Sequence[int]) -> list[Sample]:
        """See `Source`."""
        count = len(self._dataset)
        return [self._read(int(_order(self._seed, index // count, count)[index % count])) for index in indices]

    def _read(self, number: int) -> Sample:
        sample = self._kept.get(number)
        if sample is None:
            sample = self._dataset[number]
            if len(self._kept) < self._most:
                self._kept[number] = sample
        return sample

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_kept": {}}


@lru_cache(maxsize=8)
def _order(seed: int, epoch: int, count: int) -> np.ndarray:
    return np.random.default_rng([seed, epoch]).permutation(count)
