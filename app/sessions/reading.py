"""Reads journals of unknown origin: nothing in them is believed before it was checked.

Each message of the Arrow stream is read for itself with a schema of ours, validated in full and held against its check
sum, before any of its values is looked at. Where one cannot be read, reading goes on at the next mark that begins a
message (https://arrow.apache.org/docs/format/Columnar.html#encapsulated-message-format).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

from app.sessions.checks import MOST_FRAMES, MOST_NS, check_sum, fault_in, header_sum
from app.sessions.schema import (
    BEFORE_KEY,
    CHECK_KEY,
    FRAMES_KEY,
    HEADER_KEY,
    JOURNAL_SCHEMA,
    SCHEMA_1,
    SCHEMA_VERSION,
    SINCE_KEY,
    UNTIL_KEY,
    VERSION_KEY,
    upgraded,
    version_of,
)
from models.errors import BothhandsError
from models.sentences import say

_MARK = b"\xff\xff\xff\xff"
_END_OF_STREAM = _MARK + bytes(4)
_PREFIX = 8
"""Bytes of mark and metadata length in front of a message."""
_BEGINNING = re.compile(rb"\xff{4}..\0\0|\xff{4}\0{4}\Z", re.DOTALL)
"""Where a message may begin: the mark and a length below 64 KiB, which no batch of a journal comes near; or the end."""
_MOST_TRIES, _TRY_BITS = 500_000, 12
"""How many places are tried, each counted once and once more for every 4 KiB that had to be read there in vain: a file
that was made to be read for hours is given up."""
_GAP_STEP_NS = 1_000_000_000
_LONGEST_GAP_NS = 24 * 3600 * _GAP_STEP_NS
_RECORD_BATCH = 3
"""`MessageHeader.RecordBatch`."""
# What pyarrow raises for bytes that are none of its own; it has no common base for them.
_ARROW_ERRORS = (pa.ArrowException, OSError, ValueError, IndexError, KeyError, TypeError, MemoryError, OverflowError)


class NotAJournalError(BothhandsError):
    """Nothing in the file can be read as a journal."""


@dataclass(frozen=True, eq=False)
class JournalBatch:
    """One batch that can be believed.

    Attributes:
        rows: with the columns of the journal's version.
        before, frames: frames entered before it, and until its end; None where it does not say.
        since_ns, until_ns: when the first and the last of its frames were taken; None where unknown.
    """

    rows: pa.RecordBatch
    before: int | None
    frames: int | None
    since_ns: int | None
    until_ns: int | None

    @property
    def own_frames(self) -> int:
        """Frames whose hands it holds, as far as it tells."""
        if self.frames is not None and self.before is not None:
            return self.frames - self.before
        return len(self.rows.column("frame").unique())


@dataclass(frozen=True, eq=False)
class Journal:
    """What could be read of a journal.

    Attributes:
        schema: `JOURNAL_SCHEMA` with the file's own metadata.
        version: of the file.
        batches: in the order of the file.
        damaged: whether bytes in the file cannot be read, but for a last batch that was cut off. Frames that are
            missing without that, as a recovery leaves them, show in `readable_frames`.
        cut_off: whether the file stops without its end mark.
    """

    schema: pa.Schema
    version: int
    batches: tuple[JournalBatch, ...]
    damaged: bool
    cut_off: bool
    _tables: dict[str, pa.Table] = field(default_factory=dict)

    def table(self, model: str = "") -> pa.Table:
        """All rows, with the columns of `JOURNAL_SCHEMA`.

        Args:
            model: what made the hands of a journal that does not say it.
        """
        if model not in self._tables:
            batches = [upgraded(batch.rows, self.schema, model, self.version) for batch in self.batches]
            self._tables[model] = pa.Table.from_batches(batches, self.schema)
        return self._tables[model]

    @cached_property
    def frames(self) -> int:
        """Frames that were entered, as far as the file tells."""
        return max((batch.frames or 0 for batch in self.batches), default=0) or self.readable_frames

    @cached_property
    def readable_frames(self) -> int:
        """Frames whose hands can be read."""
        return sum(batch.own_frames for batch in self.batches)

    @cached_property
    def moments_ns(self) -> np.ndarray:
        """(M,) int64 rising: times at which frames are known to have been taken, or to be missing; of each batch one at
        least, which are no more than half a second.
        """
        told: list[int] = []
        before: JournalBatch | None = None
        for batch in self.batches:
            if before is not None and (batch.before is None or batch.before > (before.frames or 0)):
                told += _between(before.until_ns, batch.since_ns if batch.since_ns is not None else batch.until_ns)
            told += [time for time in (batch.since_ns, batch.until_ns) if time is not None]
            before = batch
        rows = [batch.rows.column("captured_ns").to_numpy(zero_copy_only=False) for batch in self.batches]
        return np.unique(np.concatenate([np.array(told, np.int64), *rows]))


def _between(since_ns: int | None, until_ns: int | None) -> list[int]:
    """Times within a stretch that cannot be read, as if frames had come all the while."""
    if since_ns is None or until_ns is None or not 0 < until_ns - since_ns < _LONGEST_GAP_NS:
        return []
    return list(range(since_ns, until_ns, _GAP_STEP_NS))


def read_journal_file(path: Path) -> Journal:
    """Read a journal, also one whose writer was killed or that was damaged: what is not whole is left out.

    Raises:
        BothhandsError: not there, not a journal, or of a newer version.
    """
    try:
        data = path.read_bytes()
    except (OSError, MemoryError) as error:
        raise BothhandsError(
            say(
                "The journal {path} cannot be read: {reason}.",
                path=path,
                reason=str(getattr(error, "strerror", "") or error),
            )
        ) from error
    return parse_journal(data, path)


def parse_journal(data: bytes, path: Path) -> Journal:
    """The journal in some bytes.

    Args:
        data: a whole file.
        path: what messages call it.

    Raises:
        BothhandsError: not a journal, or of a newer version.
    """
    schema, start = _opening(data)
    if schema is not None:
        check_schema(schema, path)
        candidates = [schema]
    else:  # the beginning is damaged: what comes behind it is still tried
        candidates = [JOURNAL_SCHEMA, SCHEMA_1]
    found = max((_Scan(data, start, candidate) for candidate in candidates), key=lambda scan: len(scan.batches))
    if schema is None and not found.batches:
        raise NotAJournalError(say("{path} is not a journal of hands, or it was damaged at its beginning.", path=path))
    version = 1 if len(found.schema) == len(SCHEMA_1) else version_of(found.schema)
    return Journal(
        schema=JOURNAL_SCHEMA.with_metadata(found.schema.metadata or {VERSION_KEY: str(version).encode()}),
        version=version,
        batches=tuple(found.batches),
        damaged=found.damaged or schema is None,
        cut_off=not found.ended,
    )


def check_schema(schema: pa.Schema, path: Path) -> None:
    """Refuse journals that are not ours to read.

    Raises:
        BothhandsError: of a newer version, or with other columns.
    """
    version = (schema.metadata or {}).get(VERSION_KEY, b"")
    if re.fullmatch(rb"[0-9]{1,9}", version) and int(version) > SCHEMA_VERSION:
        raise BothhandsError(
            say(
                "The journal {path} has version {version} and this program reads up to {known}: update it.",
                path=path,
                version=int(version),
                known=SCHEMA_VERSION,
            )
        )
    if not (schema.equals(JOURNAL_SCHEMA) or schema.equals(SCHEMA_1)):
        raise BothhandsError(
            say("The journal {path} lacks the columns of a session; was it made by another program?", path=path)
        )


def _opening(data: bytes) -> tuple[pa.Schema | None, int]:
    """The schema at the beginning of a stream and where it ends; None and 0 where there is none that can be read."""
    source = pa.BufferReader(data)
    try:
        message = pa.ipc.read_message(source)
        if message.type != "schema":
            return None, 0
        return pa.ipc.read_schema(message), source.tell()
    except (*_ARROW_ERRORS, EOFError):
        return None, 0


class _Scan:
    """Walks over the messages of a stream.

    Args:
        data: the whole file.
        start: where the first message behind the schema begins.
        schema: that batches are read with.
    """

    def __init__(self, data: bytes, start: int, schema: pa.Schema) -> None:
        self.schema = schema
        self.batches: list[JournalBatch] = []
        self.damaged = False
        self.ended = False
        self._data = data
        self._checked = len(schema) == len(JOURNAL_SCHEMA)
        # Without the file's metadata, which need not be what it was; in front of each message, to read it for itself.
        self._opening = schema.remove_metadata().serialize().to_pybytes()
        self._header = header_sum(schema)
        self._walk(start)
        if not self._checked:
            self._doubt_counts()

    def _walk(self, place: int) -> None:
        size = len(self._data)
        lost_from: int | None = None  # where what cannot be read begins
        patience = _MOST_TRIES
        while place < size and patience > 0:
            if place == size - len(_END_OF_STREAM) and self._data.endswith(_END_OF_STREAM):
                self.ended = True
                break
            end = _message_end(self._data, place)
            batch = self._read(place, end, after_gap=lost_from is not None) if end is not None else None
            if end is not None and batch is not None:
                self.batches.append(batch)
                self.damaged |= lost_from is not None
                place, lost_from = end, None
                continue
            lost_from = place if lost_from is None else lost_from
            patience -= 1 + (0 if end is None else (end - place) >> _TRY_BITS)
            following = _BEGINNING.search(self._data, place + 1)
            place = size if following is None else following.start()
        if lost_from is not None:  # a killed writer leaves one message that was begun and not finished, and no more
            self.damaged |= self.ended or not _is_cut(self._data, lost_from)

    def _read(self, place: int, end: int, *, after_gap: bool) -> JournalBatch | None:
        """The batch of a message; None where it cannot be believed."""
        try:
            reader = pa.ipc.open_stream(self._opening + self._data[place:end] + _END_OF_STREAM)
            part = reader.read_next_batch_with_custom_metadata()
            part.batch.validate(full=True)
            counts = dict(part.custom_metadata or {})
            if fault_in(part.batch):
                return None
            if self._checked:
                return self._checked_batch(part.batch, counts)
        except (*_ARROW_ERRORS, StopIteration, UnicodeError):
            return None
        frames = _number(counts, FRAMES_KEY, 0, MOST_FRAMES)
        before = self.batches[-1].frames if self.batches else 0
        return JournalBatch(part.batch, None if after_gap else before, frames, None, _until(counts, frames))

    def _checked_batch(self, rows: pa.RecordBatch, counts: Mapping[bytes, bytes]) -> JournalBatch | None:
        if counts.get(CHECK_KEY) != check_sum(rows, counts):
            return None
        before = _number(counts, BEFORE_KEY, 0, MOST_FRAMES)
        frames = _number(counts, FRAMES_KEY, 0, MOST_FRAMES)
        last = self.batches[-1].frames if self.batches else 0
        if before is None or frames is None or not (last or 0) <= before <= frames:
            return None  # it stands here for the second time
        if counts.get(HEADER_KEY) != self._header:
            self.damaged = True
        since_ns = _number(counts, SINCE_KEY, -MOST_NS, MOST_NS)
        return JournalBatch(rows, before, frames, since_ns, _until(counts, frames))

    def _doubt_counts(self) -> None:
        """Without check sums, a count that a later one falls below is not believed, nor one too small for its rows."""
        least: int | None = None
        for place in range(len(self.batches) - 1, -1, -1):
            batch = self.batches[place]
            seen = len(batch.rows.column("frame").unique())
            wrong = batch.frames is None or (least is not None and batch.frames > least)
            if not wrong and batch.before is not None and not seen <= batch.own_frames:
                wrong = True
            if wrong:
                self.damaged = True
                self.batches[place] = replace(batch, frames=None, before=None, until_ns=None)
            else:
                least = batch.frames


def _message_end(data: bytes, place: int) -> int | None:
    """Where a message that begins at a place ends; None where none begins there, or it is cut off."""
    length = _metadata_length(data, place)
    if length is None or place + _PREFIX + length > len(data):
        return None
    body = _body_length(data[place + _PREFIX : place + _PREFIX + length])
    end = None if body is None else place + _PREFIX + length + body
    return end if end is not None and end <= len(data) else None


def _is_cut(data: bytes, place: int) -> bool:
    """Whether the file stops within a message that begins at a place."""
    rest = data[place:]
    if len(rest) < _PREFIX:
        return _MARK.startswith(rest[:4])
    length = _metadata_length(data, place)
    if length is None:
        return False
    if _PREFIX + length > len(rest):
        return True
    body = _body_length(rest[_PREFIX : _PREFIX + length])
    return body is not None and _PREFIX + length + body > len(rest)


def _metadata_length(data: bytes, place: int) -> int | None:
    if data[place : place + 4] != _MARK or place + _PREFIX > len(data):
        return None
    (length,) = struct.unpack_from("<i", data, place + 4)
    return length if length > 0 else None


def _body_length(metadata: bytes) -> int | None:
    """`bodyLength` of a message that holds a record batch; None for any other, and where the bytes make no sense.

    A FlatBuffers table begins with the distance back to its list of fields: the list's size, the table's size, then
    where each field lies (https://flatbuffers.dev/internals/). The message's second field is the kind, its fourth the
    length of the body (https://github.com/apache/arrow/blob/main/format/Message.fbs).
    """
    try:
        (table,) = struct.unpack_from("<I", metadata)
        (back,) = struct.unpack_from("<i", metadata, table)
        fields = table - back
        if fields < 0 or struct.unpack_from("<H", metadata, fields)[0] < 12:
            return None
        kind_at, _, body_at = struct.unpack_from("<3H", metadata, fields + 6)
        (kind,) = struct.unpack_from("<B", metadata, table + kind_at)
        (body,) = struct.unpack_from("<q", metadata, table + body_at) if body_at else (0,)
    except struct.error:
        return None
    return body if kind_at and kind == _RECORD_BATCH and 0 <= body < 1 << 62 else None


def _until(counts: Mapping[bytes, bytes], frames: int | None) -> int | None:
    return _number(counts, UNTIL_KEY, -MOST_NS, MOST_NS) if frames else None


def _number(counts: Mapping[bytes, bytes], key: bytes, least: int, most: int) -> int | None:
    text = counts.get(key, b"")
    number = int(text) if re.fullmatch(rb"-?[0-9]{1,20}", text) else most
    return number if least <= number < most else None
