"""What every data set offers, and what they share when they read files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

from models.errors import BothhandsError
from training.data.samples import Sample


class HandDataset(Protocol):
    """Labelled images by number, the same image for the same number.

    Rows of a label's joints that are not numbers are not known: an annotator left them out, or they lie outside the
    image.
    """

    def __len__(self) -> int:
        """How many images."""
        ...

    def __getitem__(self, index: int) -> Sample:
        """Read one image.

        Raises:
            UnreadableImageError: this one is missing or damaged; the others need not be.
            IndexError: there is no such number.
        """
        ...


class UnreadableImageError(BothhandsError):
    """One image among others, or its own label file, is missing or damaged."""


def read_json(path: Path, origin: str) -> Any:
    """Read an annotation file.

    Args:
        path: where it is.
        origin: where it can be had, for messages.

    Raises:
        BothhandsError: it is missing, cannot be read, or ends too early; the text names it.
    """
    try:
        with path.open("rb") as file:
            return json.load(file)
    except FileNotFoundError as error:
        raise BothhandsError(f"There is no annotation file {path}; get it from {origin}.") from error
    except OSError as error:
        raise BothhandsError(f"The annotation file {path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:  # JSON and its encoding
        raise BothhandsError(
            f"The annotation file {path} is damaged or half downloaded ({error}); get it anew from {origin}."
        ) from error
