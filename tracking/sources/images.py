"""Folders of images, and single images."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from models.sentences import said, say
from tracking.sources.image_files import read_image_file
from tracking.sources.naming import readable
from tracking.sources.protocol import SourceError
from tracking.sources.suffixes import IMAGE_SUFFIXES, a_video_in, videos_below
from tracking.values import Frame

_SEQUENCE_FPS = 30.0
_MOST_NAMED = 3


class ImageFolderSource:
    """The images of one folder (not of folders in it), or one image.

    Images that stand alone come in plain name order, as `sorted` gives it; those of a clip in natural order, so
    that image 10 follows image 9 also without leading zeros. `Frame.index` is the place in that order, also
    where an image before it could not be read. `captured_ns` puts a second between images that stand alone.
    """

    live = False
    ended_early = False

    def __init__(self, path: Path, *, sequence: bool = False, on_notice: Callable[[str], None] | None = None) -> None:
        """Find the images and read the first one.

        Args:
            path: a folder, or an image.
            sequence: the images are a clip at 30 images a second.
            on_notice: gets one sentence for each image that is skipped, for each file that holds more than the
                image that is taken, and for videos that lie among the images and are not read.

        Raises:
            SourceError: nothing there, no permission, no images, or none that can be read.
        """
        self._files = _image_files(path, natural=sequence)
        self._notice = on_notice or (lambda text: None)
        self._next = 0
        self.name = readable(path.name or path)
        self.independent = not sequence
        self.fps = _SEQUENCE_FPS if sequence else None
        self.frame_count: int | None = len(self._files)
        self._step_ns = 1e9 / (self.fps or 1.0)
        self._ahead = self._read_next(first=True)
        if self._ahead is None:
            raise SourceError(
                say(
                    "None of the {count} images in {name} can be read; are the files whole?",
                    count=len(self._files),
                    name=readable(path),
                )
            )
        height, width = self._ahead.image.shape[:2]
        self.size = (width, height)
        if path.is_dir():
            self._tell_of_videos(path)

    def read(self) -> Frame | None:
        """The next image that can be read, or None after the last one and after `close`."""
        frame, self._ahead = self._ahead, None
        return frame or self._read_next()

    def close(self) -> None:
        """End it: `read` gives None from now on."""
        self._ahead = None
        self._next = len(self._files)

    def _read_next(self, first: bool = False) -> Frame | None:
        while self._next < len(self._files):
            index = self._next
            self._next += 1
            try:
                picture = read_image_file(self._files[index])
            except SourceError as error:
                if first and len(self._files) == 1:
                    raise
                self._notice(say("Skipped an image: {reason}", reason=said(error)))
                continue
            if picture.note:
                self._notice(picture.note)
            return Frame(index, round(index * self._step_ns), _read_only(picture.rgb))
        return None

    def _tell_of_videos(self, folder: Path) -> None:
        videos = [readable(video.relative_to(folder)) for video in videos_below(folder)]
        if videos:
            names = ", ".join(videos[:_MOST_NAMED]) + (", …" if len(videos) > _MOST_NAMED else "")
            count = say("1 video was") if len(videos) == 1 else say("{count} videos were", count=len(videos))
            self._notice(
                say(
                    "{videos} passed over in {folder} ({names}), because a folder with images in it is read as "
                    "images; move the images away, or name the videos.",
                    videos=count,
                    folder=readable(folder),
                    names=names,
                )
            )


def _read_only(image: np.ndarray) -> np.ndarray:
    image.flags.writeable = False
    return image


def _image_files(path: Path, natural: bool) -> list[Path]:
    try:
        if not path.exists():
            raise SourceError(say("There is no file or folder {name}; check the name.", name=readable(path)))
        if path.is_file():
            return [path]
        files = [file for file in path.iterdir() if file.suffix.lower() in IMAGE_SUFFIXES and file.is_file()]
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(say("{name} cannot be read: {reason}.", name=readable(path), reason=str(reason))) from error
    # Names that start with a dot are left-overs of other systems ("._hand.jpg"), not images.
    files = [file for file in files if not file.name.startswith(".")]
    if not files:
        kinds = ", ".join(sorted(suffix[1:] for suffix in IMAGE_SUFFIXES))
        video = a_video_in(path)
        hint = (
            say("name a folder that has")
            if video is None
            else say("name one of its videos ({name})", name=readable(video))
        )
        raise SourceError(
            say("The folder {name} has no images ({kinds}); {hint}.", name=readable(path), kinds=kinds, hint=hint)
        )
    return sorted(files, key=_natural if natural else lambda file: file.name)


def _natural(file: Path) -> tuple[list[tuple[int, str]], str]:
    """Sorting key by which "frame9" comes before "frame10"; the plain name decides between "1" and "01"."""
    parts = re.split(r"(\d+)", file.name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts], file.name
