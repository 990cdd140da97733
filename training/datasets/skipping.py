"""Going on past damaged images, and telling how many there were."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from models.errors import BothhandsError
from training.data.samples import Sample
from training.datasets.protocol import HandDataset, UnreadableImageError

_GIVE_UP = 200
"""Damaged images in a row after which the folder, not the image, is taken to be at fault."""


class SkippedImages:
    """Which images were left out and why.

    Args:
        on_notice: gets one sentence for each, the first time it is met.

    Attributes:
        reasons: by the image's number, one sentence.
    """

    def __init__(self, on_notice: Callable[[str], None] | None = None) -> None:
        self.reasons: dict[int, str] = {}
        self._notice = on_notice or _say_nothing

    def add(self, index: int, error: UnreadableImageError) -> None:
        """Note one; again has no effect."""
        if index not in self.reasons:
            self.reasons[index] = str(error)
            self._notice(f"Skipped an image: {error}")

    def summary(self, pictures: int) -> str:
        """One sentence for the end of a run over so many images; "" where none was skipped."""
        if not self.reasons:
            return ""
        first = next(iter(self.reasons.values()))
        return f"{len(self.reasons)} of {pictures} images were skipped; the first: {first}"


def readable_samples(
    dataset: HandDataset, skipped: SkippedImages, groups: Sequence[str | None] | None = None
) -> Iterator[tuple[Sample, str | None]]:
    """Every image that can be read, once, in order: what `evaluate` reads.

    Args:
        dataset: the images.
        skipped: notes the others.
        groups: by image, what shows the same hand shape; None: all stand alone.

    Raises:
        BothhandsError: none can be read, or far too many in a row cannot.
    """
    row = 0
    for index in range(len(dataset)):
        try:
            sample = dataset[index]
        except UnreadableImageError as error:
            skipped.add(index, error)
            row += 1
            if row >= min(_GIVE_UP, len(dataset)):
                raise _hopeless(row, error) from error
            continue
        row = 0
        yield sample, groups[index] if groups is not None else None


class SubstitutingDataset:
    """A data set for training, where a batch must be full: the next image stands in for one that cannot be read.

    The same number gives the same image, so that a resumed run sees the same data. Worker processes each keep a
    count of their own.

    Args:
        dataset: the images.
        skipped: notes those that cannot be read.
    """

    def __init__(self, dataset: HandDataset, skipped: SkippedImages) -> None:
        self._dataset = dataset
        self.skipped = skipped

    def __len__(self) -> int:
        """How many images, damaged ones included."""
        return len(self._dataset)

    def __getitem__(self, index: int) -> Sample:
        """The image of this number, or the next after it that can be read.

        Raises:
            BothhandsError: none can be read, or far too many in a row cannot.
            IndexError: there is no such number.
        """
        size = len(self)
        if not -size <= index < size:
            raise IndexError(f"there is no image {index} among {size}")
        for tried in range(1, size + 1):
            candidate = (index + tried - 1) % size
            try:
                return self._dataset[candidate]
            except UnreadableImageError as error:
                self.skipped.add(candidate, error)
                if tried >= min(_GIVE_UP, size):
                    raise _hopeless(tried, error) from error
        raise AssertionError("a data set of no images has no number to ask for")


def _hopeless(row: int, error: UnreadableImageError) -> BothhandsError:
    return BothhandsError(
        f"{row} images in a row cannot be read, so that the folder seems to be at fault; the last: {error}"
    )


def _say_nothing(_text: str) -> None:
    """A function with a name, so that a data set can be given to other processes."""
