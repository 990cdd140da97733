"""What can still be read of a journal or a video, copied into a new file that takes the old one's place."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
import pyarrow as pa
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet

from app.sessions.extent import read_extent, whole_packets
from app.sessions.files import open_video, replacing
from app.sessions.fine_clock import OPTIONS, FineClockFile, to_fine_clock
from app.sessions.info import SessionInfo
from app.sessions.journal import BatchWriter
from app.sessions.moments import origin_of
from app.sessions.reading import JournalOutline, NotAJournalError, outline_journal, read_rows
from app.sessions.schema import SCHEMA_VERSION, journal_schema, upgraded
from app.sessions.video import ORIGIN_KEY
from models.plain_files import open_file

_SECOND_NS = 1_000_000_000
_BLOCK = 1 << 20


@dataclass
class Remains:
    """What is left of a file.

    Attributes:
        frames: entered, or images.
        rows: hands; none in a video.
        since_ns, until_ns: captured times of the first and the last of them.
        lost_frames: frames before the last of them that cannot be read.
    """

    frames: int = 0
    rows: int = 0
    since_ns: int | None = None
    until_ns: int | None = None
    lost_frames: int = 0

    @property
    def step_seconds(self) -> float:
        """Mean time between two frames."""
        if self.since_ns is None or self.until_ns is None or self.frames < 2:
            return 0.0
        return round((self.until_ns - self.since_ns) / (self.frames - 1) / _SECOND_NS, 3)


def salvage_journal(path: Path, info: SessionInfo, aside: list[str]) -> Remains:
    """Copy the batches that can be read into a journal of today's version; where there is none, begin an empty one.

    Args:
        path: of the journal. One that is whole stays as it is.
        info: of the session.
        aside: gets the new name of the old file, where that is kept because more than its last batch is unreadable.

    Raises:
        BothhandsError: made by another program or a newer version.
        OSError: the folder cannot be read or written.
    """
    with open_file(path) if path.exists() else io.BytesIO() as source:
        journal = _outlined(source, path)
        if journal is not None and not journal.damaged and not journal.cut_off:
            return _remains(journal)
        with replacing(path) as partial:
            _copy_batches(source, journal, partial, info)
            source.close()  # before it is renamed or replaced: Windows wants that
            if path.exists() and (journal is None or journal.damaged):
                _set_aside(path, aside)
    return Remains() if journal is None else _remains(journal)


def _outlined(source: BinaryIO, path: Path) -> JournalOutline | None:
    """What the journal in a file says; None where there is none in it."""
    try:
        return outline_journal(source, path)
    except NotAJournalError:
        return None


def _copy_batches(source: BinaryIO, journal: JournalOutline | None, target: Path, info: SessionInfo) -> None:
    schema = journal_schema(info.hand_model)
    version, batches = (SCHEMA_VERSION, ()) if journal is None else (journal.version, journal.batches)
    readable = () if journal is None else read_rows(source, journal)
    with target.open("wb") as file:
        writer = BatchWriter(file, schema)
        entered = 0
        for batch, rows in zip(batches, readable, strict=True):
            before = entered if batch.before is None else max(entered, batch.before)
            frames = before + batch.own_frames if batch.frames is None else max(before, batch.frames)
            if batch.before is None and batch.frames is not None:  # what is missing before it is seen by the number
                before = max(before, frames - batch.own_frames)
            since_ns = batch.since_ns if batch.since_ns is not None else batch.first_ns
            until_ns = batch.until_ns if batch.until_ns is not None else batch.last_ns or 0
            writer.write(upgraded(rows, schema, info.model, version), before, frames, since_ns, until_ns)
            entered = frames
        if not entered:  # with an empty batch the file is readable
            writer.write(pa.RecordBatch.from_pylist([], schema), 0, 0, None, 0)
        writer.close()


def _remains(journal: JournalOutline) -> Remains:
    since_ns, until_ns = journal.span_ns or (None, None)
    return Remains(journal.frames, journal.hands, since_ns, until_ns, journal.frames - journal.readable_frames)


class _NothingError(Exception):
    """No image can be read, although the file can."""


def salvage_video(path: Path, aside: list[str]) -> Remains:
    """Copy the images that are whole into a file that can be searched, without coding them anew.

    Args:
        path: of the video. One that is whole stays as it is.
        aside: gets the new name of the old file, where it was read to its end and no image is in it.

    Raises:
        OSError: the file cannot be read, or the copy cannot be written; nothing was renamed.
    """
    if read_extent(path).whole:
        return _counted(path)
    try:
        with replacing(path) as partial, _reading(path) as source:  # closed before it is replaced: Windows wants that
            return _copy_images(source, partial)
    except _NothingError:
        _set_aside(path, aside)
        return Remains()
    except FFmpegError as error:
        raise OSError(error.errno, error.strerror) from error


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[InputContainer]:
    with contextlib.ExitStack() as stack:
        try:
            source = stack.enter_context(open_video(path))
        except (FFmpegError, EOFError) as error:
            _read_through(path)  # where the disk is to blame, the file is not
            raise _NothingError from error
        if not source.streams.video:
            raise _NothingError
        yield source


def _read_through(path: Path) -> None:
    with path.open("rb") as file:
        while file.read(_BLOCK):
            pass


def _counted(path: Path) -> Remains:
    rest = Remains()
    with open_video(path) as source:
        for _, captured_ns in _pictures(source):
            _count(rest, captured_ns)
    return rest


def _count(rest: Remains, captured_ns: int) -> None:
    rest.until_ns = captured_ns
    rest.since_ns = captured_ns if rest.since_ns is None else rest.since_ns
    rest.frames += 1


def _copy_images(source: InputContainer, target: Path) -> Remains:
    rest = Remains()
    with FineClockFile(target, "wb") as file, av.open(file, "w", format="matroska", options=dict(OPTIONS)) as output:
        output.metadata[ORIGIN_KEY] = str(origin_of(source) or 0)
        copy = output.add_stream_from_template(source.streams.video[0])
        for packet, captured_ns in _pictures(source):
            _count(rest, captured_ns)
            packet.stream = copy
            to_fine_clock(packet)
            output.mux_one(packet)
        if not rest.frames:
            raise _NothingError
    return rest


def _pictures(source: InputContainer) -> Iterator[tuple[Packet, int]]:
    """Images with the times at which they were captured."""
    origin_ns = origin_of(source) or 0
    for packet, seconds in whole_packets(source, source.streams.video[0]):
        yield packet, origin_ns + round(seconds * _SECOND_NS)


def _set_aside(path: Path, aside: list[str]) -> None:
    """Keep a file of which nothing can be read under another name, unless it is empty."""
    if path.stat().st_size == 0:
        path.unlink()
        return
    number = 1
    kept = path.with_name(f"{path.stem}.damaged{path.suffix}")
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")
    path.rename(kept)
    aside.append(kept.name)
