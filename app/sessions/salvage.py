"""What can still be read of a journal or a video, copied into a new file that takes the old one's place."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import pyarrow as pa
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.stream import VideoStream

from app.sessions.journal import check_schema
from app.sessions.schema import FRAMES_KEY, UNTIL_KEY, journal_schema
from app.sessions.session import replacing
from app.sessions.video import ORIGIN_KEY

_SECOND_NS = 1_000_000_000
_END_OF_STREAM = b"\xff\xff\xff\xff\x00\x00\x00\x00"
"""Ends an Arrow stream that was closed (https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format)."""
_MOST_BEHIND = 1
"""Seconds by which the last picture of a whole video may lie before its end: that is when it is shown until."""


@dataclass
class Remains:
    """What is left of a file.

    Attributes:
        frames: entered, or pictures.
        rows: hands; none in a video.
        since_ns, until_ns: captured times of the first and the last of them.
    """

    frames: int = 0
    rows: int = 0
    since_ns: int | None = None
    until_ns: int | None = None

    @property
    def step_seconds(self) -> float:
        """Mean time between two frames."""
        if self.since_ns is None or self.until_ns is None or self.frames < 2:
            return 0.0
        return round((self.until_ns - self.since_ns) / (self.frames - 1) / _SECOND_NS, 3)


def salvage_journal(path: Path, hand_model: str, aside: list[str]) -> Remains:
    """Copy the batches that are whole; where there is no journal, or none that can be read, begin an empty one.

    Args:
        path: of the journal.
        hand_model: for a new journal.
        aside: gets the new name of the old file, where that is kept because more than its last batch is unreadable.

    Raises:
        BothhandsError: made by another program or a newer version.
        OSError: the folder cannot be written.
    """
    with replacing(path) as partial:
        hands, cut_off = _copy_journal(path, partial, hand_model)
        if not cut_off and path.exists():
            _set_aside(path, aside)
    return hands


def _copy_journal(path: Path, target: Path, hand_model: str) -> tuple[Remains, bool]:
    """What was copied, and whether the old file is whole up to a cut: nothing else in it is unreadable."""
    with path.open("rb") if path.exists() else io.BytesIO() as source, target.open("wb") as copy:
        size = source.seek(0, os.SEEK_END)
        source.seek(0)
        try:
            reader = pa.ipc.open_stream(source)
        except (pa.ArrowInvalid, OSError):  # Arrow says either where bytes are missing
            return _copy_batches(None, copy, journal_schema(hand_model)), False
        check_schema(reader.schema, path)
        return _copy_batches(reader, copy, reader.schema), source.tell() == size


def _copy_batches(reader: pa.RecordBatchStreamReader | None, target: io.BufferedWriter, schema: pa.Schema) -> Remains:
    hands = Remains()
    with pa.ipc.new_stream(target, schema) as writer:
        if reader is None:
            return hands
        for batch, metadata in _whole_batches(reader):
            writer.write_batch(batch, custom_metadata=metadata)
            _note_progress(hands, batch, metadata or {})
    return hands


def _whole_batches(
    reader: pa.RecordBatchStreamReader,
) -> Iterator[tuple[pa.RecordBatch, pa.KeyValueMetadata | None]]:
    # Where the writer was killed, the last batch is cut off; what comes before is whole.
    with contextlib.suppress(pa.ArrowInvalid, OSError):
        for part in reader.iter_batches_with_custom_metadata():
            yield part.batch, part.custom_metadata


def _note_progress(rest: Remains, batch: pa.RecordBatch, metadata: pa.KeyValueMetadata | dict[bytes, bytes]) -> None:
    rest.rows += batch.num_rows
    if batch.num_rows:
        times = batch.column("captured_ns")
        rest.since_ns = times[0].as_py() if rest.since_ns is None else rest.since_ns
        rest.until_ns = times[-1].as_py()
        rest.frames += len(batch.column("frame").unique())
    if FRAMES_KEY in metadata and UNTIL_KEY in metadata:  # more exact: these count frames without hands too
        rest.frames = int(metadata[FRAMES_KEY])
        rest.until_ns = int(metadata[UNTIL_KEY]) if rest.frames else None


class _NothingError(Exception):
    """No picture can be read."""


def salvage_video(path: Path, aside: list[str]) -> Remains:
    """Copy the pictures that are whole into a file that can be searched, without coding them anew.

    Args:
        path: of the video.
        aside: gets the new name of the old file, where no picture can be read.

    Raises:
        OSError: the copy cannot be written.
    """
    try:
        with replacing(path) as partial, _open(path) as source:  # closed before it is replaced: Windows wants that
            return _copy_pictures(source, partial)
    except _NothingError:
        _set_aside(path, aside)
        return Remains()
    except FFmpegError as error:
        raise OSError(error.errno, error.strerror) from error


def _open(path: Path) -> InputContainer:
    try:
        source = av.open(str(path))
    except (FFmpegError, OSError) as error:
        raise _NothingError from error
    if not source.streams.video:
        source.close()
        raise _NothingError
    return source


def _copy_pictures(source: InputContainer, target: Path) -> Remains:
    stream = source.streams.video[0]
    origin_ns = int(source.metadata.get(ORIGIN_KEY, "0"))
    rest = Remains()
    with av.open(str(target), "w", format="matroska") as output:
        output.metadata[ORIGIN_KEY] = str(origin_ns)
        copy = output.add_stream_from_template(stream)
        for packet, seconds in _whole_packets(source, stream):
            rest.until_ns = origin_ns + round(seconds * _SECOND_NS)
            rest.since_ns = rest.until_ns if rest.since_ns is None else rest.since_ns
            rest.frames += 1
            packet.stream = copy
            output.mux_one(packet)
        if not rest.frames:
            raise _NothingError
    return rest


def _whole_packets(source: InputContainer, stream: VideoStream) -> Iterator[tuple[Packet, Fraction]]:
    """Pictures with their times in seconds."""
    with contextlib.suppress(FFmpegError):  # the end of what is there
        for packet in source.demux(stream):
            if packet.size and not packet.is_corrupt and packet.pts is not None and packet.time_base is not None:
                yield packet, packet.pts * packet.time_base


def ends_properly(journal: Path) -> bool:
    """Whether a journal was closed and has not been cut off since."""
    try:
        with journal.open("rb") as file:
            file.seek(-len(_END_OF_STREAM), os.SEEK_END)
            return file.read() == _END_OF_STREAM
    except OSError:  # missing, or shorter than that
        return False


def reaches_its_end(video: Path) -> bool:
    """Whether a recorded video was finished and is as long as it says."""
    try:
        with av.open(str(video)) as source:
            stream = source.streams.video[0]
            if source.duration is None:
                return False
            source.seek(source.duration)  # in microseconds, to the last key frame
            last = max((seconds for _, seconds in _whole_packets(source, stream)), default=None)
            return last is not None and last >= Fraction(source.duration, av.time_base) - _MOST_BEHIND
    except (FFmpegError, OSError, IndexError):
        return False


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
