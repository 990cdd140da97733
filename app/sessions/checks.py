"""What a batch of a journal must hold to be believed: whole arrays, values that can be, and the right check sum."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from app.sessions.schema import BEFORE_KEY, FRAMES_KEY, HEADER_KEY, SINCE_KEY, UNTIL_KEY
from models.values import SIDES, HandReconstruction

MOST_NS = 1 << 62
"""Beyond this, which are 146 years, no clock counts; the difference of two times below it is still an int64."""
MOST_FRAMES = 1 << 53
MOST_METRES = 1e4
MOST_PX = 1e7
"""Hands farther away than this are none, and would overflow what draws them."""
_LONGEST_NAME = 200
_COUNTED = (BEFORE_KEY, FRAMES_KEY, SINCE_KEY, UNTIL_KEY, HEADER_KEY)
_LIMITS = {"score": 1e3, "pose": 1e4, "shape": 1e4, "translation": MOST_METRES, "joints": MOST_METRES}
_LIMITS |= {"joints_px": MOST_PX}


def check_sum(batch: pa.RecordBatch, metadata: Mapping[bytes, bytes]) -> bytes:
    """CRC-32 (ISO 3309) of a batch's values and counts, as eight hexadecimal digits.

    It runs over the texts of the metadata's counts, then over each column: texts, a zero byte behind each; numbers in
    little-endian order, a null list as zeros; and, where lists may be null, one byte for each, 1 where it is.

    Args:
        batch: validated, with the columns of `JOURNAL_SCHEMA`.
        metadata: its counts.
    """
    crc = 0
    for key in _COUNTED:
        crc = zlib.crc32(metadata.get(key, b"") + b"\0", crc)
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if pa.types.is_string(field.type):
            crc = zlib.crc32("".join(f"{text}\0" for text in column.to_pylist()).encode(), crc)
        elif pa.types.is_fixed_size_list(field.type):
            values, missing = list_values(column)
            values = np.where(missing[:, None], 0, values) if column.null_count else values
            crc = zlib.crc32(np.ascontiguousarray(values, "<f4").tobytes(), crc)
            if field.nullable:
                crc = zlib.crc32(missing.astype("u1").tobytes(), crc)
        else:
            numbers = column.to_numpy(zero_copy_only=False)
            crc = zlib.crc32(numbers.astype(numbers.dtype.newbyteorder("<")).tobytes(), crc)
    return f"{crc:08x}".encode()


def header_sum(schema: pa.Schema) -> bytes:
    """CRC-32 of a schema's metadata, as eight hexadecimal digits: keys in order, each with its value behind it."""
    items = sorted((schema.metadata or {}).items())
    return f"{zlib.crc32(b''.join(key + bytes(1) + value + bytes(1) for key, value in items)):08x}".encode()


def list_values(column: pa.FixedSizeListArray) -> tuple[np.ndarray, np.ndarray]:
    """Values (N, L) and which rows are null, (N,) bool; of a null row the values mean nothing.

    Args:
        column: of lists of L numbers.
    """
    length = column.type.list_size
    # `values` ignores where the array was sliced and which lists are null.
    flat = column.values.to_numpy(zero_copy_only=False)[column.offset * length :][: len(column) * length]
    missing = column.is_null().to_numpy(zero_copy_only=False) if column.null_count else np.zeros(len(column), bool)
    return flat.reshape(-1, length), missing


def fault_in(batch: pa.RecordBatch) -> str:
    """What cannot be in the values of a validated batch, as words; "" where all can be."""
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if column.null_count and not field.nullable:
            return f"a {field.name} is missing"
        if field.name in _LIMITS and not _bounded(_numbers(column), _LIMITS[field.name]):
            return f"a {field.name} is no number that can be"
    for name, least, most in (("frame", 0, MOST_FRAMES), ("captured_ns", -MOST_NS, MOST_NS), ("camera", 0, 1 << 31)):
        if name in batch.schema.names:
            numbers = batch.column(name).to_numpy(zero_copy_only=False)
            if np.any(numbers < least) or np.any(numbers >= most):
                return f"a {name} is no number that can be"
    if not set(batch.column("side").to_pylist()) <= set(SIDES):
        return "a side is neither left nor right"
    if "model" in batch.schema.names and any(len(name) > _LONGEST_NAME for name in batch.column("model").to_pylist()):
        return "a model has no name that can be"
    return ""


def can_be(hand: HandReconstruction) -> bool:
    """Whether a hand lies anywhere at all; one that does not is not written, and not believed when it is read."""
    parameters = hand.parameters
    return (
        np.isfinite(hand.score)
        and _bounded(parameters.pose, _LIMITS["pose"])
        and _bounded(parameters.shape, _LIMITS["shape"])
        and _bounded(parameters.translation, MOST_METRES)
        and _bounded(hand.joints, MOST_METRES)
        and _bounded(hand.joints_px, MOST_PX)
    )


def _numbers(column: pa.Array) -> np.ndarray:
    if pa.types.is_fixed_size_list(column.type):
        return list_values(column)[0]
    return column.to_numpy(zero_copy_only=False)


def _bounded(numbers: np.ndarray, most: float) -> bool:
    return bool(np.all(np.abs(numbers) <= most))  # false for what is not a number
