"""Images of an endless source that are made once, kept on disk, and shown again and again.

To draw or compose an image takes a core 13 to 25 ms, about as long as LWA-HAND takes to learn from it. Images that
are shown ten times, each time turned, scaled, mirrored and recoloured anew, leave the cores to training.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from models.errors import BothhandsError
from training.data.sample_file import SUFFIX, read_sample, write_sample
from training.data.samples import Sample
from training.data.sources import Source

_AT_ONCE = 64


class Pool:
    """The first images of a source, a `training.datasets.protocol.HandDataset`.

    The files are samples (`training.data.sample_file`), some .3 MB each. Reading them runs nothing, whoever made them.

    Args:
        source: whose images they are; not asked any more once they are made.
        count: how many.
        folder: where they are kept; made if it is missing.
    """

    def __init__(self, source: Source, count: int, folder: Path) -> None:
        self._source, self._count, self._folder = source, count, folder

    def __len__(self) -> int:
        """How many there are."""
        return self._count

    def __getitem__(self, index: int) -> Sample:
        """Read an image that `fill` has made.

        Raises:
            BothhandsError: it is missing or damaged.
        """
        try:
            return read_sample(self._file(index))
        except (OSError, ValueError) as error:
            raise BothhandsError(
                f"The pool's image {self._file(index)} cannot be read ({error}); remove its folder to make it anew."
            ) from error

    def fill(self, part: int = 0, parts: int = 1, on_progress: Callable[[int, int], None] | None = None) -> None:
        """Make what is missing, or one of several processes' part of it.

        Args:
            part: number of this process.
            parts: how many there are.
            on_progress: told how many are done of how many.

        Raises:
            BothhandsError: they cannot be written, or the source cannot make them.
        """
        starts = range(part * _AT_ONCE, self._count, parts * _AT_ONCE)
        for start in starts:
            missing = [
                index for index in range(start, min(start + _AT_ONCE, self._count)) if not self._file(index).is_file()
            ]
            if not missing:
                continue
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                for index, sample in zip(missing, self._source.samples(missing), strict=True):
                    self._write(index, sample)
            except OSError as error:
                raise BothhandsError(f"The pool {self._folder} cannot be written ({error}).") from error
            if on_progress is not None:
                on_progress(start + _AT_ONCE, self._count)

    def _write(self, index: int, sample: Sample) -> None:
        """Beside, then renamed: what a kill leaves is no image."""
        beside = self._file(index).with_suffix(".part")
        write_sample(beside, sample)
        beside.replace(self._file(index))

    def _file(self, index: int) -> Path:
        return self._folder / f"{index:06d}{SUFFIX}"
