from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from app.sessions import journal as journal_module
from app.sessions.journal import HandJournal, hand_model_of, read_journal
from app.sessions.schema import JOURNAL_SCHEMA, VERSION_KEY
from models.errors import BothhandsError
from models.values import Side
from tests.fakes import tracked_frame
from tracking.values import TrackedFrame

# The contract of the file, written out once more: what other programs read.
COLUMNS = {
    "frame": "int64",
    "captured_ns": "int64",
    "side": "string",
    "score": "float",
    "predicted": "bool",
    "pose": "fixed_size_list<item: float>[48]",
    "shape": "fixed_size_list<item: float>[10]",
    "translation": "fixed_size_list<item: float>[3]",
    "raw_pose": "fixed_size_list<item: float>[48]",
    "raw_shape": "fixed_size_list<item: float>[10]",
    "raw_translation": "fixed_size_list<item: float>[3]",
    "joints": "fixed_size_list<item: float>[63]",
    "joints_px": "fixed_size_list<item: float>[42]",
    "model": "string",
    "camera": "int32",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hands.arrows"


def write(path: Path, frames: list[TrackedFrame]) -> None:
    journal = HandJournal(path, "free")
    for tracked in frames:
        journal.append(tracked)
    journal.close()


def on_disk(path: Path) -> int:
    return read_journal(path).num_rows


def test_columns_are_those_of_the_contract():
    assert {field.name: str(field.type) for field in JOURNAL_SCHEMA} == COLUMNS
    assert JOURNAL_SCHEMA.names == list(COLUMNS)


def test_values_come_back_as_they_were(path: Path):
    frames = [
        tracked_frame(0),
        tracked_frame(1, sides=("right",)),
        tracked_frame(2, sides=()),
        tracked_frame(3, predicted=("left",)),
        tracked_frame(5, sides=("left",), predicted=("left",)),
    ]
    write(path, frames)
    with pa.OSFile(str(path)) as file:  # an independent reader: pyarrow alone
        rows = pa.ipc.open_stream(file).read_all().to_pylist()
    expected: list[tuple[TrackedFrame, Side]] = [
        (frames[0], "left"),
        (frames[0], "right"),
        (frames[1], "right"),
        (frames[3], "left"),
        (frames[3], "right"),
        (frames[4], "left"),
    ]
    assert len(rows) == len(expected)
    for row, (tracked, side) in zip(rows, expected, strict=True):
        hand = tracked.hands.hands[side]
        assert row["frame"] == tracked.frame.index
        assert row["captured_ns"] == tracked.frame.captured_ns
        assert row["side"] == side
        assert np.float32(row["score"]) == np.float32(hand.score)
        assert row["predicted"] == (side in tracked.predicted)
        for name, array in (
            ("pose", hand.parameters.pose),
            ("shape", hand.parameters.shape),
            ("translation", hand.parameters.translation),
            ("joints", hand.joints),
            ("joints_px", hand.joints_px),
        ):
            np.testing.assert_array_equal(np.float32(row[name]), array.reshape(-1), err_msg=name)
        raw = tracked.raw.get(side)
        if raw is None:
            assert row["raw_pose"] is row["raw_shape"] is row["raw_translation"] is None
        else:
            np.testing.assert_array_equal(np.float32(row["raw_pose"]), raw.pose.reshape(-1))
            np.testing.assert_array_equal(np.float32(row["raw_shape"]), raw.shape)
            np.testing.assert_array_equal(np.float32(row["raw_translation"]), raw.translation)


def test_reading_gives_what_pyarrow_reads(path: Path):
    write(path, [tracked_frame(index) for index in range(40)])
    with pa.OSFile(str(path)) as file:
        assert read_journal(path).equals(pa.ipc.open_stream(file).read_all())
    assert hand_model_of(read_journal(path)) == "free"


def test_a_journal_without_hands_has_the_columns(path: Path):
    write(path, [tracked_frame(0, sides=())])
    table = read_journal(path)
    assert (table.num_rows, table.column_names) == (0, list(COLUMNS))


def test_rows_reach_the_file_within_four_tenths_of_a_second(path: Path):
    journal = HandJournal(path, "free")
    for index in range(90):
        tracked = tracked_frame(index)
        journal.append(tracked)
        waiting = 2 * (index + 1) - on_disk(path)
        assert waiting <= 2 * 0.4 * 30 + 2
    journal.close()


def test_rows_do_not_wait_for_the_next_hand(path: Path):
    journal = HandJournal(path, "free")
    journal.append(tracked_frame(0, 0))
    assert on_disk(path) == 0
    journal.append(tracked_frame(1, 399_999_999, sides=()))
    assert on_disk(path) == 0
    journal.append(tracked_frame(2, 400_000_000, sides=()))
    assert on_disk(path) == 2
    journal.close()


def test_a_clip_that_starts_again_is_flushed_as_well(path: Path):
    journal = HandJournal(path, "free")
    journal.append(tracked_frame(0, 10_000_000_000))
    journal.append(tracked_frame(1, 0))
    assert on_disk(path) == 4
    journal.close()


def test_rows_are_bounded_where_time_stands_still(path: Path):
    journal = HandJournal(path, "free")
    for index in range(400):
        journal.append(tracked_frame(index, 0))
    assert 800 - on_disk(path) < 256
    journal.close()


def test_the_disk_is_made_to_write_each_second(path: Path, monkeypatch: pytest.MonkeyPatch):
    synced: list[float] = []
    seconds = iter([0.0, *np.arange(100) * 0.4])  # one reading at the start, one per flush
    now = [0.0]

    def clock() -> float:
        now[0] = float(next(seconds))
        return now[0]

    monkeypatch.setattr(journal_module.os, "fsync", lambda number: synced.append(now[0]))
    journal = HandJournal(path, "free", clock=clock)
    for index in range(11):
        journal.append(tracked_frame(index, index * 400_000_000))
    assert synced == pytest.approx([1.2, 2.4, 3.6])
    journal.close()


def test_a_journal_cut_anywhere_gives_its_whole_batches(path: Path):
    write(path, [tracked_frame(index, index * 400_000_000) for index in range(4)])
    whole = path.read_bytes()
    full = read_journal(path)
    counts = []
    end_mark = 8
    for length in [*range(0, len(whole) - end_mark, 97), len(whole) - end_mark]:
        path.write_bytes(whole[:length])
        try:
            table = read_journal(path)
        except BothhandsError:
            assert not counts, "only a cut in the header is an error"
            continue
        counts.append(table.num_rows)
        assert table.equals(full.slice(0, table.num_rows))
    assert counts == sorted(counts)
    assert set(counts) == {0, 4, 6, 8}  # flushed with the second frame, then with each


@pytest.mark.parametrize("content", [b"", b"not arrow at all, but longer than a header would be" * 4])
def test_what_is_no_journal_is_refused(path: Path, content: bytes):
    path.write_bytes(content)
    with pytest.raises(BothhandsError, match="is not a journal"):
        read_journal(path)


def test_a_missing_journal_is_named(path: Path):
    with pytest.raises(BothhandsError, match=r"hands.arrows cannot be read: No such file"):
        read_journal(path)


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        (JOURNAL_SCHEMA.with_metadata({VERSION_KEY: "4"}), "version 4 .* update"),
        (pa.schema([("other", pa.int64())]), "lacks the columns"),
    ],
)
def test_journals_of_other_programs_are_refused(path: Path, schema: pa.Schema, says: str):
    with path.open("wb") as file:
        pa.ipc.new_stream(file, schema).close()
    with pytest.raises(BothhandsError, match=says):
        read_journal(path)


def test_an_existing_journal_is_never_overwritten(path: Path):
    path.write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        HandJournal(path, "free")
    assert path.read_bytes() == b"precious"
