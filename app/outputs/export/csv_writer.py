"""CSV: one row per frame and hand, under a header line (docs/export.md)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from app.outputs.export.formats import Progress, WriterOptions
from app.outputs.export.take import Take
from app.sessions.columns import HandColumns
from models.values import FINGERS

_ROWS = 2048
_POSE_JOINTS = (
    "wrist",
    *(f"{finger}_{bone}" for finger in ("index", "middle", "little", "ring", "thumb") for bone in (1, 2, 3)),
)
_JOINTS = ("wrist", *(f"{finger}_{joint}" for finger in FINGERS for joint in ("1", "2", "3", "tip")))


def _names(prefix: str, joints: tuple[str, ...], axes: str) -> list[str]:
    return [f"{prefix}_{joint}_{axis}" for joint in joints for axis in axes]


_WIDE: dict[str, list[str]] = {
    **{
        f"{before}{name}": [f"{before}{column}" for column in columns]
        for before in ("", "raw_")
        for name, columns in (
            ("pose", _names("pose", _POSE_JOINTS, "xyz")),
            ("shape", [f"shape_{number}" for number in range(10)]),
            ("translation", [f"translation_{axis}" for axis in "xyz"]),
        )
    },
    "joints": _names("joint", _JOINTS, "xyz"),
    "joints_px": _names("px", _JOINTS, "xy"),
}
"""Names of the columns that an array column becomes."""


def write(take: Take, path: Path, options: WriterOptions, progress: Progress) -> list[str]:
    """Write the table. See `app.outputs.export.formats.Writer`.

    Numbers are written with as many digits as bring them back to the bit; a raw value that there is not is empty.
    """
    table = _table(take.columns, take.seconds())
    with path.open("wb") as file, csv.CSVWriter(file, table.schema) as writer:
        for start in range(0, table.num_rows, _ROWS):
            progress(start, table.num_rows)
            writer.write_table(table.slice(start, _ROWS))
    progress(table.num_rows, table.num_rows)
    return []


def _table(columns: HandColumns, seconds: np.ndarray) -> pa.Table:
    flat: dict[str, pa.Array] = {}
    for name, array in columns.items():
        for place, wide in enumerate(_WIDE.get(name, ())):
            flat[wide] = pa.array(array[:, place], from_pandas=True)  # what is not a number becomes null
        if name not in _WIDE:
            flat[name] = pa.array(array)
        if name == "captured_ns":
            flat["seconds"] = pa.array(seconds)
    return pa.table(flat)
