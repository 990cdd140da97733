"""The images to be labelled: folders of photographs, and frames of clips."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from models.errors import BothhandsError
from tracking.sources import IMAGE_SUFFIXES, VIDEO_SUFFIXES
from tracking.sources.image_files import read_image_file
from tracking.sources.naming import readable
from tracking.sources.protocol import SourceError
from tracking.sources.video import VideoSource
from training.datasets.image_folder import Split

LONGEST_SIDE = 640
"""Larger images are scaled down: a hand in them still has more pixels than any network's input."""

_CLIP_RUN = 30
_HELD_OUT_SHARE = 10
_ROBOFLOW = ".rf."
"""Roboflow's exports hold several altered copies of an image, which differ in what follows this."""


@dataclass(frozen=True, eq=False)
class Image:
    """An image to label.

    Attributes:
        name: unique among the images of the sources, without suffix.
        group: images of one group show nearly the same and must not be split.
        image: (H, W, 3) uint8 RGB.
        coverage: (H, W) uint8, alpha of a cut-out; None where the image has no alpha channel.
    """

    name: str
    group: str
    image: np.ndarray
    coverage: np.ndarray | None

    @property
    def split(self) -> Split:
        """One group in ten is held out, always the same ones."""
        digest = hashlib.sha256(self.group.encode()).digest()
        return "held-out" if int.from_bytes(digest[:8], "big") % _HELD_OUT_SHARE == 0 else "train"


class Images:
    """All images of some folders (searched in depth), image files and clips.

    Args:
        sources: what a person named.
        run: so many images that follow each other by file name are one group: series of one person or place.
        by_views: instead, what stands before the last dash of a name tells the group.
        every: of a clip, every so-manieth frame is taken; thirty of them that follow each other are one group.

    Raises:
        BothhandsError: a source is missing or holds neither images nor clips.
    """

    def __init__(self, sources: Sequence[Path], *, run: int = 1, by_views: bool = False, every: int = 3) -> None:
        self._run, self._by_views, self._every = run, by_views, every
        self._files = [(source, _files(source)) for source in sources]

    def __iter__(self) -> Iterator[Image | SourceError]:
        """Image by image; an error stands in for one that cannot be read."""
        for source, files in self._files:
            stills = [path for path in files if path.suffix.lower() in IMAGE_SUFFIXES]
            # A series was taken image by image, whatever folders it was sorted into.
            stills.sort(key=lambda path: (path.name, path))
            for place, path in enumerate(stills):
                first = stills[place - place % self._run]
                yield self._still(path, _name(path, source), _name(first, source))
            for path in files:
                if path.suffix.lower() not in IMAGE_SUFFIXES:
                    yield from self._frames(path)

    def _still(self, path: Path, name: str, first: str) -> Image | SourceError:
        group = first.split(_ROBOFLOW)[0]
        if self._by_views and "-" in name:
            group = name.rsplit("-", 1)[0]
        try:
            image, coverage = _read(path)
        except SourceError as error:
            return error
        return Image(name, group, image, coverage)

    def _frames(self, path: Path) -> Iterator[Image | SourceError]:
        try:
            clip = VideoSource(path)
        except SourceError as error:
            yield error
            return
        try:
            taken, stem = 0, readable(path.stem)
            while (frame := clip.read()) is not None:
                if frame.index % self._every == 0:
                    name, group = f"{stem}-{frame.index:05d}", f"{stem}/{taken // _CLIP_RUN}"
                    yield Image(name, group, _shrunk(frame.image), None)
                    taken += 1
        finally:
            clip.close()


def image_files(source: Path) -> list[Path]:
    """All images of a folder (searched in depth), sorted by path.

    Raises:
        BothhandsError: it is missing, or holds neither images nor clips.
    """
    return [path for path in _files(source) if path.suffix.lower() in IMAGE_SUFFIXES]


def _files(source: Path) -> list[Path]:
    if source.is_file():
        return [source]
    if not source.is_dir():
        raise BothhandsError(f"There is no file or folder {source} to label; check the name.")
    known = IMAGE_SUFFIXES | VIDEO_SUFFIXES
    files = sorted(path for path in source.rglob("[!.]*") if path.suffix.lower() in known and path.is_file())
    if not files:
        raise BothhandsError(f"The folder {source} has neither images nor clips ({', '.join(sorted(known))}).")
    return files


def _name(path: Path, source: Path) -> str:
    inside = path.relative_to(source) if source.is_dir() else Path(path.name)
    return readable("-".join(inside.with_suffix("").parts))


def _read(path: Path) -> tuple[np.ndarray, np.ndarray | None]:
    """Colours as they are below the alpha channel, and that channel."""
    pixels = read_image_file(path).pixels
    coverage = _shrunk(pixels[..., 3]) if pixels.shape[2] == 4 else None
    return _shrunk(np.ascontiguousarray(pixels[..., :3])), coverage


def _shrunk(image: np.ndarray) -> np.ndarray:
    scale = LONGEST_SIDE / max(image.shape[:2])
    return image if scale >= 1.0 else cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
