"""A contact sheet of a labelled folder."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from models.errors import BothhandsError
from training.datasets.image_folder import ImageFolder
from training.synthetic.preview import contact_sheet

_MOST, _COLUMNS = 64, 8
_QUALITY = 85


def write_preview(folder: Path, path: Path) -> None:
    """Draw images from all over a folder with their labels, as crops that a network would get.

    Raises:
        BothhandsError: the folder cannot be read, or the image not written.
    """
    dataset = ImageFolder(folder)
    chosen = np.unique(np.linspace(0, len(dataset) - 1, _MOST).round().astype(int))
    sheet = contact_sheet([dataset[int(index)] for index in chosen], min(_COLUMNS, len(chosen)))
    try:
        coded = cv2.imencode(path.suffix, cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        path.write_bytes(coded[1].tobytes())
    except (cv2.error, OSError) as error:
        raise BothhandsError(f"The contact sheet {path} cannot be written; end it in .png or .jpg.") from error
