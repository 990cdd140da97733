"""The one reader of image files: sources, training and labelling all read by it.

Only formats that are listed here are decoded, by what a file holds and not by what its name ends in, and all by Pillow,
which is kept up against damaged and hostile files. OpenCV's decoders are not asked: that of animated PNG crashes the
process at one wrong bit, and so does that of JPEG 2000 (CVE-2025-53644).
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageFile, UnidentifiedImageError

from models.extras import repair
from models.sentences import said, say
from tracking.sources.formats import HEAD_BYTES, image_format, refused_format
from tracking.sources.naming import readable
from tracking.sources.pixels import to_rgb
from tracking.sources.protocol import LARGEST_PIXELS, SourceError, check_size

LARGEST_FILE = 1 << 29
"""Bytes above which a file is not taken for an image."""
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What EXIF's orientation asks for."""
_MULTI_FRAME = "Multi-Frame"
"""How MPO marks views of one scene, unlike the gain maps and previews that phones put beside an image."""
_SHOWN_MS = 100.0
"""Of an animation's images that say no time, as browsers have it."""

# Sizes are checked here, in a sentence of ours, before anything is decoded; Pillow's limit stays as a second one.
Image.MAX_IMAGE_PIXELS = LARGEST_PIXELS
warnings.filterwarnings("ignore", module=r"PIL\b")  # it warns of damaged tags on stderr, and of its limit


@dataclass(frozen=True, eq=False)
class StillImage:
    """An image as its file has it, upright.

    Attributes:
        pixels: (H, W, 3) uint8 RGB, or (H, W, 4) with coverage, colours not multiplied by it; read-only.
        note: one sentence where the file holds more than this image, else "".
    """

    pixels: np.ndarray
    note: str = ""

    @property
    def rgb(self) -> np.ndarray:
        """(H, W, 3) uint8 RGB, read-only; what is transparent is black."""
        return _over_black(self.pixels)


def read_image(path: Path) -> np.ndarray:
    """Read an image file as (H, W, 3) uint8 RGB, read-only.

    One channel becomes three, sixteen bits become eight, transparent pixels black, and a camera's note that it was
    held sideways (EXIF) is followed. Of several images in a file the first is read.

    Raises:
        SourceError: not there, not readable, not an image of a listed format, damaged, or of an absurd size.
    """
    return read_image_file(path).rgb


def read_image_file(path: Path) -> StillImage:
    """Read an image file with its transparency; the rest is as in `read_image`.

    Raises:
        SourceError: as `read_image`.
    """
    with _opened(path) as image:
        frames = _frames(image)
        return StillImage(_pixels(image), _note(readable(path), image, frames))


def count_frames(path: Path) -> int:
    """Images in an animation (animated PNG, WebP, AVIF or GIF); 1 for an image that does not move.

    Raises:
        SourceError: as `read_image`.
    """
    with _opened(path) as image:
        return _frames(image) if _is_animation(image) else 1


def read_animation(path: Path) -> Generator[tuple[float, np.ndarray], None, None]:
    """The images of an animation.

    Yields:
        Milliseconds for which it is shown, and the image, (H, W, 3) uint8 RGB, read-only.

    Raises:
        SourceError: as `read_image`, and where one of the images is damaged.
    """
    with _opened(path) as image:
        # An animated PNG may begin with an image for programs that show no animation.
        first = 1 if image.info.get("default_image") else 0
        for number in range(first, _frames(image) + first):
            image.seek(number)
            pixels = _pixels(image)
            duration = float(image.info.get("duration") or 0.0)
            yield duration if duration > 0.0 else _SHOWN_MS, _over_black(pixels)


