"""Names of files as a person may be shown them and as JSON may hold them."""

from __future__ import annotations

import os
from pathlib import Path


def readable(path: Path | str) -> str:
    """A path as text that can be printed and stored anywhere.

    File names are bytes on Linux. Those that are no UTF-8, and under an ASCII locale all that are not ASCII, reach
    Python with stand-ins (PEP 383) that neither JSON nor a terminal takes.
    """
    return os.fsencode(path).decode("utf-8", "replace")


def shortened(name: str, most_bytes: int) -> str:
    """A name of a file, cut so that it takes no more bytes, between two characters."""
    data = os.fsencode(name)
    if len(data) <= most_bytes:
        return name
    return os.fsdecode(data[:most_bytes].decode("utf-8", "ignore").encode())


def storable(spec: str) -> str:
    """What names a source, as text that settings can hold: a path of other bytes than UTF-8 becomes a file address."""
    try:
        spec.encode()
    except UnicodeEncodeError:
        return Path(spec).absolute().as_uri()
    return spec
