"""Folders of pictures, and single pictures."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from tracking.sources import IMAGE_SUFFIXES
from tracking.sources.protocol import SourceError, check_size
from tracking.values import Frame

_SEQUENCE_FPS = 30.0


class ImageFolderSource:
    """The pictures of one folder (not of folders in it), or one picture.

    Pictures that stand alone come in plain name order, as `sorted` gives it; those of a clip in natural order, so
    that picture 10 follows picture 9 also without leading zeros. `Frame.index` is the place in that order, also
    where a picture before it could not be read. `captured_ns` puts a second between pictures that stand alone.
    """

    live = False

    def __init__(self, path: Path, *, sequence: bool = False, on_notice: Callable[[str], None] | None = None) -> None:
        """Find the pictures and read the first one.

        Args:
            path: a folder, or a picture.
            sequence: the pictures are a clip at 30 pictures a second.
            on_notice: gets one sentence for each picture that is skipped.

        Raises:
            SourceError: nothing there, no permission, no pictures, or none that can be read.
        """
        self._files = _picture_files(path, natural=sequence)
        self._notice = on_notice or (lambda text: None)
        self._next = 0
        self.name = path.name or str(path)
        self.independent = not sequence
        self.fps = _SEQUENCE_FPS if sequence else None
        self.frame_count: int | None = len(self._files)
        self._step_ns = 1e9 / (self.fps or 1.0)
        self._ahead = self._read_next(first=True)
        if self._ahead is None:
            raise SourceError(f"None of the {len(self._files)} pictures in {path} can be read; are the files whole?")
        height, width = self._ahead.image.shape[:2]
        self.size = (width, height)

    def read(self) -> Frame | None:
        """The next picture that can be read, or None after the last one and after `close`."""
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
                image = read_picture(self._files[index])
            except SourceError as error:
                if first and len(self._files) == 1:
                    raise
                self._notice(f"Skipped a picture: {error}")
                continue
            return Frame(index, round(index * self._step_ns), image)
        return None


def read_picture(path: Path) -> np.ndarray:
    """Read a picture file as (H, W, 3) uint8 RGB, read-only.

    One channel becomes three, sixteen bits become eight, transparent pixels black, and a camera's note that it was
    held sideways (EXIF) is followed.

    Raises:
        SourceError: not there, not readable, not a picture, or of an absurd size.
    """
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}.") from error
    try:
        image = _decode(data) if data.size else None
    except cv2.error:  # OpenCV's own limits on size
        image = None
    if image is None:
        raise SourceError(f"{path} is empty." if not data.size else f"{path} is not a picture that can be read.")
    check_size(image.shape[1], image.shape[0], str(path))
    image.flags.writeable = False
    return image


def _decode(data: np.ndarray) -> np.ndarray | None:
    # BMP's fourth channel is padding in most files, so that only PNG and WebP are asked for transparency.
    if data[:8].tobytes() == b"\x89PNG\r\n\x1a\n" or data[8:12].tobytes() == b"WEBP":
        image = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
        if image is not None and image.ndim == 3 and image.shape[2] == 4:
            top = 65535.0 if image.dtype == np.uint16 else 255.0
            alpha = image[..., 3:].astype(np.float32) / top
            over_black = image[..., :3].astype(np.float32) * alpha * (255.0 / top)
            return cv2.cvtColor(np.rint(over_black).astype(np.uint8), cv2.COLOR_BGR2RGB)
    return cv2.imdecode(data, cv2.IMREAD_COLOR_RGB)


def _picture_files(path: Path, natural: bool) -> list[Path]:
    try:
        if not path.exists():
            raise SourceError(f"There is no file or folder {path}; check the name.")
        if path.is_file():
            return [path]
        files = [file for file in path.iterdir() if file.suffix.lower() in IMAGE_SUFFIXES and file.is_file()]
    except OSError as error:
        raise SourceError(f"The folder {path} cannot be read: {error.strerror or error}.") from error
    # Names that start with a dot are left-overs of other systems ("._hand.jpg"), not pictures.
    files = [file for file in files if not file.name.startswith(".")]
    if not files:
        kinds = ", ".join(sorted(suffix[1:] for suffix in IMAGE_SUFFIXES))
        raise SourceError(f"The folder {path} has no pictures ({kinds}); name a folder that has.")
    return sorted(files, key=_natural if natural else lambda file: file.name)


def _natural(file: Path) -> tuple[list[tuple[int, str]], str]:
    """Sorting key by which "frame9" comes before "frame10"; the plain name decides between "1" and "01"."""
    parts = re.split(r"(\d+)", file.name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts], file.name
