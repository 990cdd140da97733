"""npz as NumPy reads it, CSV as pandas does."""

import json

import numpy as np
import pandas as pd
import pytest
from export_fakes import record

from app.outputs.export import ExportOptions, export_session
from app.sessions.schema import JOURNAL_SCHEMA
from app.sessions.session import load_session


@pytest.fixture
def session(tmp_path):
    return record(tmp_path, gone={"left": range(7, 15)}, video=False)


def journal(session):
    """The columns by pyarrow's own way to Python objects."""
    return load_session(session).table.to_pydict()


def test_npz_holds_the_columns_bit_by_bit(session):
    result = export_session(ExportOptions(session=session, format="npz"))
    wanted = journal(session)
    with np.load(result.path, allow_pickle=False) as arrays:
        assert set(arrays) == {*JOURNAL_SCHEMA.names, "session"}
        for name, values in wanted.items():
            array = arrays[name]
            assert len(array) == 72
            if name.startswith("raw_"):
                missing = np.array([value is None for value in values])
                assert 0 < missing.sum() < 10
                assert np.isnan(array[missing]).all()
                assert np.array_equal(array[~missing], np.float32([value for value in values if value is not None]))
            else:
                assert np.array_equal(array, np.array(values, array.dtype))
        assert arrays["pose"].shape == (72, 48)
        assert arrays["pose"].dtype == np.float32
        assert arrays["captured_ns"].dtype == np.int64
        assert json.loads(str(arrays["session"]))["hand_model"] == "free"


def test_csv_holds_the_columns_bit_by_bit(session):
    result = export_session(ExportOptions(session=session, format="csv"))
    table = pd.read_csv(result.path, float_precision="round_trip")
    wanted = journal(session)
    assert len(table) == 72
    assert table.columns[:6].tolist() == ["frame", "captured_ns", "seconds", "side", "score", "predicted"]
    assert len(table.columns) == 6 + 2 * (48 + 10 + 3) + 63 + 42 + 2
    for name in ("frame", "captured_ns", "side", "predicted", "model", "camera"):
        assert table[name].tolist() == wanted[name]
    assert table["score"].astype(np.float32).tolist() == wanted["score"]
    assert table["seconds"].iloc[-1] == pytest.approx((wanted["captured_ns"][-1] - wanted["captured_ns"][0]) * 1e-9)
    blocks = {
        "pose": table.filter(regex="^pose_"),
        "shape": table.filter(regex="^shape_"),
        "translation": table.filter(regex="^translation_"),
        "raw_pose": table.filter(regex="^raw_pose_"),
        "joints": table.filter(regex="^joint_"),
        "joints_px": table.filter(regex="^px_"),
    }
    for name, block in blocks.items():
        for row, values in enumerate(wanted[name]):
            found = block.iloc[row].to_numpy(np.float32)
            assert np.isnan(found).all() if values is None else np.array_equal(found, np.float32(values)), name


def test_csv_names_say_what_the_numbers_are(session):
    """The same joint, found by its name: it projects to its pixel, and the wrist's turn is the first of the pose."""
    table = pd.read_csv(export_session(ExportOptions(session=session, format="csv")).path)
    camera = load_session(session).info.intrinsics
    for joint in ("wrist", "thumb_tip", "index_1", "little_tip"):
        x = table[f"joint_{joint}_x"] / table[f"joint_{joint}_z"] * camera.fx + camera.cx
        assert np.allclose(x, table[f"px_{joint}_x"], atol=1e-3)
    left = table[table["side"] == "left"]
    assert np.allclose(left["pose_wrist_x"], 0.3)
    assert np.allclose(left["pose_wrist_z"], 0.2)
    bend = table[["pose_little_1_x", "pose_little_1_y", "pose_little_1_z"]].to_numpy()
    assert np.allclose(bend, np.array(journal(session)["pose"])[:, 21:24])


def test_smoothed_tables_keep_what_was_measured(session):
    plain = export_session(ExportOptions(session=session, format="npz"))
    smooth = export_session(ExportOptions(session=session, format="npz", out=session / "smooth.npz", smooth=True))
    with np.load(plain.path) as before, np.load(smooth.path) as after:
        for name in ("frame", "captured_ns", "side", "predicted", "shape", "raw_pose", "raw_translation"):
            assert np.array_equal(before[name], after[name], equal_nan=before[name].dtype.kind == "f")
        for name in ("pose", "translation", "joints", "joints_px"):
            assert not np.array_equal(before[name], after[name])
        assert np.abs(before["joints"] - after["joints"]).max() < 0.02
