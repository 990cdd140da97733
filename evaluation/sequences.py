"""Frames around annotated ones, in the order in which a tracker would have met them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from models.errors import BothhandsError
from tracking.sources import open_source
from tracking.sources.pictures import read_picture
from tracking.values import Frame

PICTURES_A_SECOND = 25.0
"""Rate at which numbered images of a folder are taken to follow each other."""
LONGEST_GAP = 1.5
"""Seconds without an image after which another sequence begins."""
_STAMP = re.compile(r"(?P<burst>.*?)_?(?P<number>\d+(?:\.\d+)?)(?P<unit>s?)$")


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


@dataclass(frozen=True)
class _Stamped:
    path: Path
    name: str
    seconds: float


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
    annotated: dict[tuple[Path, str], set[str]] = defaultdict(set)
    for name in names:
        path = folder / name
        annotated[path.parent, _burst(path)].add(name)
    index = 0
    for (parent, burst), wanted in sorted(annotated.items()):
        stamped = [
            _Stamped(path, path.relative_to(folder).as_posix(), _seconds(path))
            for path in parent.iterdir()
            if path.suffix == Path(next(iter(wanted))).suffix and _burst(path) == burst
        ]
        stamped.sort(key=lambda entry: (entry.seconds, entry.name))
        for sequence in _split(stamped):
            last = max((place for place, entry in enumerate(sequence) if entry.name in wanted), default=-1)
            for place, entry in enumerate(sequence[: last + 1]):
                captured_ns = int(entry.seconds * 1e9) + place  # two images of one time follow each other
                yield SequenceFrame(Frame(index, captured_ns, read_picture(entry.path)), entry.name, begins=place == 0)
                index += 1


def _split(stamped: list[_Stamped]) -> Iterator[list[_Stamped]]:
    start = 0
    for place in range(1, len(stamped) + 1):
        if place == len(stamped) or stamped[place].seconds - stamped[place - 1].seconds > LONGEST_GAP:
            yield stamped[start:place]
            start = place


def _burst(path: Path) -> str:
    match = _STAMP.match(path.stem)
    return match["burst"] if match else path.stem


def _seconds(path: Path) -> float:
    match = _STAMP.match(path.stem)
    if match is None:
        return 0.0
    return float(match["number"]) / (1.0 if match["unit"] else PICTURES_A_SECOND)
