"""Journals that are damaged, old, or were made to harm: what can be read is, and the rest is told."""

import io
import random
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from app.sessions import messages
from app.sessions.checks import header_sum
from app.sessions.journal import BatchWriter, HandJournal, read_journal
from app.sessions.reading import Journal, NotAJournalError, parse_journal, read_journal_file
from app.sessions.schema import (
    FRAMES_KEY,
    JOURNAL_SCHEMA,
    SCHEMA_1,
    SCHEMA_VERSION,
    UNTIL_KEY,
    VERSION_KEY,
    journal_schema,
)
from models.errors import BothhandsError
from tests.fakes import tracked_frame

FRAMES = 60
PATH = Path("hands.arrows")
FAULTS = Path(__file__).parents[3] / "shared" / "reference" / "faults"
MARK = b"\xff\xff\xff\xff"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A journal of 60 frames at 30 a second, in batches of 12 after the first."""
    path = tmp_path_factory.mktemp("journal") / "hands.arrows"
    journal = HandJournal(path, "free")
    for index in range(FRAMES):
        journal.append(tracked_frame(index, sides=("left", "right") if index % 7 else ()), model="landmark-fit")
    journal.close()
    return path.read_bytes()


def old(tables: list[tuple[pa.Table, int, int]]) -> bytes:
    """A journal of version 1: rows, frames until their end, and when the last was taken."""
    sink = pa.BufferOutputStream()
    schema = SCHEMA_1.with_metadata({VERSION_KEY: b"1", b"bothhands.hand_model": b"free"})
    with pa.ipc.new_stream(sink, schema) as writer:
        for table, frames, until_ns in tables:
            batch = pa.RecordBatch.from_arrays(
                table.select(SCHEMA_1.names).combine_chunks().to_batches()[0].columns, schema=schema
            )
            writer.write_batch(batch, custom_metadata={FRAMES_KEY: str(frames), UNTIL_KEY: str(until_ns)})
    return sink.getvalue().to_pybytes()


@pytest.fixture
def whole_old(whole: bytes) -> bytes:
    table = parsed(whole).table()
    frames = table["frame"].to_numpy()
    parts = [
        (table.filter(pa.array((frames >= first) & (frames < first + 15))), first + 15) for first in range(0, 60, 15)
    ]
    return old([(part, until, part["captured_ns"][-1].as_py()) for part, until in parts])


def places(data: bytes) -> list[int]:
    """Where the messages of a stream begin: schema, batches, end."""
    source, found = pa.BufferReader(data), []
    while source.tell() < len(data):
        found.append(source.tell())
        if data[source.tell() :] == MARK + bytes(4):
            break
        pa.ipc.read_message(source)
    return found


def parsed(data: bytes) -> Journal:
    return parse_journal(io.BytesIO(data), PATH)


def told(journal: Journal) -> bool:
    """Whether a reader learns that something is missing."""
    return journal.damaged or journal.cut_off or journal.readable_frames < FRAMES


def test_a_whole_journal_is_whole(whole: bytes):
    journal = parsed(whole)
    assert not told(journal)
    assert (journal.version, journal.frames, journal.readable_frames) == (SCHEMA_VERSION, FRAMES, FRAMES)
    assert set(journal.table()["model"].to_pylist()) == {"landmark-fit"}
    assert np.diff(journal.moments_ns).max() < 0.5e9


def test_what_is_behind_the_damage_is_read(whole: bytes):
    begins = places(whole)
    full = parsed(whole).table()
    for number in range(2, len(begins) - 2):  # not the schema, the first, empty batch, nor the last one
        middle = (begins[number] + begins[number + 1]) // 2
        damaged = whole[:middle] + b"some bytes that nobody asked for" + whole[middle:]
        journal = parsed(damaged)
        assert journal.damaged
        lost = journal.frames - journal.readable_frames
        assert 0 < lost <= 14
        kept = set(journal.table()["frame"].to_pylist())
        assert journal.table().equals(full.filter(pa.array([frame.as_py() in kept for frame in full["frame"]])))
        assert len({*range(FRAMES)} - kept - {*range(0, FRAMES, 7)}) <= lost


def mutate(data: bytes, chance: random.Random) -> bytes:
    kind, place = chance.randrange(6), chance.randrange(len(data))
    length = chance.choice([1, 4, 8, 40, 5000])
    if kind == 0:
        return data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]
    if kind == 1:
        return data[:place] + chance.randbytes(length) + data[place:]
    if kind == 2:
        return data[:place] + data[place + length :]
    if kind == 3:
        return data[:place] + chance.choice([b"\0", b"\xff", b"\x7f"]) * length + data[place + length :]
    if kind == 4:
        return data[:place]
    other = chance.randrange(len(data))
    return data[:place] + data[other : other + 20_000] + data[place:]


@pytest.mark.parametrize("seed", range(4))
def test_no_mutation_is_believed(whole: bytes, seed: int):
    """What is read is what was written: all of it, or less and that is told."""
    chance, full = random.Random(seed), parsed(whole).table()
    rows = {(row["frame"], row["side"]): row for row in full.to_pylist()}
    for _ in range(120):
        try:
            journal = parsed(mutate(whole, chance))
        except BothhandsError:
            continue
        table = journal.table()
        for row in table.to_pylist()[:: max(1, table.num_rows // 5)]:
            assert row == rows[row["frame"], row["side"]]
        assert told(journal) or table.equals(full)


def test_mutations_of_old_journals_are_read_as_far_as_they_can_be(whole_old: bytes):
    chance = random.Random(5)
    for _ in range(150):
        try:
            journal = parsed(mutate(whole_old, chance))
        except BothhandsError:
            continue
        assert journal.table("m").num_rows <= 2 * FRAMES or journal.damaged
        assert set(journal.table("m")["side"].to_pylist()) <= {"left", "right"}


@pytest.mark.parametrize(("version", "read"), [(2, "eanet-mobile"), (3, "eanet-light")])
def test_a_model_that_was_renamed_since_is_read_under_its_name_of_today(tmp_path: Path, version: int, read: str):
    """Only a journal from before the renaming means the model that has another name now."""
    path = tmp_path / "hands.arrows"
    schema = JOURNAL_SCHEMA.with_metadata({VERSION_KEY: str(version).encode(), b"bothhands.hand_model": b"free"})
    journal = HandJournal(tmp_path / "written.arrows", "free")
    for index, model in enumerate(("eanet-light", "lwa-hand")):
        journal.append(tracked_frame(index), model=model)
    journal.close()
    batch = read_journal(tmp_path / "written.arrows").combine_chunks().to_batches()[0]
    with path.open("wb") as file:
        writer = BatchWriter(file, schema)
        writer.write(pa.RecordBatch.from_arrays(batch.columns, schema=schema), 0, 2, 0, 1)
        writer.close()
    found = read_journal_file(path)
    assert found.version == version
    assert set(found.table()["model"].to_pylist()) == {read, "lwa-hand"}


def test_an_old_journal_has_todays_columns(whole: bytes, whole_old: bytes):
    journal = parsed(whole_old)
    assert not told(journal)
    assert journal.version == 1
    table = journal.table("lwa-hand")
    assert table.schema.equals(JOURNAL_SCHEMA)
    assert set(table["model"].to_pylist()) == {"lwa-hand"}
    assert set(table["camera"].to_pylist()) == {0}
    assert table["pose"].equals(parsed(whole).table()["pose"])


def test_an_old_journal_that_lacks_a_batch_is_told_by_its_counts(whole_old: bytes):
    begins = places(whole_old)
    middle = begins[2] + 900
    damaged = whole_old[:middle] + bytes(77) + whole_old[middle:]
    journal = parsed(damaged)
    assert (journal.damaged, journal.frames) == (True, FRAMES)
    assert 40 <= journal.readable_frames <= 45  # frames without hands are not seen behind a gap


@pytest.mark.parametrize("block", [1, 64, 5000])
def test_messages_that_lie_in_several_blocks_are_read(whole: bytes, monkeypatch: pytest.MonkeyPatch, block: int):
    """A file is read block by block; where one ends changes nothing."""
    begins = places(whole)
    damaged = whole[: begins[3] + 900] + bytes(77) + whole[begins[3] + 900 :]
    expected = parsed(damaged)
    monkeypatch.setattr(messages, "_BLOCK", block)
    journal = parsed(damaged)
    assert journal.batches == expected.batches
    assert journal.table().equals(expected.table())
    assert told(journal)


def test_a_batch_that_was_cut_out_whole_is_missed(whole: bytes):
    begins = places(whole)
    journal = parsed(whole[: begins[3]] + whole[begins[4] :])
    assert (journal.frames, journal.readable_frames) == (FRAMES, FRAMES - 12)


def test_a_batch_that_stands_there_twice_is_read_once(whole: bytes):
    begins = places(whole)
    again = whole[begins[3] : begins[4]]
    journal = parsed(whole[: begins[5]] + again + whole[begins[5] :])
    assert journal.damaged
    assert journal.table().equals(parsed(whole).table())


def test_a_journal_without_its_beginning_is_read_from_its_first_batch_on(whole: bytes):
    journal = parsed(b"?" * 300 + whole[places(whole)[1] :])
    assert journal.damaged
    assert journal.table().num_rows == parsed(whole).table().num_rows


def test_another_hand_model_at_the_beginning_is_noticed(whole: bytes):
    changed = whole.replace(b"free", b"tree", 1)
    assert len(changed) == len(whole)
    assert parsed(changed).damaged


def poisoned(change: Callable[[dict], object]) -> bytes:
    """A journal whose check sums are right, of a row that was changed."""
    sink, schema = pa.BufferOutputStream(), journal_schema("free")
    row = {
        name: [0.5] * kind.list_size
        for name, kind in zip(schema.names, schema.types, strict=True)
        if pa.types.is_fixed_size_list(kind)
    }
    row |= {"frame": 0, "captured_ns": 1, "side": "left", "score": 0.9, "predicted": False, "model": "m", "camera": 0}
    change(row)
    writer = BatchWriter(sink, schema)
    writer.write(pa.RecordBatch.from_pylist([row], schema), 0, 1, 1, 1)
    writer.close()
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.update(side="up"),
        lambda row: row.update(joints=[float("nan")] * 63),
        lambda row: row.update(joints_px=[1e30] * 42),
        lambda row: row.update(pose=[float("inf")] * 48),
        lambda row: row.update(score=float("nan")),
        lambda row: row.update(captured_ns=(1 << 63) - 1),
        lambda row: row.update(captured_ns=-(1 << 63)),
        lambda row: row.update(frame=-1),
        lambda row: row.update(camera=-1),
        lambda row: row.update(model="m" * 1_000_000),
    ],
)
def test_values_that_cannot_be_are_not_believed(change: Callable[[dict], object]):
    assert parsed(poisoned(lambda row: None)).table().num_rows == 1
    journal = parsed(poisoned(change))
    assert journal.damaged
    assert journal.table().num_rows == 0


@pytest.mark.parametrize(
    "data",
    [
        MARK * 500_000,
        (MARK + struct.pack("<i", 8)) * 50_000,
        MARK + struct.pack("<i", -1),
        MARK + struct.pack("<i", 0x7FFFFFFF) + bytes(100),
        bytes(1000),
    ],
)
def test_files_of_marks_are_no_journals(data: bytes):
    with pytest.raises(NotAJournalError):
        parsed(data)


def test_marks_behind_a_journal_are_given_up(whole: bytes):
    journal = parsed(whole[:-8] + (MARK + struct.pack("<i", 8)) * 50_000)
    assert journal.damaged
    assert journal.readable_frames == FRAMES


def test_the_check_sum_is_that_of_the_docs():
    """Another program can compute it: see `check_sum`."""
    import zlib

    schema = journal_schema("free")
    items = [(b"bothhands.hand_model", b"free"), (b"bothhands.schema_version", b"3")]
    assert header_sum(schema) == f"{zlib.crc32(b''.join(k + bytes(1) + v + bytes(1) for k, v in items)):08x}".encode()


@pytest.mark.skipif(not FAULTS.exists(), reason="the faulty inputs are not here")
@pytest.mark.parametrize(
    ("name", "readable"),
    [("arrows_offset_segfault", 28), ("arrows_negative_length", 37), ("journal_middle_damaged", 27)],
)
def test_faulty_journals_are_damaged(name: str, readable: int):
    journal = read_journal_file(FAULTS / name / "session" / "hands.arrows")
    assert journal.damaged
    assert journal.readable_frames == readable
    assert read_journal(FAULTS / name / "session" / "hands.arrows").num_rows == 2 * readable
