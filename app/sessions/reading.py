"""Reads journals, whole or an outline of them, and those of killed writers and damaged disks as far as they can be."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from app.sessions.messages import MessageFile
from app.sessions.scan import ARROW_ERRORS, JournalBatch, Scan, decoded, opening_of
from app.sessions.schema import (
    JOURNAL_SCHEMA,
    SCHEMA_1,
    SCHEMA_VERSION,
    VERSION_KEY,
    upgraded,
    version_of,
)
from models.errors import BothhandsError
from models.plain_files import open_file
from models.sentences import say

_GAP_STEP_NS = 1_000_000_000
_LONGEST_GAP_NS = 24 * 3600 * _GAP_STEP_NS


class NotAJournalError(BothhandsError):
    """Nothing in the file can be read as a journal."""


@dataclass(frozen=True, eq=False, kw_only=True)
class JournalOutline:
    """What a journal says of its hands, without them: so much of hours fits into little memory.

    Attributes:
        schema: `JOURNAL_SCHEMA` with the file's own metadata.
        version: of the file.
        batches: in the order of the file.
        damaged: whether bytes in the file cannot be read, but for a last batch that was cut off. Frames that are
            missing without that, as a recovery leaves them, show in `readable_frames`.
        cut_off: whether the file stops without its end mark.
        columns: that the batches have in the file.
    """

    schema: pa.Schema
    version: int
    batches: tuple[JournalBatch, ...]
    damaged: bool
    cut_off: bool
    columns: pa.Schema

    @cached_property
    def frames(self) -> int:
        """Frames that were entered, as far as the file tells."""
        return max((batch.frames or 0 for batch in self.batches), default=0) or self.readable_frames

    @cached_property
    def readable_frames(self) -> int:
        """Frames whose hands can be read."""
        return sum(batch.own_frames for batch in self.batches)

    @property
    def hands(self) -> int:
        """Rows that can be read."""
        return sum(batch.hands for batch in self.batches)

    @property
    def most_camera(self) -> int:
        """The highest number of a camera that a row names; -1 where there are no rows."""
        return max((batch.most_camera for batch in self.batches), default=-1)

    @cached_property
    def span_ns(self) -> tuple[int, int] | None:
        """The first and the last time at which frames are known to have been taken; None where there is none."""
        return _span((batch.since_ns, batch.until_ns, batch.first_ns, batch.last_ns) for batch in self.batches)

    @property
    def hands_span_ns(self) -> tuple[int, int] | None:
        """When the first and the last hand was seen; None where there is none."""
        return _span((batch.first_ns, batch.last_ns) for batch in self.batches)


@dataclass(frozen=True, eq=False, kw_only=True)
class Journal(JournalOutline):
    """What could be read of a journal.

    Attributes:
        rows: of each batch, with the columns of the journal's version.
    """

    rows: tuple[pa.RecordBatch, ...]
    _tables: dict[str, pa.Table] = field(default_factory=dict)

    def table(self, model: str = "") -> pa.Table:
        """All rows, with the columns of `JOURNAL_SCHEMA`.

        Args:
            model: what made the hands of a journal that does not say it.
        """
        if model not in self._tables:
            batches = [upgraded(rows, self.schema, model, self.version) for rows in self.rows]
            self._tables[model] = pa.Table.from_batches(batches, self.schema)
        return self._tables[model]

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
        seen = [rows.column("captured_ns").to_numpy(zero_copy_only=False) for rows in self.rows]
        return np.unique(np.concatenate([np.array(told, np.int64), *seen]))


def _span(times: Iterator[tuple[int | None, ...]]) -> tuple[int, int] | None:
    known = [time for batch in times for time in batch if time is not None]
    return (min(known), max(known)) if known else None


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
    with _opened(path) as file:
        return parse_journal(file, path)


def outline_journal_file(path: Path) -> JournalOutline:
    """Read a journal and check all of it, as `read_journal_file` does, but keep no rows.

    Raises:
        BothhandsError: as there.
    """
    with _opened(path) as file:
        return outline_journal(file, path)


def parse_journal(file: BinaryIO, path: Path) -> Journal:
    """The journal in a file.

    Args:
        file: open for reading.
        path: what messages call it.

    Raises:
        BothhandsError: not a journal, or of a newer version.
        OSError: it cannot be read.
    """
    scan, outline = _scanned(file, path, keeps_rows=True)
    return Journal(**outline, rows=tuple(scan.rows))


def outline_journal(file: BinaryIO, path: Path) -> JournalOutline:
    """The journal in a file, as `parse_journal` reads it, without its rows."""
    return JournalOutline(**_scanned(file, path, keeps_rows=False)[1])


def read_rows(file: BinaryIO, outline: JournalOutline) -> Iterator[pa.RecordBatch]:
    """The rows of each batch of a journal, with the columns of its version.

    Args:
        file: open for reading; not written since it was outlined.
        outline: of the journal in it.

    Raises:
        OSError: it cannot be read.
    """
    messages, opening = MessageFile(file), opening_of(outline.columns)
    for batch in outline.batches:
        yield decoded(opening, messages.at(batch.begin, batch.end - batch.begin))[0]


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with open_file(path) as file:
            yield file
    except (OSError, MemoryError) as error:
        raise BothhandsError(
            say(
                "The journal {path} cannot be read: {reason}.",
                path=path,
                reason=str(getattr(error, "strerror", "") or error),
            )
        ) from error


def _scanned(file: BinaryIO, path: Path, *, keeps_rows: bool) -> tuple[Scan, dict[str, Any]]:
    """What a walk over the file found, and what an outline says of it."""
    messages = MessageFile(file)
    schema, start = _opening(messages)
    if schema is not None:
        check_schema(schema, path)
        candidates = [schema]
    else:  # the beginning is damaged: what comes behind it is still tried
        candidates = [JOURNAL_SCHEMA, SCHEMA_1]
    scans = [Scan(messages, start, candidate, keeps_rows=keeps_rows) for candidate in candidates]
    found = max(scans, key=lambda scan: len(scan.batches))
    if schema is None and not found.batches:
        raise NotAJournalError(say("{path} is not a journal of hands, or it was damaged at its beginning.", path=path))
    version = 1 if len(found.schema) == len(SCHEMA_1) else version_of(found.schema)
    return found, {
        "schema": JOURNAL_SCHEMA.with_metadata(found.schema.metadata or {VERSION_KEY: str(version).encode()}),
        "version": version,
        "batches": tuple(found.batches),
        "damaged": found.damaged or schema is None,
        "cut_off": not found.ended,
        "columns": found.schema,
    }


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


def _opening(messages: MessageFile) -> tuple[pa.Schema | None, int]:
    """The schema at the beginning of a stream and where it ends; None and 0 where there is none that can be read."""
    end = messages.opening_end()
    if end is None:
        return None, 0
    try:
        message = pa.ipc.read_message(messages.at(0, end))
        return (pa.ipc.read_schema(message), end) if message.type == "schema" else (None, 0)
    except (*ARROW_ERRORS, EOFError):
        return None, 0
