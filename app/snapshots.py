"""Single images that a person keeps."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
from PIL import Image

from models.errors import BothhandsError
from models.sentences import say


def save_snapshot(image: np.ndarray, folder: Path, *, hands: bool, taken: datetime) -> Path:
    """Write an image as PNG, under a name of its own.

    Args:
        image: (H, W, 3) uint8 RGB.
        folder: made where it is not there.
        hands: whether the hands are drawn in; the name says it.
        taken: when.

    Returns:
        The file.

    Raises:
        BothhandsError: it cannot be written.
    """
    stem = f"{taken:%Y%m%d-%H%M%S}{'-hands' if hands else ''}"
    number = 1
    try:
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            path = folder / (f"{stem}.png" if number == 1 else f"{stem}-{number}.png")
            try:
                with path.open("xb") as file:  # never over an older one
                    Image.fromarray(image).save(file, "PNG")
                return path
            except FileExistsError:
                number += 1
    except OSError as error:
        raise BothhandsError(
            say(
                "The snapshot cannot be written in {folder} ({reason}); free some space or make that folder writable.",
                folder=folder,
                reason=str(error.strerror or error),
            )
        ) from error
