"""Images of a folder that follow each other, by the number at the end of their names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

IMAGES_A_SECOND = 25.0
"""Rate at which numbered images of a folder are taken to follow each other."""
LONGEST_GAP = 1.5
"""Seconds without an image after which another sequence begins."""
_STAMP = re.compile(r"(?P<burst>.*?)_?(?P<number>\d+(?:\.\d+)?)(?P<unit>s?)$")


@dataclass(frozen=True)
class StampedImage:
    """An image and when it was taken.

    Attributes:
        path: of the image.
        burst: its name without the number at its end.
        seconds: since any moment that images of one burst share.
    """

    path: Path
    burst: str
    seconds: float

    @staticmethod
    def of(path: Path) -> StampedImage:
        """By its name: seconds where an "s" follows the number ("b000_0002.85s.jpg"), else places at 25 a second
        ("a_0046.jpg").
        """
        match = _STAMP.match(path.stem)
        if match is None:
            return StampedImage(path, path.stem, 0.0)
        return StampedImage(path, match["burst"], float(match["number"]) / (1.0 if match["unit"] else IMAGES_A_SECOND))

    @property
    def captured_ns(self) -> int:
        """The same time as `Frame` has it."""
        return int(self.seconds * 1e9)


def image_sequences(paths: Iterable[Path]) -> list[list[StampedImage]]:
    """Images in the order in which a camera took them.

    Args:
        paths: images of one kind.

    Returns:
        Sequences, sorted by name, each in the order of time: images of one folder whose names are equal but for the
        number at their end, without a gap of more than `LONGEST_GAP`.
    """
    bursts: dict[tuple[Path, str], list[StampedImage]] = defaultdict(list)
    for path in paths:
        image = StampedImage.of(path)
        bursts[path.parent, image.burst].append(image)
    sequences: list[list[StampedImage]] = []
    for _, burst in sorted(bursts.items()):
        burst.sort(key=lambda image: (image.seconds, image.path.name))
        for place, image in enumerate(burst):
            if place == 0 or image.seconds - burst[place - 1].seconds > LONGEST_GAP:
                sequences.append([])
            sequences[-1].append(image)
    return sequences
