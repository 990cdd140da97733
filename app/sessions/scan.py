"""Goes through the batches of a journal of unknown origin: nothing in them is believed before it was checked.

Each message of the Arrow stream is read for itself with a schema of ours, validated in full and held against its check
sum, before any of its values is looked at. Where one cannot be read, reading goes on at the next mark that begins a
message (https://arrow.apache.org/docs/format/Columnar.html#encapsulated-message-format).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from app.sessions.checks import MOST_FRAMES, MOST_NS, check_sum, fault_in, header_sum
from app.sessions.messages import END_OF_STREAM, MessageFile
from app.sessions.schema import BEFORE_KEY, CHECK_KEY, FRAMES_KEY, HEADER_KEY, JOURNAL_SCHEMA, SINCE_KEY, UNTIL_KEY

_MOST_TRIES, _TRY_BITS = 500_000, 12
"""How many places are tried, each counted once and once more for every 4 KiB that had to be read there in vain: a file
that was made to be read for hours is given up."""
# What pyarrow raises for bytes that are none of its own; it has no common base for them.
ARROW_ERRORS = (pa.ArrowException, OSError, ValueError, IndexError, KeyError, TypeError, MemoryError, OverflowError)


@dataclass(frozen=True, slots=True)
class JournalBatch:
    """What one batch that can be believed says of its rows.

    Attributes:
        begin, end: where it stands in the file.
        hands: how many rows it has.
        seen: frames among them.
        first_ns, last_ns: the earliest and the latest captured time of a row; None where it has none.
        most_camera: the highest number of a camera in a row; -1 where it has none.
        before, frames: frames entered before it, and until its end; None where it does not say.
        since_ns, until_ns: when the first and the last of its frames were taken; None where unknown.
    """

    begin: int
    end: int
    hands: int
    seen: int
    first_ns: int | None
    last_ns: int | None
    most_camera: int
    before: int | None
    frames: int | None
    since_ns: int | None
    until_ns: int | None

    @property
    def own_frames(self) -> int:
        """Frames whose hands it holds, as far as it tells."""
        if self.frames is not None and self.before is not None:
            return self.frames - self.before
        return self.seen


def opening_of(columns: pa.Schema) -> bytes:
    """What stands in front of each message to read it for itself: without the file's metadata, which need not be what
    it was.
    """
    return columns.remove_metadata().serialize().to_pybytes()


def decoded(opening: bytes, message: bytes) -> tuple[pa.RecordBatch, dict[bytes, bytes]]:
    """The rows of a message and its counts; for bytes that are none, pyarrow raises what it likes."""
    part = pa.ipc.open_stream(opening + message + END_OF_STREAM).read_next_batch_with_custom_metadata()
    return part.batch, dict(part.custom_metadata or {})


class Scan:
    """Walks over the messages of a stream.

    Args:
        messages: the whole file.
        start: where the first message behind the schema begins.
        schema: that batches are read with.
        keeps_rows: whether the rows are wanted.
    """

    def __init__(self, messages: MessageFile, start: int, schema: pa.Schema, *, keeps_rows: bool) -> None:
        self.schema = schema
        self.batches: list[JournalBatch] = []
        self.rows: list[pa.RecordBatch] = []
        self.damaged = False
        self.ended = False
        self._messages = messages
        self._keeps_rows = keeps_rows
        self._checked = len(schema) == len(JOURNAL_SCHEMA)
        self._opening = opening_of(schema)
        self._header = header_sum(schema)
        self._walk(start)
        if not self._checked:
            self._doubt_counts()

    def _walk(self, place: int) -> None:
        size = self._messages.size
        lost_from: int | None = None  # where what cannot be read begins
        patience = _MOST_TRIES
        while place < size and patience > 0:
            if self._messages.is_at_end(place):
                self.ended = True
                break
            end = self._messages.message_end(place)
            if end is not None and self._take(place, end, after_gap=lost_from is not None):
                self.damaged |= lost_from is not None
                place, lost_from = end, None
                continue
            lost_from = place if lost_from is None else lost_from
            patience -= 1 + (0 if end is None else (end - place) >> _TRY_BITS)
            place = self._messages.next_beginning(place + 1)
        if lost_from is not None:  # a killed writer leaves one message that was begun and not finished, and no more
            self.damaged |= self.ended or not self._messages.is_cut(lost_from)

    def _take(self, place: int, end: int, *, after_gap: bool) -> bool:
        """Take in the batch of a message; False where it cannot be believed."""
        message = self._messages.at(place, end - place)
        try:
            rows, counts = decoded(self._opening, message)
            rows.validate(full=True)
            if fault_in(rows) or (self._checked and counts.get(CHECK_KEY) != check_sum(rows, counts)):
                return False
        except (*ARROW_ERRORS, StopIteration, UnicodeError):
            return False
        last = self.batches[-1].frames if self.batches else 0
        frames = _number(counts, FRAMES_KEY, 0, MOST_FRAMES)
        if self._checked:
            before = _number(counts, BEFORE_KEY, 0, MOST_FRAMES)
            if before is None or frames is None or not (last or 0) <= before <= frames:
                return False  # it stands here for the second time
            self.damaged |= counts.get(HEADER_KEY) != self._header
        else:
            before = None if after_gap else last
        times = rows.column("captured_ns").to_numpy(zero_copy_only=False)
        cameras = rows.column("camera").to_numpy(zero_copy_only=False) if self._checked else np.zeros(len(times))
        batch = JournalBatch(
            begin=place,
            end=end,
            hands=len(times),
            seen=len(rows.column("frame").unique()),
            first_ns=int(times.min()) if len(times) else None,
            last_ns=int(times.max()) if len(times) else None,
            most_camera=int(cameras.max()) if len(times) else -1,
            before=before,
            frames=frames,
            since_ns=_number(counts, SINCE_KEY, -MOST_NS, MOST_NS) if self._checked else None,
            until_ns=_number(counts, UNTIL_KEY, -MOST_NS, MOST_NS) if frames else None,
        )
        self.batches.append(batch)
        if self._keeps_rows:
            self.rows.append(rows)
        return True

    def _doubt_counts(self) -> None:
        """Without check sums, a count that a later one falls below is not believed, nor one too small for its rows."""
        least: int | None = None
        for place in range(len(self.batches) - 1, -1, -1):
            batch = self.batches[place]
            wrong = batch.frames is None or (least is not None and batch.frames > least)
            wrong |= batch.before is not None and batch.seen > batch.own_frames
            if wrong:
                self.damaged = True
                self.batches[place] = replace(batch, frames=None, before=None, until_ns=None)
            else:
                least = batch.frames


def _number(counts: Mapping[bytes, bytes], key: bytes, least: int, most: int) -> int | None:
    text = counts.get(key, b"")
    number = int(text) if re.fullmatch(rb"-?[0-9]{1,20}", text) else most
    return number if least <= number < most else None
