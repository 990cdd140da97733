"""Columns of a session's journal."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from models.registry import FORMER_NAMES

SCHEMA_VERSION = 3
"""Version of the whole session folder; a reader refuses newer ones. Version 1 had neither the columns `model` and
`camera` nor check sums; until version 2 some models had other names, see `models.registry.FORMER_NAMES`."""

_FORMER_NAMES_UNTIL = 2
"""Version."""

VERSION_KEY = b"bothhands.schema_version"
HAND_MODEL_KEY = b"bothhands.hand_model"

# In the metadata of each batch.
FRAMES_KEY = b"bothhands.frames"
UNTIL_KEY = b"bothhands.captured_ns"
"""Frames entered until then, with or without hands, and when the last was taken; the only entries of version 1."""
BEFORE_KEY = b"bothhands.frames_before"
"""Frames entered before the batch: it holds the hands of those between this number and `FRAMES_KEY`."""
SINCE_KEY = b"bothhands.first_captured_ns"
"""When the first of its frames was taken; absent where it has none."""
HEADER_KEY = b"bothhands.header_crc32"
"""Check sum of the metadata at the beginning of the file."""
CHECK_KEY = b"bothhands.crc32"
"""Check sum of the batch: see `app.sessions.checks`."""


def _vector(name: str, length: int, nullable: bool = False) -> pa.Field:
    return pa.field(name, pa.list_(pa.float32(), length), nullable=nullable)


SCHEMA_1 = pa.schema(
    [
        pa.field("frame", pa.int64(), nullable=False),
        pa.field("captured_ns", pa.int64(), nullable=False),
        pa.field("side", pa.string(), nullable=False),
        pa.field("score", pa.float32(), nullable=False),
        pa.field("predicted", pa.bool_(), nullable=False),
        _vector("pose", 48),
        _vector("shape", 10),
        _vector("translation", 3),
        _vector("raw_pose", 48, nullable=True),
        _vector("raw_shape", 10, nullable=True),
        _vector("raw_translation", 3, nullable=True),
        _vector("joints", 63),
        _vector("joints_px", 42),
    ]
)
"""Columns of version 1."""

JOURNAL_SCHEMA = pa.schema(
    [
        *SCHEMA_1,
        pa.field("model", pa.string(), nullable=False),
        pa.field("camera", pa.int32(), nullable=False),
    ]
)
"""One row per frame and side. Smoothed values (pose (16, 3), shape (10,), translation (3,), joints (21, 3), joints_px
(21, 2), row by row) have the units and frames of `models.values`; those that begin with `raw` are before smoothing and
null where the side was not measured in this frame. `model` made the hand; `camera` is the place of its intrinsics in
the table `cameras` of session.json."""


def journal_schema(hand_model: str, notes: Mapping[bytes, bytes] | None = None) -> pa.Schema:
    """The schema with what a reader needs to know before the first row: version and hand model, and further notes."""
    return JOURNAL_SCHEMA.with_metadata(
        {**(notes or {}), VERSION_KEY: str(SCHEMA_VERSION).encode(), HAND_MODEL_KEY: hand_model.encode()}
    )


def version_of(schema: pa.Schema) -> int:
    """The version that a journal's schema names; today's where it names none."""
    told = (schema.metadata or {}).get(VERSION_KEY, b"")
    return int(told) if re.fullmatch(rb"[0-9]{1,9}", told) else SCHEMA_VERSION


def todays_name(model: str, version: int) -> str:
    """Today's name of a model that a session of some version names."""
    return FORMER_NAMES.get(model, model) if version <= _FORMER_NAMES_UNTIL else model


def upgraded(batch: pa.RecordBatch, schema: pa.Schema, model: str, version: int) -> pa.RecordBatch:
    """A batch of any version with today's columns.

    Args:
        batch: with the columns of version 1 or `JOURNAL_SCHEMA`.
        schema: `JOURNAL_SCHEMA` with the metadata wanted.
        model: what made the hands of version 1, which does not say it row by row; by its name today.
        version: of the journal that the batch is from.
    """
    columns = list(batch.columns)
    if batch.num_columns == len(SCHEMA_1):
        columns += [pa.array([model] * batch.num_rows, pa.string()), pa.array(np.zeros(batch.num_rows, np.int32))]
    elif version <= _FORMER_NAMES_UNTIL:
        place = batch.schema.get_field_index("model")
        names = [todays_name(name, version) for name in batch.column(place).to_pylist()]
        columns[place] = pa.array(names, pa.string())
    return pa.RecordBatch.from_arrays(columns, schema=schema)
