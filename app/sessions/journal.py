"""The hands of a session: an Arrow IPC stream that survives the process that writes it.

A stream needs no footer: every batch that reached the file can be read, whatever happened afterwards
(https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format).
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from app.sessions.schema import (
    FRAMES_KEY,
    HAND_MODEL_KEY,
    JOURNAL_SCHEMA,
    SCHEMA_VERSION,
    UNTIL_KEY,
    VERSION_KEY,
    journal_schema,
)
from models.errors import BothhandsError
from models.values import SIDES, HandParameters, HandReconstruction, Side
from tracking.values import TrackedFrame

_BATCH_NS = 400_000_000
_BATCH_ROWS = 256
_SYNC_SECONDS = 1.0


class _Row(NamedTuple):
    """One hand in one frame. Without the picture: rows wait for up to 0.4 s."""

    frame: int
    captured_ns: int
    side: Side
    predicted: bool
    hand: HandReconstruction
    raw: HandParameters | None


class HandJournal:
    """Writes the hands of one frame after the other.

    Rows go to the file at least every 0.4 s of captured time, and to the disk itself each second, so that a killed
    process loses less than half a second and a power cut little more than one. Each batch notes how many frames were
    entered until then, and when the last one was taken: frames without hands have no row.
    """

    def __init__(
        self,
        path: Path,
        hand_model: str,
        *,
        notes: Mapping[bytes, bytes] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Create the file, which must not exist yet.

        Args:
            path: of the new file.
            hand_model: name of the hand model that the parameters belong to.
            notes: further metadata of the file.
            clock: seconds; decides when the disk is made to write.

        Raises:
            OSError: the file cannot be created or written.
        """
        self._schema = journal_schema(hand_model, notes)
        self._rows: list[_Row] = []
        self._frames = 0
        self._frames_written = 0
        self._last_ns = 0
        self._flushed_ns: int | None = None
        self._clock = clock
        self._synced = clock()
        self._file = path.open("xb")
        try:
            self._writer = pa.ipc.new_stream(self._file, self._schema)
            # Arrow writes the schema with the first batch; with an empty one the file is readable from now on.
            self._write([])
        except BaseException:
            self._file.close()
            raise

    def append(self, tracked: TrackedFrame) -> None:
        """Add the hands of a frame; a frame without hands adds no row but moves time on.

        Raises:
            OSError: the disk is full or gone.
        """
        index, now_ns = tracked.frame.index, tracked.frame.captured_ns
        if self._flushed_ns is None:
            self._flushed_ns = now_ns
        self._frames += 1
        self._last_ns = now_ns
        for side in SIDES:
            hand = tracked.hands.hands.get(side)
            if hand is not None:
                self._rows.append(_Row(index, now_ns, side, side in tracked.predicted, hand, tracked.raw.get(side)))
        # abs: a clip that starts again takes time back.
        if abs(now_ns - self._flushed_ns) >= _BATCH_NS or len(self._rows) >= _BATCH_ROWS:
            self.flush()
            self._flushed_ns = now_ns

    def flush(self) -> None:
        """Write the rows that wait, and how many frames there were.

        Raises:
            OSError: the disk is full or gone.
        """
        if self._frames > self._frames_written:
            rows, self._rows = self._rows, []
            self._write(rows)
        now = self._clock()
        if now - self._synced >= _SYNC_SECONDS:
            os.fsync(self._file.fileno())
            self._synced = now

    def close(self) -> None:
        """Write what waits and the end mark, then close; the file is closed also where that fails.

        Raises:
            OSError: the disk is full or gone.
        """
        if self._file.closed:
            return
        try:
            self.flush()
            self._writer.close()
            self._file.flush()
            os.fsync(self._file.fileno())
        finally:
            self._file.close()

    def _write(self, rows: Sequence[_Row]) -> None:
        until = {FRAMES_KEY: str(self._frames), UNTIL_KEY: str(self._last_ns)}
        self._writer.write_batch(_batch(rows, self._schema), custom_metadata=until)
        self._file.flush()
        self._frames_written = self._frames


def read_journal(path: Path) -> pa.Table:
    """Read a journal, also one whose writer was killed: a last batch that is not whole is left out.

    Returns:
        A table with `JOURNAL_SCHEMA`; its metadata holds schema version and hand model.

    Raises:
        BothhandsError: not there, not a journal, or of a newer version.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BothhandsError(f"The journal {path} cannot be read: {error.strerror or error}.") from error
    try:
        reader = pa.ipc.open_stream(data)
    except (pa.ArrowInvalid, OSError) as error:  # Arrow says either where bytes are missing
        raise BothhandsError(f"{path} is not a journal of hands, or it was damaged at its beginning.") from error
    schema = reader.schema
    check_schema(schema, path)
    batches: list[pa.RecordBatch] = []
    # Where the writer was killed, the last batch is cut off; what comes before is whole.
    with contextlib.suppress(pa.ArrowInvalid, OSError):
        for batch in reader:
            batches.append(batch)
    return pa.Table.from_batches(batches, schema)


def hand_model_of(table: pa.Table) -> str:
    """Name of the hand model that the parameters of a journal belong to."""
    return (table.schema.metadata or {}).get(HAND_MODEL_KEY, b"").decode()


def check_schema(schema: pa.Schema, path: Path) -> None:
    """Refuse journals that are not ours to read.

    Raises:
        BothhandsError: of a newer version, or with other columns.
    """
    version = (schema.metadata or {}).get(VERSION_KEY, b"")
    if version.isdigit() and int(version) > SCHEMA_VERSION:
        raise BothhandsError(
            f"The journal {path} has version {int(version)} and this program reads up to {SCHEMA_VERSION}: update it."
        )
    if not schema.equals(JOURNAL_SCHEMA):
        raise BothhandsError(f"The journal {path} lacks the columns of a session; was it made by another program?")


def _batch(rows: Sequence[_Row], schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [
            pa.array([row.frame for row in rows], pa.int64()),
            pa.array([row.captured_ns for row in rows], pa.int64()),
            pa.array([row.side for row in rows], pa.string()),
            pa.array([row.hand.score for row in rows], pa.float32()),
            pa.array([row.predicted for row in rows], pa.bool_()),
            *_parameter_columns([row.hand.parameters for row in rows]),
            *_parameter_columns([row.raw for row in rows]),
            _vectors([row.hand.joints for row in rows], 63),
            _vectors([row.hand.joints_px for row in rows], 42),
        ],
        schema=schema,
    )


def _parameter_columns(parameters: Sequence[HandParameters | None]) -> list[pa.Array]:
    return [
        _vectors([None if hand is None else hand.pose for hand in parameters], 48),
        _vectors([None if hand is None else hand.shape for hand in parameters], 10),
        _vectors([None if hand is None else hand.translation for hand in parameters], 3),
    ]


def _vectors(values: Sequence[np.ndarray | None], length: int) -> pa.Array:
    """Arrays of `length` numbers each, or None for a null, as one column."""
    missing = np.array([value is None for value in values])
    flat = np.zeros((len(values), length), np.float32)
    for row, value in enumerate(values):
        if value is not None:
            flat[row] = np.reshape(value, length)
    kind = pa.list_(pa.float32(), length)
    mask = pa.array(missing) if missing.any() else None
    return pa.FixedSizeListArray.from_arrays(pa.array(flat.reshape(-1)), type=kind, mask=mask)
