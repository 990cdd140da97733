"""Weights in files small enough to be brought back, and one file again here.

    python -m training.lent.parts FOLDER --out weights.safetensors

A file of weights in half precision is written with the upper and the lower bytes of its numbers apart, each compressed:
exponents repeat, and a sixth is saved.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

from models.errors import BothhandsError
from models.places import notes_file

LARGEST_PART = 16 << 20
"""Bytes."""
PARTS = "weights.json"
"""What the card of the weights says, and under `parts` which files there are."""
_VERSION = 1
_LARGEST_FILE = 4 << 30


def split_file(path: Path, folder: Path, notes: dict[str, object], largest: int = LARGEST_PART) -> list[Path]:
    """Write a file in parts; those of an earlier one that are there are replaced.

    Args:
        path: of the file.
        folder: where parts go.
        notes: what the weights' card says.
        largest: bytes of a part.

    Returns:
        The parts.

    Raises:
        OSError: they cannot be written.
    """
    data = path.read_bytes()
    halves = [_compressed(data[start::2]) for start in (0, 1)]
    packed = b"".join(halves)
    names: list[str] = []
    for start in range(0, len(packed), largest):
        # A name of their own for each state: while the list says the old ones, these are left alone.
        name = f"weights-{hashlib.sha256(packed).hexdigest()[:8]}.{len(names):02d}"
        (folder / name).write_bytes(packed[start : start + largest])
        names.append(name)
    parts = {
        "version": _VERSION,
        "files": names,
        "halves": [len(half) for half in halves],
        "size": len(data),
        "packed_sha256": hashlib.sha256(packed).hexdigest(),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    unfinished = folder / (PARTS + ".part")
    unfinished.write_text(json.dumps({**notes, "parts": parts}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(folder / PARTS)
    for old in folder.glob("weights-*.[0-9][0-9]"):
        if old.name not in names:
            old.unlink(missing_ok=True)
    return [folder / name for name in names]


def _compressed(data: bytes) -> bytes:
    """By Huffman's code alone: to look for repetitions takes four times as long and finds none."""
    coder = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_HUFFMAN_ONLY)
    return coder.compress(data) + coder.flush()


def join_parts(folder: Path, out: Path) -> Path:
    """Put a file together that `split_file` took apart; its card goes beside it.

    Args:
        folder: with `PARTS` and the parts.
        out: safetensors file to write.

    Returns:
        `out`.

    Raises:
        BothhandsError: a part is missing, cut short or changed, or nothing can be written.
    """
    path = folder / PARTS
    try:
        notes = json.loads(path.read_text(encoding="utf-8"))
        parts = notes.pop("parts")
        if parts["version"] != _VERSION:
            raise BothhandsError(
                f"The parts in {folder} are of version {parts['version']!r}, and this joins {_VERSION}: take the "
                "program that trained them."
            )
        names, halves, size = list(parts["files"]), [int(half) for half in parts["halves"]], int(parts["size"])
        sums = str(parts["packed_sha256"]), str(parts["sha256"])
    except OSError as error:
        raise BothhandsError(
            f"{folder} holds no weights in parts: {path} cannot be read ({error.strerror})."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BothhandsError(f"{path} is damaged ({error}); bring it back again.") from error
    packed = b"".join(_part(folder, name) for name in names)
    if hashlib.sha256(packed).hexdigest() != sums[0]:
        raise BothhandsError(f"The parts in {folder} are cut short or changed (sha256 differs); bring them back again.")
    data = bytearray(min(size, _LARGEST_FILE))
    try:
        data[0::2], data[1::2] = (zlib.decompress(half) for half in (packed[: halves[0]], packed[halves[0] :]))
    except (zlib.error, ValueError) as error:
        raise BothhandsError(f"The parts in {folder} do not make a file ({error}); bring them back again.") from error
    if hashlib.sha256(data).hexdigest() != sums[1]:
        raise BothhandsError(f"The parts in {folder} make another file than was trained; bring them back again.")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(data)
        notes_file(out).write_text(json.dumps(notes, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise BothhandsError(
            f"The weights cannot be written to {out} ({error.strerror}); name another place."
        ) from error
    return out


def _part(folder: Path, name: str) -> bytes:
    if Path(name).name != name:
        raise BothhandsError(f"{folder / PARTS} names {name!r}, which is no file beside it; bring it back again.")
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise BothhandsError(f"The part {folder / name} is missing ({error.strerror}); bring it back, too.") from error


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(
        f"python -m {__package__}.parts", description="Put weights together that came back in parts."
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.safetensors")
    given = parser.parse_args(arguments)
    try:
        print(f"The weights are in {join_parts(given.folder, given.out)}.")  # noqa: T201 - it is a command
    except BothhandsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