@contextmanager
def _opened(path: Path) -> Iterator[ImageFile.ImageFile]:
    """An image whose format and size are known to be good, and whatever Pillow raises in one sentence."""
    name = readable(path)
    data = _bytes_of(path, name)
    kind = image_format(data[:HEAD_BYTES])
    if kind is None:
        other = refused_format(data[:HEAD_BYTES])
        if other is not None:
            raise SourceError(
                say("{name} is a {other} image, which is not read; save it as PNG or JPEG.", name=name, other=other)
            )
        raise SourceError(say("{name} is not an image that can be read.", name=name))
    if kind == "HEIF":
        _know_heif(name)
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as image:
            assert isinstance(image, ImageFile.ImageFile)
            check_size(*image.size, name)
            yield image
    except SourceError:
        raise
    except (Image.DecompressionBombError, MemoryError) as error:
        raise SourceError(say("{name} is too large an image to be read; scale it down.", name=name)) from error
    except Exception as error:  # Pillow's decoders raise whatever a damaged file makes them stumble over
        said = say(
            "{name} is not an image that can be read ({reason}); is the file whole?", name=name, reason=_reason(error)
        )
        raise SourceError(said) from error


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise SourceError(
            say("{name} cannot be read: {reason}.", name=name, reason=str(error.strerror or error))
        ) from error
    except ValueError as error:  # a zero byte in its name
        raise SourceError(say("{name} cannot be read: {reason}.", name=name, reason=said(error))) from error
    if not data:
        raise SourceError(say("{name} is empty; was it copied whole?", name=name))
    if len(data) > LARGEST_FILE:
        raise SourceError(say("{name} is larger than {most} MB; no image is.", name=name, most=LARGEST_FILE >> 20))
    return data


def _know_heif(name: str) -> None:
    try:
        from pi_heif import register_heif_opener  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise SourceError(
            say(
                "{name} is a HEIC image, which needs the package pi-heif. What helps: {repair}; or save it as JPEG.",
                name=name,
                repair=repair(),
            )
        ) from error
    register_heif_opener()


def _reason(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):  # whose text names an object in memory
        return "its header is damaged, or it is of a rare kind, such as colours in floating point: save it as PNG"
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines and len(lines[0]) < 100 else type(error).__name__


def _frames(image: ImageFile.ImageFile) -> int:
    frames = int(getattr(image, "n_frames", 1))
    return max(1, frames - 1) if image.info.get("default_image") else frames


def _is_animation(image: ImageFile.ImageFile) -> bool:
    return image.format in ("PNG", "WEBP", "AVIF", "GIF") and _frames(image) > 1


def _note(name: str, image: ImageFile.ImageFile, frames: int) -> str:
    if frames <= 1:
        return ""
    if _is_animation(image):
        return say(
            "{name} is an animation of {frames} images, of which the first was taken; name it alone to read all.",
            name=name,
            frames=frames,
        )
    if image.format == "MPO" and not _is_multi_frame(image):
        return ""
    return say(
        "{name} holds {frames} images, of which the first was taken; save the others as files of their own.",
        name=name,
        frames=frames,
    )


def _is_multi_frame(image: ImageFile.ImageFile) -> bool:
    entries = (getattr(image, "mpinfo", None) or {}).get(0xB002) or ()
    return any(_MULTI_FRAME in str(entry.get("Attribute", {}).get("MPType", "")) for entry in entries)


def _pixels(image: ImageFile.ImageFile) -> np.ndarray:
    """(H, W, 3 or 4) uint8, read-only."""
    image.load()
    check_size(*image.size, say("The image"))
    upright: Image.Image = image
    turn = _UPRIGHT.get(_orientation(image))
    if turn is not None:
        upright = image.transpose(turn)
    pixels = _as_rgb(upright)
    pixels.flags.writeable = False
    return pixels


def _orientation(image: Image.Image) -> int:
    """EXIF's, of whatever format; 1 (as it is) where there is none or its bytes are damaged."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - an image is an image also where its camera's notes are damaged
        return 1


def _as_rgb(image: Image.Image) -> np.ndarray:
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return to_rgb(np.asarray(image))
    # BMP's fourth channel is padding in most files.
    transparent = image.has_transparency_data and image.format != "BMP"
    mode = "RGBA" if transparent else "RGB"
    return np.asarray(image if image.mode == mode else image.convert(mode))


def _over_black(pixels: np.ndarray) -> np.ndarray:
    if pixels.shape[2] == 3:
        return pixels
    coverage = pixels[..., 3:].astype(np.float32) / 255.0
    rgb = np.rint(pixels[..., :3].astype(np.float32) * coverage).astype(np.uint8)
    rgb.flags.writeable = False
    return rgb
