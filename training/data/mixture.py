"""Batches by number: which images are in one, and how they are changed, follows from the run's seed alone.

A run that goes on after a kill, or on another number of processes, sees the same images in the same steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice, pairwise

import cv2
import numpy as np
from torch.utils.data import DataLoader, Dataset

from models.errors import BothhandsError
from training.config import StageConfig, TrainConfig
from training.data.apportion import apportion
from training.data.augment import NONE
from training.data.examples import Batch, Example, collate, make_example
from training.data.pool import Pool
from training.data.sources import Shuffled, Source, is_endless, open_source
from training.synthetic.synthesiser import prepare_worker

POOL_SIZE = 256
"""Side of the images in a pool, px, whatever a stage makes of them: that of the app's crops."""
_AUGMENT = 3
"""Stream of random numbers of one seed, beside those of `Synthesiser`."""


class BatchesOfStage(Dataset[Batch]):
    """Batches of one stage by their number in the run.

    Args:
        config: of the run.
        stage: its number.
        rank: of this process.
        world: how many processes share a batch.

    Raises:
        BothhandsError: a source cannot be opened, or the batch cannot be shared.
    """

    def __init__(self, config: TrainConfig, stage: int, rank: int = 0, world: int = 1) -> None:
        self._seed, self._stage_number = config.seed, stage
        self._stage: StageConfig = config.stages[stage]
        self._weak_trust = config.weak_trust
        self._augmentation = self._stage.augmentation
        if config.batch_size % world:
            raise BothhandsError(f"{world} processes cannot share batches of {config.batch_size}; make it a multiple.")
        counts = apportion(list(self._stage.data.values()), config.batch_size)
        if not all(counts):
            spec = list(self._stage.data)[counts.index(0)]
            raise BothhandsError(f"A batch of {config.batch_size} has no room for the share of {spec}; enlarge either.")
        self._parts = [parts[rank] for parts in share_out(counts, world)]
        self._counts = counts
        self._pools: list[Pool] = []
        self._sources = [(spec, self._open(config, spec)) for spec in self._stage.data]

    def _open(self, config: TrainConfig, spec: str) -> Source:
        size = self._stage.size if config.pool is None else POOL_SIZE
        source = open_source(spec, config.seed, "train", size, config.reuse, config.mano)
        if config.pool is None or not is_endless(spec):
            return source
        endless = sum(share for other, share in self._stage.data.items() if is_endless(other))
        count = max(round(config.pool_images * self._stage.data[spec] / endless), 1)
        folder = config.pool / f"{re.sub('[^a-z0-9]+', '-', spec.lower())}-{config.seed}-{config.reuse}"
        pool = Pool(source, count, folder)
        self._pools.append(pool)
        return Shuffled(pool, source.name, config.seed, kept=0)

    def prepare(self, part: int, parts: int, on_progress: Callable[[int, int], None] | None = None) -> None:
        """Make what pools lack, or one of several processes' part; all must have done so before an image is read.

        Args:
            part: number of this process.
            parts: how many there are.
            on_progress: see `Pool.fill`.

        Raises:
            BothhandsError: see `Pool.fill`.
        """
        for pool in self._pools:
            pool.fill(part, parts, on_progress)

    @property
    def sources(self) -> list[tuple[str, Source]]:
        """What the stage's images are from, by the names in the configuration and in their order."""
        return list(self._sources)

    @property
    def names(self) -> list[str]:
        """Of the sources, with licences."""
        return list(dict.fromkeys(source.name for _, source in self._sources))

    def __getitem__(self, step: int) -> Batch:
        """This process's part of the batch of a step, from 0."""
        examples: list[Example] = []
        for number, (_, source) in enumerate(self._sources):
            indices = self._indices(number, step)
            if not indices:
                continue
            for index, sample in zip(indices, source.samples(indices), strict=True):
                rng = np.random.default_rng([self._seed, _AUGMENT, self._stage_number, number, index])
                transform = self._augmentation.transform(sample, self._stage.size, rng)
                example = make_example(sample, transform, self._weak_trust)
                if not source.spoilt:
                    example = example._replace(image=self._augmentation.recolour(example.image, rng))
                examples.append(example)
        return collate(examples)

    def describe(self, step: int) -> str:
        """Which images a step's batch is made of, for a message."""
        parts = []
        for number, (spec, _) in enumerate(self._sources):
            indices = self._indices(number, step)
            if indices:
                parts.append(f"{spec} {indices[0]} to {indices[-1]}")
        return ", ".join(parts)

    def _indices(self, number: int, step: int) -> range:
        first, part = step * self._counts[number], self._parts[number]
        return range(first + part.start, first + part.stop)


def share_out(counts: list[int], world: int) -> list[list[range]]:
    """Who makes which images of a batch: for each source, each process's part of range(count), as even as can be.

    All processes get equally many in all, if the counts' sum can be divided so; none sees an image of another's.
    """
    shares: list[list[range]] = []
    passed = 0
    for count in counts:
        each, over = divmod(count, world)
        longer = {(passed + place) % world for place in range(over)}
        passed += over
        edges = np.cumsum([0] + [each + (rank in longer) for rank in range(world)])
        shares.append([range(int(start), int(stop)) for start, stop in pairwise(edges)])
    return shares


def batches(dataset: BatchesOfStage, first: int, end: int, workers: int, pinned: bool) -> Iterator[Batch]:
    """Batches of steps `first` to `end` - 1 in order, made by so many other processes; 0: by this one."""
    loader = DataLoader(
        dataset,
        batch_size=None,
        sampler=range(first, end),
        num_workers=workers,
        worker_init_fn=prepare_worker if workers else None,
        # A forked process would share the parent's OpenGL and threads.
        multiprocessing_context="spawn" if workers else None,
        pin_memory=pinned,
        prefetch_factor=4 if workers else None,
    )
    yield from loader


def held_out_source(config: TrainConfig, spec: str, size: int) -> Source:
    """The part of a source that no run trains on.

    Raises:
        BothhandsError: there is no such source, or it has no such part.
    """
    return open_source(spec, config.seed, "held-out", size, 1, config.mano)


def held_out(config: TrainConfig, spec: str, count: int, size: int, batch_size: int = 16) -> Iterator[Batch]:
    """Held-out images of a source, unchanged but for their size; exact labels count as much as guessed ones."""
    source = held_out_source(config, spec, size)
    indices = iter(range(count))
    rng = np.random.default_rng(0)
    cv2.setNumThreads(0)
    while part := list(islice(indices, batch_size)):
        samples = source.samples(part)
        yield collate([make_example(sample, NONE.transform(sample, size, rng), 1.0) for sample in samples])
