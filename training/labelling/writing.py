"""Writes a labelled folder: images and `labels.json`, as `training.datasets.image_folder` reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from models.errors import BothhandsError
from training.datasets.image_folder import LABELS
from training.labelling.images import Image

_JPEG_QUALITY = 95


def make_empty(folder: Path) -> None:
    """Make a folder that holds nothing yet.

    Raises:
        BothhandsError: it holds something, or cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise BothhandsError(f"The folder {folder} is not empty; empty it or name another one.")
    except OSError as error:
        raise _unwritable(folder, error) from error


def write_image(image: Image, folder: Path, taken: dict[str, Any]) -> str:
    """Write an image under a name not taken yet, which is returned; cut-outs keep their alpha channel.

    Raises:
        BothhandsError: the folder cannot be written.
    """
    if image.coverage is None:
        suffix, pixels = ".jpg", cv2.cvtColor(image.image, cv2.COLOR_RGB2BGR)
    else:
        suffix, pixels = ".png", np.dstack([cv2.cvtColor(image.image, cv2.COLOR_RGB2BGR), image.coverage])
    name, number = f"{image.name}{suffix}", 2
    while name in taken:
        name, number = f"{image.name}_{number}{suffix}", number + 1
    coded = cv2.imencode(suffix, pixels, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1]
    try:
        (folder / name).write_bytes(coded.tobytes())
    except OSError as error:
        raise _unwritable(folder, error) from error
    return name


def write_labels(folder: Path, source_name: str, licence: str, entries: Mapping[str, Any]) -> None:
    """Write the labels of all images.

    Args:
        folder: of the images.
        source_name: who made them.
        licence: under which terms they may be used.
        entries: by file name.

    Raises:
        BothhandsError: the folder cannot be written.
    """
    content = {"source": source_name, "licence": licence, "pictures": entries}
    try:
        (folder / LABELS).write_text(json.dumps(content), encoding="utf-8")
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> BothhandsError:
    return BothhandsError(f"The labels cannot be written to {folder} ({error}); name another place.")
