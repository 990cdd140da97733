"""SHA256SUMS, as `sha256sum --check` reads it."""

from __future__ import annotations

from pathlib import Path

from models.digest import file_sha256

NAME = "SHA256SUMS"


def write(folder: Path) -> Path:
    """Write the sums of all files in a folder beside them; returns that file."""
    lines = []
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name != NAME:
            lines.append(f"{file_sha256(path)}  {path.name}\n")
    sums = folder / NAME
    sums.write_text("".join(lines), encoding="ascii")
    return sums
