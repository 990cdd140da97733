"""The hands of a session: an Arrow IPC stream that survives the process that writes it.

A stream needs no footer: every batch that reached the file can be read, whatever happened afterwards
(https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa

from app.sessions.checks import MOST_NS, can_be, check_sum, header_sum
from app.sessions.reading import read_journal_file
from app.sessions.schema import (
    BEFORE_KEY,
    CHECK_KEY,
    FRAMES_KEY,
    HAND_MODEL_KEY,
    HEADER_KEY,
    SINCE_KEY,
    UNTIL_KEY,
    journal_schema,
)
from models.errors import BothhandsError
from models.sentences import say
from models.values import SIDES, HandParameters, HandReconstruction, Side
from tracking.values import TrackedFrame

_BATCH_NS = 400_000_000
_BATCH_ROWS = 256
_SYNC_SECONDS = 1.0


class _Row(NamedTuple):
    """One hand in one frame. Without the image: rows wait for up to 0.4 s."""

    frame: int
    captured_ns: int
    side: Side
    predicted: bool
    hand: HandReconstruction
    raw: HandParameters | None
    model: str
    camera: int


class HandJournal:
    """Writes the hands of one frame after the other.

    Rows go to the file at least every 0.4 s of captured time, and to the disk itself each second, so that a killed
    process loses less than half a second and a power cut little more than one. Each batch notes which frames it is of
    by their number, and when the first and the last of them were taken, for frames without hands have no row; and a
    check sum (`app.sessions.checks`).
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
        self._first_ns: int | None = None  # of the frames that wait
        self._last_ns = 0
        self._flushed_ns: int | None = None
        self._clock = clock
        self._synced = clock()
        self._file = path.open("xb")
        try:
            self._writer = BatchWriter(self._file, self._schema)
            # Arrow writes the schema with the first batch; with an empty one the file is readable from now on.
            self._write([])
        except BaseException:
            self._file.close()
            raise

    def append(self, tracked: TrackedFrame, *, model: str = "", camera: int = 0) -> None:
        """Add the hands of a frame; a frame without hands adds no row but moves time on.

        Args:
            tracked: the frame. A hand that lies nowhere (numbers that are none, or kilometres away) is left out.
            model: what made the hands, where the frame itself does not say it.
            camera: place of its intrinsics in the session's table.

        Raises:
            BothhandsError: the frame was taken at a time that no clock has.
            OSError: the disk is full or gone.
        """
        index, now_ns = tracked.frame.index, tracked.frame.captured_ns
        if abs(now_ns) >= MOST_NS:
            raise BothhandsError(
                say(
                    "Frame {index} says that it was taken {years:.0f} years away, which no clock counts: the "
                    "source is damaged.",
                    index=index,
                    years=abs(now_ns) / 3.156e16,
                )
            )
        if self._flushed_ns is None:
            self._flushed_ns = now_ns
        self._frames += 1
        self._first_ns = now_ns if self._first_ns is None else self._first_ns
        self._last_ns = now_ns
        for side in SIDES:
            hand = tracked.hands.hands.get(side)
            if hand is not None and can_be(hand):
                predicted, raw = side in tracked.predicted, tracked.raw.get(side)
                self._rows.append(_Row(index, now_ns, side, predicted, hand, raw, tracked.model or model, camera))
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
        batch = _batch(rows, self._schema)
        self._writer.write(batch, self._frames_written, self._frames, self._first_ns, self._last_ns)
        self._file.flush()
        self._frames_written = self._frames
        self._first_ns = None


class BatchWriter:
    """Writes batches of a journal with their counts and check sums.

    Args:
        file: open for writing.
        schema: `JOURNAL_SCHEMA` with its metadata.
    """

    def __init__(self, file: BinaryIO, schema: pa.Schema) -> None:
        self._writer = pa.ipc.new_stream(file, schema)
        self._header = header_sum(schema)

    def write(self, batch: pa.RecordBatch, before: int, frames: int, since_ns: int | None, until_ns: int) -> None:
        """Write a batch.

        Args:
            batch: its rows.
            before: frames entered before it.
            frames: the same until its end.
            since_ns: when the first of its frames was taken; None where it has none.
            until_ns: when the last one was.

        Raises:
            OSError: the disk is full or gone.
        """
        counts = {BEFORE_KEY: str(before), FRAMES_KEY: str(frames), UNTIL_KEY: str(until_ns)}
        if since_ns is not None:
            counts[SINCE_KEY] = str(since_ns)
        texts = {**{key: text.encode() for key, text in counts.items()}, HEADER_KEY: self._header}
        self._writer.write_batch(batch, custom_metadata={**texts, CHECK_KEY: check_sum(batch, texts)})

    def close(self) -> None:
        """Write the end mark; the file stays open.

        Raises:
            OSError: the disk is full or gone.
        """
        self._writer.close()


def read_journal(path: Path) -> pa.Table:
    """Read the rows of a journal, also of one whose writer was killed: what is not whole is left out.

    Returns:
        A table with `JOURNAL_SCHEMA`; its metadata holds schema version and hand model. See `read_journal_file` for
        what is missing in it.

    Raises:
        BothhandsError: not there, not a journal, or of a newer version.
    """
    return read_journal_file(path).table()


def hand_model_of(table: pa.Table) -> str:
    """Name of the hand model that the parameters of a journal belong to."""
    return (table.schema.metadata or {}).get(HAND_MODEL_KEY, b"").decode(errors="replace")


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
            pa.array([row.model for row in rows], pa.string()),
            pa.array([row.camera for row in rows], pa.int32()),
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
