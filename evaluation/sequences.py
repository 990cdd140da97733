"""Frames around annotated ones, in the order in which a tracker would have met them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from models.errors import BothhandsError
from tracking.sources import open_source
from tracking.sources.image_files import read_image
from tracking.sources.stamped import StampedImage, image_sequences
from tracking.values import Frame


@dataclass(frozen=True, eq=False)
class SequenceFrame:
    """A frame to track.

    Attributes:
        frame: the image and its time.
        name: under which it is annotated, if it is.
        begins: whether it is the first of its sequence.
    """

    frame: Frame
    name: str
    begins: bool


def read_sequences(names: Iterable[str], source: Path) -> Iterator[SequenceFrame]:
    """All frames up to the last annotated one of each sequence.

    Args:
        names: annotated frames.
        source: a clip, whose frames are named by number, or the folder below which images are named by path.
            Images of one folder whose names are equal but for a number at their end are a sequence: seconds where
            an "s" follows ("b000_0002.85s.jpg"), else places at 25 a second ("a_0046.jpg").

    Raises:
        BothhandsError: a name that no frame has.
    """
    if source.is_dir():
        yield from _pictures(list(names), source)
    else:
        yield from _clip(set(names), source)


def _clip(names: set[str], source: Path) -> Iterator[SequenceFrame]:
    wrong = next((name for name in sorted(names) if not name.isdigit()), None)
    if wrong is not None:
        raise BothhandsError(f"{source} is a clip, whose frames have numbers, but {wrong!r} is annotated.")
    by_number = {int(name): name for name in names}
    last = max(by_number)
    clip = open_source(str(source))
    try:
        for index in range(last + 1):
            frame = clip.read()
            if frame is None:
                raise BothhandsError(f"Frame {last} is annotated, but {source} ends after {index} frames.")
            yield SequenceFrame(frame, by_number.get(index, ""), begins=index == 0)
    finally:
        clip.close()


def _pictures(names: list[str], folder: Path) -> Iterator[SequenceFrame]:
    missing = next((name for name in names if not (folder / name).is_file()), None)
    if missing is not None:
        raise BothhandsError(f"{missing} is annotated, but there is no such image below {folder}.")
    wanted = set(names)
    bursts = {(path.parent, StampedImage.of(path).burst) for path in (folder / name for name in names)}
    kinds = {Path(name).suffix for name in names}
    around = [
        path
        for parent in sorted({parent for parent, _ in bursts})
        for path in parent.iterdir()
        if path.suffix in kinds and (parent, StampedImage.of(path).burst) in bursts
    ]
    index = 0
    for sequence in image_sequences(around):
        named = [(image, image.path.relative_to(folder).as_posix()) for image in sequence]
        last = max((place for place, (_, name) in enumerate(named) if name in wanted), default=-1)
        for place, (image, name) in enumerate(named[: last + 1]):
            captured_ns = image.captured_ns + place  # two images of one time follow each other
            yield SequenceFrame(Frame(index, captured_ns, read_image(image.path)), name, begins=place == 0)
            index += 1
