"""Columns of a session's journal."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

SCHEMA_VERSION = 1
"""Version of the whole session folder; a reader refuses newer ones."""

VERSION_KEY = b"bothhands.schema_version"
HAND_MODEL_KEY = b"bothhands.hand_model"

FRAMES_KEY = b"bothhands.frames"
UNTIL_KEY = b"bothhands.captured_ns"
"""In the metadata of each batch: frames entered until then, with or without hands, and when the last was taken."""


def _vector(name: str, length: int, nullable: bool = False) -> pa.Field:
    return pa.field(name, pa.list_(pa.float32(), length), nullable=nullable)


JOURNAL_SCHEMA = pa.schema(
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
"""One row per frame and side. Smoothed values (pose (16, 3), shape (10,), translation (3,), joints (21, 3), joints_px
(21, 2), row by row) have the units and frames of `models.values`; those that begin with `raw` are before smoothing and
null where the side was not measured in this frame."""


def journal_schema(hand_model: str, notes: Mapping[bytes, bytes] | None = None) -> pa.Schema:
    """The schema with what a reader needs to know before the first row: version and hand model, and further notes."""
    return JOURNAL_SCHEMA.with_metadata(
        {**(notes or {}), VERSION_KEY: str(SCHEMA_VERSION).encode(), HAND_MODEL_KEY: hand_model.encode()}
    )
